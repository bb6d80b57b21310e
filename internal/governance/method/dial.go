package method

// Answers are the answers of the dial: id of the question, ids of the answers.
type Answers map[string][]string

// Register is what the dial takes from the register.
type Register struct {
	HandsOver bool   // somebody else will run what is made
	Kind      string // project, improvement, study, compulsory; "" counts as project
}

// Result is what the dial gives.
type Result struct {
	Points       int            `json:"points"`
	Max          int            `json:"max"`
	ByPoints     Tier           `json:"by_points"`
	Tier         Tier           `json:"tier"`           // after ceilings and floors
	Floor        Tier           `json:"floor"`          // the highest floor that holds; no override goes below it
	Rules        []RuleHit      `json:"rules"`          // every floor and ceiling that holds, floors first
	Method       string         `json:"method"`         // id of the method to use
	Involves     []string       `json:"involves"`       // sorted, without the word involves: "handover", "supplier"
	Decided      []AnswerPoints `json:"decided"`        // the answers that gave points, heaviest first
	WouldChange  []WouldChange  `json:"would_change"`   // single answers that would give another tier
	PointsToNext int            `json:"points_to_next"` // to the next tier by points; 0 if there is none
}

// RuleHit is a floor or ceiling that holds.
type RuleHit struct {
	ID      string `json:"id"`
	Because string `json:"because"`
	Tier    Tier   `json:"tier"`
	Floor   bool   `json:"floor"`   // else a ceiling
	Decides bool   `json:"decides"` // the tier would be another without it
}

// AnswerPoints is an answer with its points.
type AnswerPoints struct {
	Question string `json:"question"`
	Ask      string `json:"ask"`
	Answer   string `json:"answer"`
	Label    string `json:"label"`
	Points   int    `json:"points"`
}

// WouldChange is a single other answer that would give another tier. Of a question
// with many ticks it is one tick set (or, with Untick, taken away).
type WouldChange struct {
	Question string `json:"question"`
	Ask      string `json:"ask"`
	Answer   string `json:"answer"`
	Label    string `json:"label"`
	Untick   bool   `json:"untick,omitempty"`
	Tier     Tier   `json:"tier"`
}

// CheckAnswers refuses what is missing, unknown or contradictory: an errs.Invalid
// error whose fields are named after the questions. Nil answers give every question.
func (m *Method) CheckAnswers(a Answers) error { panic("not yet") }

// Decide gives the tier. It fails, as CheckAnswers does, when an answer is missing,
// and when the method has no dial.
func (m *Method) Decide(a Answers, r Register) (*Result, error) { panic("not yet") }
