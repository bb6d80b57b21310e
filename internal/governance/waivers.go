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

// The states of a waiver. That it has expired is no state: it is read off its date.
const (
	WaiverAsked   = "asked"
	WaiverGranted = "granted"
	WaiverRefused = "refused"
	WaiverEnded   = "ended" // before its date, by who granted it or the project
)

// Waiver lets a project do without a control for a time. From is included, To is
// not: on To the gap is open again.
type Waiver struct {
	ID, Project, Control string
	ProjectName          string
	Tier                 method.Tier
	Reason, Compensating string
	From, To             clock.Day
	State                string
	AskedBy, AskedByName string
	AskedAt              int64 // microseconds
	DecidedBy            string
	DecidedByName        string
	DecidedAs            string // the role with the authority
	DecidedAt            int64
	DecidedWords         string
	EndedOn              clock.Day
	Version              int64
	Opinions             []Opinion
	Needs                []string // roles whose opinion is missing
	Who                  string   // the role that decides
}

// Opinion is what one of those says whom a waiver needs besides.
type Opinion struct {
	Role, Person, Name string
	Agrees             bool
	Words              string
	At                 int64 // microseconds
}

// Until is the day on which the waiver stops to hold.
func (w Waiver) Until() clock.Day {
	if w.EndedOn != "" && w.EndedOn < w.To {
		return w.EndedOn
	}
	return w.To
}

// Holds reports whether the control is waived on a day: granted, begun, and
// neither ended nor expired.
func (w Waiver) Holds(day clock.Day) bool {
	return (w.State == WaiverGranted || w.State == WaiverEnded) && w.From <= day && day < w.Until()
}

// WarnDays is how long before its end a waiver warns.
const WarnDays = 14

const waiverColumns = `w.id, w.project_id, COALESCE(n.name, ''), w.control_id, w.tier, w.reason, w.compensating, w.from_on, w.to_on, w.state, w.asked_by, COALESCE(a.name, ''), w.asked_at,
	w.decided_by, COALESCE(d.name, ''), w.decided_as, w.decided_at, w.decided_words, w.ended_on, w.version
	FROM waiver w LEFT JOIN v_project_name n ON n.id = w.project_id LEFT JOIN v_person a ON a.id = w.asked_by LEFT JOIN v_person d ON d.id = w.decided_by`

func scanWaiver(row interface{ Scan(...any) error }) (w Waiver, err error) {
	err = row.Scan(&w.ID, &w.Project, &w.ProjectName, &w.Control, &w.Tier, &w.Reason, &w.Compensating, &w.From, &w.To, &w.State, &w.AskedBy, &w.AskedByName, &w.AskedAt,
		&w.DecidedBy, &w.DecidedByName, &w.DecidedAs, &w.DecidedAt, &w.DecidedWords, &w.EndedOn, &w.Version)
	return w, err
}

func waiversWhere(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Waiver, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+waiverColumns+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		x, err := scanWaiver(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// AskForWaiver asks for a control to be waived until a day. Nothing is waived
// until who may has granted it.
func (s *Service) AskForWaiver(ctx context.Context, who authz.Actor, project, control, reason, compensating string, until clock.Day) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AskWaiver, authz.On(project)); err != nil {
			return err
		}
		g, _, c, err := s.asks(ctx, tx, project, control)
		if err != nil {
			return err
		}
		if c.Waiver.MaxDays == 0 {
			return errs.New(errs.Forbidden, "This control cannot be waived by anybody here. %s", c.Waiver.Typical)
		}
		var check errs.Check
		latest := clock.AddDays(tx.Today, c.Waiver.MaxDays)
		check.That(clock.ValidDay(until) && until > tx.Today && until <= latest, "until", "Give a day after today, by %s at the latest.", latest)
		reason = words(&check, "reason", reason, "Say why it may be left out.", 2000)
		compensating = words(&check, "compensating", compensating, "Say what protects the project instead.", 2000)
		if err := check.Err(); err != nil {
			return err
		}
		var open int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM waiver WHERE project_id = $1 AND control_id = $2 AND state = 'asked'`, project, control).Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return errs.New(errs.Duplicate, "A waiver of this control was asked for already and waits for its decision.")
		}
		id = tx.NewID()
		tx.Record(WaiverChanged{Waiver: id, Project: project, Control: control, State: WaiverAsked, Until: until, By: who.Person})
		_, err = tx.ExecContext(ctx, `INSERT INTO waiver (id, project_id, control_id, tier, reason, compensating, from_on, to_on, state, asked_by, asked_at, decided_by, decided_as, decided_at, decided_words, ended_on, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'asked', $9, $10, '', '', 0, '', '', 1)`, id, project, control, int(g.Tier), reason, compensating, tx.Today, until, who.Person, sqldb.Micros(tx.Now))
		return err
	})
	return id, err
}

// waiver reads a waiver with its opinions and who decides about it.
func (s *Service) waiver(ctx context.Context, q sqldb.Querier, id string) (w Waiver, err error) {
	w, err = scanWaiver(q.QueryRowContext(ctx, `SELECT `+waiverColumns+` WHERE w.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return w, errs.Missing("waiver")
	}
	if err != nil {
		return w, err
	}
	list := []Waiver{w}
	if err := opinionsOf(ctx, q, list); err != nil {
		return w, err
	}
	_, m, err := s.current(ctx, q, w.Project)
	if err == nil && m != nil {
		decides(m, &list[0])
	}
	return list[0], err
}

// decides says which role decides about a waiver and whose opinion is missing.
func decides(m *method.Method, w *Waiver) {
	a, ok := m.Who(method.ForWaiver, w.Tier, 0)
	if !ok {
		return
	}
	w.Who = a.Who
	given := map[string]bool{}
	for _, o := range w.Opinions {
		given[o.Role] = true
	}
	w.Needs = nil
	for _, role := range a.Adds {
		if !given[role] {
			w.Needs = append(w.Needs, role)
		}
	}
}

func opinionsOf(ctx context.Context, q sqldb.Querier, list []Waiver) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := map[string]int{}, make([]string, len(list))
	for i, w := range list {
		at[w.ID], ids[i] = i, w.ID
	}
	var w sqldb.Where
	w.AndIn("o.waiver_id", ids)
	rows, err := q.QueryContext(ctx, `SELECT o.waiver_id, o.role, o.person_id, COALESCE(p.name, ''), o.agrees, o.words, o.said_at FROM waiver_opinion o LEFT JOIN v_person p ON p.id = o.person_id`+w.SQL()+` ORDER BY o.said_at`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var o Opinion
		if err := rows.Scan(&id, &o.Role, &o.Person, &o.Name, &o.Agrees, &o.Words, &o.At); err != nil {
			return err
		}
		list[at[id]].Opinions = append(list[at[id]].Opinions, o)
	}
	return rows.Err()
}
