package governance

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Open opens the review of the gate that comes. From here on its criteria, who
// decides, the quorum and the number of reviewers stand, whatever happens to the
// method, the tier and the cost of the project. Who decides is seated as far as
// the record knows them.
func (s *Service) Open(ctx context.Context, who authz.Actor, project, gate string, meetsOn clock.Day) (id string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OpenReview, authz.On(project)); err != nil {
			return err
		}
		j, err := s.journey(ctx, tx, project, tx.Today)
		if err != nil {
			return err
		}
		step, err := j.openable(gate, meetsOn)
		if err != nil {
			return err
		}
		r := Review{
			ID: tx.NewID(), Project: project, Gate: gate, MethodVersion: j.Governed.Version, Tier: j.Governed.Tier, Form: step.Form.Kind,
			MeetsOn: meetsOn, OpenedBy: who.Person, OpenedOn: tx.Today, OpenedAt: sqldb.Micros(tx.Now), State: ReviewOpen,
		}
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) + 1 FROM gate_review WHERE project_id = $1 AND gate_id = $2`, project, gate).Scan(&r.Round); err != nil {
			return err
		}
		known, err := costOf(ctx, tx, &r)
		if err != nil {
			return err
		}
		r.freeze(s.require(j.Governed.Version, j.Method, j.Governed.Tier, j.Governed.Involves).Gate(gate), j.Method, j.Governed.Involves, known)
		seats, err := s.invite(ctx, tx, &r, j.Method, step.Plan.Body)
		if err != nil {
			return err
		}
		if err := insertReview(ctx, tx, r); err != nil {
			return err
		}
		for _, seat := range seats {
			if err := insertSeat(ctx, tx, r.ID, seat); err != nil {
				return err
			}
		}
		id = r.ID
		tx.Record(r.event("gate.opened", activity.Participant{Person: who.Person, Role: activity.Contributed}))
		return nil
	})
	return id, err
}

// openable says whether the review of a gate may be opened, or why not.
func (j *Journey) openable(gate string, meetsOn clock.Day) (*Step, error) {
	step, err := j.heldStep(gate)
	if err != nil {
		return nil, err
	}
	if j.Stopped != nil {
		return nil, errs.New(errs.Invalid, "This project was stopped at %s on %s. No further gate is held.", GateLabel(j.Stopped.Gate), j.Stopped.DecidedOn)
	}
	for i := range j.Steps {
		if o := j.Steps[i].Open; o != nil {
			return nil, errs.New(errs.Duplicate, "The review of %s is open already.", o.Label())
		}
	}
	if step.Place != GateNext {
		if next := j.Next(); next != nil {
			return nil, errs.OnField("gate", "%s comes next, and not %s.", next.Label(), step.Label())
		}
		return nil, errs.OnField("gate", "%s lies behind this project.", step.Label())
	}
	if meetsOn != "" && (!clock.ValidDay(meetsOn) || meetsOn < j.Today) {
		return nil, errs.OnField("meets_on", "Choose a day that is still to come, or today.")
	}
	return step, nil
}

// costOf reads the forecast cost at the end, or else the budget, in whole units
// rounded up, so that a limit that is passed by a penny is passed.
func costOf(ctx context.Context, q sqldb.Querier, r *Review) (known bool, err error) {
	var forecast, budget *int64
	if err := q.QueryRowContext(ctx, `SELECT currency, forecast, budget FROM v_project WHERE id = $1`, r.Project).Scan(&r.Currency, &forecast, &budget); err != nil {
		return false, err
	}
	if forecast == nil {
		forecast = budget
	}
	if forecast == nil {
		return false, nil
	}
	r.Amount = *forecast / 100
	if *forecast%100 > 0 {
		r.Amount++
	}
	return true, nil
}

// freeze copies what the method asks at this gate into the review.
func (r *Review) freeze(g *method.GateAsked, m *method.Method, involves []string, costKnown bool) {
	f := Frozen{
		Name: g.Gate.Name, Involves: append([]string{}, involves...), Max: m.Conditions.Max,
		SpendPct: m.Conditions.SpendLimitWhileOpenPct.At(r.Tier), CostKnown: costKnown, Adds: []string{}, Sides: []string{},
	}
	if f.SpendPct == 0 {
		f.SpendPct = 100
	}
	for _, c := range g.Criteria {
		a := AskedCriterion{ID: c.ID, Text: c.Text, Why: c.Why, Judge: c.Judge, Must: c.Must, KnockOut: c.KnockOut, Controls: append([]string{}, c.Controls...), Rules: []string{}}
		for _, rule := range c.Record {
			a.Rules = append(a.Rules, rule.Text)
		}
		f.Criteria = append(f.Criteria, a)
	}
	r.Frozen = f
}

// invite finds who decides by the authority table, and seats those whom the
// record knows: the sponsor or the members of the body, the project manager, the
// PMO partner and whoever opens the review for the PMO.
func (s *Service) invite(ctx context.Context, tx *work.Tx, r *Review, m *method.Method, planned string) ([]Seat, error) {
	managers, err := managersOf(ctx, tx, r.Project, tx.Today)
	if err != nil {
		return nil, err
	}
	sponsors, err := assignedOn(ctx, tx, r.Project, tx.Today, "a.kind = 'sponsor'")
	if err != nil {
		return nil, err
	}
	row, err := authorityFor(m, r, leaving(sponsors, managers), len(sponsors) > 0)
	if err != nil {
		return nil, err
	}
	role := m.Role(row.Who)
	r.Who, r.Frozen.IsBody = row.Who, role != nil && role.Kind == method.OneBody
	r.Frozen.Adds = row.Adds
	var members []BodySeat
	if r.Frozen.IsBody {
		if r.Body, members, err = s.bodyFor(ctx, tx, r.Project, row.Who, planned, tx.Today); err != nil {
			return nil, err
		}
	} else if own := leaving(sponsors, managers); row.Who == roleSponsor && len(own) > 0 {
		members = []BodySeat{{Person: own[0], Chair: true}}
	}
	r.settleQuorum(m, len(members))
	partners, err := assignedOn(ctx, tx, r.Project, tx.Today, "a.kind = 'pmo_partner'")
	if err != nil {
		return nil, err
	}
	return r.firstSeats(members, managers, partners, tx.Who), nil
}

// leaving gives a list without what is on another.
func leaving(list, out []string) (rest []string) {
	for _, x := range list {
		if !slices.Contains(out, x) {
			rest = append(rest, x)
		}
	}
	return rest
}

// authorityFor reads the authority table. Nobody decides on their own project:
// where the only sponsor also manages it, it goes one row up.
func authorityFor(m *method.Method, r *Review, independent []string, named bool) (method.Authority, error) {
	row, ok := m.Who(method.ForGate, r.Tier, r.Amount)
	if !ok {
		return row, errs.New(errs.Invalid, "The method says nowhere who decides a gate at tier %s.", r.Tier)
	}
	if !r.Frozen.CostKnown {
		r.Frozen.Row = "The register holds no cost, so the lowest amount was taken."
	}
	if row.Who == roleSponsor && named && len(independent) == 0 {
		up, ok := m.Above(method.ForGate, r.Tier, r.Amount)
		if !ok {
			return row, errs.New(errs.Invalid, "The sponsor manages this project, and the method names nobody above. Name another sponsor first.")
		}
		row = up
		r.Frozen.Row = strings.TrimSpace(r.Frozen.Row + " The sponsor manages the project, so it goes one row up.")
	}
	return row, nil
}

// settleQuorum fixes how many have to decide and to review. A note is decided at
// the desk by one person without reviewers.
func (r *Review) settleQuorum(m *method.Method, members int) {
	if r.Form == method.ByNote {
		r.Quorum, r.Reviewers = 1, 0
		r.Frozen.Adds = slices.DeleteFunc(append([]string{}, r.Frozen.Adds...), func(role string) bool { return role == "reviewer" })
		r.Frozen.Quorum = "Decided at the desk by one person."
		return
	}
	if r.Frozen.Adds == nil {
		r.Frozen.Adds = []string{}
	}
	if r.Frozen.IsBody {
		members = max(members, 1)
	} else {
		members = 0
	}
	q := m.QuorumOf(r.Tier, members)
	r.Quorum, r.Reviewers, r.Frozen.Quorum = max(q.Members, 1), q.Reviewers, q.Words
	r.Frozen.Sides = append(r.Frozen.Sides, q.Sides...)
}

// firstSeats are the seats that follow from the record.
func (r *Review) firstSeats(members []BodySeat, managers, partners []string, opener authz.Actor) (out []Seat) {
	chair := false
	for _, b := range members {
		if slices.Contains(managers, b.Person) {
			continue // nobody decides on their own project
		}
		seat := Seat{Person: b.Person, Capacity: BodyMember, Side: b.Side}
		if b.Chair && !chair {
			seat.Capacity, chair = Chair, true
		}
		out = append(out, seat)
	}
	for _, m := range managers {
		out = append(out, Seat{Person: m, Capacity: Presenter})
	}
	if slices.Contains(r.Frozen.Adds, rolePartner) && len(partners) > 0 {
		out = append(out, Seat{Person: partners[0], Capacity: Adviser, Authority: rolePartner})
	}
	if r.Form == method.ByReview && !slices.Contains(managers, opener.Person) && opener.SignedIn() && (opener.Role == authz.PMOMember || opener.Role == authz.HeadOfPMO) {
		out = append(out, Seat{Person: opener.Person, Capacity: Facilitator})
	}
	return slices.CompactFunc(out, func(a, b Seat) bool { return a.Person == b.Person && a.Capacity == b.Capacity })
}
