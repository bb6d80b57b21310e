package method

import (
	"cmp"
	"maps"
	"slices"

	"cairn/internal/kit/errs"
)

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
func (m *Method) CheckAnswers(a Answers) error {
	if m.Dial == nil {
		return errs.New(errs.Invalid, "This method has no dial of its own.")
	}
	var c errs.Check
	for i := range m.Dial.Questions {
		q := &m.Dial.Questions[i]
		if problem := q.problem(a[q.ID]); problem != "" {
			c.Add(q.ID, "%s", problem)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a)) {
		if m.Question(id) == nil {
			c.Add(id, "The dial has no such question.")
			break
		}
	}
	return c.Err()
}

// problem says what is wrong with the answers to one question, nothing if they are right.
func (q *Question) problem(given []string) string {
	switch {
	case len(given) == 0:
		return "Choose an answer."
	case len(given) > 1 && !q.Many():
		return "Choose one answer."
	}
	for i, id := range given {
		answer := q.Answer(id)
		switch {
		case answer == nil:
			return "Choose one of the answers given."
		case slices.Contains(given[:i], id):
			return "Choose each answer once."
		case answer.Alone && len(given) > 1:
			return "“" + answer.Label + "” goes with no other answer."
		}
	}
	return ""
}

// Decide gives the tier. It fails, as CheckAnswers does, when an answer is missing,
// and when the method has no dial.
func (m *Method) Decide(a Answers, r Register) (*Result, error) {
	if err := m.CheckAnswers(a); err != nil {
		return nil, err
	}
	w := m.weigh(a, r)
	out := &Result{
		Points: w.points, Max: m.Dial.MaxPoints, ByPoints: w.byPoints, Tier: w.tier, Floor: w.floor(),
		Rules: w.hits, Method: m.choose(w), Involves: m.namesOf(w.set),
	}
	for i := range out.Rules {
		out.Rules[i].Decides = tierOf(w.byPoints, w.hits, i) != w.tier
	}
	for i := range m.Dial.Tiers {
		if t := &m.Dial.Tiers[i]; t.Points.From > w.points {
			out.PointsToNext = t.Points.From - w.points
			break
		}
	}
	out.Decided = m.decided(a)
	out.WouldChange = m.wouldChange(a, r, w.tier)
	return out, nil
}

// weighed is an answer sheet with its points and rules.
type weighed struct {
	points         int
	byPoints, tier Tier
	set            uint32
	facts          Facts
	hits           []RuleHit
}

// floor gives the highest floor that holds.
func (w *weighed) floor() Tier {
	highest := NoTier
	for _, h := range w.hits {
		if h.Floor {
			highest = max(highest, h.Tier)
		}
	}
	return highest
}

// weigh adds up a complete sheet: points, then ceilings, then floors.
func (m *Method) weigh(a Answers, r Register) *weighed {
	w := &weighed{facts: factsOfRegister(r), hits: []RuleHit{}}
	for i := range m.Dial.Questions {
		q := &m.Dial.Questions[i]
		o := m.optionOf(q, a[q.ID])
		w.points += o.points
		w.set |= o.set
		w.facts[answered+q.ID] = o.value
	}
	w.set |= m.setByRegister(w.facts)
	w.byPoints = m.byPoints(w.points)
	v := &values{facts: w.facts}
	for i := range m.Dial.Floors {
		if f := &m.Dial.Floors[i]; f.When.rule.truth(v) == Yes {
			w.hits = append(w.hits, RuleHit{ID: f.ID, Because: f.Because, Tier: f.AtLeast, Floor: true})
		}
	}
	for i := range m.Dial.Ceilings {
		if c := &m.Dial.Ceilings[i]; c.When.rule.truth(v) == Yes {
			w.hits = append(w.hits, RuleHit{ID: c.ID, Because: c.Because, Tier: c.AtMost})
		}
	}
	w.tier = tierOf(w.byPoints, w.hits, -1)
	return w
}

// option is one way to answer a question.
type option struct {
	points int
	set    uint32
	value  any
}

func (m *Method) optionOf(q *Question, given []string) option {
	o := option{value: given}
	if !q.Many() && len(given) == 1 {
		o.value = given[0]
	}
	for _, id := range given {
		a := q.Answer(id)
		if a == nil {
			continue
		}
		if q.Combine == "sum" {
			o.points += a.Points
		} else {
			o.points = max(o.points, a.Points)
		}
		for _, name := range a.Sets {
			o.set |= m.setOf([]string{name[len(involves):]})
		}
	}
	return o
}

func factsOfRegister(r Register) Facts {
	return Facts{"project.kind": cmp.Or(r.Kind, "project"), "project.hands_over": r.HandsOver}
}

func (m *Method) setByRegister(f Facts) uint32 {
	var set uint32
	for i := range m.Dial.FromRegister {
		s := &m.Dial.FromRegister[i]
		if s.When.rule != nil && s.When.rule.truth(&values{facts: f}) == Yes {
			set |= m.setOf([]string{s.Sets[len(involves):]})
		}
	}
	return set
}

func (m *Method) byPoints(points int) Tier {
	for i := range m.Dial.Tiers {
		if t := &m.Dial.Tiers[i]; points >= t.Points.From && points <= t.Points.To {
			return t.ID
		}
	}
	return NoTier
}

// tierOf applies ceilings and then floors, leaving one of the hits out.
func tierOf(t Tier, hits []RuleHit, without int) Tier {
	for i, h := range hits {
		if !h.Floor && i != without {
			t = min(t, h.Tier)
		}
	}
	for i, h := range hits {
		if h.Floor && i != without {
			t = max(t, h.Tier)
		}
	}
	return t
}

// choose gives the method of a sheet, this one when no choice holds.
func (m *Method) choose(w *weighed) string {
	v := &values{facts: w.facts, tier: int64(w.tier)}
	for i := range m.Dial.MethodChoice {
		if c := &m.Dial.MethodChoice[i]; c.When.rule == nil || c.When.rule.truth(v) == Yes {
			return c.Method
		}
	}
	return m.ID
}
