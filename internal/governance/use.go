package governance

import (
	"context"
	"slices"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Used is what twelve months say of a control: what it gives, what it costs, how
// often it was waived, what was found, and what follows from that.
type Used struct {
	Control   *method.Control
	All       Balance
	ByTier    map[method.Tier]Balance // nil where a part would be of too few
	Quarters  []Balance               // oldest first; nil where a part would be of too few
	Projects  int                     // that are asked for it today
	Gaps      int                     // of them with a gap today
	Waived    int                     // of them waived today
	Findings  int                     // raised in twelve months
	Proposes  string                  // retire, change, or nothing
	Because   string
	Proposals []Proposal
	Comments  []Comment
}

// Comment is what somebody said about a control.
type Comment struct {
	Control string
	Tier    method.Tier
	Month   string
	Words   string
	By      string // name; empty when it is not signed
}

// Use lists what all controls of the newest version of a method give and cost.
func (s *Service) Use(ctx context.Context, who authz.Actor, of string) (list []Used, m *method.Method, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeUse, authz.Instance); err != nil {
			return err
		}
		last, _, err := newest(ctx, v, of)
		if err != nil {
			return err
		}
		if m, err = s.method(ctx, v, last.ID); err != nil {
			return err
		}
		list, err = s.used(ctx, v, m, "")
		return err
	})
	return list, m, err
}

// UseOf tells the same of one control, with its tiers, quarters and comments.
func (s *Service) UseOf(ctx context.Context, who authz.Actor, of, control string) (u Used, m *method.Method, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeUse, authz.Instance); err != nil {
			return err
		}
		last, _, err := newest(ctx, v, of)
		if err != nil {
			return err
		}
		if m, err = s.method(ctx, v, last.ID); err != nil {
			return err
		}
		if m.Control(control) == nil {
			return missingControl()
		}
		list, err := s.used(ctx, v, m, control)
		if err != nil {
			return err
		}
		u = list[0]
		if u.Proposals, err = proposalsOf(ctx, v, of, control); err != nil {
			return err
		}
		if u.All.Enough {
			u.Comments, err = comments(ctx, v, control, yearBefore(v.Today))
		}
		return err
	})
	return u, m, err
}

func (s *Service) used(ctx context.Context, v *work.View, m *method.Method, control string) ([]Used, error) {
	answers, err := answersSince(ctx, v, control, yearBefore(v.Today))
	if err != nil {
		return nil, err
	}
	by := map[string][]answer{}
	for _, a := range answers {
		by[a.control] = append(by[a.control], a)
	}
	standing, err := standingNow(ctx, v, control)
	if err != nil {
		return nil, err
	}
	found, err := foundSince(ctx, v, control)
	if err != nil {
		return nil, err
	}
	var out []Used
	for i := range m.Controls {
		c := &m.Controls[i]
		if control != "" && c.ID != control {
			continue
		}
		u := Used{Control: c, All: balance(c.ID, method.NoTier, by[c.ID]), Findings: found[c.ID]}
		u.ByTier = parts(c.ID, by[c.ID], func(a answer) method.Tier { return a.tier }, func(t method.Tier) method.Tier { return t })
		quarters := parts(c.ID, by[c.ID], func(a answer) string { return quarter(a.month) }, func(string) method.Tier { return method.NoTier })
		for _, b := range quarters {
			u.Quarters = append(u.Quarters, b)
		}
		slices.SortFunc(u.Quarters, func(a, b Balance) int { return compare(a.From, b.From) })
		for state, n := range standing[c.ID] {
			u.Projects += n
			switch state {
			case Gap:
				u.Gaps = n
			case Waived:
				u.Waived = n
			}
		}
		u.Proposes, u.Because = review(m, c, u)
		out = append(out, u)
	}
	return out, nil
}

func quarter(month string) string {
	return month[:5] + string('1'+rune((month[5]-'0')*10+month[6]-'0'-1)/3)
}

// standingNow counts the projects in each state today, by control.
func standingNow(ctx context.Context, v *work.View, control string) (map[string]map[string]int, error) {
	var w sqldb.Where
	w.And("g.from_on <= ? AND g.to_on > ?", v.Today, v.Today)
	if control != "" {
		w.And("g.control_id = ?", control)
	}
	authz.Scope(&w, v.Who, "g.project_id", v.Today)
	rows, err := v.QueryContext(ctx, `SELECT g.control_id, g.state, COUNT(*) FROM control_segment g`+w.SQL()+` GROUP BY g.control_id, g.state`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]map[string]int{}
	for rows.Next() {
		var c, state string
		var n int
		if err := rows.Scan(&c, &state, &n); err != nil {
			return nil, err
		}
		if out[c] == nil {
			out[c] = map[string]int{}
		}
		out[c][state] = n
	}
	return out, rows.Err()
}

// foundSince counts the findings of twelve months by control.
func foundSince(ctx context.Context, v *work.View, control string) (map[string]int, error) {
	var w sqldb.Where
	w.And("f.raised_on >= ?", yearBefore(v.Today)+"-01")
	if control != "" {
		w.And("f.control_id = ?", control)
	}
	authz.Scope(&w, v.Who, "f.project_id", v.Today)
	rows, err := v.QueryContext(ctx, `SELECT f.control_id, COUNT(*) FROM finding f`+w.SQL()+` GROUP BY f.control_id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var c string
		var n int
		if err := rows.Scan(&c, &n); err != nil {
			return nil, err
		}
		out[c] = n
	}
	return out, rows.Err()
}

func comments(ctx context.Context, q sqldb.Querier, control, from string) (out []Comment, err error) {
	rows, err := q.QueryContext(ctx, `SELECT c.control_id, c.tier, c.month, c.words, COALESCE(p.name, '') FROM control_comment c LEFT JOIN v_person p ON p.id = c.signed_by
		WHERE c.control_id = $1 AND c.month >= $2 ORDER BY c.month DESC, c.id LIMIT 100`, control, from)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Comment
		if err := rows.Scan(&c.Control, &c.Tier, &c.Month, &c.Words, &c.By); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
