package method

// Examples are the method's own tests, by kind.
type Examples struct {
	Dial      []DialExample      `yaml:"dial"`
	Authority []AuthorityExample `yaml:"authority"`
	Gates     []GateExample      `yaml:"gates"`
	Quorum    []QuorumExample    `yaml:"quorum"`
	Criteria  []CriteriaExample  `yaml:"criteria"`
	Controls  []ControlsExample  `yaml:"controls"`
	Evidence  []EvidenceExample  `yaml:"evidence"`
	Leaving   []LeavingExample   `yaml:"leaving"`
}

// DialExample is an answer sheet with its result.
type DialExample struct {
	ID          string           `yaml:"id"`
	Story       string           `yaml:"story"`
	Kind        string           `yaml:"kind"`
	Answers     map[string]Words `yaml:"answers"`
	HandsOver   bool             `yaml:"hands_over"`
	Expect      DialExpect       `yaml:"expect"`
	WouldChange string           `yaml:"would_change"`
}

// Words are one word or several; in a file "a" or [a, b].
type Words []string

// DialExpect is the result that an example expects.
type DialExpect struct {
	Points       int      `yaml:"points"`
	TierByPoints Tier     `yaml:"tier_by_points"`
	Rules        []string `yaml:"rules"`
	Tier         Tier     `yaml:"tier"`
	Method       string   `yaml:"method"`
	Controls     int      `yaml:"controls"` // of the chosen method
}

// AuthorityExample says who decides.
type AuthorityExample struct {
	Decision string `yaml:"decision"`
	Tier     Tier   `yaml:"tier"`
	Amount   int64  `yaml:"amount"`
	Expect   string `yaml:"expect"`
}

// GateExample says which decisions a gate may take.
type GateExample struct {
	Gate             string   `yaml:"gate"`
	Blocking         int      `yaml:"blocking"`
	MustsUnmet       int      `yaml:"musts_unmet"`
	KnockOutsUnmet   int      `yaml:"knock_outs_unmet"`
	WithoutCondition int      `yaml:"without_condition"`
	Conditions       int      `yaml:"conditions"`
	Expect           []string `yaml:"expect"`
}

// QuorumExample says how many have to be there.
type QuorumExample struct {
	Tier   Tier `yaml:"tier"`
	BodyOf int  `yaml:"body_of"`
	Expect int  `yaml:"expect"`
}

// CriteriaExample says how many criteria a gate asks when all that limits them holds.
type CriteriaExample struct {
	Gate   string         `yaml:"gate"`
	Tier   Tier           `yaml:"tier"`
	Expect CriteriaExpect `yaml:"expect"`
}

// CriteriaExpect are the numbers of criteria.
type CriteriaExpect struct {
	Must   int `yaml:"must"`
	Should int `yaml:"should"`
}

// ControlsExample says which controls, or how many, a project meets.
type ControlsExample struct {
	ID          string   `yaml:"id"`
	About       string   `yaml:"about"`
	Tier        Tier     `yaml:"tier"`
	Involves    []string `yaml:"involves"`
	Expect      []string `yaml:"expect"`
	ExpectCount int      `yaml:"expect_count"`
	Gates       []string `yaml:"gates"`     // the gates held, where stated
	Documents   []string `yaml:"documents"` // the documents asked, where stated
}

// EvidenceExample says how a control stands so many days after its event.
type EvidenceExample struct {
	Control        string `yaml:"control"`
	Tier           Tier   `yaml:"tier"`
	DaysSinceEvent int    `yaml:"days_since_event"`
	Expect         string `yaml:"expect"`
}

// LeavingExample says whether the method is to be left.
type LeavingExample struct {
	ID     string         `yaml:"id"`
	Story  string         `yaml:"story"`
	Tier   Tier           `yaml:"tier"`
	Facts  map[string]any `yaml:"facts"`
	Expect bool           `yaml:"expect"`
}
