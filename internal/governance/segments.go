package governance

import (
	"maps"
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
	states := stretches{}
	var before *method.Requirement
	grace := map[string]method.Day{} // until when what a higher tier added need not be shown
	full, told := d.evidence(0), d.told()
	for i := range d.governed {
		g := &d.governed[i]
		m := methods[g.Version]
		req := s.require(g.Version, m, g.Tier, g.Involves)
		t := &timeline{d: d, m: m, g: g, fed: s.fed(g.Version, m), full: full, told: told, needs: s.needs(g.Version, m)}
		if before == nil || req.Tier > before.Tier {
			for _, c := range req.Controls {
				if before == nil || before.Control(c.ID) == nil {
					grace[c.ID] = day(g.From) + method.Day(graceDays(m))
				}
			}
		}
		before = req
		for _, span := range d.running(g) {
			states.add("", stretch{from: span.from, to: span.to, shown: shown{state: Running}})
			for _, c := range req.Controls {
				if timing := m.TimingOf(c, g.Tier, g.Phase); timing != method.NotYet && timing != method.Over {
					t.of(c, timing, span, grace[c.ID], states)
				}
			}
		}
	}
	return states.segments(d.project)
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

// stretch is the state of a control over a time.
type stretch struct {
	from, to method.Day
	tier     method.Tier
	shown
}

// shown is a state with what shows it.
type shown struct{ state, via, ref string }

// stretches are those of each control, in the order of time.
type stretches map[string][]stretch

// add puts one behind the others; a neighbour of the same state grows instead.
func (l stretches) add(control string, next stretch) {
	list := l[control]
	if n := len(list); n > 0 {
		if last := &list[n-1]; last.to == next.from && last.tier == next.tier && last.shown == next.shown {
			last.to = next.to
			return
		}
	}
	l[control] = append(list, next)
}

// segments gives them as they are kept.
func (l stretches) segments(project string) []Segment {
	n := 0
	for _, list := range l {
		n += len(list)
	}
	out := make([]Segment, 0, n)
	for _, control := range slices.Sorted(maps.Keys(l)) {
		for _, x := range l[control] {
			out = append(out, Segment{Project: project, Control: control, From: iso(x.from), To: iso(x.to), Tier: x.tier, State: x.state, Via: x.via, Ref: x.ref})
		}
	}
	return out
}
