package governance

import (
	"slices"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
)

// The states of a control that is asked of a project.
const (
	Evidenced = "evidenced" // the record, a document or somebody's word shows it, and it is fresh
	Waived    = "waived"
	NotAsked  = "not_applicable" // somebody assessed that it does not apply
	Unseen    = "unseen"         // only what no feature records yet could show it: nobody's gap
	Open      = "open"           // not shown, and not due yet
	Gap       = "gap"            // due and not shown
)

// Running is the state of a project itself, under no control, while it has a tier
// and is not closed: projects are counted by it.
const Running = "running"

// Segment is the state of a control from a day on, To left out.
type Segment struct {
	Project, Control string
	From, To         clock.Day
	Tier             method.Tier
	State            string
	Via              string // what shows it: event, fact, document, attestation, assessment, waiver
	Ref              string // id of the word or the waiver
}

// segments computes the state of every control that is asked of a project, for all
// time, from what the record holds. What only passing time changes is in it: today,
// a past day and a day to come are read off the same rows.
func (s *Service) segments(d *dossier, methods map[string]*method.Method) []Segment {
	var out []Segment
	var before *method.Requirement
	grace := map[string]method.Day{} // until when what a higher tier added need not be shown
	full := d.evidence(0)
	for i := range d.governed {
		g := &d.governed[i]
		m := methods[g.Version]
		req := s.require(g.Version, m, g.Tier, g.Involves)
		t := &timeline{d: d, m: m, g: g, fed: s.fed(g.Version, m), full: full, asked: s.askedBy(g.Version, m)}
		if before == nil || req.Tier > before.Tier {
			for _, c := range req.Controls {
				if before == nil || before.Control(c.ID) == nil {
					grace[c.ID] = day(g.From) + method.Day(graceDays(m))
				}
			}
		}
		before = req
		for _, span := range d.running(g) {
			out = append(out, Segment{Project: d.project, From: iso(span.from), To: iso(span.to), State: Running})
			for _, c := range req.Controls {
				if timing := m.TimingOf(c, g.Tier, g.Phase); timing != method.NotYet && timing != method.Over {
					out = append(out, t.of(c, timing, span, grace[c.ID])...)
				}
			}
		}
	}
	return joined(out)
}

// graceDays is how long what is new need not be shown. A method without a dial has
// its usual month.
func graceDays(m *method.Method) int {
	if m.Dial == nil {
		return 30
	}
	return m.Dial.TierChanges.Up.GraceDays
}

// running gives the times of a row in which the project was not closed.
func (d *dossier) running(g *Governed) []span {
	out := []span{{from: day(g.From), to: day(g.To)}}
	for _, h := range d.held {
		if !h.closed {
			continue
		}
		var left []span
		for _, s := range out {
			if h.to <= s.from || s.to <= h.from {
				left = append(left, s)
				continue
			}
			if s.from < h.from {
				left = append(left, span{from: s.from, to: h.from})
			}
			if h.to < s.to {
				left = append(left, span{from: h.to, to: s.to})
			}
		}
		out = left
	}
	return slices.DeleteFunc(out, func(s span) bool { return s.from >= s.to })
}

// timeline computes the states of controls within one row of Governed.
type timeline struct {
	d    *dossier
	m    *method.Method
	g    *Governed
	fed  *method.Fed
	full *method.Evidence

	asked map[string]bool // sources of facts
	facts map[method.Day]method.Facts
	turns []method.Day // days on which facts may change, sorted; made when first asked for
}

// of gives the states of one control over a time.
func (t *timeline) of(c *method.Control, timing method.Timing, over span, grace method.Day) []Segment {
	days := append([]method.Day{over.from, grace}, t.breaks(c)...)
	byFact := usesFacts(c)
	if byFact {
		days = append(days, t.factDays(over)...)
	}
	slices.Sort(days)
	days = slices.Compact(days)
	var out []Segment
	for i, from := range days {
		if from < over.from || from >= over.to {
			continue
		}
		to := over.to
		if i+1 < len(days) && days[i+1] < to {
			to = days[i+1]
		}
		out = append(out, t.between(c, timing, from, to, grace, byFact)...)
	}
	return out
}

// between gives the states of a time in which nothing but the age of facts
// changes: they turn at most once in it, and the day is found by halving.
func (t *timeline) between(c *method.Control, timing method.Timing, from, to, grace method.Day, byFact bool) []Segment {
	first := t.at(c, timing, from, grace)
	if !byFact {
		return []Segment{t.segment(c, from, to, first)}
	}
	last := min(to, from+farDays) - 1
	if end := t.at(c, timing, last, grace); end == first || last <= from {
		return []Segment{t.segment(c, from, to, first)}
	}
	low, high := from, last
	for high-low > 1 {
		if mid := low + (high-low)/2; t.at(c, timing, mid, grace) == first {
			low = mid
		} else {
			high = mid
		}
	}
	return []Segment{t.segment(c, from, high, first), t.segment(c, high, to, t.at(c, timing, high, grace))}
}

// farDays is how far ahead ages are looked at: longer than any freshness.
const farDays = 800

// shown is a state with what shows it.
type shown struct{ state, via, ref string }

func (t *timeline) segment(c *method.Control, from, to method.Day, s shown) Segment {
	return Segment{Project: t.d.project, Control: c.ID, From: iso(from), To: iso(to), Tier: t.g.Tier, State: s.state, Via: s.via, Ref: s.ref}
}

// at gives the state on a day: what was assessed, what the record shows, what is
// waived, and otherwise a gap once it is due.
func (t *timeline) at(c *method.Control, timing method.Timing, on, grace method.Day) shown {
	word := t.d.assessed(c.ID, on)
	if word != nil && word.Verdict == NotApplicable {
		return shown{NotAsked, "assessment", word.ID}
	}
	fresh := method.Day(c.FreshDays.At(t.g.Tier))
	if word != nil && word.Verdict == InPlace && (fresh == 0 || on <= day(word.On)+fresh) {
		return shown{Evidenced, "assessment", word.ID}
	}
	st := t.standing(c, on, word)
	if st.Standing == method.Evidenced {
		return shown{Evidenced, string(c.Accepts[st.Line].Kind), ""}
	}
	if w := t.d.waived(c.ID, on); w != nil {
		return shown{Waived, "waiver", w.ID}
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
func (t *timeline) standing(c *method.Control, on method.Day, word *Word) method.State {
	e := t.full
	if word != nil && (word.Verdict == Partly || word.Verdict == NotThere) {
		e = t.d.evidence(day(word.On))
		e.Facts = nil
		return t.m.StateOf(c, t.g.Tier, e, on, t.fed)
	}
	if usesFacts(c) {
		e.Facts = t.factsOn(on)
	}
	return t.m.StateOf(c, t.g.Tier, e, on, t.fed)
}

func (t *timeline) factsOn(on method.Day) method.Facts {
	if f, ok := t.facts[on]; ok {
		return f
	}
	if t.facts == nil {
		t.facts = map[method.Day]method.Facts{}
	}
	f := t.d.few(t.m, t.g, on, t.asked)
	t.facts[on] = f
	return f
}

// usesFacts reports whether a fact can show the control, alone or with a dated line.
func usesFacts(c *method.Control) bool {
	for _, a := range c.Accepts {
		if a.Kind == method.AFact || len(a.All) > 0 {
			return true
		}
	}
	return false
}

// breaks gives the days on which dated evidence, words and waivers of a control
// begin and end to count.
func (t *timeline) breaks(c *method.Control) (out []method.Day) {
	fresh := method.Day(c.FreshDays.At(t.g.Tier))
	add := func(on method.Day) {
		out = append(out, on)
		if fresh > 0 {
			out = append(out, on+fresh+1)
		}
	}
	for _, a := range c.Accepts {
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
	for i := range t.d.words {
		if w := &t.d.words[i]; w.Control == c.ID && w.Kind == Assessed {
			add(day(w.On))
		}
	}
	for i := range t.d.waivers {
		if w := &t.d.waivers[i]; w.Control == c.ID {
			out = append(out, day(w.From), day(w.Until()))
		}
	}
	return out
}

// factDays gives the days on which a fact may jump.
func (t *timeline) factDays(over span) []method.Day {
	if t.turns != nil {
		return t.turns
	}
	d := t.d
	out := []method.Day{over.from}
	for _, r := range d.reports {
		out = append(out, r.on)
	}
	for _, x := range d.tenures {
		out = append(out, x.from, x.to)
	}
	for _, x := range d.held {
		out = append(out, x.from, x.to)
	}
	for _, x := range d.open {
		out = append(out, x.from, x.to)
	}
	for i := range d.words {
		if d.words[i].Kind == Noted {
			out = append(out, day(d.words[i].On))
		}
	}
	for _, x := range d.documents {
		out = append(out, x.on)
	}
	out = append(out, d.acts...)
	out = append(out, d.dialled...)
	upTo := min(day(t.g.To), d.latest(out)+farDays/2)
	out = append(out, d.cutoffs(t.m, t.g, upTo)...)
	slices.Sort(out)
	t.turns = slices.Compact(out)
	return t.turns
}

// latest gives the last of some days that is no end of time.
func (d *dossier) latest(days []method.Day) (last method.Day) {
	for _, x := range days {
		if x < method.Forever && x > last {
			last = x
		}
	}
	return last
}

// assessed gives the assessment that counts on a day: the last up to it.
func (d *dossier) assessed(control string, on method.Day) (last *Word) {
	for i := range d.words { // oldest first
		if w := &d.words[i]; w.Control == control && w.Kind == Assessed && day(w.On) <= on {
			last = w
		}
	}
	return last
}

func (d *dossier) waived(control string, on method.Day) *Waiver {
	at := iso(on)
	for i := range d.waivers {
		if w := &d.waivers[i]; w.Control == control && w.Holds(at) {
			return w
		}
	}
	return nil
}

// joined puts neighbours of the same state together.
func joined(list []Segment) []Segment {
	slices.SortStableFunc(list, func(a, b Segment) int {
		if a.Control != b.Control {
			return compare(a.Control, b.Control)
		}
		return compare(a.From, b.From)
	})
	out := list[:0]
	for _, s := range list {
		if n := len(out); n > 0 {
			l := &out[n-1]
			if l.Control == s.Control && l.To == s.From && l.State == s.State && l.Via == s.Via && l.Ref == s.Ref && l.Tier == s.Tier {
				l.To = s.To
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
