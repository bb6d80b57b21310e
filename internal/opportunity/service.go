package opportunity

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// KeepTables are the tables of this feature whose rows are mostly no changes of
// state: an application of which nothing comes leaves nothing in the record.
var KeepTables = []string{"opportunity_place"}

// Placement is what an agreed place on a project asks of the register.
type Placement struct {
	Project, Person string
	Form            Form
	For             string // whom a deputy stands in for
	From, To        clock.Day
}

// Register puts people on projects, within the unit of work of an agreement that
// who may has authorised. The register implements it.
type Register interface {
	PlaceIn(ctx context.Context, tx *work.Tx, p Placement) error
}

// Service is what people can do with opportunities.
type Service struct {
	unit     *work.Unit
	register Register
}

// NewService makes the service.
func NewService(u *work.Unit, r Register) *Service { return &Service{u, r} }

// Today is the organisation's calendar date, for forms.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Filter chooses offers. The zero Filter chooses those that somebody can still
// apply for, the soonest first.
type Filter struct {
	Project string
	Form    Form
	Mine    bool // offered by the reader, or in which they take part; past ones too
	AfterTo clock.Day
	AfterID string
	Limit   int // 0 is the usual
}

// Page is a part of the list of offers.
type Page struct {
	Items          []Opportunity
	NextTo, NextID string // empty on the last page
	Today          clock.Day
	MayOffer       bool // on the filter's project
	Over           bool // the reader could offer, if the filter's project had not come to its end
}

const pageSize = 50

// List lists the offers that the reader sees.
func (s *Service) List(ctx context.Context, who authz.Actor, f Filter) (page Page, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.On(f.Project)); err != nil {
			return err
		}
		var c errs.Check
		c.That(f.Form == "" || f.Form.Role() != "", "form", "Choose lead, deputise, shadow or support.")
		c.That(f.Limit >= 0 && f.Limit <= 200, "limit", "Ask for 1 to 200.")
		if err := c.Err(); err != nil {
			return err
		}
		page.Today = v.Today
		if f.Project != "" && v.Can(ctx, Offer, authz.On(f.Project)) {
			if page.Over, err = ended(ctx, v, f.Project); err != nil {
				return err
			}
			page.MayOffer = !page.Over
		}
		var w sqldb.Where
		if f.Mine {
			w.And("(o.offered_by = ? OR EXISTS (SELECT 1 FROM opportunity_place p WHERE p.opportunity_id = o.id AND p.person_id = ?))", who.Person, who.Person)
		} else {
			w.And("o.state = 'open' AND o.to_on >= ? AND NOT "+over, v.Today)
		}
		if f.Project != "" {
			w.And("o.project_id = ?", f.Project)
		}
		if f.Form != "" {
			w.And("o.form = ?", string(f.Form))
		}
		v.Scope(&w, "o.project_id")
		if f.AfterID != "" {
			w.AfterKey("o.to_on", "o.id", false, f.AfterTo, f.AfterID)
		}
		limit := f.Limit
		if limit == 0 {
			limit = pageSize
		}
		if page.Items, err = list(ctx, v, &w, "o.to_on, o.id LIMIT "+w.Add(limit+1)); err != nil {
			return err
		}
		if len(page.Items) > limit {
			page.Items = page.Items[:limit]
			page.NextTo, page.NextID = page.Items[limit-1].To, page.Items[limit-1].ID
		}
		return nil
	})
	return page, err
}

// Sheet is all that the page of one offer shows its reader.
type Sheet struct {
	Opportunity
	Seen                            []Place // of which the reader may know
	Own                             *Place  // the reader's
	MayManage, MayApply, MayDebrief bool
	Today                           clock.Day
}

// Opportunity shows one offer.
func (s *Service) Opportunity(ctx context.Context, who authz.Actor, id string) (sh Sheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		o, err := get(ctx, v, id)
		if err != nil {
			return err
		}
		if err := v.May(ctx, See, authz.On(o.Project)); err != nil {
			return err
		}
		sh = Sheet{Opportunity: o, Today: v.Today}
		sh.MayManage = v.Can(ctx, Manage, authz.Target{Node: o.Project, Owner: o.OfferedBy})
		if sh.Seen, err = placesOf(ctx, v, id, who.Person, sh.MayManage); err != nil {
			return err
		}
		for i := range sh.Seen {
			if sh.Seen[i].Person == who.Person {
				sh.Own = &sh.Seen[i]
			}
		}
		sh.MayApply = sh.Own == nil && o.Coming(v.Today) && o.OfferedBy != who.Person && v.Can(ctx, Apply, authz.Instance)
		sh.MayDebrief = sh.Own != nil && (sh.Own.Stage == Agreed || sh.Own.Stage == Debriefed) && o.From <= v.Today
		return nil
	})
	return sh, err
}

// Kit is what somebody takes along: the offer, and before whom they will stand.
type Kit struct {
	Sheet
	Before string // id of the governing body; empty if none governs the work
}

// Kit reads an offer with the body whose meeting it is, that decides its gate, or that
// governs its project from nearest.
func (s *Service) Kit(ctx context.Context, who authz.Actor, id string) (k Kit, err error) {
	if k.Sheet, err = s.Opportunity(ctx, who, id); err != nil || k.Body != "" {
		k.Before = k.Body
		return k, err
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.On(k.Project)); err != nil {
			return err
		}
		k.Before, err = bodyBefore(ctx, v, k.Opportunity)
		return err
	})
	return k, err
}

// Choice is something that can be offered of a project.
type Choice struct {
	Subject  Subject
	ID, Name string
	On       clock.Day
}

// Choices are what can be offered of a project: itself, its planned gates and the
// meetings to come that are about it. Of one that has come to its end there are none.
func (s *Service) Choices(ctx context.Context, who authz.Actor, project string) (name string, out []Choice, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Offer, authz.On(project)); err != nil {
			return err
		}
		if err := v.QueryRowContext(ctx, `SELECT name FROM v_project_name WHERE id = $1`, project).Scan(&name); err != nil {
			return err
		}
		if over, err := ended(ctx, v, project); err != nil || over {
			return err
		}
		out = []Choice{{Subject: OfProject, ID: project, Name: name}}
		more, err := choices(ctx, v, OfGate, `SELECT g.gate_id, g.gate_id, g.planned_on FROM v_gate_plan g
			WHERE g.project_id = $1 AND g.planned_on >= $2 AND NOT EXISTS (SELECT 1 FROM v_gate_decision d WHERE d.project_id = g.project_id AND d.gate_id = g.gate_id) ORDER BY g.planned_on LIMIT 20`, project, v.Today)
		if err != nil {
			return err
		}
		out = append(out, more...)
		more, err = choices(ctx, v, OfMeeting, `SELECT m.id, m.subject, m.held_on FROM v_meeting m
			WHERE m.state = 'planned' AND m.held_on >= $1 AND (m.project_id = $2 OR m.node_id IN (SELECT c.ancestor_id FROM node_closure c WHERE c.descendant_id = $3)) ORDER BY m.held_on LIMIT 20`, v.Today, project, project)
		out = append(out, more...)
		return err
	})
	return name, out, err
}

func choices(ctx context.Context, q sqldb.Querier, s Subject, query string, args ...any) (out []Choice, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c := Choice{Subject: s}
		if err := rows.Scan(&c.ID, &c.Name, &c.On); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// MakeOffer offers work of a project.
func (s *Service) MakeOffer(ctx context.Context, who authz.Actor, o Opportunity) (Opportunity, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Offer, authz.On(o.Project)); err != nil {
			return err
		}
		if o.Project == "" {
			return errs.OnField("project", "Say of which project the work is.")
		}
		if err := o.check(tx.Today); err != nil {
			return err
		}
		if over, err := ended(ctx, tx, o.Project); err != nil || over {
			return orField(err, "subject", "The project is closed: nothing more of it is offered.")
		}
		if ok, err := exists(ctx, tx, &o, tx.Today); err != nil || !ok {
			return orField(err, "subject", "This is not there, or not to come any more.")
		}
		if o.Subject == OfProject {
			o.SubjectID = o.Project
		}
		o.ID, o.OfferedBy, o.State, o.Version = tx.NewID(), who.Person, Open, 1
		tx.Record(o.event(WasOffered, who.Person))
		return insert(ctx, tx, o)
	})
	return o, err
}

func orField(err error, field, says string) error {
	if err != nil {
		return err
	}
	return errs.OnField(field, "%s", says)
}

// exists reports whether the subject is work of the project that is to come, and
// learns whose meeting it is.
func exists(ctx context.Context, q sqldb.Querier, o *Opportunity, today clock.Day) (ok bool, err error) {
	switch o.Subject {
	case OfGate:
		err = q.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM v_gate_plan g WHERE g.project_id = $1 AND g.gate_id = $2 AND NOT EXISTS (SELECT 1 FROM v_gate_decision d WHERE d.project_id = g.project_id AND d.gate_id = g.gate_id)`, o.Project, o.SubjectID).Scan(&ok)
	case OfMeeting:
		err = q.QueryRowContext(ctx, `SELECT COUNT(*) > 0, COALESCE(MAX(m.body_id), '') FROM v_meeting m WHERE m.id = $1 AND m.state = 'planned' AND m.held_on >= $2 AND (m.project_id = $3 OR m.node_id IN (SELECT c.ancestor_id FROM node_closure c WHERE c.descendant_id = $4))`,
			o.SubjectID, today, o.Project, o.Project).Scan(&ok, &o.Body)
	case OfProject:
		ok = true
	}
	return ok, err
}

// ended reports whether a project was closed or cancelled.
func ended(ctx context.Context, q sqldb.Querier, project string) (ok bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM v_project_name n WHERE n.id = $1 AND `+over, project).Scan(&ok)
	return ok, err
}

func (o Opportunity) event(what What, by string) Event {
	l := o.Leaves()
	return Event{Opportunity: o.ID, Project: o.Project, Body: o.Body, OfferedBy: o.OfferedBy, By: by, Kind: l.Kind, Role: o.Form.Role(), Recorded: l.Recorded, From: o.From, To: o.To, Hours: o.Hours, What: what}
}

// manage changes an offer for who may manage it.
func (s *Service) manage(ctx context.Context, who authz.Actor, id string, do func(ctx context.Context, tx *work.Tx, o Opportunity) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		o, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Manage, authz.Target{Node: o.Project, Owner: o.OfferedBy}); err != nil {
			return err
		}
		return do(ctx, tx, o)
	})
}

var errWithdrawn = errs.New(errs.Invalid, "This offer was withdrawn.")

// Change changes what an offer says; what it is of, and its form, stay.
func (s *Service) Change(ctx context.Context, who authz.Actor, id string, version int64, e Opportunity) error {
	return s.manage(ctx, who, id, func(ctx context.Context, tx *work.Tx, o Opportunity) error {
		if o.State != Open {
			return errWithdrawn
		}
		o.Title, o.Need, o.Authority, o.From, o.To, o.Hours, o.Places, o.Version = e.Title, e.Need, e.Authority, e.From, e.To, e.Hours, e.Places, version
		if err := o.check(tx.Today); err != nil {
			return err
		}
		if o.Places < o.Taken {
			return errs.OnField("places", "%d have agreed already.", o.Taken)
		}
		tx.Record(o.event(WasChanged, who.Person))
		return update(ctx, tx, o)
	})
}

// Withdraw takes an offer back. Places that are agreed stay as they are; the
// applications that nobody answered go.
func (s *Service) Withdraw(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.manage(ctx, who, id, func(ctx context.Context, tx *work.Tx, o Opportunity) error {
		if o.State != Open {
			return errWithdrawn
		}
		o.State, o.Version = Withdrawn, version
		if _, err := tx.ExecContext(ctx, `DELETE FROM opportunity_place WHERE opportunity_id = $1 AND state IN ('applied', 'given')`, id); err != nil {
			return err
		}
		tx.Record(o.event(WasWithdrawn, who.Person))
		return update(ctx, tx, o)
	})
}

// Waiting is a place about which the reader can do something now.
type Waiting struct {
	Place
	Title, Project, ProjectName string
	To                          clock.Day
	Asks                        Ask
}

// Ask is what a place waits for.
type Ask string

// What a place can wait for.
const (
	ToGive    Ask = "give"
	ToAgree   Ask = "agree" // for the line
	ToDebrief Ask = "debrief"
	ToConfirm Ask = "confirm"
)

const maxWaiting = 20

// Waiting reads what waits for the reader, the soonest to end first.
func (s *Service) Waiting(ctx context.Context, who authz.Actor) (out []Waiting, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		me := who.Person
		rows, err := v.QueryContext(ctx, `SELECT `+placeColumns+`, o.title, o.project_id, COALESCE(n.name, ''), o.to_on,
			CASE WHEN p.line_id = $1 AND NOT p.line_agreed AND p.state IN ('applied', 'given') THEN 'agree' WHEN p.person_id = $2 THEN 'debrief' WHEN p.state = 'debriefed' THEN 'confirm' ELSE 'give' END`+
			placeFrom+` LEFT JOIN v_project_name n ON n.id = o.project_id
			WHERE (o.offered_by = $3 AND p.state IN ('applied', 'debriefed')) OR (p.line_id = $4 AND NOT p.line_agreed AND p.state IN ('applied', 'given')) OR (p.person_id = $5 AND p.state = 'agreed' AND o.from_on <= $6)
			ORDER BY o.to_on, p.id LIMIT $7`, me, me, me, me, me, v.Today, maxWaiting)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var x Waiting
			if x.Place, err = scanPlace(rows.Scan, &x.Title, &x.Project, &x.ProjectName, &x.To, &x.Asks); err != nil {
				return err
			}
			out = append(out, x)
		}
		return rows.Err()
	})
	return out, err
}

// Directory lists people whom a form proposes.
func (s *Service) Directory(ctx context.Context, who authz.Actor) (out []directory.Person, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		out, err = directory.List(ctx, v)
		return err
	})
	return out, err
}

// PersonNamed finds the person of a typed name or id; nobody for no name.
func (s *Service) PersonNamed(ctx context.Context, who authz.Actor, field, name string) (id string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		id, err = directory.Named(ctx, v, field, name)
		return err
	})
	return id, err
}

// agreed reports whether a stage comes after both sides agreed.
func agreed(s Stage) bool { return slices.Contains([]Stage{Agreed, Debriefed, Confirmed}, s) }
