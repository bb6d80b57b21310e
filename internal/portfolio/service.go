package portfolio

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what people can do with the register.
type Service struct{ unit *work.Unit }

// NewService makes the service.
func NewService(u *work.Unit) *Service { return &Service{unit: u} }

// Today is the organisation's calendar date, for forms.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// lastDay is the last date that anything can be asked about.
const lastDay = "9999-12-30"

// EndOf gives the last microsecond of a day in the organisation's zone: what
// was known "on 31 March" is what was known when the day ended.
func (s *Service) EndOf(day clock.Day) (int64, error) {
	if !clock.ValidDay(day) || day > lastDay {
		return 0, errs.OnField("known_at", "Enter a date such as 2026-03-31.")
	}
	t, err := clock.StartOf(clock.AddDays(day, 1), s.unit.Zone())
	return sqldb.Micros(t) - 1, err
}

// Detail is a project with all that its page shows.
type Detail struct {
	Project
	Assignments              []Assignment
	Fields                   []FieldInfo       // of this register
	Names                    map[string]string // of the people whom custom fields name, by id
	Sources                  []Source
	History                  []Stage
	MayChange, MayAssign     bool
	MayMark                  bool
	Withdrawn                *Withdrawal // nil while the project stands
	PortfolioID, ProgrammeID string
}

// Withdrawal tells that the import that brought a project was undone.
type Withdrawal struct {
	At    int64  // microseconds UTC
	Batch string // the import
	Work  string // what other work there is on it; empty for none
}

// Source is what a file calls a project.
type Source struct{ Name, ID string }

// Stage is a stretch of a project's history.
type Stage struct {
	From, To clock.Day
	Facts    Facts
}

// Project shows one project as at a date.
func (s *Service) Project(ctx context.Context, who authz.Actor, id string, when When) (d Detail, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeProject, authz.On(id)); err != nil {
			return err
		}
		if d, err = getDetail(ctx, v, id, when); err != nil {
			return err
		}
		if d.Withdrawn != nil {
			return nil // what may be done to it: import it again
		}
		d.MayChange, d.MayAssign = v.Can(ctx, ChangeProject, authz.On(id)), v.Can(ctx, AssignPeople, authz.On(id))
		d.MayMark = v.Can(ctx, MarkConfidential, authz.On(id))
		return nil
	})
	return d, err
}

func getDetail(ctx context.Context, v *work.View, id string, when When) (d Detail, err error) {
	if err := when.check(v.Today); err != nil {
		return d, err
	}
	if d.Withdrawn, err = withdrawal(ctx, v, id); err != nil {
		return d, err
	}
	known := knownEver - 1
	if d.Withdrawn != nil {
		known = d.Withdrawn.At - 1
		if when.KnownAt == 0 {
			when.KnownAt = known // as it was last known
		}
	}
	var w sqldb.Where
	w.And("v.project_id = ?", id)
	when.conditions(&w, v.Today)
	row := v.QueryRowContext(ctx, `SELECT v.project_id, q.confidential, q.vanished_from, q.version, `+factColumns+
		` FROM project_version v JOIN project q ON q.id = v.project_id`+w.SQL(), w.Values()...)
	if d.Facts, err = scanFacts(row, &d.ID, &d.Confidential, &d.VanishedFrom, &d.Version); err != nil {
		return d, err
	}
	if parent := d.Facts.Text(Parent); parent != "" {
		if d.Programme, d.Portfolio, err = nodeName(ctx, v, parent); err != nil {
			return d, err
		}
	}
	var a sqldb.Where
	a.And("a.project_id = ?", id)
	if d.Assignments, err = listAssignments(ctx, v, &a, "a.from_on, a.id"); err != nil {
		return d, err
	}
	day := when.day(v.Today)
	for _, one := range d.Assignments {
		if one.On(day) {
			d.People = append(d.People, one)
		}
	}
	if d.Sources, err = sourcesOf(ctx, v, id); err != nil {
		return d, err
	}
	if d.History, err = stages(ctx, v, id, known); err != nil {
		return d, err
	}
	if d.Fields, err = fieldsIn(ctx, v); err != nil {
		return d, err
	}
	d.Names, err = namesOf(ctx, v, d.Facts)
	return d, err
}

// withdrawal tells whether and why a project was withdrawn.
func withdrawal(ctx context.Context, q sqldb.Querier, id string) (*Withdrawal, error) {
	var d Withdrawal
	err := q.QueryRowContext(ctx, `SELECT withdrawn_at, withdrawn_by FROM project WHERE id = $1`, id).Scan(&d.At, &d.Batch)
	if err != nil || d.At == 0 {
		return nil, err
	}
	t, err := touchedBy(ctx, q, d.Batch, nil, []string{id})
	if err != nil {
		return nil, err
	}
	d.Work = t[0].work(d.Batch)
	return &d, nil
}

func sourcesOf(ctx context.Context, q sqldb.Querier, id string) (out []Source, err error) {
	rows, err := q.QueryContext(ctx, `SELECT source, source_id FROM project_source WHERE project_id = $1 ORDER BY source, source_id`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Source
		if err := rows.Scan(&s.Name, &s.ID); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func stages(ctx context.Context, q sqldb.Querier, id string, known int64) (out []Stage, err error) {
	rows, err := q.QueryContext(ctx, `SELECT v.valid_from, v.valid_to, `+factColumns+` FROM project_version v
		WHERE v.project_id = $1 AND v.known_from <= $2 AND v.known_to > $3 ORDER BY v.valid_from`, id, known, known)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var st Stage
		if st.Facts, err = scanFacts(rows, &st.From, &st.To); err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, rows.Err()
}

// AddProject adds a project whose facts hold from a date, today or earlier.
func (s *Service) AddProject(ctx context.Context, who authz.Actor, asAt clock.Day, facts Facts, confidential bool) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		id, err = s.addAuthorisedIn(ctx, tx, asAt, facts, confidential)
		return err
	})
	return id, err
}

func (s *Service) addAuthorisedIn(ctx context.Context, tx *work.Tx, asAt clock.Day, facts Facts, confidential bool) (string, error) {
	if err := tx.May(ctx, AddProject, authz.Instance); err != nil {
		return "", err
	}
	if confidential {
		if err := tx.May(ctx, MarkConfidential, authz.Instance); err != nil {
			return "", err
		}
	}
	return s.addIn(ctx, tx, asAt, facts, confidential, by{})
}

func (s *Service) addIn(ctx context.Context, tx *work.Tx, asAt clock.Day, facts Facts, confidential bool, from by) (string, error) {
	if _, stated := facts[Name]; !stated {
		return "", errs.OnField(string(Name), "Enter a name.")
	}
	facts, err := checkStatement(ctx, tx, asAt, facts)
	if err != nil {
		return "", err
	}
	parent, chosen := facts.Text(Parent), true
	if parent == "" {
		chosen = false
		id, err := defaultPortfolio(ctx, tx)
		if err != nil {
			return "", err
		}
		parent = id
	} else if err := checkParent(ctx, tx, parent); err != nil {
		return "", err
	}
	id := tx.NewID()
	touchNew(tx, id)
	if _, err := tx.ExecContext(ctx, `INSERT INTO project (id, confidential, vanished_from, version) VALUES ($1, $2, '', 1)`, id, confidential); err != nil {
		return "", err
	}
	if err := authz.PutNode(ctx, tx, authz.Node{ID: id, Parent: parent, Confidential: confidential}); err != nil {
		return "", err
	}
	if !chosen { // said by Cairn and not by the source, whose own words stay comparable
		if _, err := state(ctx, tx, id, asAt, Facts{Parent: {Text: parent}}, by{batch: from.batch}); err != nil {
			return "", err
		}
	}
	if currency, err := usualCurrency(ctx, tx, facts); err != nil {
		return "", err
	} else if currency != "" {
		if _, err := state(ctx, tx, id, asAt, Facts{Currency: {Text: currency}}, by{batch: from.batch}); err != nil {
			return "", err
		}
	}
	if _, err := state(ctx, tx, id, asAt, facts, from); err != nil {
		return "", err
	}
	tx.Record(ProjectStated{Project: id, AsAt: asAt, New: true, Source: from.source, Batch: from.batch})
	return id, effect(ctx, tx, from.batch, batchEffect{project: id, kind: madeProject, subject: id})
}

func checkDay(tx *work.Tx, asAt clock.Day) error {
	if !clock.ValidDay(asAt) || asAt > tx.Today {
		return errs.OnField("as_at", "Say since when this holds: today or a past date.")
	}
	return nil
}

// checkStatement refuses what cannot be stated, and gives the facts in their canonical form.
func checkStatement(ctx context.Context, tx *work.Tx, asAt clock.Day, facts Facts) (Facts, error) {
	if err := checkDay(tx, asAt); err != nil {
		return nil, err
	}
	infos := Fields
	var custom []FieldInfo
	if facts.anyCustom() {
		var err error
		if custom, err = customFields(ctx, tx); err != nil {
			return nil, err
		}
		infos = append(slices.Clone(Fields), custom...)
	}
	facts = facts.canonical(custom)
	if err := facts.Check(infos); err != nil {
		return nil, err
	}
	return facts, checkPeople(ctx, tx, facts, infos)
}

// ChangeProject states facts about a project from a date on. The version is the
// one that the person saw; a stale one is a Conflict. What did not change is no change.
func (s *Service) ChangeProject(ctx context.Context, who authz.Actor, id string, version int64, asAt clock.Day, facts Facts) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		return s.changeIn(ctx, tx, id, version, asAt, facts)
	})
}

func (s *Service) changeIn(ctx context.Context, tx *work.Tx, id string, version int64, asAt clock.Day, facts Facts) error {
	if err := tx.May(ctx, ChangeProject, authz.On(id)); err != nil {
		return err
	}
	facts, err := checkStatement(ctx, tx, asAt, facts)
	if err != nil {
		return err
	}
	if err := inForce(ctx, tx, id); err != nil {
		return err
	}
	if err := based(ctx, tx, id, version); err != nil {
		return err
	}
	_, err = s.stateIn(ctx, tx, id, asAt, facts, by{})
	return err
}

// stateIn states facts and follows a move to another programme.
func (s *Service) stateIn(ctx context.Context, tx *work.Tx, id string, asAt clock.Day, facts Facts, from by) ([]Field, error) {
	if parent, moved := facts[Parent]; moved {
		if err := checkParent(ctx, tx, parent.Text); err != nil {
			return nil, err
		}
	}
	changed, err := state(ctx, tx, id, asAt, facts, from)
	if err != nil {
		return nil, err
	}
	for _, f := range changed {
		if f == Parent {
			if err := moveNode(ctx, tx, id); err != nil {
				return nil, err
			}
		}
	}
	if len(changed) > 0 || from.source == "" {
		tx.Record(ProjectStated{Project: id, AsAt: asAt, Fields: changed, Source: from.source, Batch: from.batch})
	}
	return changed, nil
}

func moveNode(ctx context.Context, tx *work.Tx, id string) error {
	var parent string
	var confidential bool
	if err := tx.QueryRowContext(ctx, `SELECT v.parent_id, q.confidential FROM project_version v JOIN project q ON q.id = v.project_id
		WHERE v.project_id = $1 AND v.is_current = TRUE`, id).Scan(&parent, &confidential); err != nil {
		return err
	}
	return authz.PutNode(ctx, tx, authz.Node{ID: id, Parent: parent, Confidential: confidential})
}

// Mark makes a project confidential, or opens it.
func (s *Service) Mark(ctx context.Context, who authz.Actor, id string, confidential bool) error {
	return s.MarkAt(ctx, who, id, 0, confidential)
}

// MarkAt is Mark based on a version of the project; 0 is any.
func (s *Service) MarkAt(ctx context.Context, who authz.Actor, id string, version int64, confidential bool) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, MarkConfidential, authz.On(id)); err != nil {
			return err
		}
		if err := inForce(ctx, tx, id); err != nil {
			return err
		}
		if version != 0 {
			if err := based(ctx, tx, id, version); err != nil {
				return err
			}
		}
		return markIn(ctx, tx, id, confidential)
	})
}

// based takes a project on to its next version, if it still is at the one that
// the change is based on.
func based(ctx context.Context, tx *work.Tx, id string, version int64) error {
	res, err := tx.ExecContext(ctx, `UPDATE project SET version = version + 1 WHERE id = $1 AND version = $2`, id, version)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "Somebody changed this project meanwhile. Their version is shown beside yours.")
	}
	return err
}

func markIn(ctx context.Context, tx *work.Tx, id string, confidential bool) error {
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE project SET confidential = $1, version = version + 1 WHERE id = $2`, confidential, id); err != nil {
		return err
	}
	tx.Record(ProjectMarked{Project: id, Confidential: confidential})
	return moveNode(ctx, tx, id)
}
