package method

import (
	"fmt"
	"slices"
)

// Requirement is what a method asks of a project. It depends on the tier and what
// the project involves alone, and may be kept and shared by its Key.
type Requirement struct {
	Tier      Tier
	Involves  []string // sorted
	Controls  []*Control
	Gates     []GateAsked // all gates of the method, in order, also those folded or not held
	Documents []DocumentAsked
	Report    string // at-gates, monthly, quarterly

	// The rhythm; 0 = none.
	SilenceLineAfterDays int
	FactsLineEveryDays   int
	BodyMeetsEveryDays   int
	CutOffWorkingDay     int
	RiskReviewEveryDays  int

	BudgetMinutes    float64 // of the project manager, a month
	EstimatedMinutes float64 // the same by the estimates of controls and gates
	Pages, Hours     float64 // of all documents, over the whole life

	key string
}

// GateAsked is a gate as a tier holds it.
type GateAsked struct {
	Gate     *Gate
	Form     Form
	Held     bool // by review or note
	Minutes  int
	Criteria []CriterionAsked // with those of gates folded into it that this tier asks
}

// CriterionAsked is a criterion as a tier asks it.
type CriterionAsked struct {
	*Criterion
	Must     bool // else should
	KnockOut bool // a must that no condition can stand in for
}

// DocumentAsked is a document with its limit.
type DocumentAsked struct {
	*Document
	Pages, Hours float64
}

// Require gives what the method asks of a project of a tier that involves these
// things ("supplier", "handover"; unknown ones are left out). The order is the file's.
func (m *Method) Require(tier Tier, involves []string) *Requirement {
	return m.require(tier, m.setOf(involves))
}

// RequireKey is the same for all requirements of this method that are equal, for a cache.
func (m *Method) RequireKey(tier Tier, involves []string) string {
	return keyOf(tier, m.setOf(involves))
}

func keyOf(tier Tier, set uint32) string { return fmt.Sprintf("%s-%x", tier, set) }

// Key is what RequireKey gives for the requirement.
func (r *Requirement) Key() string { return r.key }

func (m *Method) require(tier Tier, set uint32) *Requirement {
	c := &m.Cadence
	r := &Requirement{
		key: keyOf(tier, set), Tier: tier, Involves: m.namesOf(set), Report: c.Report.At(tier),
		SilenceLineAfterDays: c.SilenceLineAfterDays.At(tier), FactsLineEveryDays: c.FactsLineEveryDays.At(tier),
		BodyMeetsEveryDays: c.BodyMeetsEveryDays.At(tier), CutOffWorkingDay: c.CutOffWorkingDay.At(tier),
		RiskReviewEveryDays: c.RiskReviewEveryDays.At(tier), BudgetMinutes: m.Load.Budget.At(tier),
	}
	for i := range m.Controls {
		if m.Controls[i].When.holds(tier, set) {
			r.Controls = append(r.Controls, &m.Controls[i])
		}
	}
	for i := range m.Gates {
		r.Gates = append(r.Gates, m.gateAsked(&m.Gates[i], tier, set))
	}
	for i := range m.Documents {
		if d := &m.Documents[i]; d.When.holds(tier, set) {
			asked := DocumentAsked{d, d.Pages.At(tier), d.Hours.At(tier)}
			r.Documents = append(r.Documents, asked)
			r.Pages += asked.Pages
			r.Hours += asked.Hours
		}
	}
	r.EstimatedMinutes = m.estimate(r)
	return r
}

// gateAsked gives a gate with its criteria and those of gates folded into it.
func (m *Method) gateAsked(g *Gate, tier Tier, set uint32) GateAsked {
	form := g.Form.At(tier)
	out := GateAsked{Gate: g, Form: form, Held: held(form), Minutes: g.Minutes.At(tier)}
	if !out.Held {
		return out
	}
	for i := range m.Gates {
		from := &m.Gates[i]
		if f := from.Form.At(tier); from == g || f.Kind == FoldedIn && f.At == g.ID {
			out.Criteria = append(out.Criteria, from.criteria(tier, set)...)
		}
	}
	return out
}

func (g *Gate) criteria(tier Tier, set uint32) []CriterionAsked {
	var out []CriterionAsked
	for i := range g.Criteria {
		c := &g.Criteria[i]
		level := c.Level.At(tier)
		if level == "" || !c.When.holds(tier, set) {
			continue
		}
		must := level == Must || c.MustWhen.Given() && c.MustWhen.holds(tier, set)
		out = append(out, CriterionAsked{c, must, must && c.KnockOut})
	}
	return out
}

// estimate adds up the minutes of a month: what comes round, and what comes once
// spread over the months from exploring to handover. Gates that cost the project
// manager nothing are held when somebody else has taken over.
func (m *Method) estimate(r *Requirement) float64 {
	var once, atGates, month, quarter, event, gates, gateMinutes float64
	for _, g := range r.Gates {
		if g.Held && g.Minutes > 0 {
			gates++
			gateMinutes += float64(g.Minutes)
		}
	}
	for _, c := range r.Controls {
		minutes := float64(c.Minutes.At(r.Tier))
		switch c.Rhythm {
		case "once":
			once += minutes
		case "gate":
			atGates += minutes
		case "month":
			month += minutes
		case "quarter":
			quarter += minutes
		case "event":
			event += minutes
		}
	}
	out := month + quarter/3 + event*m.Load.EventsPerMonth.At(r.Tier)
	if months := m.Load.Months.At(r.Tier); months > 0 {
		out += (once + atGates*gates + gateMinutes) / months
	}
	return out
}

// Control gives the control that the requirement asks for, nil if it does not.
func (r *Requirement) Control(id string) *Control {
	for _, c := range r.Controls {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Gate gives the gate as it is asked, nil if the method has none of that id.
func (r *Requirement) Gate(id string) *GateAsked {
	return find(r.Gates, id, func(g *GateAsked) string { return g.Gate.ID })
}

// Timing says whether a control is asked in a phase.
type Timing int

// The timings. A control due at a gate is Open in its phases until the phase which
// that gate ends, Due in that phase, and Overdue after it; one that comes round is
// Due in its phases and Over after the last of them.
const (
	NotYet Timing = iota
	Open
	Due
	Overdue
	Over
)

// DueAt gives the gate at which a control is looked at, which is another one where
// its gate is folded; "" for a control that comes round.
func (m *Method) DueAt(c *Control, tier Tier) string {
	if c.Due == ByRhythm {
		return ""
	}
	if g := m.Gate(c.Due); g != nil && g.Form.At(tier).Kind == FoldedIn {
		return g.Form.At(tier).At
	}
	return c.Due
}

// TimingOf says whether a control is asked in a phase of the method. A phase that
// the method does not have is NotYet.
func (m *Method) TimingOf(c *Control, tier Tier, phase string) Timing {
	now, ok := m.index.phases[phase]
	if !ok || len(c.Phases) == 0 {
		return NotYet
	}
	first, last := len(m.Phases), -1
	for _, p := range c.Phases {
		first, last = min(first, m.index.phases[p]), max(last, m.index.phases[p])
	}
	if now < first {
		return NotYet
	}
	if c.Due == ByRhythm {
		switch {
		case now > last:
			return Over
		case slices.Contains(c.Phases, phase):
			return Due
		default:
			return NotYet
		}
	}
	switch end := m.index.ends[m.DueAt(c, tier)]; {
	case now < end:
		return Open
	case now == end:
		return Due
	default:
		return Overdue
	}
}
