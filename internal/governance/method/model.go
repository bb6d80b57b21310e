package method

// Schema is the form of file that this version reads.
const Schema = "cairn/method/1"

// Method is a method, resolved. It is not to be changed after it was read.
type Method struct {
	Schema         string         `yaml:"schema"`
	ID             string         `yaml:"id"` // "cairn-full"; the same over all versions
	Version        int            `yaml:"version"`
	Name           string         `yaml:"name"`
	Language       string         `yaml:"language"` // of its words; "en" when not given
	About          string         `yaml:"about"`
	Use            Use            `yaml:"use"`  // when it may be used and is to be left
	Dial           *Dial          `yaml:"dial"` // nil: projects come here by the dial of another method
	Roles          []Role         `yaml:"roles"`
	Phases         []Phase        `yaml:"phases"` // in the order of a project's life
	Gates          []Gate         `yaml:"gates"`  // in the order of a project's life
	Decisions      []Decision     `yaml:"decisions"`
	Conditions     ConditionRules `yaml:"conditions"`
	Authority      []Authority    `yaml:"authority"`
	AuthorityRules []string       `yaml:"authority_rules"`
	Quorum         QuorumRules    `yaml:"quorum"`
	Cadence        Cadence        `yaml:"cadence"`
	Documents      []Document     `yaml:"documents"`
	Groups         []Group        `yaml:"groups"`
	Events         []EventKind    `yaml:"events"`
	Controls       []Control      `yaml:"controls"`
	Load           LoadRules      `yaml:"load"`
	Review         ReviewRules    `yaml:"keep_change_retire"`
	ExpectedRange  PerTier[Range] `yaml:"expected_range"` // controls by tier, over every possible answer sheet
	Examples       Examples       `yaml:"examples"`       // what Read holds the method to

	source []byte
	index  *index
}

// Use says when a method fits; a method without rules fits always.
type Use struct {
	When      Expr    `yaml:"when"` // over tier and project.*
	LeaveWhen []Leave `yaml:"leave_when"`
}

// Leave is a reason to move a project to another method.
type Leave struct {
	When    Expr   `yaml:"when"` // over tier and facts
	Because string `yaml:"because"`
}

// RoleKind tells people from bodies.
type RoleKind string

// The kinds of roles.
const (
	OnePerson RoleKind = "person"
	OneBody   RoleKind = "body" // with members and a quorum
)

// Role is a part that somebody plays.
type Role struct {
	ID   string   `yaml:"id"`
	Kind RoleKind `yaml:"kind"`
	Name string   `yaml:"name"`
	Does string   `yaml:"does"`
	Not  string   `yaml:"not"`
}

// Phase is a stretch of a project's life.
type Phase struct {
	ID           string       `yaml:"id"`
	Name         string       `yaml:"name"`
	Purpose      string       `yaml:"purpose"`
	Entry        Passage      `yaml:"entry"`
	Exit         Passage      `yaml:"exit"`
	TypicalWeeks PerTier[int] `yaml:"typical_weeks"` // a hint for planning, not a target
}

// Passage is how a phase is entered or left: by a gate, in words, or both. In a
// file it may be the words alone.
type Passage struct {
	Gate  string `yaml:"gate"`
	Words string `yaml:"words"`
}

// FormKind is how a gate is held.
type FormKind string

// The forms of gates.
const (
	ByReview FormKind = "review" // reviewers, quorum, criteria frozen when it opens
	ByNote   FormKind = "note"   // who decides reads one page and decides there
	FoldedIn FormKind = "folded" // its question is answered at another gate
	NotHeld  FormKind = "none"
)

// Form is how a gate is held at a tier; At names the gate into which it is folded.
type Form struct {
	Kind FormKind
	At   string
}

// Level says how much a criterion weighs.
type Level string

// The levels; the empty one means that it is not asked.
const (
	Must   Level = "must"
	Should Level = "should"
)

// Gate is a question that is decided before the work goes on.
type Gate struct {
	ID        string        `yaml:"id"`
	Name      string        `yaml:"name"`
	After     string        `yaml:"after"` // the phase that it ends
	Form      PerTier[Form] `yaml:"form"`
	Minutes   PerTier[int]  `yaml:"pm_minutes"`
	Decisions []string      `yaml:"decisions"` // which of the method's; all when none is given
	Criteria  []Criterion   `yaml:"criteria"`
}

// Criterion is one question of a gate.
type Criterion struct {
	ID       string         `yaml:"id"`
	Text     string         `yaml:"text"`
	Why      string         `yaml:"why"`
	Level    PerTier[Level] `yaml:"level"`
	When     Expr           `yaml:"when"`      // over tier and involves.*; always when not given
	MustWhen Expr           `yaml:"must_when"` // lifts it to a must
	KnockOut bool           `yaml:"knock_out"` // no condition can stand in for it
	Record   []Expr         `yaml:"record"`    // over facts: what the record can show; it informs and never decides
	Judge    string         `yaml:"judge"`     // what only a person can say
	Controls []string       `yaml:"controls"`  // whose evidence is shown beside it
}

// The decisions that Cairn knows how to act upon. A method may leave some out.
const (
	Go            = "go"
	ConditionalGo = "conditional-go"
	Hold          = "hold"
	Recycle       = "recycle"
	Stop          = "stop"
)

// Decision is what may be decided at a gate.
type Decision struct {
	ID          string   `yaml:"id"`
	Label       string   `yaml:"label"`
	Means       string   `yaml:"means"`
	AllowedWhen Expr     `yaml:"allowed_when"` // over condition.* and criteria.*
	Needs       []string `yaml:"needs"`        // what has to be said with it
}

// Passes says whether the next phase may start after this decision.
func (d *Decision) Passes() bool { return d.ID == Go || d.ID == ConditionalGo }

// ConditionRules say what conditions of a conditional go need and do.
type ConditionRules struct {
	Needs                  []string     `yaml:"needs"`
	Max                    int          `yaml:"max"`
	Blocks                 string       `yaml:"blocks"`
	SpendLimitWhileOpenPct PerTier[int] `yaml:"spend_limit_while_open_pct"`
	ClosedBy               string       `yaml:"closed_by"`
	WaivedBy               string       `yaml:"waived_by"`
	ChasedBeforeDays       []int        `yaml:"chased_before_days"`
	MustsByDefault         string       `yaml:"musts_by_default"`
}

// Kinds of decisions that the authority table knows; a method may have more.
const (
	ForGate        = "gate"
	ForBaseline    = "baseline"
	ForChange      = "change"
	ForContingency = "contingency"
	ForWaiver      = "waiver"
	ForTierDown    = "tier-down"
)

// Authority is a row of the table of who decides; the first row that fits counts.
type Authority struct {
	Decision string   `yaml:"decision"`
	Tier     Tier     `yaml:"tier"`
	UpTo     *int64   `yaml:"up_to"` // whole units of the organisation's currency, included; nil = any amount
	Who      string   `yaml:"who"`   // a role
	Adds     []string `yaml:"adds"`  // roles whose finding or opinion is needed before
}

// QuorumRules say how many have to be there, by tier.
type QuorumRules struct {
	S     QuorumRule `yaml:"S"`
	M     QuorumRule `yaml:"M"`
	L     QuorumRule `yaml:"L"`
	XL    QuorumRule `yaml:"XL"`
	Rules []string   `yaml:"rules"`
}

// QuorumRule is the rule of one tier. The chair counts as a member.
type QuorumRule struct {
	Members   int      `yaml:"members"` // at least
	Reviewers int      `yaml:"reviewers"`
	Share     Share    `yaml:"share"` // of a body's members, rounded up
	Sides     []string `yaml:"sides"` // that have to be among them
	IfBody    *AtLeast `yaml:"if_body"`
	Words     string   `yaml:"words"`
}

// AtLeast replaces members and share where a body decides what one person usually does.
type AtLeast struct {
	Members int   `yaml:"members"`
	Share   Share `yaml:"share"`
}

// Share is a fraction such as 2/3; the zero value is none.
type Share struct{ Of, In int }

// Reporting rhythms.
const (
	AtGates   = "at-gates"
	Monthly   = "monthly"
	Quarterly = "quarterly"
)

// Cadence is the rhythm, by tier; 0 means that there is none.
type Cadence struct {
	Report                   PerTier[string] `yaml:"report"`                  // at-gates, monthly or quarterly
	SilenceLineAfterDays     PerTier[int]    `yaml:"silence_line_after_days"` // one click: still on course, or what not
	FactsLineEveryDays       PerTier[int]    `yaml:"facts_line_every_days"`   // written by Cairn
	BodyMeetsEveryDays       PerTier[int]    `yaml:"governing_body_meets_every_days"`
	CutOffWorkingDay         PerTier[int]    `yaml:"cut_off_working_day"`
	RiskReviewEveryDays      PerTier[int]    `yaml:"risk_review_every_days"`
	PackWorkingDaysBefore    int             `yaml:"pack_sent_working_days_before"`
	MinutesWithinWorkingDays int             `yaml:"minutes_within_working_days"`
}

// Document is something to be written. What the record holds is no document.
type Document struct {
	ID        string           `yaml:"id"`
	Name      string           `yaml:"name"`
	Purpose   string           `yaml:"purpose"`
	Phase     string           `yaml:"phase"`
	When      Expr             `yaml:"when"`       // over tier and involves.*
	Pages     PerTier[float64] `yaml:"pages"`      // at most
	Hours     PerTier[float64] `yaml:"hours"`      // to write and agree, by all who do
	WrittenBy string           `yaml:"written_by"` // a role; the project manager when not given
	Fact      string           `yaml:"fact"`       // of the vocabulary: the document has content
	Fields    []string         `yaml:"fields"`     // headings of the empty page
}

// Group gathers controls under a question.
type Group struct {
	ID       string `yaml:"id"`
	Name     string `yaml:"name"`
	Question string `yaml:"question"`
}

// EventKind is an event of the record that may count as evidence.
type EventKind struct {
	Name  string `yaml:"name"`
	Means string `yaml:"means"`
}

// Control is something that has to be so, and why.
type Control struct {
	ID        string       `yaml:"id"`
	Name      string       `yaml:"name"`
	Group     string       `yaml:"group"`
	Purpose   string       `yaml:"purpose"`
	Risk      string       `yaml:"risk"`
	Phases    []string     `yaml:"phases"`     // where it applies
	Due       string       `yaml:"due"`        // the gate at which it is looked at, or "rhythm"
	When      Expr         `yaml:"when"`       // over tier and involves.*
	Accepts   []Accept     `yaml:"accepts"`    // evidence, best first; any one is enough
	FreshDays PerTier[int] `yaml:"fresh_days"` // how long dated evidence counts, the last day included; 0 = once is enough
	Rhythm    string       `yaml:"rhythm"`     // how often the project manager meets it: once, gate, month, quarter, event
	Minutes   PerTier[int] `yaml:"minutes"`    // the project manager's own, each time
	Owner     string       `yaml:"owner"`      // a role
	ReviewOn  string       `yaml:"review_on"`  // day on which somebody looks whether it is still needed; a year after publication when not given
	Missing   Missing      `yaml:"missing"`
	Waiver    Waiver       `yaml:"waiver"`
	Strength  string       `yaml:"strength"` // strong, fair, weak
	Note      string       `yaml:"note"`

	at int // its place in the method
}

// ByRhythm is the due of a control that comes round.
const ByRhythm = "rhythm"

// AcceptKind is a kind of evidence.
type AcceptKind string

// The kinds of evidence, best first.
const (
	AnEvent       AcceptKind = "event"       // recorded while people worked
	AFact         AcceptKind = "fact"        // an expression over facts, read on the day
	ADocument     AcceptKind = "document"    // in a state
	AnAttestation AcceptKind = "attestation" // a named person's word
)

// Accept is one line of evidence that is enough by itself.
type Accept struct {
	Kind  AcceptKind `yaml:"kind"`
	Name  string     `yaml:"name"`  // event: its name
	Of    string     `yaml:"of"`    // event: of which gate or check; any when not given
	When  Expr       `yaml:"when"`  // fact: over facts, tier and fresh
	ID    string     `yaml:"id"`    // document
	State string     `yaml:"state"` // document: draft or approved; approved is also a draft
	By    string     `yaml:"by"`    // attestation: a role
	Says  string     `yaml:"says"`  // attestation: the words
	All   []Accept   `yaml:"all"`   // facts that have to hold as well
}

// States of documents.
const (
	Draft    = "draft"
	Approved = "approved"
)

// Missing says what to do when there is no evidence.
type Missing struct {
	Urgency string `yaml:"urgency"` // do-now, do-by (the gate, or 14 days), do-when
	Do      string `yaml:"do"`
}

// Waiver says when a control may be left out.
type Waiver struct {
	Typical string `yaml:"typical"`
	MaxDays int    `yaml:"max_days"` // 0 = by nobody
}

// LoadRules are the budget of a project manager's time.
type LoadRules struct {
	Budget         PerTier[float64] `yaml:"budget_minutes_per_month"`
	Months         PerTier[float64] `yaml:"months"` // from exploring to handover
	EventsPerMonth PerTier[float64] `yaml:"events_per_month"`
	NotCounted     string           `yaml:"not_counted"`
}

// ReviewRules say when a control is proposed to be changed or retired.
type ReviewRules struct {
	EnoughAnswers   Expr     `yaml:"enough_answers"` // these three over control.*
	ProposeRetire   Expr     `yaml:"propose_retire"`
	ProposeChange   Expr     `yaml:"propose_change"`
	NotByDislike    []string `yaml:"not_by_dislike_alone"` // controls that protect others than who answers
	AddOnlyIf       string   `yaml:"add_only_if"`
	ReviewEveryDays int      `yaml:"review_every_days"`
}

// Range is a span of numbers, both ends included. In a file it is [from, to].
type Range struct{ From, To int }
