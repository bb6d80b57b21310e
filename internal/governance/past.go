package governance

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/work"
)

// RecordPast is the action of bringing in gate decisions that were taken elsewhere.
const RecordPast = authz.Action("governance.record_past_gates")

// PastGate is a decision at a gate that a spreadsheet tells of. It was taken
// elsewhere: it has no review, no quorum and no snapshot, and says where it is from.
type PastGate struct {
	ID, Batch, Project, Gate string
	File                     string // of the import
	Place                    int    // row of the file
	On                       clock.Day
	Decision                 string
	Body                     string // id of a governing body; empty when none has the name
	BodyWords                string // as the file words it
	WhyNot                   string // why it was left out; empty when it stands
}

// Passes reports whether the project went on from the gate.
func (p *PastGate) Passes() bool { return p != nil && passes(p.Decision) }

// PastRow is a row of a spreadsheet about one project.
type PastRow struct {
	Place               int
	Known, Number, Name string // Cairn's id, the id in a source or the code, the name
	Method              string // id of the method that its model stands for; empty for none
	Model               string // as the file words it
	Move                bool   // on to that method, if the project follows another
	Decision, Body      string // as the file words them
	Dates               []PastDate
}

// PastDate is when a gate was decided. The gate is named by its id, by its number
// among the gates that the project's tier holds, or in the file's words.
type PastDate struct {
	Field string // for what is said about it
	Gate  string
	Nth   int
	Words string
	On    clock.Day
}

// PastOutcome is what became of a row.
type PastOutcome struct {
	Project                       string
	Recorded, Changed, Same, Left int // dates
	Moved                         bool
	Refused                       error // the row changed nothing then
}

// pastWords are the words of spreadsheets for decisions, folded.
var pastWords = map[string][]string{
	method.Go:            {"", "go", "approved", "approve", "yes", "y", "pass", "passed", "endorsed", "proceed", "granted", "ok"},
	method.ConditionalGo: {"conditional go", "conditional-go", "conditional", "conditionally approved", "approved with conditions", "go with conditions", "conditional approval", "approved subject to conditions"},
	method.Hold:          {"hold", "on hold", "deferred", "defer", "paused"},
	method.Recycle:       {"recycle", "rework", "returned", "resubmit", "back"},
	method.Stop:          {"stop", "stopped", "rejected", "reject", "cancelled", "canceled", "not approved", "no", "no go", "no-go", "declined"},
}

// PastDecision reads a spreadsheet's word for a decision. Where it says nothing a
// date is a go: why else would it stand there.
func PastDecision(word string) (string, error) {
	key := strings.Join(strings.Fields(fold.Key(word)), " ")
	for id, words := range pastWords {
		if slices.Contains(words, key) {
			return id, nil
		}
	}
	return "", errs.OnField("decision", "This is no decision that Cairn knows. Use go, conditional go, hold, recycle or stop.")
}

// pastState is what is known of a project while rows about it are put.
type pastState struct {
	project  string
	governed *Governed
	method   *method.Method
	steps    []method.GateAsked   // those that its tier holds
	stands   map[string]PastGate  // by gate: from files
	decided  map[string]clock.Day // by gate: passed in Cairn
	begun    bool                 // has gone through a gate in Cairn, or has a review open
	before   string               // id of the row of its method that stood before this import
	made     string               // id of the one that the import made
}

// held gives the gate that a date is about.
func (st *pastState) held(d *PastDate) (gate *method.Gate, why string) {
	if d.Nth > 0 {
		if d.Nth > len(st.steps) {
			return nil, "the " + st.method.Name + " has no gate of this number"
		}
		return st.steps[d.Nth-1].Gate, ""
	}
	key := fold.Key(strings.TrimSpace(d.Words))
	for i := range st.method.Gates {
		g := &st.method.Gates[i]
		if g.ID != d.Gate && (key == "" || key != g.ID && key != fold.Key(g.Name) && key != "gate "+strings.TrimLeft(g.ID, "abcdefghijklmnopqrstuvwxyz-")) {
			continue
		}
		if !slices.ContainsFunc(st.steps, func(a method.GateAsked) bool { return a.Gate == g }) {
			return nil, "tier " + st.governed.Tier.String() + " holds no such gate"
		}
		return g, ""
	}
	if n, ok := ordinal(key); ok && d.Gate == "" {
		return st.held(&PastDate{Nth: n})
	}
	return nil, "the " + st.method.Name + " has no such gate"
}

// ordinal reads "2", "gate 2" and "g2" as the second gate.
func ordinal(key string) (n int, ok bool) {
	digits := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(key, "gate"), "g"))
	if len(digits) != 1 || digits[0] < '1' || digits[0] > '9' {
		return 0, false
	}
	return int(digits[0] - '0'), true
}

// index is the place of a gate among those that are held.
func (st *pastState) index(gate string) int {
	return slices.IndexFunc(st.steps, func(a method.GateAsked) bool { return a.Gate.ID == gate })
}

// passedOn is when a gate was passed, here or elsewhere; empty when it was not.
func (st *pastState) passedOn(gate string) clock.Day {
	if on := st.decided[gate]; on != "" {
		return on
	}
	if p, ok := st.stands[gate]; ok && p.Passes() {
		return p.On
	}
	return ""
}

// tierFor is the tier of a project that nobody has dialled: the lowest at which
// the most gates of the method are held.
func tierFor(m *method.Method) (best method.Tier) {
	most := -1
	for _, t := range method.Tiers() {
		n := 0
		for i := range m.Gates {
			if k := m.Gates[i].Form.At(t).Kind; k == method.ByReview || k == method.ByNote {
				n++
			}
		}
		if n > most {
			best, most = t, n
		}
	}
	return best
}

// PastMethod is a method that a model of a spreadsheet can stand for.
type PastMethod struct {
	ID, Name string
	Gates    []method.Gate
}

// PastMethods lists the published methods in their newest versions, for those who
// may bring in past decisions.
func (s *Service) PastMethods(ctx context.Context, who authz.Actor) (out []PastMethod, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, RecordPast, authz.Instance); err != nil {
			return err
		}
		list, err := versions(ctx, v, "")
		if err != nil {
			return err
		}
		last := ""
		for _, ver := range list {
			if ver.Method == last {
				continue
			}
			last = ver.Method
			m, err := s.method(ctx, v, ver.ID)
			if err != nil {
				return err
			}
			out = append(out, PastMethod{m.ID, m.Name, m.Gates})
		}
		return nil
	})
	return out, err
}
