package governance

import (
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// The actions of gates.
const (
	SeeGates        = authz.Action("governance.see_gates")
	PlanGate        = authz.Action("governance.plan_gate")
	OpenReview      = authz.Action("governance.open_review")
	SeatReview      = authz.Action("governance.seat_review")
	GiveOpinion     = authz.Action("governance.give_opinion")
	DecideGate      = authz.Action("governance.decide_gate")
	GiveProof       = authz.Action("governance.give_proof")
	SettleCondition = authz.Action("governance.settle_condition")
)

// GateRules is the part of the policy table that is about gates. Whoever is
// seated in a review, owns a condition or may settle it is its owner here.
var GateRules = []authz.Rule{
	{Action: SeeGates, Says: "See gates, their reviews, decisions and conditions", Roles: authz.SignedInRoles},
	{Action: PlanGate, Says: "Plan and move the date of a gate", Roles: pmo, OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor}},
	{Action: RecordPast, Says: "Bring in gate decisions that were taken elsewhere, and take them back", Roles: pmo},
	{Action: OpenReview, Says: "Open the review of a gate, which freezes its criteria", Roles: pmo, OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor}},
	{Action: SeatReview, Says: "Name who takes part in a review, and mark who is present", Roles: pmo, OnNode: []authz.NodeRole{authz.Sponsor}, Owner: true},
	{Action: GiveOpinion, Says: "Give an opinion on a gate and declare a conflict of interest, when seated in its review", Owner: true},
	{Action: DecideGate, Says: "Decide a gate, as the chair of its review or the chair's deputy, and never on one's own project", Owner: true},
	{Action: GiveProof, Says: "Hand in the proof of a condition that one owns, or of one's project", Owner: true, OnNode: []authz.NodeRole{authz.ProjectManager}},
	{Action: SettleCondition, Says: "Close or waive a condition, as who set it or chairs the review, and never one's own", Owner: true},
}

// GatePlan is when a gate is to be held, and when it was to be held at first.
type GatePlan struct {
	Project, Gate  string
	First, Planned clock.Day
	Body           string // id of a governing body; empty when it follows from the authority table
	Version        int64
}

// Slip is by how many days the gate moved since it was first planned.
func (p GatePlan) Slip() int {
	n, _ := clock.DaysBetween(p.First, p.Planned) // 0 without dates
	return n
}

// AskedCriterion is a criterion as it was frozen when the review opened.
type AskedCriterion struct {
	ID       string   `json:"id"`
	Text     string   `json:"text"`
	Why      string   `json:"why"`
	Judge    string   `json:"judge"`
	Must     bool     `json:"must"`
	KnockOut bool     `json:"knock_out"`
	Controls []string `json:"controls"`
	Rules    []string `json:"rules"` // what the record can show
}

// Frozen is what a review asks, from its opening on, whatever happens to the
// method, the tier and the cost of the project meanwhile.
type Frozen struct {
	Name      string           `json:"name"`
	Criteria  []AskedCriterion `json:"criteria"`
	Involves  []string         `json:"involves"`
	Adds      []string         `json:"adds"`  // roles whose opinion is needed before the decision
	Sides     []string         `json:"sides"` // that have to be among those who decide
	Quorum    string           `json:"quorum"`
	Row       string           `json:"row"`         // what is special about this authority, in words; else empty
	Max       int              `json:"max"`         // conditions
	SpendPct  int              `json:"spend_pct"`   // of the money released, while a condition is open
	CostKnown bool             `json:"cost_known"`  // else the authority was read for the lowest amount
	IsBody    bool             `json:"who_is_body"` // else one person decides
}

// Criterion gives a frozen criterion, nil if it is not asked.
func (f *Frozen) Criterion(id string) *AskedCriterion {
	for i := range f.Criteria {
		if f.Criteria[i].ID == id {
			return &f.Criteria[i]
		}
	}
	return nil
}

// The states of a review.
const (
	ReviewOpen    = "open"
	ReviewDecided = "decided"
)

// Review is the review of one gate of one project.
type Review struct {
	ID, Project, ProjectName string
	Gate                     string
	Round                    int
	MethodVersion            string
	Tier                     method.Tier
	Form                     method.FormKind
	Frozen                   Frozen
	Amount                   int64 // forecast cost at the end, whole units
	Currency                 string
	Who                      string // role that decides
	Body, BodyName           string
	Quorum, Reviewers        int // at least
	MeetsOn                  clock.Day
	OpenedBy, OpenedByName   string
	OpenedOn                 clock.Day
	OpenedAt                 int64
	State                    string
	Version                  int64
	Seats                    []Seat
}

// Label is the gate's number as people say it: G3.
func (r *Review) Label() string { return GateLabel(r.Gate) }

// GateLabel is a gate's number as people say it: G3; a gate that has a name for
// its id is called by that.
func GateLabel(gate string) string {
	if strings.ContainsAny(gate, "0123456789") {
		return strings.ToUpper(gate)
	}
	return strings.ToUpper(gate[:min(1, len(gate))]) + strings.ReplaceAll(gate[min(1, len(gate)):], "-", " ")
}

// Capacity is as what somebody takes part in a review.
type Capacity string

// The capacities.
const (
	Chair       Capacity = "chair"
	BodyMember  Capacity = "member"
	DeputyFor   Capacity = "deputy"
	Reviewer    Capacity = "reviewer"
	Adviser     Capacity = "adviser" // gives the opinion of a role that the authority table asks
	Facilitator Capacity = "facilitator"
	Presenter   Capacity = "presenter" // the project manager
)

// Capacities are all capacities, with their words.
var Capacities = []struct {
	ID    Capacity
	Label string
	Means string
}{
	{Chair, "Chair", "decides and signs"},
	{BodyMember, "Member", "is heard and counts"},
	{DeputyFor, "Deputy", "counts for a member"},
	{Reviewer, "Reviewer", "looks from outside and says what they found"},
	{Adviser, "Adviser", "gives the opinion of a role"},
	{Facilitator, "Facilitator", "prepares and runs the review"},
	{Presenter, "Project manager", "presents and does not decide"},
}

// Label is the capacity in the reader's words.
func (c Capacity) Label() string {
	for _, x := range Capacities {
		if x.ID == c {
			return x.Label
		}
	}
	return string(c)
}

// Decides reports whether the capacity is one of those who decide.
func (c Capacity) Decides() bool { return c == Chair || c == BodyMember || c == DeputyFor }

// Speaks reports whether the capacity gives opinions.
func (c Capacity) Speaks() bool { return c.Decides() || c == Reviewer || c == Adviser }

// Seat is a person's place in a review.
type Seat struct {
	Person, Name string
	Capacity     Capacity
	For, ForName string // of a deputy
	Authority    string // of a deputy: in words; of an adviser: the role whose opinion it is
	Side         string // business, receiver or another that the quorum asks
	Conflict     string // words of a declared conflict of interest
	ConflictAt   int64
	Present      bool
}

// Conflicted reports whether the person declared a conflict of interest.
func (s Seat) Conflicted() bool { return s.ConflictAt > 0 }

// The verdicts on a criterion.
const (
	Met       = "met"
	PartlyMet = "partly"
	NotMet    = "not"
	CannotSay = "unknown"
)

// GateVerdicts are what can be said of a criterion, with their words.
var GateVerdicts = []struct{ ID, Label string }{{Met, "Met"}, {PartlyMet, "Partly met"}, {NotMet, "Not met"}, {CannotSay, "Cannot say"}}

// GateVerdictLabel is a verdict in the reader's words; what is not said is not assessed.
func GateVerdictLabel(v string) string {
	for _, x := range GateVerdicts {
		if x.ID == v {
			return x.Label
		}
	}
	return "Not assessed"
}

// GateOpinion is what one person says of one criterion; an empty criterion is the
// whole gate.
type GateOpinion struct {
	Criterion    string
	Person, Name string
	Verdict      string
	Words        string
	At           int64
}
