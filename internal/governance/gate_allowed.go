package governance

import (
	"fmt"
	"slices"
	"strings"

	"cairn/internal/governance/method"
)

// Standing is what limits the decisions at a gate, with what stands behind each
// number.
type Standing struct {
	Blocking  []Condition      // open conditions of earlier gates
	Unmet     []AskedCriterion // musts that are not met; not assessed counts as unmet
	KnockOuts []AskedCriterion // of them, those for which no condition can stand in
	Without   []AskedCriterion // of the unmet, those without a complete condition
	Asked     int              // conditions of the decision
	Dial      string           // why the dial has to be asked first; empty if it was
}

// standing weighs verdicts and conditions against the frozen criteria.
func (f *Frozen) standing(blocking []Condition, verdicts []Verdict, conditions []ConditionAsked) Standing {
	s := Standing{Blocking: blocking}
	met, covered := map[string]bool{}, map[string]bool{}
	for _, v := range verdicts {
		met[v.Criterion] = v.Verdict == Met
	}
	for _, c := range conditions {
		if c.empty() {
			continue
		}
		s.Asked++
		if c.Words != "" && c.Owner != "" && c.Due != "" && c.Proof != "" {
			covered[c.Criterion] = true
		}
	}
	for _, c := range f.Criteria {
		if !c.Must || met[c.ID] {
			continue
		}
		s.Unmet = append(s.Unmet, c)
		if c.KnockOut {
			s.KnockOuts = append(s.KnockOuts, c)
		}
		if !covered[c.ID] {
			s.Without = append(s.Without, c)
		}
	}
	return s
}

// state is the standing as the method's rules read it.
func (s Standing) state() method.GateState {
	return method.GateState{
		Blocking: len(s.Blocking), MustsUnmet: len(s.Unmet), KnockOutsUnmet: len(s.KnockOuts),
		WithoutCondition: len(s.Without), Conditions: s.Asked,
	}
}

// Choice is a decision with why it cannot be taken now; Why is empty if it can.
type Choice struct {
	ID, Label, Means, Why string
	Needs                 []string
}

// choices gives all decisions of a gate, those that cannot be taken with their
// reason. Whatever a method says, nothing passes over an open condition of an
// earlier gate, nor before the dial was asked again.
func choices(m *method.Method, gate string, s Standing, f *Frozen) (out []Choice) {
	allowed := map[string]bool{}
	for _, d := range m.Allowed(gate, s.state()) {
		allowed[d.ID] = !d.Passes() || len(s.Blocking) == 0 && s.Dial == ""
	}
	g := m.Gate(gate)
	for i := range m.Decisions {
		d := &m.Decisions[i]
		if g != nil && len(g.Decisions) > 0 && !slices.Contains(g.Decisions, d.ID) {
			continue
		}
		c := Choice{ID: d.ID, Label: d.Label, Means: d.Means, Needs: d.Needs}
		if !allowed[d.ID] {
			c.Why = why(d, s, f)
		}
		out = append(out, c)
	}
	return out
}

// why names what stands in the way of a decision.
func why(d *method.Decision, s Standing, f *Frozen) string {
	var parts []string
	for _, c := range s.Blocking {
		parts = append(parts, fmt.Sprintf("condition “%s” of %s is open", c.Words, GateLabel(c.Gate)))
	}
	if d.Passes() && s.Dial != "" {
		parts = append(parts, s.Dial)
	}
	if d.ID == method.Go && len(s.Unmet) > 0 {
		parts = append(parts, fmt.Sprintf("%s not met: %s", countOf(len(s.Unmet), "must is", "musts are"), names(s.Unmet)))
	}
	if d.ID == method.ConditionalGo {
		if len(s.KnockOuts) > 0 {
			parts = append(parts, "no condition can stand in for "+names(s.KnockOuts))
		}
		if rest := without(s.Without, s.KnockOuts); len(rest) > 0 {
			parts = append(parts, "there is no complete condition (words, one owner, date, proof) for "+names(rest))
		}
		if s.Asked == 0 {
			parts = append(parts, "it needs at least one condition")
		}
		if f.Max > 0 && s.Asked > f.Max {
			parts = append(parts, fmt.Sprintf("at most %d conditions are possible; who needs more means recycle", f.Max))
		}
	}
	if len(parts) == 0 {
		return "the method does not allow it now"
	}
	return strings.Join(parts, "; ")
}

func without(list, out []AskedCriterion) (rest []AskedCriterion) {
	for _, c := range list {
		if !slices.ContainsFunc(out, func(o AskedCriterion) bool { return o.ID == c.ID }) {
			rest = append(rest, c)
		}
	}
	return rest
}

func names(list []AskedCriterion) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = "“" + c.Text + "”"
	}
	return strings.Join(out, ", ")
}

func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
