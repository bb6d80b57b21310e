package governance

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Sheet is the answers of a project's dial with what else the dial needs.
type Sheet struct {
	Answers   method.Answers
	Kind      string // project, improvement, study, compulsory
	HandsOver bool   // somebody else will run what is made
	Phase     string // where the project stands; a phase of the method that results, empty for its first
	AtGate    string // the gate at which it is asked again
}

// Answered is a sheet as it was answered, for good.
type Answered struct {
	ID, Project, Version string
	Sheet
	Points         int
	ByPoints, Tier method.Tier
	Rules          []string
	Involves       []string
	On             clock.Day
	By, ByName     string
	At             int64  // microseconds
	Confirms       string // id of the answers that these say still hold; empty if they were given anew
}

// Kinds are the kinds of project that a dial tells apart, with their words.
var Kinds = []struct{ ID, Label string }{
	{"project", "a project"}, {"improvement", "an improvement of how we work"}, {"study", "a study"}, {"compulsory", "compulsory: law or licence demands it"},
}

const answeredColumns = `d.id, d.project_id, d.method_version_id, d.answers, d.kind, d.hands_over, d.points, d.by_points, d.tier, d.rules, d.involves, d.at_gate, d.answered_on, d.answered_by, COALESCE(p.name, ''), d.answered_at, d.confirms
	FROM dial_answer d LEFT JOIN v_person p ON p.id = d.answered_by`

func scanAnswered(row interface{ Scan(...any) error }) (a Answered, err error) {
	var answers, rules, involves string
	err = row.Scan(&a.ID, &a.Project, &a.Version, &answers, &a.Kind, &a.HandsOver, &a.Points, &a.ByPoints, &a.Tier, &rules, &involves, &a.AtGate, &a.On, &a.By, &a.ByName, &a.At, &a.Confirms)
	a.Rules, a.Involves = strings.Fields(rules), strings.Fields(involves)
	if err == nil {
		err = json.Unmarshal([]byte(answers), &a.Answers)
	}
	return a, err
}

// lastAnswered gives the newest answers of a project; nil if there are none.
func lastAnswered(ctx context.Context, q sqldb.Querier, project string) (*Answered, error) {
	a, err := scanAnswered(q.QueryRowContext(ctx, `SELECT `+answeredColumns+` WHERE d.project_id = $1 ORDER BY d.answered_at DESC, d.id DESC LIMIT 1`, project))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// asker gives the version whose dial asks a project: the one that asked last, or
// that of the same method to which the project was moved since; before the first
// answers, the newest of the first method that has a dial.
func (s *Service) asker(ctx context.Context, q sqldb.Querier, last *Answered, now *Governed) (string, *method.Method, error) {
	if last != nil {
		m, err := s.method(ctx, q, last.Version)
		if err != nil || now == nil || now.Version == last.Version {
			return last.Version, m, err
		}
		follows, err := s.method(ctx, q, now.Version)
		if err == nil && follows.ID == m.ID && follows.Dial != nil {
			return now.Version, follows, nil
		}
		return last.Version, m, err
	}
	list, err := versions(ctx, q, "")
	if err != nil {
		return "", nil, err
	}
	seen := map[string]bool{}
	for _, v := range list {
		if seen[v.Method] {
			continue
		}
		seen[v.Method] = true
		m, err := s.method(ctx, q, v.ID)
		if err != nil {
			return "", nil, err
		}
		if m.Dial != nil {
			return v.ID, m, nil
		}
	}
	return "", nil, errs.New(errs.NotFound, "No method with a dial is published yet. The head of PMO can import one under Methods.")
}

// Try gives what answers would result in, and changes nothing.
func (s *Service) Try(ctx context.Context, who authz.Actor, project string, sheet Sheet) (r *method.Result, m *method.Method, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGovernance, authz.On(project)); err != nil {
			return err
		}
		last, err := lastAnswered(ctx, v, project)
		if err != nil {
			return err
		}
		now, err := governedOn(ctx, v, project)
		if err != nil {
			return err
		}
		if _, m, err = s.asker(ctx, v, last, now); err != nil {
			return err
		}
		r, err = m.Decide(sheet.Answers, method.Register{HandsOver: sheet.HandsOver, Kind: sheet.Kind})
		return err
	})
	return r, m, err
}

// Answer stores the answers and sets what they result in: at once when the tier
// stays or falls or rises; what a higher tier adds has its days of grace. The
// project stays on the version of its method that it has.
func (s *Service) Answer(ctx context.Context, who authz.Actor, project string, sheet Sheet) (r *method.Result, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AnswerDial, authz.On(project)); err != nil {
			return err
		}
		last, err := lastAnswered(ctx, tx, project)
		if err != nil {
			return err
		}
		r, err = s.answer(ctx, tx, project, sheet, last, "")
		return err
	})
	return r, err
}

// answer stores answers, given anew or confirming others, and sets what follows.
func (s *Service) answer(ctx context.Context, tx *work.Tx, project string, sheet Sheet, last *Answered, confirms string) (r *method.Result, err error) {
	before, err := governedOn(ctx, tx, project)
	if err != nil {
		return nil, err
	}
	version, m, err := s.asker(ctx, tx, last, before)
	if err != nil {
		return nil, err
	}
	if err := knownKind(sheet.Kind); err != nil {
		return nil, err
	}
	if r, err = m.Decide(sheet.Answers, method.Register{HandsOver: sheet.HandsOver, Kind: sheet.Kind}); err != nil {
		return nil, err
	}
	next, err := s.settle(ctx, tx, project, sheet, r, before)
	if err != nil {
		return nil, err
	}
	a := Answered{ID: tx.NewID(), Project: project, Version: version, Sheet: sheet, Points: r.Points, ByPoints: r.ByPoints, Tier: r.Tier, Involves: r.Involves, On: tx.Today, Confirms: confirms}
	for _, h := range r.Rules {
		a.Rules = append(a.Rules, h.ID)
	}
	if err := insertAnswered(ctx, tx, a); err != nil {
		return nil, err
	}
	tx.Record(DialAnswered{Dial: a.ID, Project: project, Version: next.Version, Tier: r.Tier, Points: r.Points, Confirms: confirms, By: tx.Who.Person})
	next.Dial, next.Why = a.ID, WhyAnswered
	if before != nil && same(*before, next) {
		return r, nil
	}
	return r, succeed(ctx, tx, before, next)
}

func knownKind(kind string) error {
	for _, k := range Kinds {
		if k.ID == kind {
			return nil
		}
	}
	return errs.OnField("kind", "Choose what it is.")
}

// same reports whether two rows ask the same of a project.
func same(a, b Governed) bool {
	return a.Version == b.Version && a.Tier == b.Tier && a.Phase == b.Phase && strings.Join(a.Involves, " ") == strings.Join(b.Involves, " ")
}

// settle finds the version and the phase that result.
func (s *Service) settle(ctx context.Context, q sqldb.Querier, project string, sheet Sheet, r *method.Result, before *Governed) (next Governed, err error) {
	next = Governed{Project: project, Tier: r.Tier, Involves: r.Involves, Phase: sheet.Phase}
	var m *method.Method
	if before != nil {
		if m, err = s.method(ctx, q, before.Version); err != nil {
			return next, err
		}
		next.Version = before.Version
		if next.Phase == "" {
			next.Phase = before.Phase
		}
	}
	if m == nil || m.ID != r.Method {
		v, _, err := newest(ctx, q, r.Method)
		if err != nil {
			return next, err
		}
		next.Version = v.ID
		if m, err = s.method(ctx, q, v.ID); err != nil {
			return next, err
		}
	}
	next.Phase, err = phaseIn(m, next.Phase)
	return next, err
}

// phaseIn finds a phase by its id or its name; none is the first. A phase that the
// method does not have falls to the first: a project that changes its method is
// asked where it stands.
func phaseIn(m *method.Method, phase string) (string, error) {
	if len(m.Phases) == 0 {
		return "", errs.New(errs.Invalid, "The method %s has no phases.", m.Name)
	}
	for i := range m.Phases {
		if p := &m.Phases[i]; p.ID == phase || strings.EqualFold(p.Name, phase) {
			return p.ID, nil
		}
	}
	return m.Phases[0].ID, nil
}

func insertAnswered(ctx context.Context, tx *work.Tx, a Answered) error {
	answers, err := json.Marshal(a.Answers)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO dial_answer (id, project_id, method_version_id, answers, kind, hands_over, points, by_points, tier, rules, involves, at_gate, answered_on, answered_by, answered_at, confirms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, a.ID, a.Project, a.Version, string(answers), a.Kind, a.HandsOver, a.Points, int(a.ByPoints), int(a.Tier),
		strings.Join(a.Rules, " "), strings.Join(a.Involves, " "), a.AtGate, a.On, tx.Who.Person, sqldb.Micros(tx.Now), a.Confirms)
	return err
}

// SetPhase says by hand in which phase a project stands. Gates do so by their
// decisions.
func (s *Service) SetPhase(ctx context.Context, who authz.Actor, project, phase string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AnswerDial, authz.On(project)); err != nil {
			return err
		}
		if err := s.guardPhase(ctx, tx, project, phase, tx.Today); err != nil {
			return err
		}
		return s.phaseTo(ctx, tx, project, phase)
	})
}

// phaseTo moves a project into a phase within another unit of work.
func (s *Service) phaseTo(ctx context.Context, tx *work.Tx, project, phase string) error {
	g, m, err := s.current(ctx, tx, project)
	if err != nil {
		return err
	}
	if g == nil {
		return errs.New(errs.Conflict, "Answer the dial of this project first.")
	}
	if !hasPhase(m, phase) {
		return errs.OnField("phase", "Choose a phase of the method.")
	}
	if g.Phase == phase {
		return nil
	}
	next := *g
	next.Phase, next.Why = phase, WhyPhase
	tx.Record(Moved{Project: project, From: g.Phase, To: phase, Why: WhyPhase, By: tx.Who.Person})
	return succeed(ctx, tx, g, next)
}

func hasPhase(m *method.Method, id string) bool {
	for i := range m.Phases {
		if m.Phases[i].ID == id {
			return true
		}
	}
	return false
}
