package reporting

import (
	"cmp"
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// How many of each the portfolio's page shows; each list says where the rest is.
const glanceRows, glanceNeeds, glanceMelons, glanceLate, glanceMoves = 16, 8, 2, 4, 5

// Glance is the portfolio as its reports tell it, read in a fixed number of
// queries whatever its size.
type Glance struct {
	Today    clock.Day
	Due      Period // the month that is reported on now
	DueBy    clock.Day
	Tally    // of that month
	Standing map[string]int
	Live     int
	Needs    []Need   // what waits, the dearest first
	Melons   []Melon  // green outside, red inside
	Late     []State  // reports of the month to come
	Moves    []Change // declared differently than the month before
	Show     string   // what of the table is asked for
	Table    []Health
}

// NeedKind says why a project needs somebody.
type NeedKind int

// The kinds, the dearest first.
const (
	Hidden   NeedKind = iota // declared green, computed red
	Red                      // declared red
	Soft                     // declared amber, computed red
	Unspoken                 // no report of the month, and the day has passed
)

// Need is a project that waits for somebody.
type Need struct {
	Kind NeedKind
	Health
	Since Period // the first month of the run that is still on; empty if none
}

// Melon is a project that declares green over a red record, with the facts.
type Melon struct {
	Health
	Facts []Fact
}

// Glance reads the portfolio; show is a key of shows, "all", or nothing for the
// projects that need attention first.
func (s *Service) Glance(ctx context.Context, who authz.Actor, show string) (g Glance, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeReports, authz.Instance); err != nil {
			return err
		}
		if _, ok := shows[show]; !ok && show != "" && show != "all" {
			return errs.OnField("show", "Choose one of the list.")
		}
		g = Glance{Today: v.Today, Due: Due(v.Today), Show: show}
		due, err := deadline(ctx, v, g.Due)
		if err != nil {
			return err
		}
		g.DueBy = due.On
		if g.Tally, err = tally(ctx, v, g.Due, false, false); err != nil {
			return err
		}
		if g.Standing, err = standing(ctx, v); err != nil {
			return err
		}
		for _, k := range []string{"green", "amber", "red", "none"} {
			g.Live += g.Standing[k]
		}
		return g.read(ctx, v)
	})
	return g, err
}

// read fills the lists: the table, what needs somebody, and what moved.
func (g *Glance) read(ctx context.Context, v *work.View) (err error) {
	first, err := healths(ctx, v, "", "", glanceRows)
	if err != nil {
		return err
	}
	if err := attachStrips(ctx, v, first); err != nil {
		return err
	}
	g.Table = first
	if _, ok := shows[g.Show]; ok || g.Show == "all" {
		if g.Table, err = healths(ctx, v, "", g.Show, MaxHealth); err != nil {
			return err
		}
		if err := attachStrips(ctx, v, g.Table); err != nil {
			return err
		}
	} else {
		g.Show = ""
	}
	if g.Late, err = states(ctx, v, g.Due, MonthQuery{Show: "to_come"}); err != nil {
		return err
	}
	g.needs(first)
	g.Late = g.Late[:min(len(g.Late), glanceLate)]
	moves, err := moved(ctx, v, g.Due)
	if err != nil {
		return err
	}
	if err := g.facts(ctx, v, first, moves); err != nil {
		return err
	}
	return g.name(ctx, v)
}

// standing counts the live projects by what their newest report declares, and
// the watermelons among them.
func standing(ctx context.Context, v *work.View) (map[string]int, error) {
	w := &sqldb.Where{}
	v.Scope(w, "v.id")
	rows, err := v.QueryContext(ctx, `SELECT COALESCE(r.declared, 'none'), CASE WHEN r.declared = 'green' AND r.computed = 'red' THEN 1 ELSE 0 END, COUNT(*)
		FROM v_project_live v LEFT JOIN report r ON r.project_id = v.id AND r.newest = TRUE`+w.SQL()+` GROUP BY 1, 2`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var declared string
		var melon, n int
		if err := rows.Scan(&declared, &melon, &n); err != nil {
			return nil, err
		}
		out[declared] += n
		if melon == 1 {
			out["watermelon"] += n
		}
	}
	return out, rows.Err()
}

// moved reads the projects that declared something else than the month before,
// those that got worse first.
func moved(ctx context.Context, v *work.View, due Period) (out []Change, err error) {
	w := &sqldb.Where{}
	w.And("r.period = ? AND b.period = ? AND r.declared <> b.declared", string(due), string(due.Add(-1)))
	v.Scope(w, "r.project_id")
	rows, err := v.QueryContext(ctx, `SELECT v.id, v.name, v.code, b.declared, r.declared, b.computed, r.computed, v.currency FROM report r
		JOIN report b ON b.project_id = r.project_id JOIN v_project v ON v.id = r.project_id`+w.SQL()+
		` ORDER BY `+worth("r")+` - `+worth("b")+` DESC, v.name_key, v.id LIMIT `+w.Add(glanceMoves), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Change
		if err := rows.Scan(&c.Project, &c.Name, &c.Code, &c.Then, &c.Now, &c.ThenComputed, &c.Computed, &c.Currency); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// needs orders what waits by what waiting costs: a green report that hides a red
// record, then declared reds, then ambers that the record calls red, then reports
// that are late; within each the larger forecast over budget first.
func (g *Glance) needs(first []Health) {
	for _, h := range first {
		n := Need{Health: h}
		switch {
		case h.Watermelon():
			n.Kind = Hidden
		case h.Declared == "red":
			n.Kind = Red
		case h.Declared == "amber" && h.Computed == "red":
			n.Kind = Soft
		default:
			continue
		}
		n.Since = since(h.Cells)
		g.Needs = append(g.Needs, n)
	}
	if g.Today > g.DueBy {
		for _, st := range g.Late {
			if !slices.ContainsFunc(g.Needs, func(n Need) bool { return n.Project == st.Project }) {
				g.Needs = append(g.Needs, Need{Kind: Unspoken, Health: Health{Project: st.Project, Name: st.Name, Code: st.Code, Declared: st.Before, Computed: st.BeforeComputed, Drafted: st.Drafted}})
			}
		}
	}
	slices.SortStableFunc(g.Needs, func(a, b Need) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.Over(), a.Over()))
	})
	g.Needs = mixed(g.Needs)
}

// mixed keeps at most half of the room for one kind, so that many of the dearest
// do not hide the others.
func mixed(all []Need) []Need {
	if len(all) <= glanceNeeds {
		return all
	}
	var in, rest []Need
	count := map[NeedKind]int{}
	for _, n := range all {
		if count[n.Kind]++; count[n.Kind] <= glanceNeeds/2 && len(in) < glanceNeeds {
			in = append(in, n)
		} else {
			rest = append(rest, n)
		}
	}
	in = append(in, rest[:glanceNeeds-len(in)]...)
	slices.SortStableFunc(in, func(a, b Need) int { return cmp.Compare(a.Kind, b.Kind) })
	return in
}

// since gives the first month of the last run of one declared rating.
func since(cells []Cell) (p Period) {
	last := ""
	for i := len(cells) - 1; i >= 0; i-- {
		switch d := cells[i].Declared; {
		case d == "" && last == "":
		case last == "" || d == last:
			last, p = d, cells[i].Period
		default:
			return p
		}
	}
	return p
}

// facts adds what the newest reports computed, and what moved since those before.
func (g *Glance) facts(ctx context.Context, v *work.View, first []Health, moves []Change) error {
	var ids, changed []string
	for _, h := range first {
		if h.Watermelon() && len(g.Melons) < glanceMelons {
			g.Melons = append(g.Melons, Melon{Health: h})
			ids = append(ids, h.Project)
		}
	}
	for _, c := range moves {
		changed = append(changed, c.Project)
	}
	now, err := newest(ctx, v, append(ids, changed...), "9999-12")
	if err != nil {
		return err
	}
	then, err := newest(ctx, v, changed, string(g.Due))
	if err != nil {
		return err
	}
	for i := range g.Melons {
		for _, f := range now[g.Melons[i].Project].Computed.Facts {
			if f.Rating != "green" {
				g.Melons[i].Facts = append(g.Melons[i].Facts, f)
			}
		}
	}
	for _, c := range moves {
		a, b := then[c.Project], now[c.Project]
		c.EndThen, c.EndNow, c.ForecastThen, c.ForecastIs, c.Summary = a.ForecastEnd, b.ForecastEnd, a.Forecast, b.Forecast, b.OverallReason
		c.Milestone = b.Milestone
		c.MilestoneLate, _ = clock.DaysBetween(b.MilestoneBaseline, b.MilestoneForecast) // a missing date is no slip
		g.Moves = append(g.Moves, c)
	}
	return nil
}

// name adds the project managers to all lists, in one query.
func (g *Glance) name(ctx context.Context, v *work.View) error {
	var ids []string
	for _, h := range g.Table {
		ids = append(ids, h.Project)
	}
	for _, n := range g.Needs {
		ids = append(ids, n.Project)
	}
	for _, st := range g.Late {
		ids = append(ids, st.Project)
	}
	names, err := managers(ctx, v, ids)
	for i := range g.Table {
		g.Table[i].Manager = names[g.Table[i].Project]
	}
	for i := range g.Needs {
		g.Needs[i].Manager = names[g.Needs[i].Project]
	}
	for i := range g.Late {
		g.Late[i].Manager = names[g.Late[i].Project]
	}
	return err
}
