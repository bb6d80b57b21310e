package method

import "slices"

// Covers gives the times in which dated evidence covers a control, in order and
// without overlap. Evidence of a day counts on that day and FreshDays days after
// it. Lines of facts alone have no dates and are left out; facts that a dated line
// asks for as well are read as they are now.
func (c *Control) Covers(tier Tier, e *Evidence) []Cover {
	var all []Cover
	fresh := c.FreshDays.At(tier)
	v := &values{facts: e.Facts, ask: e.Ask, tier: int64(tier), fresh: int64(fresh)}
	for i := range c.Accepts {
		line := &c.Accepts[i]
		if line.Kind == AFact || !line.alsoHolds(v) {
			continue
		}
		c.dates(line, e, func(on Day) { all = append(all, Cover{on, endOf(on, fresh), i}) })
	}
	slices.SortStableFunc(all, func(a, b Cover) int {
		if a.From != b.From {
			return int(a.From - b.From)
		}
		return a.Line - b.Line
	})
	var out []Cover
	for _, next := range all {
		if n := len(out); n > 0 && next.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, next.To)
			continue
		}
		out = append(out, next)
	}
	return out
}

// endOf gives the first day on which evidence of a day does not count any more.
func endOf(on Day, fresh int) Day {
	if fresh == 0 || fresh > int(Forever) {
		return Forever
	}
	return min(Forever, on+Day(fresh)+1)
}

// dates calls each day on which there was evidence of a line.
func (c *Control) dates(line *Accept, e *Evidence, each func(Day)) {
	switch line.Kind {
	case AnEvent:
		for _, s := range e.Events[line.Name] {
			if line.Of == "" || line.Of == s.Of {
				each(s.On)
			}
		}
	case ADocument:
		for _, s := range e.Documents[line.ID] {
			if s.Of == line.State || s.Of == Approved {
				each(s.On)
			}
		}
	case AnAttestation:
		for _, on := range e.Attestations[c.ID] {
			each(on)
		}
	case AFact:
	}
}

// alsoHolds says whether the facts hold that a line asks for as well.
func (a *Accept) alsoHolds(v *values) bool {
	for i := range a.All {
		if a.All[i].When.rule == nil || a.All[i].When.rule.truth(v) != Yes {
			return false
		}
	}
	return true
}

// StateOf says how a control stands on a day. A nil fed means that all is fed.
func (m *Method) StateOf(c *Control, tier Tier, e *Evidence, at Day, fed *Fed) State {
	fresh := c.FreshDays.At(tier)
	v := &values{facts: e.Facts, ask: e.Ask, tier: int64(tier), fresh: int64(fresh)}
	var lapsed Day
	for i := range c.Accepts {
		line := &c.Accepts[i]
		if line.Kind == AFact {
			if line.When.rule.truth(v) == Yes && line.alsoHolds(v) {
				return State{Standing: Evidenced, Line: i}
			}
			continue
		}
		var latest Day
		c.dates(line, e, func(on Day) {
			if on <= at && on > latest {
				latest = on
			}
		})
		if latest == 0 || !line.alsoHolds(v) {
			continue
		}
		until := endOf(latest, fresh)
		if at < until {
			return State{Standing: Evidenced, Line: i, On: latest, Until: until}
		}
		lapsed = max(lapsed, until)
	}
	if fed != nil && !c.CanBeSeen(fed) {
		return State{Standing: CannotBeSeen, Line: -1}
	}
	return State{Standing: Gap, Line: -1, Lapsed: lapsed}
}

// CanBeSeen says whether at least one line of evidence can ever be there with what
// features feed by now. Documents and attestations always can.
func (c *Control) CanBeSeen(fed *Fed) bool {
	for i := range c.Accepts {
		if c.Accepts[i].canBeSeen(fed) {
			return true
		}
	}
	return false
}

func (a *Accept) canBeSeen(fed *Fed) bool {
	if a.Kind == AnEvent && !fed.Events[a.Name] {
		return false
	}
	for _, name := range a.names(nil) {
		if !fed.Facts[name] {
			return false
		}
	}
	return true
}

// names adds the facts that a line asks for.
func (a *Accept) names(to []string) []string {
	if a.When.rule != nil {
		to = append(to, a.When.rule.names...)
	}
	for i := range a.All {
		to = a.All[i].names(to)
	}
	return to
}

// AbsentFacts lists the facts that the control's evidence asks for and the record
// does not hold, sorted, for "what is missing".
func (m *Method) AbsentFacts(c *Control, f Facts) []string {
	var names []string
	for i := range c.Accepts {
		names = c.Accepts[i].names(names)
	}
	names = slices.DeleteFunc(names, func(n string) bool { _, there := f[n]; return there })
	slices.Sort(names)
	return slices.Compact(names)
}

// Asks lists the facts and the events that the method's controls, criteria and
// rules ask for, sorted: what is worth gathering for its projects.
func (m *Method) Asks() (facts, events []string) {
	for _, p := range m.rules() {
		if p.expr.rule != nil && (p.scope == ofRecord || p.scope == ofEvidence) {
			facts = append(facts, p.expr.rule.names...)
		}
	}
	for i := range m.Controls {
		for j := range m.Controls[i].Accepts {
			if a := &m.Controls[i].Accepts[j]; a.Kind == AnEvent {
				events = append(events, a.Name)
			}
		}
	}
	slices.Sort(facts)
	slices.Sort(events)
	return slices.Compact(facts), slices.Compact(events)
}
