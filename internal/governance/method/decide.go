package method

// Who gives the row of authority for a decision: the first of its tier whose limit
// the amount (whole units of the organisation's currency) does not exceed. The
// second value is false when the method has no such decision.
func (m *Method) Who(decision string, tier Tier, amount int64) (Authority, bool) { panic("not yet") }

// Above gives the row that follows the one that Who gives: nobody decides on their
// own request, and then it goes one row up. False at the top.
func (m *Method) Above(decision string, tier Tier, amount int64) (Authority, bool) {
	panic("not yet")
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
func (m *Method) Allowed(gate string, s GateState) []*Decision { panic("not yet") }

// Quorum is how many have to be there.
type Quorum struct {
	Members   int // the chair included
	Reviewers int
	Sides     []string // that have to be among them
	Words     string
}

// QuorumOf gives the quorum of a body of so many members; 0 members stand for a
// single person who decides.
func (m *Method) QuorumOf(tier Tier, bodyOf int) Quorum { panic("not yet") }
