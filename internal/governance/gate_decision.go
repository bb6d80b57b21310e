package governance

import (
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// Verdict is what the chair finds of one criterion when it is decided.
type Verdict struct {
	Criterion string `json:"criterion"`
	Verdict   string `json:"verdict"`
	Words     string `json:"words,omitempty"`
}

// ConditionAsked is a condition of a decision that is being made. Owner is the
// name or the id of one person.
type ConditionAsked struct {
	Criterion string
	Words     string
	Owner     string
	Due       clock.Day
	Proof     string
}

// empty reports whether nothing of it was filled in.
func (c ConditionAsked) empty() bool {
	return c.Words == "" && c.Owner == "" && c.Due == "" && c.Proof == ""
}

// Ruling is a decision as the chair makes it.
type Ruling struct {
	Decision   string
	Rationale  string
	Needs      map[string]string // what the decision asks besides: until, what, by, keeps, tells, closes_by
	Verdicts   []Verdict
	Conditions []ConditionAsked
	Dissent    string
	Released   string // money that a conditional go releases, as typed; empty if that is not said
	Version    int64  // of the review that the decision is based on; 0 is any
}

// GateDecision is a decision, for good.
type GateDecision struct {
	Released
	Review, Project, Gate    string
	Decision                 string
	Rationale                string
	Needs                    map[string]string
	Verdicts                 []Verdict
	Dissent                  string
	Counted                  int
	SpendPct                 int
	DecidedBy, DecidedByName string
	DecidedAs                string
	DecidedOn                clock.Day
	DecidedAt                int64
	Entry                    string // id in the decisions register; empty if there is none
	SHA256                   string // of the snapshot
}

// needKinds says how each thing that a decision needs is asked.
var needKinds = map[string]struct {
	Label string
	Day   bool
}{
	"until":        {"Until when, or until which event", false},
	"keeps_people": {"Who stays on it meanwhile, and what waiting costs", false},
	"what":         {"What must be different when it comes back", false},
	"by":           {"By when", true},
	"keeps":        {"What is kept", false},
	"tells":        {"Who tells whom", false},
	"closes_by":    {"By when it is closed and the people are free", true},
}

// NeedLabel is what a decision needs in the reader's words, and whether it is a date.
func NeedLabel(need string) (label string, day bool) {
	if k, ok := needKinds[need]; ok {
		return k.Label, k.Day
	}
	return need, false
}

const maxGateWords = 4000

// check refuses a ruling that is incomplete in itself.
func (r *Ruling) check(f *Frozen, needs []string, today clock.Day) error {
	var c errs.Check
	c.That(r.Rationale != "", "rationale", "Say why, in one or two sentences.")
	c.Fits("rationale", r.Rationale, maxGateWords)
	c.Fits("dissent", r.Dissent, maxGateWords)
	for _, n := range needs {
		label, day := NeedLabel(n)
		v := r.Needs[n]
		c.That(v != "", "need_"+n, "%s? This decision needs it.", label)
		c.Fits("need_"+n, v, maxGateWords)
		if day && v != "" {
			c.That(clock.ValidDay(v) && v >= today, "need_"+n, "Choose a day that is still to come.")
		}
	}
	for _, v := range r.Verdicts {
		at := "verdict_" + v.Criterion
		c.That(f.Criterion(v.Criterion) != nil, at, "This gate does not ask such a criterion.")
		c.That(v.Verdict == "" || GateVerdictLabel(v.Verdict) != "Not assessed", at, "Choose met, partly met, not met or cannot say.")
		c.Fits(at, v.Words, maxGateWords)
	}
	return c.Err()
}
