package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// gated says whether a project goes through its gates here: one in three of those
// that are looked at closely, and all of the project manager of the front page.
func (p *project) gated() bool {
	return p.programme != 5 && p.number-101 < detailed && (p.number%3 == 0 || p.manager == Manager)
}

// phases of the method, in the order of a project's life.
var methodPhases = []string{"explore", "shape", "plan", "deliver", "handover", "benefits"}

// moveOn takes a project into a phase: through its gates where it has some, and
// otherwise by its project manager's word.
func (m *maker) moveOn(ctx context.Context, p *project, to string, n int) error {
	for p.method.phase != to && slices.Index(methodPhases, p.method.phase) < slices.Index(methodPhases, to) {
		next := methodPhases[slices.Index(methodPhases, p.method.phase)+1]
		passed := false
		if p.gated() {
			j, err := m.Governance.Journey(ctx, m.head, p.id)
			if err != nil {
				return err
			}
			if len(j.Open()) > 0 {
				if err := m.fulfil(ctx, j.Open()); err != nil {
					return err
				}
			}
			if g := j.Next(); g != nil && g.Gate.After == p.method.phase {
				if err := m.hold(ctx, p, g.Gate.ID, n); err != nil {
					return fmt.Errorf("%s: %w", g.Label(), err)
				}
				passed = true
			}
		}
		if !passed {
			if err := m.Governance.SetPhase(ctx, m.managerOf(p), p.id, next); err != nil {
				return err
			}
		}
		p.method.phase = next
	}
	return nil
}

// planGates sets the dates of the gates that come, when the dial was answered.
func (m *maker) planGates(ctx context.Context, p *project) error {
	if !p.gated() {
		return nil
	}
	j, err := m.Governance.Journey(ctx, m.head, p.id)
	if err != nil {
		return err
	}
	ends := map[string]int{"g2": 8, "g3": 22, "g4": 88, "g5": 100}
	for i := range j.Steps {
		s := &j.Steps[i]
		share := ends[s.Gate.ID]
		if share == 0 || s.Place != governance.GateNext && s.Place != governance.GateAhead {
			continue
		}
		day := clock.AddDays(m.day(m.month(p.begins)), (p.ends-p.begins)*305*share/1000+10+p.voice%15)
		if _, err := m.Governance.PlanGate(ctx, m.managerOf(p), p.id, s.Gate.ID, day, "", 0); err != nil {
			return err
		}
	}
	return nil
}

// review opens a review and names who takes part; it gives the review and its chair.
func (m *maker) review(ctx context.Context, p *project, gate string, meets clock.Day) (*governance.ReviewSheet, string, error) {
	id, err := m.Governance.Open(ctx, m.partnerOf(p), p.id, gate, meets)
	if err != nil {
		return nil, "", err
	}
	sh, err := m.Governance.ReviewOf(ctx, m.head, id)
	if err != nil {
		return nil, "", err
	}
	seats := []governance.Naming{}
	chair := m.people[p.sponsor]
	if i := slices.IndexFunc(sh.Seats, func(s governance.Seat) bool { return s.Capacity == governance.Chair }); i >= 0 {
		chair = sh.Seats[i].Person // the body that decides is known, and who sits in it
	} else if sh.Frozen.IsBody {
		others := m.others(p, m.sponsors, 3)
		seats = append(seats, governance.Naming{Person: m.people[p.sponsor], Capacity: governance.Chair, Side: "business"},
			governance.Naming{Person: m.people[others[0]], Capacity: governance.BodyMember, Side: "receiver"}, governance.Naming{Person: m.people[others[1]], Capacity: governance.BodyMember},
			governance.Naming{Person: m.people[others[2]], Capacity: governance.DeputyFor, For: m.people[others[1]], Authority: "to decide"})
	}
	sits := func(person string) bool {
		return slices.ContainsFunc(sh.Seats, func(s governance.Seat) bool { return s.Person == person })
	}
	free := slices.DeleteFunc(m.others(p, m.managers, len(m.managers)), func(name string) bool { return sits(m.people[name]) })
	for i := range sh.Reviewers {
		seats = append(seats, governance.Naming{Person: m.people[free[i]], Capacity: governance.Reviewer})
	}
	if slices.Contains(sh.Frozen.Adds, "finance-partner") {
		money := slices.DeleteFunc(m.others(p, m.sponsors, len(m.sponsors)), func(name string) bool { return sits(m.people[name]) })
		seats = append(seats, governance.Naming{Person: m.people[money[len(money)-1]], Capacity: governance.Adviser, Authority: "finance-partner"})
	}
	for _, s := range seats {
		if err := m.Governance.Seat(ctx, m.partnerOf(p), id, s); err != nil {
			return nil, "", fmt.Errorf("seat %s: %w", s.Capacity, err)
		}
	}
	sheet, err := m.Governance.ReviewOf(ctx, m.head, id)
	return &sheet, chair, err
}

// others picks people of a list who have no part in the project.
func (m *maker) others(p *project, list []string, most int) (out []string) {
	for i := range list {
		name := list[(p.voice+i)%len(list)]
		if name != p.sponsor && name != p.manager && name != p.deputy && len(out) < most {
			out = append(out, name)
		}
	}
	return out
}

// finds are what reviewers write of a criterion that they do not find met.
var finds = map[string]string{
	"g2-case": "It pays at the lowest guess and at no other.", "g3-plan": "Commissioning has three weeks; the last three took five, six and nine.",
	"g3-case": "The case is of last spring, and the cost is not.", "g4-works": "Seen working with test data alone.", "g4-receiver": "Operations has one person for it, who leaves in June.",
	"g5-open-points": "Two points have an owner in the team, and the team ends.",
}

// opinions lets reviewers and advisers say what they found; doubt is the criterion
// that they do not find met.
func (m *maker) opinions(ctx context.Context, sh *governance.ReviewSheet, doubt string) error {
	for _, s := range sh.Seats {
		if s.Capacity != governance.Reviewer && s.Capacity != governance.Adviser {
			continue
		}
		var list []governance.GateOpinion
		for _, c := range sh.Frozen.Criteria {
			o := governance.GateOpinion{Criterion: c.ID, Verdict: governance.Met}
			if c.ID == doubt {
				o.Verdict, o.Words = governance.NotMet, finds[doubt]
			}
			list = append(list, o)
		}
		if err := m.Governance.OpineGate(ctx, authz.Actor{Person: s.Person, Role: authz.Member}, sh.ID, list); err != nil {
			return err
		}
	}
	return nil
}

// hold lets a gate be reviewed and decided in one month: most go, some go with a
// condition.
func (m *maker) hold(ctx context.Context, p *project, gate string, n int) error {
	sh, chair, err := m.review(ctx, p, gate, "")
	if err != nil {
		return err
	}
	doubt := map[string]string{"g2": "g2-case", "g3": "g3-plan", "g4": "g4-works", "g5": "g5-open-points"}[gate]
	if (p.voice+len(gate)+n)%3 != 0 || gate == "g5" {
		doubt = ""
	}
	if err := m.opinions(ctx, sh, doubt); err != nil {
		return err
	}
	for _, s := range sh.Seats {
		if s.Capacity == governance.BodyMember && p.voice%4 != 0 || s.Capacity == governance.DeputyFor && p.voice%4 == 0 {
			if err := m.Governance.Present(ctx, m.partnerOf(p), sh.ID, s.Person, true); err != nil {
				return err
			}
		}
	}
	if p.voice%4 == 0 && sh.Frozen.IsBody { // the other member is there
		for _, s := range sh.Seats {
			if s.Capacity == governance.BodyMember && s.Side == "receiver" {
				if err := m.Governance.Present(ctx, m.partnerOf(p), sh.ID, s.Person, true); err != nil {
					return err
				}
			}
		}
	}
	if doubt != "" {
		p.method.condition = n
	}
	if err := m.dialAgain(ctx, p); err != nil {
		return err
	}
	_, err = m.Governance.DecideGate(ctx, authz.Actor{Person: chair, Role: authz.Member}, sh.ID, m.ruling(p, sh, doubt))
	return err
}

// dialAgain is the one click before a gate: nothing has changed.
func (m *maker) dialAgain(ctx context.Context, p *project) error {
	j, err := m.Governance.Journey(ctx, m.head, p.id)
	if err != nil || !j.Dial.Due {
		return err
	}
	_, err = m.Governance.ConfirmDial(ctx, m.managerOf(p), p.id)
	return err
}

func (m *maker) ruling(p *project, sh *governance.ReviewSheet, doubt string) governance.Ruling {
	r := governance.Ruling{Decision: method.Go, Rationale: []string{"The evidence is there and the reviewers agree. Go on.", "It holds at today's cost. We come back to the risks in the report.", "Nothing that we heard speaks against the next phase."}[p.voice%3]}
	for _, c := range sh.Frozen.Criteria {
		v := governance.Verdict{Criterion: c.ID, Verdict: governance.Met}
		if c.ID == doubt {
			v.Verdict, v.Words = governance.NotMet, finds[doubt]
			r.Decision, r.Rationale = method.ConditionalGo, "We do not want to lose the season. It goes on if this one thing is put right in time."
			r.Released = strconv.FormatInt(sh.Amount/4, 10) // for the phase that begins
			r.Conditions = []governance.ConditionAsked{{
				Criterion: doubt, Words: conditionWords[doubt], Owner: m.people[p.manager], Due: m.conditionDue(p, sh), Proof: "The note of the outside reader, linked here",
			}}
		}
		r.Verdicts = append(r.Verdicts, v)
	}
	return r
}

// conditionDue is six weeks on, and before the next gate.
func (m *maker) conditionDue(p *project, sh *governance.ReviewSheet) clock.Day {
	due := clock.AddDays(m.day(m.Clock.Now()), 42+p.voice%10)
	for i := range sh.Journey.Steps {
		if on := sh.Journey.Steps[i].Plan.Planned; on > sh.Today && sh.Journey.Steps[i].Gate.ID > sh.Gate && on <= due {
			due = clock.AddDays(on, -1)
		}
	}
	return max(due, clock.AddDays(sh.Today, 1))
}

var conditionWords = map[string]string{
	"g2-case": "The case is shown to pay at a third more cost, or what would have to change is said", "g3-plan": "Commissioning is replanned and challenged by an outside reader",
	"g3-case": "The case is brought to today's cost", "g4-works": "The receiver has seen it working with real work for a week", "g4-receiver": "Operations has a second person who can run it",
	"g5-open-points": "Each open point has an owner outside the team who said yes",
}

// settle closes the conditions of the month before last, most of them in time and
// some some weeks late: nobody lets one that blocks a gate lie for half a year.
func (m *maker) settle(ctx context.Context, p *project, n int) error {
	late := p.voice % 2
	if p.voice%9 == 0 {
		late = 2
	}
	if p.method.condition == 0 || n <= p.method.condition+late {
		return nil
	}
	p.method.condition = 0
	j, err := m.Governance.Journey(ctx, m.head, p.id)
	if err != nil {
		return err
	}
	return m.fulfil(ctx, j.Open())
}

// fulfil brings the proof of conditions and has them closed.
func (m *maker) fulfil(ctx context.Context, open []governance.Condition) error {
	for _, c := range open {
		if _, err := m.Governance.GiveProof(ctx, authz.Actor{Person: c.Owner, Role: authz.Member}, c.ID, 0, "Read and agreed; the note is with the project's documents."); err != nil {
			return err
		}
		if _, err := m.Governance.CloseCondition(ctx, authz.Actor{Person: c.SetBy, Role: authz.Member}, c.ID, 0, ""); err != nil {
			return err
		}
	}
	return nil
}

// soon is how many days ahead the review of a gate is opened.
const soon = 75

// coming is a gate whose review is opened now.
type coming struct {
	p    *project
	next *governance.Step
	away int // days until it is planned; below 0 when that has passed
}

// comings lists the gates near their date, of projects that run. Of those of the
// front page, that which is nearest comes whatever its date.
func (m *maker) comings(ctx context.Context) (list []coming, err error) {
	front := -1
	for _, p := range m.projects {
		if !p.gated() || p.ends <= months || p.begins >= months {
			continue
		}
		j, err := m.Governance.Journey(ctx, m.head, p.id)
		if err != nil {
			return nil, err
		}
		next := j.Next()
		if next == nil || next.Form.Kind != method.ByReview || next.Open != nil || next.Plan.Planned == "" {
			continue
		}
		away, _ := clock.DaysBetween(m.day(m.Now), next.Plan.Planned)
		c := coming{p, next, away}
		if p.manager == Manager && p.sponsor == Sponsor && (front < 0 || max(away, -away) < max(list[front].away, -list[front].away)) {
			front = len(list)
		}
		list = append(list, c)
	}
	var out []coming
	if front >= 0 {
		out = list[front : front+1 : front+1]
	}
	for i, c := range list {
		if i != front && c.away <= soon && (c.p.manager != Manager || c.p.sponsor != Sponsor) {
			out = append(out, c)
		}
	}
	return out[:min(len(out), 5)], nil
}

// gatesNow leaves what a visitor finds open today: reviews that wait for opinions
// and for the sponsor of the front page. A gate whose day has passed, or is too near,
// slips by some days.
func (m *maker) gatesNow(ctx context.Context) error {
	list, err := m.comings(ctx)
	if err != nil {
		return err
	}
	for i, c := range list {
		meets := clock.AddDays(max(c.next.Plan.Planned, clock.AddDays(m.day(m.Now), 3+4*i)), i%2*6)
		if meets != c.next.Plan.Planned {
			m.Clock.Set(m.Now.AddDate(0, 0, -10+i))
			if _, err := m.Governance.PlanGate(ctx, m.managerOf(c.p), c.p.id, c.next.Gate.ID, meets, "", c.next.Plan.Version); err != nil {
				return err
			}
		}
		m.Clock.Set(m.Now.AddDate(0, 0, -9+i))
		sh, _, err := m.review(ctx, c.p, c.next.Gate.ID, meets)
		if err != nil {
			return err
		}
		if i%2 == 0 {
			if err := m.dialAgain(ctx, c.p); err != nil {
				return err
			}
			if err := m.opinions(ctx, sh, map[string]string{"g3": "g3-plan", "g4": "g4-receiver"}[c.next.Gate.ID]); err != nil {
				return err
			}
		}
		if i == 1 {
			if err := m.standStill(ctx, sh, c.p); err != nil {
				return err
			}
		}
	}
	return nil
}

// standStill holds a project that waits for somebody else.
func (m *maker) standStill(ctx context.Context, sh *governance.ReviewSheet, p *project) error {
	if err := m.opinions(ctx, sh, ""); err != nil || sh.Frozen.IsBody {
		return err
	}
	_, err := m.Governance.DecideGate(ctx, m.actor(p.sponsor, authz.Member), sh.ID, governance.Ruling{
		Decision: method.Hold, Rationale: "It is ready and the licence is not. Waiting costs two people; going without it could cost the site.",
		Needs: map[string]string{"until": "The discharge licence is granted", "keeps_people": "Two of the team stay; the crane is given back, which costs £6,000 to hire again"},
	})
	return err
}
