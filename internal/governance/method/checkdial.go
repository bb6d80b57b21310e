package method

import "fmt"

// maxQuestions is how many questions a dial may ask: three minutes, not more.
const maxQuestions = 10

func (d *decoder) checkDial(m *Method, k *known) {
	dial := m.Dial
	if n := len(dial.Questions); n < 1 || n > maxQuestions {
		d.at("dial/questions", "a dial has 1 to %d questions, and here are %d", maxQuestions, n)
	}
	if dial.AskedBy != "" {
		d.ref("dial/asked_by", "role", dial.AskedBy, k.roles)
	}
	most := 0
	for i := range dial.Questions {
		most += d.checkQuestion(&dial.Questions[i], k)
	}
	if most != dial.MaxPoints {
		d.at("dial/max_points", "the heaviest answers give %d points, not %d", most, dial.MaxPoints)
	}
	d.checkTiers(dial)
	d.checkDialRules(dial)
	d.checkOverride(m, "dial/override/up", &dial.Override.Up, k)
	d.checkOverride(m, "dial/override/down", &dial.Override.Down, k)
}

// checkQuestion gives the most points that a question can give.
func (d *decoder) checkQuestion(q *Question, k *known) int {
	at := "dial/questions/" + q.ID
	d.need(at+"/ask", q.Ask)
	if q.Choose != "" {
		d.one(at+"/choose", q.Choose, "one", "many")
	}
	if q.Combine != "" {
		d.one(at+"/combine", q.Combine, "max", "sum")
	}
	if q.PrefilledFrom != "" {
		d.ref(at+"/prefilled_from", "fact", q.PrefilledFrom, k.facts)
	}
	if n := len(q.Answers); n < 2 || n > 12 {
		d.at(at+"/answers", "a question has 2 to 12 answers")
	}
	alone, together := 0, 0
	for i := range q.Answers {
		a := &q.Answers[i]
		here := at + "/answers/" + a.ID
		d.need(here+"/label", a.Label)
		d.notNegative(here+"/points", a.Points)
		switch {
		case q.Many() && q.Combine == "sum" && !a.Alone:
			together += a.Points
		default:
			alone = max(alone, a.Points)
		}
	}
	return max(alone, together)
}

// checkTiers sees to it that each number of points gives one tier.
func (d *decoder) checkTiers(dial *Dial) {
	next, before := 0, NoTier
	for i := range dial.Tiers {
		t := &dial.Tiers[i]
		at := "dial/tiers/" + t.ID.String()
		if t.ID <= before {
			d.at(at, "tiers stand in their order, each once")
		}
		if t.Points.From != next {
			d.at(at+"/points", "this tier begins at %d points, and the one before ends at %d", t.Points.From, next-1)
		}
		next, before = t.Points.To+1, t.ID
	}
	if next != dial.MaxPoints+1 {
		d.at("dial/tiers", "the tiers reach to %d points, and the dial to %d", next-1, dial.MaxPoints)
	}
}

func (d *decoder) checkDialRules(dial *Dial) {
	has := map[Tier]bool{}
	for i := range dial.Tiers {
		has[dial.Tiers[i].ID] = true
	}
	rule := func(at string, r *DialRule, tier, other Tier, key string) {
		d.id(at, r.ID)
		d.need(at+"/because", r.Because)
		switch {
		case !r.When.Given():
			d.at(at+"/when", "is missing")
		case tier == NoTier || other != NoTier:
			d.at(at, "needs %s and nothing else of the kind", key)
		case !has[tier]:
			d.at(at+"/"+key, "the dial has no tier %s", tier)
		}
	}
	for i := range dial.Floors {
		r := &dial.Floors[i]
		rule("dial/floors/"+r.ID, r, r.AtLeast, r.AtMost, "at_least")
	}
	for i := range dial.Ceilings {
		r := &dial.Ceilings[i]
		rule("dial/ceilings/"+r.ID, r, r.AtMost, r.AtLeast, "at_most")
	}
	for i := range dial.MethodChoice {
		d.id(nth("dial/method_choice", i)+"/method", dial.MethodChoice[i].Method)
	}
}

func (d *decoder) checkOverride(m *Method, at string, o *Override, k *known) {
	if *o == (Override{}) {
		return
	}
	if (o.Who == "") == (o.Decision == "") {
		d.at(at, "says who does it: either a role (who) or a decision of the authority table (decision)")
	}
	if o.Who != "" {
		d.ref(at+"/who", "role", o.Who, k.roles)
	}
	for _, t := range Tiers() {
		if o.Decision != "" && tierOfDial(m.Dial, t) {
			if _, ok := m.Who(o.Decision, t, 0); !ok {
				d.at(at+"/decision", "%s", fmt.Sprintf("nobody decides %q of tier %s; add a row to authority", o.Decision, t))
			}
		}
	}
	if o.Steps < 1 || o.Steps > 3 {
		d.at(at+"/steps", "1 to 3 steps are possible")
	}
}

func tierOfDial(dial *Dial, t Tier) bool {
	for i := range dial.Tiers {
		if dial.Tiers[i].ID == t {
			return true
		}
	}
	return false
}
