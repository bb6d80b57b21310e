package method

import (
	"fmt"
	"slices"
	"strings"
)

// checkLife looks at roles, phases and gates as one life of a project.
func (d *decoder) checkLife(m *Method, k *known) {
	for i := range m.Roles {
		r := &m.Roles[i]
		d.need("roles/"+r.ID+"/name", r.Name)
		d.one("roles/"+r.ID+"/kind", string(r.Kind), string(OnePerson), string(OneBody))
	}
	if len(m.Phases) == 0 || len(m.Gates) == 0 {
		d.at("phases", "a method has phases and gates")
	}
	for i := range m.Phases {
		p := &m.Phases[i]
		at := "phases/" + p.ID
		d.need(at+"/name", p.Name)
		if p.Entry.Gate != "" {
			d.ref(at+"/entry/gate", "gate", p.Entry.Gate, k.gates)
		}
		if p.Exit.Gate != "" {
			d.ref(at+"/exit/gate", "gate", p.Exit.Gate, k.gates)
			if g := m.Gate(p.Exit.Gate); g != nil && g.After != p.ID {
				d.at(at+"/exit/gate", "gate %q comes after phase %q and cannot end this one", g.ID, g.After)
			}
		}
	}
}

func (d *decoder) checkGates(m *Method, k *known) {
	criteria := map[string]bool{}
	for i := range m.Gates {
		g := &m.Gates[i]
		at := "gates/" + g.ID
		d.need(at+"/name", g.Name)
		d.ref(at+"/after", "phase", g.After, k.phases)
		d.refs(at+"/decisions", "decision", g.Decisions, k.decisions)
		d.notNegative(at+"/pm_minutes", g.Minutes.S, g.Minutes.M, g.Minutes.L, g.Minutes.XL)
		for _, t := range Tiers() {
			d.checkForm(m, g, t)
		}
		for j := range g.Criteria {
			c := &g.Criteria[j]
			if criteria[c.ID] {
				d.at(at+"/criteria/"+c.ID, "another gate has a criterion of this id")
			}
			criteria[c.ID] = true
			d.checkCriterion(at+"/criteria/"+c.ID, c, k)
		}
	}
}

// checkForm looks at a gate at one tier: a folded one is asked elsewhere, a held
// one is decided by somebody.
func (d *decoder) checkForm(m *Method, g *Gate, t Tier) {
	at, form := fmt.Sprintf("gates/%s/form/%s", g.ID, t), g.Form.At(t)
	switch form.Kind {
	case FoldedIn:
		if into := m.Gate(form.At); into == nil || into == g || !held(into.Form.At(t)) {
			d.at(at, "gate %q, into which this one is folded, is not held at tier %s", form.At, t)
		}
	case ByReview, ByNote:
		if _, ok := m.Who(ForGate, t, 0); !ok {
			d.at(at, "nobody decides gates of tier %s; add a row to authority", t)
		}
	case NotHeld:
	}
}

func held(f Form) bool { return f.Kind == ByReview || f.Kind == ByNote }

func (d *decoder) checkCriterion(at string, c *Criterion, k *known) {
	d.id(at, c.ID)
	d.need(at+"/text", c.Text)
	d.refs(at+"/controls", "control", c.Controls, k.controls)
	levels, must := 0, c.MustWhen.Given()
	for _, t := range Tiers() {
		l := c.Level.At(t)
		if l == "" {
			continue
		}
		d.one(fmt.Sprintf("%s/level/%s", at, t), string(l), string(Must), string(Should))
		levels++
		must = must || l == Must
	}
	if levels == 0 {
		d.at(at+"/level", "no tier asks this criterion")
	}
	if c.KnockOut && !must {
		d.at(at+"/knock_out", "a knock-out has to be a must at some tier")
	}
}

func (d *decoder) checkDecisions(m *Method, k *known) {
	acts := []string{Go, ConditionalGo, Hold, Recycle, Stop}
	for i := range m.Decisions {
		o := &m.Decisions[i]
		d.one("decisions/"+o.ID, o.ID, acts...)
		d.need("decisions/"+o.ID+"/label", o.Label)
		if !o.AllowedWhen.Given() {
			d.at("decisions/"+o.ID+"/allowed_when", `is missing; "true" stands for always`)
		}
	}
	for _, id := range []string{Go, Stop} {
		if m.Decision(id) == nil {
			d.at("decisions", "%q is missing: a gate can be passed, and work can be ended", id)
		}
	}
	d.notNegative("conditions/max", m.Conditions.Max)
	if m.Decision(ConditionalGo) != nil && m.Conditions.Max < 1 {
		d.at("conditions/max", "with a conditional go at least one condition has to be possible")
	}
	d.checkAuthority(m, k)
}

// checkAuthority looks at each ladder, the rows of a decision at a tier: limits
// rise, and the last one is unlimited.
func (d *decoder) checkAuthority(m *Method, k *known) {
	type ladder struct {
		decision string
		tier     Tier
	}
	last := map[ladder]int{}
	for i := range m.Authority {
		a := &m.Authority[i]
		at := nth("authority", i)
		d.id(at+"/decision", a.Decision)
		if a.Tier == NoTier {
			d.at(at+"/tier", "is missing")
		}
		d.ref(at+"/who", "role", a.Who, k.roles)
		d.refs(at+"/adds", "role", a.Adds, k.roles)
		if a.UpTo != nil && *a.UpTo < 0 {
			d.at(at+"/up_to", "a limit is not below 0; null stands for any amount")
		}
		key := ladder{a.Decision, a.Tier}
		if before, ok := last[key]; ok {
			limit := m.Authority[before].UpTo
			switch {
			case limit == nil:
				d.at(at, "the row before it decides any amount, so that this one is never reached")
			case a.UpTo != nil && *a.UpTo <= *limit:
				d.at(at+"/up_to", "the row before it reaches as far")
			}
		}
		last[key] = i
	}
	for key, i := range last {
		if m.Authority[i].UpTo != nil {
			d.at(nth("authority", i)+"/up_to", "nobody decides %q of tier %s above this; the last row of each is unlimited (null)", key.decision, key.tier)
		}
	}
}

func (d *decoder) checkDocuments(m *Method, k *known) {
	for i := range m.Documents {
		o := &m.Documents[i]
		at := "documents/" + o.ID
		d.need(at+"/name", o.Name)
		d.ref(at+"/phase", "phase", o.Phase, k.phases)
		if o.WrittenBy != "" {
			d.ref(at+"/written_by", "role", o.WrittenBy, k.roles)
		}
		if o.Fact != "" {
			d.ref(at+"/fact", "fact", o.Fact, k.facts)
		}
		if !m.reachable(o.When) {
			d.at(at+"/when", "no project will ever meet this document")
		}
	}
}

// reachable says whether some tier and something involved fulfil a rule.
func (m *Method) reachable(e Expr) bool {
	return slices.ContainsFunc(m.Tiers(), e.possible)
}

func (d *decoder) checkControls(m *Method, k *known) {
	for i := range m.Groups {
		d.need("groups/"+m.Groups[i].ID+"/name", m.Groups[i].Name)
	}
	for i := range m.Controls {
		c := &m.Controls[i]
		at := "controls/" + c.ID
		d.need(at+"/name", c.Name)
		d.need(at+"/purpose", c.Purpose)
		d.ref(at+"/group", "group", c.Group, k.groups)
		d.refs(at+"/phases", "phase", c.Phases, k.phases)
		d.ref(at+"/owner", "role", c.Owner, k.roles)
		if c.ReviewOn != "" && ParseDay(c.ReviewOn) == 0 {
			d.at(at+"/review_on", "is no day such as 2027-03-01")
		}
		d.one(at+"/rhythm", c.Rhythm, "once", "gate", "month", "quarter", "event")
		d.one(at+"/missing/urgency", c.Missing.Urgency, "do-now", "do-by", "do-when")
		d.one(at+"/strength", c.Strength, "strong", "fair", "weak")
		d.notNegative(at+"/fresh_days", c.FreshDays.S, c.FreshDays.M, c.FreshDays.L, c.FreshDays.XL)
		d.notNegative(at+"/minutes", c.Minutes.S, c.Minutes.M, c.Minutes.L, c.Minutes.XL)
		d.notNegative(at+"/waiver/max_days", c.Waiver.MaxDays)
		if c.Due != ByRhythm {
			d.ref(at+"/due", "gate", c.Due, append(slices.Clone(k.gates), ByRhythm))
		}
		if len(c.Phases) == 0 {
			d.at(at+"/phases", "is missing")
		}
		if !m.reachable(c.When) {
			d.at(at+"/when", "no project will ever meet this control")
		}
		d.checkFresh(m, at, c)
		if len(c.Accepts) == 0 {
			d.at(at+"/accepts", "a control without acceptable evidence is a gap for ever")
		}
		for j := range c.Accepts {
			d.checkAccept(nth(at+"/accepts", j), &c.Accepts[j], k)
		}
	}
	d.refs("keep_change_retire/not_by_dislike_alone", "control", m.Review.NotByDislike, k.controls)
}

// checkFresh refuses a rule that compares with days of freshness which are not given.
func (d *decoder) checkFresh(m *Method, at string, c *Control) {
	for i := range c.Accepts {
		if a := &c.Accepts[i]; a.When.rule == nil || !a.When.rule.fresh {
			continue
		}
		for _, t := range m.Tiers() {
			if c.FreshDays.At(t) == 0 && c.When.possible(t) {
				d.at(nth(at+"/accepts", i)+"/when", "the rule asks for fresh, and fresh_days gives none for tier %s", t)
				break
			}
		}
	}
}

// possible says whether the rule may hold at a tier.
func (e Expr) possible(t Tier) bool {
	if e.rule == nil || e.rule.table == nil {
		return true
	}
	n := 1 << len(e.rule.table.bits)
	return slices.Contains(e.rule.table.yes[int(t-S)*n:int(t-S+1)*n], true)
}

func (d *decoder) checkAccept(at string, a *Accept, k *known) {
	switch a.Kind {
	case AnEvent:
		d.ref(at+"/name", "event", a.Name, k.events)
		if strings.HasPrefix(a.Name, "gate.") && a.Of != "" {
			d.ref(at+"/of", "gate", a.Of, k.gates)
		}
	case AFact:
		if !a.When.Given() {
			d.at(at+"/when", "is missing")
		}
	case ADocument:
		d.ref(at+"/id", "document", a.ID, k.documents)
		d.one(at+"/state", a.State, Draft, Approved)
	case AnAttestation:
		d.ref(at+"/by", "role", a.By, k.roles)
		d.need(at+"/says", a.Says)
	default:
		d.at(at+"/kind", "evidence is an event, a fact, a document or an attestation")
	}
	for i := range a.All {
		if l := &a.All[i]; l.Kind != AFact || !l.When.Given() || len(l.All) > 0 {
			d.at(nth(at+"/all", i), "what has to hold as well is a fact with its rule")
		}
	}
}

func (d *decoder) checkRhythm(m *Method) {
	for _, t := range Tiers() {
		if report := m.Cadence.Report.At(t); report != "" {
			d.one(fmt.Sprintf("cadence/report/%s", t), report, AtGates, Monthly, Quarterly)
		}
		if q := m.Quorum.at(t); q.Members < 0 || q.Reviewers < 0 {
			d.at(fmt.Sprintf("quorum/%s", t), "a number here is not below 0")
		}
		for i := range m.Gates {
			if m.Gates[i].Form.At(t).Kind == ByReview && m.Quorum.at(t).Members < 1 {
				d.at(fmt.Sprintf("quorum/%s/members", t), "gates of tier %s are reviewed; at least one has to be there", t)
				break
			}
		}
	}
}
