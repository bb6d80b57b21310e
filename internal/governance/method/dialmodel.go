package method

// Dial is the questions that give a project its tier.
type Dial struct {
	AskMinutes   int            `yaml:"ask_minutes"`
	AskedBy      string         `yaml:"asked_by"` // a role
	MaxPoints    int            `yaml:"max_points"`
	Questions    []Question     `yaml:"questions"`
	FromRegister []FromRegister `yaml:"from_register"`
	Tiers        []TierRange    `yaml:"tiers"`
	Floors       []DialRule     `yaml:"floors"`
	Ceilings     []DialRule     `yaml:"ceilings"`
	MethodChoice []MethodChoice `yaml:"method_choice"` // the first that holds
	AskedAgain   []AskedAgain   `yaml:"asked_again"`
	TierChanges  TierChanges    `yaml:"when_tier_changes"`
	Override     Overrides      `yaml:"override"`
	Changes      []TierEffect   `yaml:"changes"`
}

// Question is one question of the dial.
type Question struct {
	ID            string   `yaml:"id"`
	Ask           string   `yaml:"ask"`
	PrefilledFrom string   `yaml:"prefilled_from"` // a fact
	Why           string   `yaml:"why"`
	Choose        string   `yaml:"choose"`  // "one" when not given, or "many"
	Combine       string   `yaml:"combine"` // of many: "max" when not given, or "sum"
	Answers       []Answer `yaml:"answers"`
}

// Many says whether more than one answer may be ticked.
func (q *Question) Many() bool { return q.Choose == "many" }

// Answer is one possible answer.
type Answer struct {
	ID     string   `yaml:"id"`
	Label  string   `yaml:"label"`
	Points int      `yaml:"points"`
	Sets   []string `yaml:"sets"`  // involves.* that it sets
	Alone  bool     `yaml:"alone"` // not together with others
}

// FromRegister sets something that the register holds and the dial need not ask.
type FromRegister struct {
	Sets string `yaml:"sets"`
	When Expr   `yaml:"when"` // over project.*
}

// TierRange is which points give a tier, both ends included.
type TierRange struct {
	ID      Tier   `yaml:"id"`
	Points  Range  `yaml:"points"`
	InAWord string `yaml:"in_a_word"`
}

// DialRule is a floor (AtLeast) or a ceiling (AtMost).
type DialRule struct {
	ID      string `yaml:"id"`
	When    Expr   `yaml:"when"` // over dial.* and project.*
	AtLeast Tier   `yaml:"at_least"`
	AtMost  Tier   `yaml:"at_most"`
	Because string `yaml:"because"`
}

// MethodChoice says which method a project is to use.
type MethodChoice struct {
	When   Expr   `yaml:"when"` // over tier, dial.*, project.*
	Method string `yaml:"method"`
}

// AskedAgain says when the dial is to be looked at again.
type AskedAgain struct {
	At   string `yaml:"at"`
	When Expr   `yaml:"when"` // over facts; may be absent, then At says it
	How  string `yaml:"how"`
}

// TierChanges say what happens when the tier changes.
type TierChanges struct {
	Up   TierChange `yaml:"up"`
	Down TierChange `yaml:"down"`
}

// TierChange is the effect of one direction.
type TierChange struct {
	TakesEffect string `yaml:"takes_effect"`
	GraceDays   int    `yaml:"grace_days"`
}

// Overrides are the rules for a tier other than the dial's.
type Overrides struct {
	Up           Override `yaml:"up"`
	Down         Override `yaml:"down"`
	WarnSharePct int      `yaml:"warn_share_pct"` // of a quarter: above it the dial is wrong and not the projects
}

// Override says who may do it and how far.
type Override struct {
	Who             string `yaml:"who"`      // a role, or
	Decision        string `yaml:"decision"` // a row of authority, at the tier that the dial gave
	Steps           int    `yaml:"steps"`
	Expires         string `yaml:"expires"` // next-gate
	NeverBelowFloor bool   `yaml:"never_below_floor"`
}

// TierEffect is a line of the page that explains what the tiers change.
type TierEffect struct {
	What string `yaml:"what"`
	S    string `yaml:"S"`
	M    string `yaml:"M"`
	L    string `yaml:"L"`
	XL   string `yaml:"XL"`
}
