package governance

import (
	"slices"

	"cairn/internal/governance/method"
)

// timeline computes the states of controls within one row of Governed.
type timeline struct {
	d     *dossier
	m     *method.Method
	g     *Governed
	fed   *method.Fed
	full  *method.Evidence
	told  *spoken
	needs map[string]need // by control

	facts [sources]map[method.Day]method.Facts
	turns [sources][]method.Day
	known [sources]bool // the turns are made
	days  []method.Day  // used again for each control
}

// need is what the evidence of a control asks of the facts.
type need struct {
	sources []source
	ages    bool // one of the facts changes with every day
}

// needs works out once for each version what its controls ask for.
func (s *Service) needs(version string, m *method.Method) map[string]need {
	if n, there := s.needed.Load(version); there {
		return n.(map[string]need)
	}
	out := map[string]need{}
	for i := range m.Controls {
		var n need
		for _, fact := range m.AbsentFacts(&m.Controls[i], nil) {
			n.ages = n.ages || ages(fact)
			if from := sourceOf(fact); !slices.Contains(n.sources, from) {
				n.sources = append(n.sources, from)
			}
		}
		out[m.Controls[i].ID] = n
	}
	s.needed.Store(version, out)
	return out
}

// of puts the states of one control over a time to the others.
func (t *timeline) of(c *method.Control, timing method.Timing, over span, grace method.Day, to stretches) {
	needs := t.needs[c.ID]
	days := t.breaks(c, append(t.days[:0], over.from, grace))
	for _, from := range needs.sources {
		days = append(days, t.turnsOf(from)...)
	}
	slices.Sort(days)
	t.days = days
	days = slices.Compact(days)
	for i, from := range days {
		if from < over.from || from >= over.to {
			continue
		}
		until := over.to
		if i+1 < len(days) && days[i+1] < until {
			until = days[i+1]
		}
		t.between(c, timing, span{from: from, to: until}, grace, needs.ages, to)
	}
}

// between gives the states of a time in which nothing but the age of facts
// changes: they turn at most once in it, and the day is found by halving.
func (t *timeline) between(c *method.Control, timing method.Timing, over span, grace method.Day, ages bool, to stretches) {
	first := t.at(c, timing, over.from, grace)
	put := func(from, until method.Day, s shown) {
		to.add(c.ID, stretch{from: from, to: until, tier: t.g.Tier, shown: s})
	}
	last := min(over.to, over.from+farDays) - 1
	if !ages || last <= over.from || t.at(c, timing, last, grace) == first {
		put(over.from, over.to, first)
		return
	}
	low, high := over.from, last
	for high-low > 1 {
		if mid := low + (high-low)/2; t.at(c, timing, mid, grace) == first {
			low = mid
		} else {
			high = mid
		}
	}
	put(over.from, high, first)
	put(high, over.to, t.at(c, timing, high, grace))
}

// farDays is how far ahead ages are looked at: longer than any freshness.
const farDays = 800

// at gives the state on a day: what was assessed, what the record shows, what is
// waived, and otherwise a gap once it is due.
func (t *timeline) at(c *method.Control, timing method.Timing, on, grace method.Day) shown {
	word := t.told.assessed(c.ID, on)
	if word != nil && word.Verdict == NotApplicable {
		return shown{NotAsked, "assessment", word.ID}
	}
	fresh := method.Day(c.FreshDays.At(t.g.Tier))
	if word != nil && word.Verdict == InPlace && (fresh == 0 || on <= word.on+fresh) {
		return shown{Evidenced, "assessment", word.ID}
	}
	st := t.standing(c, on, word)
	if st.Standing == method.Evidenced {
		return shown{Evidenced, string(c.Accepts[st.Line].Kind), ""}
	}
	if w := t.told.waived(c.ID, on); w != nil {
		return shown{Waived, "waiver", w.ref}
	}
	negative := word != nil && (word.Verdict == Partly || word.Verdict == NotThere)
	switch {
	case negative:
		return shown{Gap, "assessment", word.ID}
	case st.Standing == method.CannotBeSeen:
		return shown{Unseen, "", ""}
	case timing == method.Open || on < grace:
		return shown{Open, "", ""}
	}
	return shown{Gap, "", ""}
}

// standing asks the method. What an assessment found wanting is not healed by what
// was there before it.
func (t *timeline) standing(c *method.Control, on method.Day, word *said) method.State {
	e := t.full
	if word != nil && (word.Verdict == Partly || word.Verdict == NotThere) {
		return t.m.StateOf(c, t.g.Tier, t.d.evidence(word.on), on, t.fed)
	}
	if len(t.needs[c.ID].sources) > 0 {
		e.Ask = func(name string) (any, bool) {
			f, there := t.factsOn(sourceOf(name), on)[name]
			return f, there
		}
	}
	return t.m.StateOf(c, t.g.Tier, e, on, t.fed)
}

// factsOn reads the facts of a source on a day, once.
func (t *timeline) factsOn(from source, on method.Day) method.Facts {
	if f, ok := t.facts[from][on]; ok {
		return f
	}
	if t.facts[from] == nil {
		t.facts[from] = map[method.Day]method.Facts{}
	}
	f := method.Facts{}
	t.d.read(f, from, t.m, t.g, on)
	t.facts[from][on] = f
	return f
}

// turnsOf gives the days on which a fact of a source may jump.
func (t *timeline) turnsOf(from source) []method.Day {
	if !t.known[from] {
		t.turns[from], t.known[from] = t.d.turns(from, t.m, t.g), true
		if from == ofRegister {
			t.turns[from] = append(t.turns[from], t.d.ends()...)
		}
	}
	return t.turns[from]
}

// breaks adds the days on which dated evidence, words and waivers of a control
// begin and end to count.
func (t *timeline) breaks(c *method.Control, out []method.Day) []method.Day {
	fresh := method.Day(c.FreshDays.At(t.g.Tier))
	add := func(on method.Day) {
		out = append(out, on)
		if fresh > 0 {
			out = append(out, on+fresh+1)
		}
	}
	for i := range c.Accepts {
		a := &c.Accepts[i]
		for _, s := range t.full.Events[a.Name] {
			add(s.On)
		}
		for _, s := range t.full.Documents[a.ID] {
			add(s.On)
		}
	}
	for _, on := range t.full.Attestations[c.ID] {
		add(on)
	}
	for _, w := range t.told.assessments[c.ID] {
		add(w.on)
	}
	for _, w := range t.told.waivers[c.ID] {
		out = append(out, w.from, w.to)
	}
	return out
}

// spoken is what people said of a project's controls, by control.
type spoken struct {
	assessments map[string][]*said // oldest first
	waivers     map[string][]span
}

func (d *dossier) told() *spoken {
	out := &spoken{map[string][]*said{}, map[string][]span{}}
	for i := range d.words {
		if w := &d.words[i]; w.Kind == Assessed {
			out.assessments[w.Control] = append(out.assessments[w.Control], w)
		}
	}
	for i := range d.waivers {
		w := &d.waivers[i]
		out.waivers[w.Control] = append(out.waivers[w.Control], span{day(w.From), day(w.Until()), w.ID})
	}
	return out
}

// assessed gives the assessment that counts on a day: the last up to it.
func (l *spoken) assessed(control string, on method.Day) (last *said) {
	for _, w := range l.assessments[control] {
		if w.on <= on {
			last = w
		}
	}
	return last
}

// waived gives the waiver that holds on a day; only those that were granted are told.
func (l *spoken) waived(control string, on method.Day) *span {
	for i := range l.waivers[control] {
		if w := &l.waivers[control][i]; w.on(on) {
			return w
		}
	}
	return nil
}
