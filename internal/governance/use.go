package governance

import (
	"context"
	"maps"
	"slices"
	"time"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Used is what twelve months say of a control: what it gives, what it costs, how
// often it was waived, what was found, and what follows from that.
type Used struct {
	Control   *method.Control
	All       Balance
	ByTier    map[method.Tier]Balance // of those answers whose tier can be told
	Quarters  []Balance               // oldest first; of the months that ended in it together
	Projects  int                     // that are asked for it today
	Gaps      int                     // of them with a gap today
	Waived    int                     // of them waived today
	Findings  int                     // raised in twelve months
	Proposes  string                  // retire, change, or nothing
	Because   string
	Proposals []Proposal
	Comments  []Comment
	Gone      int       // number of the version that does not have the control any more; 0 while it is there
	Split     int       // number of the version that took up the newest proposal; 0 for none
	Version   int       // number of the newest version that has it
	ReviewOn  clock.Day // when somebody is to look whether it is still needed
	Before    *Balance  // what was said under versions before it, as far as it can be told; nil for nothing
	After     *Balance  // and under it and later ones

	figures figures
}

// Comment is what somebody said about a control.
type Comment struct {
	Control string
	Tier    method.Tier // NoTier where it would single out a few
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
		if list, err = s.used(ctx, v, m, ""); err != nil {
			return err
		}
		proposed, err := proposalsOf(ctx, v, of, "")
		if err != nil {
			return err
		}
		for i := range list {
			for _, r := range proposed {
				if r.Control == list[i].Control.ID {
					list[i].Proposals = append(list[i].Proposals, r)
				}
			}
		}
		return nil
	})
	return list, m, err
}

// UseOf tells the same of one control, with its tiers, quarters and comments. A
// control that was retired is told of as its last version had it. Without a method
// it is of the first one that has the control.
func (s *Service) UseOf(ctx context.Context, who authz.Actor, of, control string) (u Used, m *method.Method, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeUse, authz.Instance); err != nil {
			return err
		}
		list, err := versions(ctx, v, of)
		if err != nil {
			return err
		}
		gone := 0
		if m, gone, err = s.lastWith(ctx, v, list, control); err != nil {
			return err
		}
		used, err := s.used(ctx, v, m, control)
		if err != nil {
			return err
		}
		u = used[0]
		u.Gone = gone
		if u.Proposals, err = proposalsOf(ctx, v, m.ID, control); err != nil {
			return err
		}
		if err := s.split(ctx, v, &u, list, m.ID); err != nil {
			return err
		}
		if u.All.Enough {
			u.Comments, err = comments(ctx, v, u, control)
		}
		return err
	})
	return u, m, err
}

// lastWith finds the newest version that has a control, and the number of the one
// after it, which has it no more.
func (s *Service) lastWith(ctx context.Context, v *work.View, list []Version, control string) (*method.Method, int, error) {
	after := Version{}
	for _, ver := range list {
		m, err := s.method(ctx, v, ver.ID)
		if err != nil {
			return nil, 0, err
		}
		if m.Control(control) == nil {
			after = ver
			continue
		}
		if after.Method == ver.Method {
			return m, after.Number, nil
		}
		return m, 0, nil
	}
	return nil, 0, missingControl()
}

// split parts what was said before a proposal was taken up from what was said
// after.
func (s *Service) split(ctx context.Context, v *work.View, u *Used, list []Version, of string) error {
	for _, p := range u.Proposals {
		if p.State == TakenUp {
			u.Split = max(u.Split, p.Number)
		}
	}
	if u.Split == 0 {
		return nil
	}
	number := map[string]int{}
	for _, ver := range list {
		if ver.Method == of {
			number[ver.ID] = ver.Number
		}
	}
	said, err := figuresFor(ctx, v, u.Control.ID, number)
	if err != nil {
		return err
	}
	if older, newer := said[u.Control.ID].sides(number, u.Split); len(older) > 0 && len(newer) > 0 {
		before, after := total(u.Control.ID, method.NoTier, older), total(u.Control.ID, method.NoTier, newer)
		u.Before, u.After = &before, &after
	}
	return nil
}

func (s *Service) used(ctx context.Context, v *work.View, m *method.Method, control string) ([]Used, error) {
	list, err := versions(ctx, v, m.ID)
	if err != nil {
		return nil, err
	}
	number := map[string]int{}
	for _, ver := range list {
		number[ver.ID] = ver.Number
	}
	said, err := figuresFor(ctx, v, control, number)
	if err != nil {
		return nil, err
	}
	standing, err := standingNow(ctx, v, m.ID, control)
	if err != nil {
		return nil, err
	}
	found, err := foundSince(ctx, v, m.ID, control)
	if err != nil {
		return nil, err
	}
	var out []Used
	for i := range m.Controls {
		c := &m.Controls[i]
		if control != "" && c.ID != control {
			continue
		}
		u := Used{Control: c, Findings: found[c.ID]}
		u.reviewBy(list, s.unit.Zone())
		u.tell(said[c.ID])
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

// reviewYear is how long a control stands before somebody looks at it again, where
// the method names no day: whoever publishes a version has read what is in it.
const reviewYear = 365

// reviewBy says when a control of the newest version is to be looked at again.
func (u *Used) reviewBy(list []Version, zone *time.Location) {
	if len(list) == 0 {
		return
	}
	newest := slices.MaxFunc(list, func(a, b Version) int { return a.Number - b.Number })
	u.Version, u.ReviewOn = newest.Number, u.Control.ReviewOn
	if u.ReviewOn == "" {
		u.ReviewOn = clock.AddDays(clock.DayOf(sqldb.Time(newest.At), zone), reviewYear)
	}
}

// ReviewDue reports whether somebody is to look at the control by a day.
func (u Used) ReviewDue(today clock.Day) bool {
	return u.Gone == 0 && u.ReviewOn != "" && u.ReviewOn <= today
}

// tell puts in what people said.
func (u *Used) tell(f figures) {
	u.All, u.figures = total(u.Control.ID, method.NoTier, f.all), f
	for t, list := range f.tiers {
		if u.ByTier == nil {
			u.ByTier = map[method.Tier]Balance{}
		}
		u.ByTier[t] = total(u.Control.ID, t, list)
	}
	for _, key := range slices.Sorted(maps.Keys(f.quarters)) {
		u.Quarters = append(u.Quarters, total(u.Control.ID, method.NoTier, f.quarters[key]))
	}
}

func quarter(month string) string {
	return month[:5] + string('1'+rune((month[5]-'0')*10+month[6]-'0'-1)/3)
}

// standingNow counts the projects in each state today, by control.
func standingNow(ctx context.Context, v *work.View, of, control string) (map[string]map[string]int, error) {
	var w sqldb.Where
	w.And("g.from_on <= ? AND g.to_on > ?", v.Today, v.Today)
	w.And("x.to_on = ? AND m.method_id = ?", Lasting, of)
	if control != "" {
		w.And("g.control_id = ?", control)
	}
	authz.Scope(&w, v.Who, "g.project_id", v.Today)
	rows, err := v.QueryContext(ctx, `SELECT g.control_id, g.state, COUNT(*) FROM control_segment g JOIN governed x ON x.project_id = g.project_id JOIN method_version m ON m.id = x.method_version_id`+w.SQL()+` GROUP BY g.control_id, g.state`, w.Values()...)
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
func foundSince(ctx context.Context, v *work.View, of, control string) (map[string]int, error) {
	var w sqldb.Where
	w.And("f.raised_on >= ? AND m.method_id = ?", yearBefore(v.Today)+"-01", of)
	if control != "" {
		w.And("f.control_id = ?", control)
	}
	authz.Scope(&w, v.Who, "f.project_id", v.Today)
	rows, err := v.QueryContext(ctx, `SELECT f.control_id, COUNT(*) FROM finding f JOIN governed x ON x.project_id = f.project_id AND x.from_on <= f.raised_on AND x.to_on > f.raised_on JOIN method_version m ON m.id = x.method_version_id`+w.SQL()+` GROUP BY f.control_id`, w.Values()...)
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

// comments gives the comments of the months that are told of, in an order that says
// nothing and never with its month; at which tier only where the answers of those
// months are told of by that tier too.
func comments(ctx context.Context, q sqldb.Querier, u Used, control string) (out []Comment, err error) {
	rows, err := q.QueryContext(ctx, `SELECT c.control_id, c.tier, c.words, c.month, COALESCE(p.name, '') FROM control_comment c LEFT JOIN v_person p ON p.id = c.signed_by
		WHERE c.control_id = $1 AND c.month >= $2 AND c.month <= $3 ORDER BY c.id LIMIT 100`, control, u.All.From, u.All.To)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Comment
		var month string
		if err := rows.Scan(&c.Control, &c.Tier, &c.Words, &month, &c.By); err != nil {
			return nil, err
		}
		inBlock := func(p portion) bool { return p.from <= month && month <= p.to }
		if !slices.ContainsFunc(u.figures.all, inBlock) {
			continue
		}
		if !slices.ContainsFunc(u.figures.tiers[c.Tier], inBlock) {
			c.Tier = method.NoTier
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
