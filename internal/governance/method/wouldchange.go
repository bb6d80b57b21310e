package method

import "slices"

// decided lists the answers that gave points, heaviest first.
func (m *Method) decided(a Answers) []AnswerPoints {
	out := []AnswerPoints{}
	for i := range m.Dial.Questions {
		q := &m.Dial.Questions[i]
		most := m.optionOf(q, a[q.ID]).points
		for _, id := range a[q.ID] {
			answer := q.Answer(id)
			if answer.Points == 0 || q.Combine != "sum" && answer.Points < most {
				continue
			}
			out = append(out, AnswerPoints{q.ID, q.Ask, id, answer.Label, answer.Points})
		}
	}
	slices.SortStableFunc(out, func(a, b AnswerPoints) int { return b.Points - a.Points })
	return out
}

// wouldChange tries every single other answer.
func (m *Method) wouldChange(a Answers, r Register, tier Tier) []WouldChange {
	out := []WouldChange{}
	for i := range m.Dial.Questions {
		q := &m.Dial.Questions[i]
		given := a[q.ID]
		for j := range q.Answers {
			answer := &q.Answers[j]
			other, untick := q.instead(given, answer)
			if other == nil {
				continue
			}
			changed := Answers{}
			for id, ids := range a {
				changed[id] = ids
			}
			changed[q.ID] = other
			if w := m.weigh(changed, r); w.tier != tier {
				out = append(out, WouldChange{q.ID, q.Ask, answer.ID, answer.Label, untick, w.tier})
			}
		}
	}
	return out
}

// instead gives the answers of a question after one of them was chosen, or
// unticked; nil if that changes nothing or leaves none.
func (q *Question) instead(given []string, answer *Answer) (other []string, untick bool) {
	chosen := slices.Contains(given, answer.ID)
	switch {
	case !q.Many() || answer.Alone:
		if chosen {
			return nil, false
		}
		return []string{answer.ID}, false
	case chosen && len(given) == 1:
		return nil, true
	case chosen:
		return slices.DeleteFunc(slices.Clone(given), func(id string) bool { return id == answer.ID }), true
	default:
		together := slices.DeleteFunc(slices.Clone(given), func(id string) bool { return q.Answer(id).Alone })
		return append(together, answer.ID), false
	}
}
