package document

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Today is the organisation's calendar date, for pages.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Entry is a document in its place on a project: what the method asks, and what
// there is of it.
type Entry struct {
	Required *Required // nil for one that was added by hand
	Document
}

// Late tells that it is due and nobody has approved it.
func (e Entry) Late(today clock.Day) bool {
	return e.Required != nil && e.Approved == 0 && e.Required.DueOn != "" && e.Required.DueOn < today
}

// Shelf is the documents of one project.
type Shelf struct {
	Project, Name string
	Required      []Entry // in the method's order
	Others        []Entry // newest change first
	MayWrite      bool
}

// Approved counts the required documents that are approved.
func (s Shelf) Approved() (n int) {
	for _, e := range s.Required {
		if e.Approved > 0 {
			n++
		}
	}
	return n
}

// Next is the first required document that is not approved yet; nil if all are.
func (s Shelf) Next() *Entry {
	i := slices.IndexFunc(s.Required, func(e Entry) bool { return e.Approved == 0 })
	if i < 0 {
		return nil
	}
	return &s.Required[i]
}

// mostOnShelf bounds the documents of one project on its page.
const mostOnShelf = 200

// Shelf reads the documents of a project, those that the method asks for first.
func (s *Service) Shelf(ctx context.Context, who authz.Actor, project string) (sh Shelf, err error) {
	if project == "" {
		return sh, errs.Missing("project")
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeDocuments, authz.On(project)); err != nil {
			return err
		}
		sh = Shelf{Project: project, MayWrite: v.Can(ctx, WriteDocument, authz.On(project))}
		if err := v.QueryRowContext(ctx, `SELECT p.name FROM v_project_name p WHERE p.id = $1`, project).Scan(&sh.Name); err != nil {
			return err
		}
		asked, err := s.required(ctx, v, project)
		if err != nil {
			return err
		}
		var w sqldb.Where
		w.And("d.project_id = ?", project)
		list, err := listDocuments(ctx, v, &w, "d.changed_at DESC, d.id DESC LIMIT "+w.Add(mostOnShelf))
		if err != nil {
			return err
		}
		sh.fill(asked, list)
		return nil
	})
	return sh, err
}

func (s *Shelf) fill(asked []Required, list []Document) {
	for _, r := range asked {
		e := Entry{Required: &r, Document: Document{Project: s.Project, Kind: r.ID, Name: r.Name, Purpose: r.Purpose}}
		if i := slices.IndexFunc(list, func(d Document) bool { return d.Kind == r.ID }); i >= 0 {
			e.Document = list[i]
			list = slices.Delete(list, i, i+1)
		}
		s.Required = append(s.Required, e)
	}
	for _, d := range list {
		s.Others = append(s.Others, Entry{Document: d})
	}
}

// Sheet is all that the page of one document shows.
type Sheet struct {
	Entry
	Versions []Version // newest first
	MayWrite bool
	Limit    int64 // of a file, in bytes
}

// Version finds one by its number; nil if there is none.
func (s Sheet) Version(number int) *Version {
	i := slices.IndexFunc(s.Versions, func(v Version) bool { return v.Number == number })
	if i < 0 {
		return nil
	}
	return &s.Versions[i]
}

// Document reads a document with its versions and what the reader may do.
func (s *Service) Document(ctx context.Context, who authz.Actor, id string) (sh Sheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		d, err := getDocument(ctx, v, id)
		if err != nil {
			return err
		}
		if err := v.May(ctx, SeeDocuments, authz.On(d.Project)); err != nil {
			return err
		}
		sh = Sheet{Entry: Entry{Document: d}, MayWrite: v.Can(ctx, WriteDocument, authz.On(d.Project)), Limit: s.Limit}
		if sh.Versions, err = versionsOf(ctx, v, id); err != nil {
			return err
		}
		asked, err := s.required(ctx, v, d.Project)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(asked, func(r Required) bool { return r.ID == d.Kind }); i >= 0 && d.Kind != "" {
			sh.Required = &asked[i]
		}
		return s.offer(ctx, v, &sh)
	})
	return sh, err
}

// offer says what the reader may do with each version.
func (s *Service) offer(ctx context.Context, v *work.View, sh *Sheet) error {
	for i := range sh.Versions {
		x := &sh.Versions[i]
		x.OwnWork = x.Writer == v.Who.Person
		x.MaySubmit = sh.MayWrite && x.Number == sh.Latest && x.State == Draft && !x.Erased
		if x.State != Submitted { // one alone waits
			continue
		}
		holds, err := holds(ctx, v, sh.Project, x.Asked, v.Who.Person, v.Today)
		if err != nil {
			return err
		}
		x.MayApprove = !x.OwnWork && v.Can(ctx, ApproveDocument, deciding(sh.Document, v.Who, holds))
	}
	return nil
}

// Blank prepares a first version: the document that the method asks for with its
// template, or one by hand. Where the document is there already, its id is given.
func (s *Service) Blank(ctx context.Context, who authz.Actor, project, kind string) (sh Sheet, err error) {
	if project == "" {
		return sh, errs.Missing("project")
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteDocument, authz.On(project)); err != nil {
			return err
		}
		sh = Sheet{Entry: Entry{Document: Document{Project: project, Kind: kind}}, MayWrite: true, Limit: s.Limit}
		if err := v.QueryRowContext(ctx, `SELECT p.name FROM v_project_name p WHERE p.id = $1`, project).Scan(&sh.ProjectName); err != nil || kind == "" {
			return err
		}
		r, err := s.requiredOf(ctx, v, project, kind)
		if err != nil {
			return errs.Missing("document")
		}
		sh.Required, sh.Name, sh.Purpose = &r, r.Name, r.Purpose
		if have, err := getKind(ctx, v, project, kind); err == nil {
			sh.ID = have.ID
		} else if !errs.Is(err, errs.NotFound) {
			return err
		}
		return nil
	})
	return sh, err
}

// Filter narrows the list of documents.
type Filter struct {
	State   State
	Kind    string // of the method
	Project string
	AfterAt int64
	AfterID string
}

// Choice is what a filter can be set to.
type Choice struct{ ID, Name string }

// Page is a part of the list of documents.
type Page struct {
	Documents []Document
	Kinds     []Choice
	NextAt    int64
	NextID    string // empty on the last page
}

const perPage = 50

// List lists the documents of the projects that the reader sees, newest change
// first, in two queries.
func (s *Service) List(ctx context.Context, who authz.Actor, f Filter) (page Page, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeDocuments, authz.Instance); err != nil {
			return err
		}
		var w sqldb.Where
		v.Scope(&w, "d.project_id")
		switch f.State {
		case Missing:
		case Approved:
			w.And("d.approved > 0")
		case Draft, Submitted, SentBack, Superseded:
			w.And("d.state = ?", string(f.State))
		default:
			return errs.OnField("state", "There is no such state.")
		}
		if f.Kind != "" {
			w.And("d.kind_id = ?", f.Kind)
		}
		if f.Project != "" {
			w.And("d.project_id = ?", f.Project)
		}
		if f.AfterID != "" {
			w.AfterKey("d.changed_at", "d.id", true, f.AfterAt, f.AfterID)
		}
		if page.Documents, err = listDocuments(ctx, v, &w, "d.changed_at DESC, d.id DESC LIMIT "+w.Add(perPage+1)); err != nil {
			return err
		}
		if len(page.Documents) > perPage {
			page.Documents = page.Documents[:perPage]
			last := page.Documents[perPage-1]
			page.NextAt, page.NextID = last.ChangedAt, last.ID
		}
		page.Kinds, err = kindsIn(ctx, v)
		return err
	})
	return page, err
}

// kindsIn lists the kinds of document that there are; their names are the method's.
func kindsIn(ctx context.Context, q sqldb.Querier) (out []Choice, err error) {
	rows, err := q.QueryContext(ctx, `SELECT d.kind_id, MIN(d.name) FROM document d WHERE d.kind_id <> '' GROUP BY d.kind_id ORDER BY MIN(d.name), d.kind_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Choice
		if err := rows.Scan(&c.ID, &c.Name); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Waiting is a version on the desk of somebody who was asked to approve it.
type Waiting struct {
	Document
	Number            int
	WriterName, Asked string
	SubmittedAt       int64
}

// mostWaiting is how many things a desk has.
const mostWaiting = 8

// Waits lists the versions that wait for the reader's approval, longest first:
// those asked of a role that they hold.
func (s *Service) Waits(ctx context.Context, who authz.Actor) (out []Waiting, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeDocuments, authz.Instance); err != nil {
			return err
		}
		var w sqldb.Where
		v.Scope(&w, "d.project_id")
		w.And("v.state = 'submitted' AND v.writer_id <> ?", who.Person)
		const held = `EXISTS (SELECT 1 FROM v_assignment a WHERE a.project_id = d.project_id AND a.kind = v.asked AND a.person_id = ? AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?))`
		if who.Role == authz.HeadOfPMO {
			w.And(`(v.asked = 'head_of_pmo' OR `+held+`)`, who.Person, v.Today, v.Today)
		} else {
			w.And(held, who.Person, v.Today, v.Today)
		}
		rows, err := v.QueryContext(ctx, `SELECT `+documentColumns+`, p.name, v.number, COALESCE(n.name, ''), v.asked, v.submitted_at
			FROM document_version v JOIN document d ON d.id = v.document_id JOIN v_project p ON p.id = d.project_id LEFT JOIN v_person n ON n.id = v.writer_id`+
			w.SQL()+` ORDER BY v.submitted_at, v.id LIMIT `+w.Add(mostWaiting), w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var x Waiting
			if err := x.Document.scan(rows.Scan, &x.ProjectName, &x.Number, &x.WriterName, &x.Asked, &x.SubmittedAt); err != nil {
				return err
			}
			out = append(out, x)
		}
		return rows.Err()
	})
	return out, err
}

// DaysSince counts the days from the day of a moment to today.
func (s *Service) DaysSince(micros int64) int {
	n, _ := clock.DaysBetween(clock.DayOf(sqldb.Time(micros), s.unit.Zone()), s.unit.Today()) // both are days
	return n
}
