package demo

import (
	"context"
	"time"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// governedMonths is for how long the organisation has had a method.
const governedMonths = 24

// detailed is how many projects have the notes of every month; in a larger
// organisation the others have their dial and phases alone.
const detailed = 400

// ofMethod is where a project stands in the method.
type ofMethod struct {
	tier      method.Tier
	phase     string
	condition int  // the month in which one was set that may still be open; 0 if none
	moved     bool // to the second version of the method
}

// askOf lives through one month of what is asked of a project's governance.
func (m *maker) askOf(ctx context.Context, p *project, n int) error {
	if p.id != "" && n >= p.ends && p.method.condition != 0 {
		return m.settle(ctx, p, n) // what was asked at its last gate outlives the project by some weeks
	}
	if n < months-governedMonths || n < p.begins || n >= p.ends || p.id == "" {
		return nil
	}
	if p.method.phase == "" {
		return m.dialled(ctx, p, n)
	}
	if p.method.phase == "light-try" {
		return m.lightNotes(ctx, p, n)
	}
	if err := m.settle(ctx, p, n); err != nil {
		return err
	}
	if to := phaseAt(p.share(n)); to != p.method.phase {
		if err := m.moveOn(ctx, p, to, n); err != nil {
			return err
		}
	}
	if p.number-101 >= detailed && len(m.projects) > 1000 {
		return nil
	}
	if err := m.notes(ctx, p, n); err != nil {
		return err
	}
	return m.questions(ctx, p, n)
}

func (m *maker) managerOf(p *project) authz.Actor { return m.actor(p.manager, authz.Member) }

// phaseAt is the phase of a share of the project's time.
func phaseAt(share int) string {
	switch {
	case share < 8:
		return "shape"
	case share < 22:
		return "plan"
	case share < 88:
		return "deliver"
	}
	return "handover"
}

// dialled answers the dial of a project as its facts suggest.
func (m *maker) dialled(ctx context.Context, p *project, n int) error {
	sheet := governance.Sheet{Kind: "project", HandsOver: p.voice%4 != 0, Phase: phaseAt(p.share(n)), Answers: method.Answers{
		"size": {sizeOf(p.budget / 100)}, "duration": {durationOf(p.ends - n)},
		"complexity": {[]string{"one", "few", "few", "several", "many", "several"}[p.programme]}, "novelty": {[]string{"us-often", "us-alike", "us-alike", "others"}[p.voice%4]},
		"dependence": {[]string{"none", "one", "one", "several"}[p.voice/4%4]}, "regulation": {"none"}, "reputation": {[]string{"us", "partners", "us", "public"}[p.voice/16%4]},
		"people": {[]string{"to-50", "to-50", "to-250", "to-2000"}[p.voice/64%4]}, "suppliers": {[]string{"none", "ordinary", "ordinary", "critical"}[p.voice/7%4]}, "reversibility": {[]string{"same-day", "weeks", "weeks", "months"}[p.voice/28%4]},
	}}
	if duties := dutiesOf(p); len(duties) > 0 {
		sheet.Answers["regulation"] = duties
	}
	if p.programme == 5 { // the PMO's own improvements
		sheet = governance.Sheet{Kind: "improvement", Phase: "light-agree", Answers: method.Answers{
			"size": {"to-50k"}, "duration": {"to-3-months"}, "complexity": {"one"}, "novelty": {"us-often"}, "dependence": {"none"}, "regulation": {"none"}, "reputation": {"us"},
			"people": {"to-50"}, "suppliers": {"none"}, "reversibility": {"same-day"},
		}}
	}
	r, err := m.Governance.Answer(ctx, m.managerOf(p), p.id, sheet)
	if err != nil {
		return err
	}
	p.method = ofMethod{tier: r.Tier, phase: sheet.Phase, moved: m.second != ""}
	if p.programme == 5 {
		p.method.phase = "light-try"
		return m.hold(ctx, p, "l1", n)
	}
	return m.planGates(ctx, p)
}

// lightNotes are the two clicks that an improvement asks for: most of those who
// lead one give them.
func (m *maker) lightNotes(ctx context.Context, p *project, n int) error {
	for i, c := range []struct {
		control string
		every   int // months
	}{{"pe-01", 2}, {"ri-01", 3}} {
		if (n-p.begins)%c.every != 1 || !p.habit(p.begins, i, 85) {
			continue
		}
		if _, err := m.Governance.Speak(ctx, m.managerOf(p), p.id, c.control, attested, "", ""); err != nil {
			return err
		}
	}
	return nil
}

// attested is the place of the word of who leads it among what the controls of the
// light method accept.
const attested = 1

func sizeOf(pounds int64) string {
	switch {
	case pounds <= 50_000:
		return "to-50k"
	case pounds <= 250_000:
		return "to-250k"
	case pounds <= 1_000_000:
		return "to-1m"
	case pounds <= 5_000_000:
		return "to-5m"
	}
	return "to-20m"
}

func durationOf(months int) string {
	switch {
	case months <= 3:
		return "to-3-months"
	case months <= 9:
		return "to-9-months"
	case months <= 18:
		return "to-18-months"
	}
	return "over-18-months"
}

// dutiesOf says what law or duty of care a project touches.
func dutiesOf(p *project) (out []string) {
	switch {
	case p.programme == 0 && p.voice%2 == 0:
		out = append(out, "critical-system")
	case p.programme == 2 && p.voice%3 == 0:
		out = append(out, "safety")
	case p.programme == 3 && p.voice%2 == 0:
		out = append(out, "personal-data")
	case p.programme == 4 && p.voice%4 == 0:
		out = append(out, "outside-duty")
	}
	return out
}

// habit says whether a project manager does something in a month: most do, some
// skip, and always the same ones.
func (p *project) habit(n, what, percent int) bool {
	return (p.voice*31+n*17+what*53)%100 < percent
}

// notes are what a project manager says of the month by one click each.
func (m *maker) notes(ctx context.Context, p *project, n int) error {
	for i, c := range []struct {
		control, phase string
		percent        int
	}{
		{"pe-01", "", 78},
		{"ri-02", "", 62},
		{"mo-02", "deliver", 88},
		{"ch-01", "deliver", 80},
		{"mo-01", "", 70},
		{"bc-03", "", 30},
		{"pl-01", "plan", 100},
		{"pl-03", "deliver", 75},
		{"pl-02", "plan", 70},
		{"go-05", "deliver", 12},
		{"ch-02", "deliver", 40},
		{"pe-02", "", 45},
		{"pe-05", "deliver", 55},
		{"ri-01", "", 60},
		{"is-01", "plan", 60},
		{"ri-06", "plan", 100},
		{"is-02", "deliver", 0}, // the test before go-live: the gap that matters
	} {
		if c.phase != "" && c.phase != p.method.phase || !p.habit(n, i, c.percent) {
			continue
		}
		if err := m.note(ctx, p, c.control); err != nil {
			return err
		}
	}
	return nil
}

// note gives the word that a control accepts, if the project is asked for it.
func (m *maker) note(ctx context.Context, p *project, control string) error {
	line := m.lines[control]
	if !m.asked(p, control) {
		return nil
	}
	_, err := m.Governance.Speak(ctx, m.managerOf(p), p.id, control, line, "", "")
	return err
}

// asked reports whether the method asks a project for a control, as far as this
// demonstration looks at it.
func (m *maker) asked(p *project, control string) bool {
	duties := dutiesOf(p)
	has := func(d string) bool { return len(duties) > 0 && duties[0] == d }
	switch control {
	case "ri-01":
		return p.method.tier == method.S
	case "ri-06":
		return has("safety")
	case "is-01":
		return has("personal-data")
	case "is-02":
		return has("critical-system")
	case "mo-01", "pe-01":
		return true
	case "pe-05", "pl-04":
		return p.method.tier >= method.XL
	case "bc-03", "pl-02", "pl-03", "go-05", "ch-02", "pe-02":
		return p.method.tier >= method.L
	}
	return p.method.tier >= method.M
}

// questions are the answers whether a control helped: the monthly risk review is
// the one that everybody dislikes.
func (m *maker) questions(ctx context.Context, p *project, n int) error {
	if p.method.tier < method.M {
		return nil
	}
	say := func(control string, what, often int, u governance.Use) error {
		if !p.habit(n, 100+what, often) || !m.asked(p, control) {
			return nil
		}
		return m.Governance.AnswerUse(ctx, m.managerOf(p), p.id, control, u)
	}
	risk := governance.Use{Helped: []int{governance.InTheWay, governance.InTheWay, governance.Neutral, governance.InTheWay, governance.Helped}[(p.voice+n)%5], Minutes: 55 + p.voice%50}
	if risk.Helped == governance.InTheWay && p.voice%11 == 0 && n%5 == 0 {
		risk.Comment = []string{
			"We talk for an hour about risks that did not move. Ask us when one does.",
			"The same nine lines every month. The report already asks what changed.",
			"It is read out for the PMO. My team and I look at risks on Mondays, in ten minutes.",
		}[(p.voice/11+n)%3]
	}
	report := governance.Use{Helped: []int{governance.Helped, governance.Neutral, governance.Helped}[(p.voice+n)%3], Minutes: 6 + p.voice%9}
	if p.method.moved {
		report = governance.Use{Helped: []int{governance.Helped, governance.Helped, governance.Neutral, governance.Helped}[(p.voice+n)%4], Minutes: 3 + p.voice%5}
	}
	for i, a := range []struct {
		control string
		often   int
		use     governance.Use
	}{
		{"ri-02", 30, risk},
		{"mo-02", 20, governance.Use{Helped: []int{governance.Helped, governance.Helped, governance.Neutral}[(p.voice+n)%3], Minutes: 12 + p.voice%14}},
		{"ch-01", 14, governance.Use{Helped: []int{governance.Helped, governance.Neutral, governance.Neutral, governance.InTheWay}[(p.voice+n)%4], Minutes: 8 + p.voice%12}},
		{"pl-03", 25, governance.Use{Helped: []int{governance.Helped, governance.Helped, governance.Helped, governance.Neutral}[(p.voice+n)%4], Minutes: 25 + p.voice%20}},
		{"go-02", 12, report},
		{"pe-02", 25, governance.Use{Helped: []int{governance.Helped, governance.Neutral}[(p.voice+n)%2], Minutes: 20 + p.voice%25}},
	} {
		if err := say(a.control, i, a.often, a.use); err != nil {
			return err
		}
	}
	return nil
}

// readMethod learns where the words of controls stand in the method.
func (m *maker) readMethod(ctx context.Context) error {
	if err := m.Governance.EnsureMethods(ctx); err != nil {
		return err
	}
	m.lines = map[string]int{}
	for _, shipped := range method.Shipped() {
		read, err := method.Load(shipped.Text)
		if err != nil {
			return err
		}
		for i := range read.Controls {
			c := &read.Controls[i]
			for line, a := range c.Accepts {
				if _, have := m.lines[c.ID]; !have && (a.Kind == method.AnEvent || a.Kind == method.AnAttestation && a.By == "project-manager") {
					m.lines[c.ID] = line
				}
			}
		}
	}
	return nil
}

// judge is what the PMO did in the last months: findings, waivers, a proposal.
func (m *maker) judge(ctx context.Context) error {
	analyst := m.actor(Analyst, authz.PMOMember)
	found, asked := 0, 0
	for _, p := range m.projects {
		if p.ends <= months || p.method.tier < method.M || p.programme == 5 {
			continue
		}
		partner := m.partnerOf(p)
		if m.asked(p, "is-02") && p.method.phase == "deliver" && found < 3 {
			m.Clock.Set(m.Now.AddDate(0, 0, -20+found*5))
			if _, err := m.Governance.Raise(ctx, partner, governance.Finding{
				Project: p.id, Control: "is-02", Urgency: governance.DoBy, Due: clock.AddDays(m.day(m.Now), 25-found*12), Owner: m.people[p.manager],
				Words: []string{
					"No tester is booked. The control network goes live in spring, and testers are booked three months ahead.",
					"The supplier tested its own gateway. Nobody from outside has looked at how it joins the control network.",
					"The test of last year was of the old firmware; what goes live is another.",
				}[found],
			}); err != nil {
				return err
			}
			found++
		}
		if p.manager == Manager || asked >= 6 || p.voice%3 != 0 {
			continue
		}
		if err := m.waive(ctx, p, partner, asked); err != nil {
			return err
		}
		asked++
	}
	m.Clock.Set(m.Now.Add(-26 * time.Hour))
	_, err := m.Governance.Propose(ctx, analyst, governance.Proposal{
		Method: "cairn-full", Control: "ri-02", Kind: governance.ToChange,
		Words: "Ask in the report which risks moved, and hold a review only when one did. The monthly meeting takes an hour and helps few of those who answered.",
	})
	return err
}

func (m *maker) partnerOf(p *project) authz.Actor {
	if p.partner == Head {
		return m.head
	}
	return m.actor(p.partner, authz.PMOMember)
}

// waive asks for a waiver, hears the sponsor, and has most of them granted.
func (m *maker) waive(ctx context.Context, p *project, partner authz.Actor, n int) error {
	m.Clock.Set(m.Now.AddDate(0, 0, -30+n))
	if !m.asked(p, "ri-02") || p.method.phase == "shape" {
		return nil
	}
	id, err := m.Governance.AskForWaiver(ctx, m.managerOf(p), p.id, "ri-02", "The team looks at its risks every Monday; a second meeting a month adds nothing.",
		"The Monday board is open to the PMO partner, and what moves goes into the report.", clock.AddDays(m.day(m.Now), []int{9, 40, 25, 55, 11, 30}[n]-30+30))
	if err != nil {
		return err
	}
	if n == 5 {
		return nil // waits for its decision
	}
	m.Clock.Set(m.Now.AddDate(0, 0, -28+n))
	if err := m.Governance.Opine(ctx, m.actor(p.sponsor, authz.Member), id, true, "I see the board myself."); err != nil {
		return err
	}
	if p.method.tier >= method.L {
		partner = m.head
	}
	return m.Governance.Decide(ctx, partner, id, n != 4, []string{"Until the change of the method is decided.", "", "", "", "The board has not been looked at since August.", ""}[n], 1)
}
