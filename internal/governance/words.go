package governance

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The kinds of word about a control.
const (
	Noted    = "noted"    // something of the work took place: an event that no feature records yet
	Attested = "attested" // what the control accepts as an attestation
	Assessed = "assessed" // a judgement
)

// The verdicts of an assessment.
const (
	InPlace       = "in_place"
	Partly        = "partly"
	NotThere      = "missing"
	NotApplicable = "not_applicable"
)

// Verdicts are the verdicts with their words.
var Verdicts = []struct{ ID, Label string }{
	{InPlace, "In place"}, {Partly, "Partly"}, {NotThere, "Missing"}, {NotApplicable, "Not applicable"},
}

// Word is somebody's word about a control. It is never changed; who said it may
// take it back, and then it stands as taken back.
type Word struct {
	ID, Project, Control string
	Kind                 string
	Name, Detail         string // noted: the event and of which gate or check; attested: the role
	Verdict              string // assessed
	Words                string
	Finding              string // of a re-test: the finding
	On                   clock.Day
	By, ByName           string
	At                   int64 // microseconds
	Back                 int64 // microseconds; 0 unless it was taken back
}

const wordColumns = `w.id, w.project_id, w.control_id, w.kind, w.name, w.detail, w.verdict, w.words, w.finding_id, w.on_day, w.said_by, COALESCE(p.name, ''), w.said_at, w.taken_back_at
	FROM control_word w LEFT JOIN v_person p ON p.id = w.said_by`

func scanWord(row interface{ Scan(...any) error }) (w Word, err error) {
	err = row.Scan(&w.ID, &w.Project, &w.Control, &w.Kind, &w.Name, &w.Detail, &w.Verdict, &w.Words, &w.Finding, &w.On, &w.By, &w.ByName, &w.At, &w.Back)
	return w, err
}

// wordsOf lists what was said in some projects, about one control or all, oldest first.
func wordsOf(ctx context.Context, q sqldb.Querier, projects []string, control string) (out []Word, err error) {
	var w sqldb.Where
	w.AndIn("w.project_id", projects)
	if control != "" {
		w.And("w.control_id = ?", control)
	}
	rows, err := q.QueryContext(ctx, `SELECT `+wordColumns+w.SQL()+` ORDER BY w.on_day, w.said_at, w.id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		word, err := scanWord(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, word)
	}
	return out, rows.Err()
}

// asks finds a control that a project is asked for, with the line of evidence.
func (s *Service) asks(ctx context.Context, q sqldb.Querier, project, control string) (*Governed, *method.Method, *method.Control, error) {
	g, m, err := s.current(ctx, q, project)
	if err != nil {
		return nil, nil, nil, err
	}
	if g == nil {
		return nil, nil, nil, errs.Missing("control of this project")
	}
	c := s.require(g.Version, m, g.Tier, g.Involves).Control(control)
	if c == nil {
		return nil, nil, nil, errs.Missing("control of this project")
	}
	return g, m, c, nil
}

func lineOf(c *method.Control, line int) *method.Accept {
	if line < 0 || line >= len(c.Accepts) {
		return nil
	}
	return &c.Accepts[line]
}

// Speak notes that an event of a control's evidence took place, or attests what it
// accepts: line is the place among what the control accepts. One click, with the
// day (today when empty) and words if the person has some.
func (s *Service) Speak(ctx context.Context, who authz.Actor, project, control string, line int, on clock.Day, said string) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, SpeakOfControl, authz.On(project)); err != nil {
			return err
		}
		_, m, c, err := s.asks(ctx, tx, project, control)
		if err != nil {
			return err
		}
		w := Word{Project: project, Control: control, On: on}
		if w.On == "" {
			w.On = tx.Today
		}
		var check errs.Check
		check.That(clock.ValidDay(w.On) && w.On <= tx.Today, "on", "Give a day that is not in the future, like 2026-03-31.")
		w.Words = words(&check, "words", said, "", 1000)
		a := lineOf(c, line)
		check.That(a != nil && (a.Kind == method.AnEvent || a.Kind == method.AnAttestation), "line", "Choose what took place, or what you attest.")
		if err := check.Err(); err != nil {
			return err
		}
		if w.Kind, w.Name, w.Detail = Noted, a.Name, a.Of; a.Kind == method.AnAttestation {
			w.Kind, w.Name, w.Detail = Attested, a.By, ""
			if err := s.mayAttest(ctx, tx, m, project, a.By); err != nil {
				return err
			}
		} else if known(a.Name) {
			return errs.OnField("line", "Cairn records this by itself; nobody needs to say so.")
		}
		id, err = say(ctx, tx, w)
		return err
	})
	return id, err
}

// mayAttest lets only those attest whose role it is, where the record knows roles.
func (s *Service) mayAttest(ctx context.Context, tx *work.Tx, m *method.Method, project, role string) error {
	if !recorded(role) {
		return nil
	}
	holds, err := s.holds(ctx, tx, tx.Who, project, role, tx.Today)
	if err != nil || holds {
		return err
	}
	return errs.New(errs.Forbidden, "This is for the %s of the project to say.", roleName(m, role))
}

// Assess gives a judgement about a control: in place, partly, missing, or not
// applicable, with the reason. A re-test names the finding that it is about.
func (s *Service) Assess(ctx context.Context, who authz.Actor, project, control, verdict, reason, finding string) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AssessControl, authz.On(project)); err != nil {
			return err
		}
		if _, _, _, err := s.asks(ctx, tx, project, control); err != nil {
			return err
		}
		id, err = assessIn(ctx, tx, project, control, verdict, reason, finding)
		return err
	})
	return id, err
}

func assessIn(ctx context.Context, tx *work.Tx, project, control, verdict, reason, finding string) (string, error) {
	var check errs.Check
	check.That(VerdictLabel(verdict) != "", "verdict", "Choose one.")
	reason = words(&check, "reason", reason, "Say what you saw; a judgement without its reason helps nobody.", 2000)
	if err := check.Err(); err != nil {
		return "", err
	}
	return say(ctx, tx, Word{Project: project, Control: control, Kind: Assessed, Verdict: verdict, Words: reason, Finding: finding, On: tx.Today})
}

// VerdictLabel is a verdict in words; empty for none.
func VerdictLabel(id string) string {
	for _, v := range Verdicts {
		if v.ID == id {
			return v.Label
		}
	}
	return ""
}

func say(ctx context.Context, tx *work.Tx, w Word) (string, error) {
	w.ID, w.By = tx.NewID(), tx.Who.Person
	_, err := tx.ExecContext(ctx, `INSERT INTO control_word (id, project_id, control_id, kind, name, detail, verdict, words, finding_id, on_day, said_by, said_at, taken_back_at, taken_back_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '')`, w.ID, w.Project, w.Control, w.Kind, w.Name, w.Detail, w.Verdict, w.Words, w.Finding, w.On, w.By, sqldb.Micros(tx.Now))
	tx.Record(Spoken{Word: w.ID, Project: w.Project, Control: w.Control, Kind: w.Kind, Name: w.Name, Verdict: w.Verdict, On: w.On, By: w.By})
	return w.ID, err
}

// TakeBack withdraws one's own word: a slip of the mouse must not count as
// evidence. The word stays readable as taken back.
func (s *Service) TakeBack(ctx context.Context, who authz.Actor, project, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, SpeakOfControl, authz.On(project)); err != nil {
			return err
		}
		w, err := scanWord(tx.QueryRowContext(ctx, `SELECT `+wordColumns+` WHERE w.id = $1 AND w.project_id = $2`, id, project))
		if errors.Is(err, sql.ErrNoRows) {
			return errs.Missing("word")
		}
		if err != nil {
			return err
		}
		if w.By != who.Person {
			return errs.New(errs.Forbidden, "Only who said it can take it back.")
		}
		if w.Back != 0 {
			return stale("This was taken back already.")
		}
		tx.Record(Spoken{Word: id, Project: project, Control: w.Control, Kind: w.Kind, On: w.On, By: who.Person, Back: true})
		_, err = tx.ExecContext(ctx, `UPDATE control_word SET taken_back_at = $1, taken_back_by = $2 WHERE id = $3 AND taken_back_at = 0`, sqldb.Micros(tx.Now), who.Person, id)
		return err
	})
}
