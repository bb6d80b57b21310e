package method

import "slices"

// Who gives the row of authority for a decision: the first of its tier whose limit
// the amount (whole units of the organisation's currency) does not exceed. The
// second value is false when the method has no such decision.
func (m *Method) Who(decision string, tier Tier, amount int64) (Authority, bool) {
	return m.nthRow(decision, tier, amount, 0)
}

// Above gives the row that follows the one that Who gives: nobody decides on their
// own request, and then it goes one row up. False at the top.
func (m *Method) Above(decision string, tier Tier, amount int64) (Authority, bool) {
	return m.nthRow(decision, tier, amount, 1)
}

func (m *Method) nthRow(decision string, tier Tier, amount int64, skip int) (Authority, bool) {
	for i := range m.Authority {
		a := &m.Authority[i]
		if a.Decision != decision || a.Tier != tier || a.UpTo != nil && amount > *a.UpTo {
			continue
		}
		if skip == 0 {
			return *a, true
		}
		skip--
	}
	return Authority{}, false
}

// GateState is what limits the decisions at a gate.
type GateState struct {
	Blocking         int // open conditions of earlier gates
	MustsUnmet       int // musts not met, partly met or not assessed
	KnockOutsUnmet   int
	WithoutCondition int // unmet musts to which no complete condition is tied
	Conditions       int // in the proposed decision
}

// Allowed gives the decisions that the gate may take; "" stands for any gate.
func (m *Method) Allowed(gate string, s GateState) []*Decision {
	v := &values{facts: Facts{
		"condition.blocking_open_count":               s.Blocking,
		"criteria.must_unmet_count":                   s.MustsUnmet,
		"criteria.knock_out_unmet_count":              s.KnockOutsUnmet,
		"criteria.must_unmet_without_condition_count": s.WithoutCondition,
		"criteria.conditions_count":                   s.Conditions,
	}}
	var only []string
	if g := m.Gate(gate); g != nil {
		only = g.Decisions
	}
	var out []*Decision
	for i := range m.Decisions {
		d := &m.Decisions[i]
		if len(only) > 0 && !slices.Contains(only, d.ID) || d.AllowedWhen.rule == nil {
			continue
		}
		if d.AllowedWhen.rule.truth(v) == Yes {
			out = append(out, d)
		}
	}
	return out
}

// Quorum is how many have to be there.
type Quorum struct {
	Members   int // the chair included
	Reviewers int
	Sides     []string // that have to be among them
	Words     string
}

// QuorumOf gives the quorum of a body of so many members; 0 members stand for a
// single person who decides.
func (m *Method) QuorumOf(tier Tier, bodyOf int) Quorum {
	r := m.Quorum.at(tier)
	out := Quorum{Members: r.Members, Reviewers: r.Reviewers, Sides: r.Sides, Words: r.Words}
	if bodyOf <= 0 {
		out.Members, out.Sides = min(1, r.Members), nil
		return out
	}
	share := r.Share
	if r.IfBody != nil {
		out.Members, share = r.IfBody.Members, r.IfBody.Share
	}
	out.Members = max(out.Members, share.of(bodyOf))
	return out
}

func (q *QuorumRules) at(t Tier) QuorumRule {
	return PerTier[QuorumRule]{q.S, q.M, q.L, q.XL}.At(t)
}
