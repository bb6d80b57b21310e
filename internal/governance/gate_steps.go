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

// The places of a gate in the life of a project.
const (
	GatePassed  = "passed"  // go or conditional go
	GateBefore  = "before"  // the project stood behind it when its gates began to be kept here
	GateNext    = "next"    // the one that comes
	GateAhead   = "ahead"   // comes later
	GateNotHeld = "nowhere" // folded into another, or not held at this tier
	GateStopped = "stopped" // the project was stopped here, or before
)

// Step is a gate in the life of a project.
type Step struct {
	Gate      *method.Gate
	Form      method.Form
	Minutes   int
	Plan      GatePlan
	Place     string
	Decisions []GateDecision // the first first
	Past      *PastGate      // the decision that a spreadsheet tells of; nil if none does
	Open      *Review        // that is under way
}

// Ruled is the decision that counts for the gate and its day: the last that was
// taken here, else the one that a spreadsheet tells of; empty if there is none.
func (s *Step) Ruled() (decision string, on clock.Day) {
	switch {
	case s.Last() != nil:
		return s.Last().Decision, s.Last().DecidedOn
	case s.Past != nil:
		return s.Past.Decision, s.Past.On
	}
	return "", ""
}

// Label is the gate's number as people say it: G3.
func (s *Step) Label() string { return GateLabel(s.Gate.ID) }

// Last is the last decision at the gate; nil if there is none.
func (s *Step) Last() *GateDecision {
	if len(s.Decisions) == 0 {
		return nil
	}
	return &s.Decisions[len(s.Decisions)-1]
}

// Journey is the whole way of a project through its gates.
type Journey struct {
	Project, Name string
	Today         clock.Day
	Governed      *Governed // nil until the dial was answered
	Method        *method.Method
	Version       string // of the method, in words
	Steps         []Step
	Conditions    []Condition
	Stopped       *GateDecision
	Standing      *GateDecision // a hold or recycle that has not been followed by another decision
	Dial          DialAsked     // whether it has to be asked before the next gate
	SpendPct      int           // of the money released, while a condition is open; 100 without one
	Spending      *Spending     // beside that limit; nil where the decision or the register does not say enough
	BodyNames     map[string]string
	Ready         *Readiness // of the next gate
	MayPlan       bool
	MayOpen       bool
	MayDial       bool // answer the dial, or confirm it
}

// Next is the gate that comes; nil when none does.
func (j *Journey) Next() *Step {
	for i := range j.Steps {
		if j.Steps[i].Place == GateNext {
			return &j.Steps[i]
		}
	}
	return nil
}

// Step gives a gate by id; nil if the method has none.
func (j *Journey) Step(gate string) *Step {
	for i := range j.Steps {
		if j.Steps[i].Gate.ID == gate {
			return &j.Steps[i]
		}
	}
	return nil
}

// Open are the conditions that block the next gate.
func (j *Journey) Open() []Condition { return openOf(j.Conditions) }

// place says which gate comes. Gates are passed in order: the next is the first
// that is held after the last one that was passed, here or as a spreadsheet tells.
// While none was passed here, the phase in which the project stands says which lie
// behind it too. Whoever moves the phase by hand so moves no project past a gate
// that it has begun to pass.
func (j *Journey) place() {
	last, here, stopped, from := -1, false, j.Stopped != nil, j.phaseOf(j.Governed.Phase)
	for i := range j.Steps {
		d, _ := j.Steps[i].Ruled()
		if passes(d) {
			last, here = i, here || j.Steps[i].Last() != nil
		}
		stopped = stopped || j.Steps[i].Last() == nil && d == method.Stop
	}
	found := stopped
	for i := range j.Steps {
		s := &j.Steps[i]
		held := s.Form.Kind == method.ByReview || s.Form.Kind == method.ByNote
		d, _ := s.Ruled()
		switch {
		case passes(d):
			s.Place = GatePassed
		case d == method.Stop:
			s.Place = GateStopped
		case !held:
			s.Place = GateNotHeld
		case i <= last || !here && j.phaseOf(s.Gate.After) < from:
			s.Place = GateBefore
		case found:
			s.Place = GateAhead
			if stopped {
				s.Place = GateStopped
			}
		default:
			s.Place, found = GateNext, true
		}
	}
}

func passes(decision string) bool {
	return decision == method.Go || decision == method.ConditionalGo
}

func (j *Journey) phaseOf(id string) int { return phaseIndex(j.Method, id) }

// phaseIndex is the place of a phase in the life of a project; -1 if the method
// does not have it.
func phaseIndex(m *method.Method, id string) int {
	for i := range m.Phases {
		if m.Phases[i].ID == id {
			return i
		}
	}
	return -1
}

// Journey shows the gates of a project: which are passed, which comes and how
// ready it is.
func (s *Service) Journey(ctx context.Context, who authz.Actor, project string) (j Journey, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGates, authz.On(project)); err != nil {
			return err
		}
		if j, err = s.shownJourney(ctx, v, project); err != nil {
			return err
		}
		if next := j.Next(); next != nil {
			j.Ready, err = s.readinessOf(ctx, v, &j, next)
		}
		return err
	})
	return j, err
}

// Overview gives what Controls and Journey give of a project today, from one reading
// of its record.
func (s *Service) Overview(ctx context.Context, who authz.Actor, project string) (sheaf Sheaf, j Journey, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		for _, a := range []authz.Action{SeeGovernance, SeeGates} {
			if err := v.May(ctx, a, authz.On(project)); err != nil {
				return err
			}
		}
		r, err := s.recordOf(ctx, v, project)
		if err != nil {
			return err
		}
		if sheaf, err = s.sheafOn(ctx, v, r, v.Today); err != nil {
			return err
		}
		if j, err = s.shownJourney(ctx, v, project); err != nil {
			return err
		}
		if next := j.Next(); next != nil {
			states := map[string]string{}
			for id, seg := range r.on(v.Today) {
				states[id] = seg.State
			}
			j.Ready = s.readiness(&j, next, states, s.seen(r.dossier, r.methods, day(v.Today)))
		}
		return nil
	})
	return sheaf, j, err
}

// shownJourney reads the way of a project with what its reader may do.
func (s *Service) shownJourney(ctx context.Context, v *work.View, project string) (Journey, error) {
	j, err := s.journey(ctx, v, project, v.Today)
	if err != nil || j.Governed == nil {
		return j, err
	}
	j.MayPlan, j.MayOpen = v.Can(ctx, PlanGate, authz.On(project)), v.Can(ctx, OpenReview, authz.On(project))
	j.MayDial = v.Can(ctx, AnswerDial, authz.On(project))
	bodies := make([]string, 0, len(j.Steps))
	for i := range j.Steps {
		if b := j.Steps[i].Plan.Body; b != "" {
			bodies = append(bodies, b)
		}
		if p := j.Steps[i].Past; p != nil && p.Body != "" {
			bodies = append(bodies, p.Body)
		}
	}
	j.BodyNames, err = s.bodyNames(ctx, v, bodies)
	return j, err
}

// journey reads the way of a project, without asking who reads.
func (s *Service) journey(ctx context.Context, q sqldb.Querier, project string, today clock.Day) (j Journey, err error) {
	j = Journey{Project: project, Today: today, SpendPct: 100}
	var spent sql.NullInt64
	var currency string
	err = q.QueryRowContext(ctx, `SELECT n.name, COALESCE(d.answered_on, ''), COALESCE(d.answered_at, 0), COALESCE(d.confirms, '') <> '', COALESCE(d.tier, 0), COALESCE(b.name, ''),
		(SELECT COALESCE(MAX(g.made_at), 0) FROM governed g WHERE g.project_id = n.id AND g.why = 'imported'),
		(SELECT p.actual FROM v_project p WHERE p.id = n.id), COALESCE((SELECT p.currency FROM v_project p WHERE p.id = n.id), '')
		FROM v_project_name n LEFT JOIN dial_answer d ON d.id = (SELECT l.id FROM dial_answer l WHERE l.project_id = n.id ORDER BY l.answered_at DESC, l.id DESC LIMIT 1)
		LEFT JOIN v_person b ON b.id = d.answered_by WHERE n.id = $1`, project).
		Scan(&j.Name, &j.Dial.On, &j.Dial.at, &j.Dial.Confirmed, &j.Dial.Gave, &j.Dial.ByName, &j.Dial.imported, &spent, &currency)
	if errors.Is(err, sql.ErrNoRows) {
		return j, errs.Missing("project") // such as a programme
	}
	if err != nil {
		return j, err
	}
	if j.Governed, j.Method, err = s.current(ctx, q, project); err != nil || j.Governed == nil {
		return j, err
	}
	plans, err := plansOf(ctx, q, project)
	if err != nil {
		return j, err
	}
	reviews, err := reviewsOf(ctx, q, project)
	if err != nil {
		return j, err
	}
	decisions, err := gateDecisions(ctx, q, project)
	if err != nil {
		return j, err
	}
	if j.Conditions, err = conditionsOf(ctx, q, project); err != nil {
		return j, err
	}
	past, err := pastOf(ctx, q, project)
	if err != nil {
		return j, err
	}
	asked := s.require(j.Governed.Version, j.Method, j.Governed.Tier, j.Governed.Involves)
	for i := range asked.Gates {
		g := &asked.Gates[i]
		st := Step{Gate: g.Gate, Form: g.Form, Minutes: g.Minutes, Plan: plans[g.Gate.ID], Past: past[g.Gate.ID]}
		for _, d := range decisions {
			if d.Gate == g.Gate.ID {
				st.Decisions = append(st.Decisions, d)
			}
		}
		for k := range reviews {
			if reviews[k].State == ReviewOpen && reviews[k].Gate == g.Gate.ID {
				st.Open = &reviews[k]
			}
		}
		j.Steps = append(j.Steps, st)
	}
	j.consequences(decisions)
	j.askDial(decisions, reviews)
	j.spending(spent, currency, decisions)
	j.place()
	return j, nil
}

// consequences says what the decisions so far mean for today.
func (j *Journey) consequences(decisions []GateDecision) {
	if len(decisions) == 0 {
		return
	}
	last := &decisions[len(decisions)-1]
	switch last.Decision {
	case method.Stop:
		j.Stopped = last
	case method.Hold, method.Recycle:
		j.Standing = last
	}
	for i := range decisions {
		for _, c := range j.Open() {
			if c.Review == decisions[i].Review {
				j.SpendPct = min(j.SpendPct, decisions[i].SpendPct)
			}
		}
	}
}

// guardPhase refuses to move a project by hand past a gate, once it has begun to
// go through gates here: the phase then moves with their decisions.
func (s *Service) guardPhase(ctx context.Context, q sqldb.Querier, project, phase string, today clock.Day) error {
	j, err := s.journey(ctx, q, project, today)
	if err != nil || j.Governed == nil {
		return err
	}
	begun := j.Stopped != nil
	for i := range j.Steps {
		begun = begun || len(j.Steps[i].Decisions) > 0 || j.Steps[i].Open != nil
	}
	for i := range j.Steps {
		st := &j.Steps[i]
		if begun && (st.Place == GateNext || st.Place == GateAhead || st.Place == GateStopped) && j.phaseOf(st.Gate.After) < j.phaseOf(phase) {
			return errs.OnField("phase", "%s lies between. The phase moves on when it is passed.", st.Label())
		}
	}
	return nil
}
