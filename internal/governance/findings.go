package governance

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The urgencies of a finding.
const (
	DoNow  = "do-now"
	DoBy   = "do-by"
	DoWhen = "do-when"
)

// Urgencies are the urgencies with their words.
var Urgencies = []struct{ ID, Label, Means string }{
	{DoNow, "Do now", "within five working days"}, {DoBy, "Do by", "by a day, a gate for example"}, {DoWhen, "Do when", "when it is touched anyway"},
}

// Finding is what somebody found about a control: with an owner, an urgency, and
// an action where one is needed. It ends with a re-test.
type Finding struct {
	ID, Project, Control, ProjectName string
	Words                             string
	Urgency                           string
	Due                               clock.Day // empty for do-when
	Owner, OwnerName                  string
	Action                            string // id in the register of actions; empty for none
	On                                clock.Day
	By, ByName                        string
	At                                int64
	Open                              bool
	ClosedWords                       string
	ClosedOn                          clock.Day
	ClosedByName                      string
	Version                           int64
}

const findingColumns = `f.id, f.project_id, COALESCE(n.name, ''), f.control_id, f.words, f.urgency, f.due_on, f.owner_id, COALESCE(o.name, ''), f.action_id, f.raised_on, f.raised_by, COALESCE(r.name, ''), f.raised_at,
	f.state = 'open', f.closed_words, f.closed_on, COALESCE(c.name, ''), f.version
	FROM finding f LEFT JOIN v_project_name n ON n.id = f.project_id LEFT JOIN v_person o ON o.id = f.owner_id LEFT JOIN v_person r ON r.id = f.raised_by LEFT JOIN v_person c ON c.id = f.closed_by`

func scanFinding(row interface{ Scan(...any) error }) (f Finding, err error) {
	err = row.Scan(&f.ID, &f.Project, &f.ProjectName, &f.Control, &f.Words, &f.Urgency, &f.Due, &f.Owner, &f.OwnerName, &f.Action, &f.On, &f.By, &f.ByName, &f.At, &f.Open, &f.ClosedWords, &f.ClosedOn, &f.ClosedByName, &f.Version)
	return f, err
}

func findingsWhere(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Finding, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+findingColumns+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		f, err := scanFinding(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// Raise records a finding. What is to be done now or by a day becomes an action of
// its owner.
func (s *Service) Raise(ctx context.Context, who authz.Actor, f Finding) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, RaiseFinding, authz.On(f.Project)); err != nil {
			return err
		}
		_, _, c, err := s.asks(ctx, tx, f.Project, f.Control)
		if err != nil {
			return err
		}
		if err := f.check(ctx, tx); err != nil {
			return err
		}
		f.ID, f.On, f.By = tx.NewID(), tx.Today, who.Person
		if s.actions != nil && f.Urgency != DoWhen {
			if f.Action, err = s.actions.RaiseIn(ctx, tx, Task{
				Project: f.Project, Title: firstLine(f.Words), Detail: f.Words, Owner: f.Owner, Due: f.Due,
				From: "finding", FromID: f.ID, FromTitle: c.Name, FromPath: "/projects/" + f.Project + "/controls/" + f.Control + "#f-" + f.ID,
			}); err != nil {
				return err
			}
		}
		tx.Record(FindingChanged{Finding: f.ID, Project: f.Project, Control: f.Control, State: "raised", By: who.Person})
		id = f.ID
		_, err = tx.ExecContext(ctx, `INSERT INTO finding (id, project_id, control_id, words, urgency, due_on, owner_id, action_id, raised_on, raised_by, raised_at, state, closed_words, closed_on, closed_by, closed_at, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', '', '', '', 0, 1)`, f.ID, f.Project, f.Control, f.Words, f.Urgency, f.Due, f.Owner, f.Action, f.On, f.By, sqldb.Micros(tx.Now))
		return err
	})
	return id, err
}

func (f *Finding) check(ctx context.Context, tx *work.Tx) error {
	var c errs.Check
	f.Words = words(&c, "words", f.Words, "Say what you found.", 2000)
	switch f.Urgency {
	case DoNow:
		f.Due = clock.AddDays(tx.Today, 7)
	case DoBy:
		c.That(clock.ValidDay(f.Due) && f.Due >= tx.Today, "due", "Give the day by which it has to be done.")
	case DoWhen:
		f.Due = ""
	default:
		c.Add("urgency", "Choose how soon.")
	}
	var n int
	if f.Owner != "" {
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_person WHERE id = $1 AND erased = FALSE`, f.Owner).Scan(&n); err != nil {
			return err
		}
	}
	c.That(n == 1 || f.Urgency == DoWhen && f.Owner == "", "owner", "Name one person who sees to it.")
	return c.Err()
}

func firstLine(text string) string {
	r := []rune(text)
	for i, c := range r {
		if c == '\n' || i == 120 {
			return string(r[:i])
		}
	}
	return text
}

// Close ends a finding with a re-test: the control is assessed anew, in the same
// unit of work.
func (s *Service) Close(ctx context.Context, who authz.Actor, id, verdict, reason string, version int64) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		f, err := scanFinding(tx.QueryRowContext(ctx, `SELECT `+findingColumns+` WHERE f.id = $1`, id))
		if errors.Is(err, sql.ErrNoRows) {
			return errs.Missing("finding")
		}
		if err != nil {
			return err
		}
		if err := tx.May(ctx, CloseFinding, authz.On(f.Project)); err != nil {
			return err
		}
		if _, err := assessIn(ctx, tx, f.Project, f.Control, verdict, reason, f.ID); err != nil {
			return err
		}
		if verdict == Partly || verdict == NotThere {
			return nil // the re-test failed: the finding stays open, and what was seen stands beside it
		}
		res, err := tx.ExecContext(ctx, `UPDATE finding SET state = 'closed', closed_words = $1, closed_on = $2, closed_by = $3, closed_at = $4, version = version + 1 WHERE id = $5 AND state = 'open' AND version = $6`,
			reason, tx.Today, who.Person, sqldb.Micros(tx.Now), id, version)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return stale("This finding was closed meanwhile.")
		}
		tx.Record(FindingChanged{Finding: id, Project: f.Project, Control: f.Control, State: "closed", By: who.Person})
		return nil
	})
}

// FindingFilter says which findings are listed.
type FindingFilter struct {
	Project, Control string
	Open             bool
	Before           int64 // cursor: raised_at and id of the last row
	BeforeID         string
}

// Findings lists findings, newest first.
func (s *Service) Findings(ctx context.Context, who authz.Actor, f FindingFilter, limit int) (out []Finding, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		on := authz.Instance
		if f.Project != "" {
			on = authz.On(f.Project)
		}
		if err := v.May(ctx, SeeGovernance, on); err != nil {
			return err
		}
		var w sqldb.Where
		if f.Project != "" {
			w.And("f.project_id = ?", f.Project)
		}
		if f.Control != "" {
			w.And("f.control_id = ?", f.Control)
		}
		if f.Open {
			w.And("f.state = 'open'")
		}
		authz.Scope(&w, v.Who, "f.project_id", v.Today)
		if f.Before != 0 {
			w.AfterKey("f.raised_at", "f.id", true, f.Before, f.BeforeID)
		}
		out, err = findingsWhere(ctx, v, &w, "f.raised_at DESC, f.id DESC LIMIT "+w.Add(limit))
		return err
	})
	return out, err
}
