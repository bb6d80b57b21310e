package governance

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/work"
)

// Spread is how long projects took from one gate to the next.
type Spread struct {
	Body, BodyName string // who decided the later gate; both empty for all together
	Days           []int  // one for each project, sorted
}

// Count is how many projects there are.
func (s Spread) Count() int { return len(s.Days) }

// At gives the value below which a share of the projects lies, in days: 0.5 is the
// median. Between two projects it lies in proportion between them.
func (s Spread) At(share float64) int {
	if len(s.Days) == 0 {
		return 0
	}
	at := share * float64(len(s.Days)-1)
	low := int(at)
	if low+1 >= len(s.Days) {
		return s.Days[low]
	}
	part := at - float64(low)
	return int(float64(s.Days[low])*(1-part) + float64(s.Days[low+1])*part + 0.5)
}

// Leg is the way between two gates of a method that follow one another.
type Leg struct {
	Method, MethodName string
	From, To           string // ids of gates
	FromName, ToName   string
	All                Spread
	ByBody             []Spread // the most first
	at                 int      // of the first gate in the method
}

// SpreadQuery is what the times between gates are limited to.
type SpreadQuery struct{ Method, Body string }

// SpreadPage is the times between gates.
type SpreadPage struct {
	Legs    []Leg
	Methods []Named
	Bodies  []Named // who decided, of all legs
	Past    int     // gates of which a spreadsheet tells
	Here    int     // gates that were decided here
}

// Named is something with its name, to choose from.
type Named struct{ ID, Name string }

// passage is a gate that a project passed, and who decided it.
type passage struct {
	on            clock.Day
	body, words   string
	role, version string // of a decision that no body took
}

// Spreads tells how long projects took between gates that follow one another, by
// method and by who decided the later one: gates that were decided here and those
// that spreadsheets tell of, of the projects that the reader sees.
func (s *Service) Spreads(ctx context.Context, who authz.Actor, q SpreadQuery) (page SpreadPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGates, authz.Instance); err != nil {
			return err
		}
		passed, err := passages(ctx, v, &page)
		if err != nil {
			return err
		}
		all, err := everyFollower(ctx, v)
		if err != nil {
			return err
		}
		return s.legs(ctx, v, q, &page, all, passed)
	})
	return page, err
}

func everyFollower(ctx context.Context, v *work.View) (out []Governed, err error) {
	w := whereScoped(v, "project_id")
	w.And("to_on = ?", Lasting)
	rows, err := v.QueryContext(ctx, `SELECT `+governedColumns+` FROM governed`+w.SQL()+` ORDER BY project_id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		g, err := scanGoverned(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// passages reads when gates were passed, by project and gate. What was decided
// here counts more than what a spreadsheet says.
func passages(ctx context.Context, v *work.View, page *SpreadPage) (map[[2]string]passage, error) {
	out := map[[2]string]passage{}
	read := func(query, column, cond, order string, n *int) error {
		w := whereScoped(v, column)
		w.And(cond)
		rows, err := v.QueryContext(ctx, query+w.SQL()+order, w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		return eachPassage(rows, out, n)
	}
	err := read(`SELECT project_id, gate_id, decided_on, body_id, body_words, '', '' FROM past_gate`, "project_id",
		"why_not = '' AND ended_by = '' AND taken_back_at = 0 AND decision IN ('go', 'conditional-go')", "", &page.Past)
	if err == nil {
		err = read(`SELECT d.project_id, d.gate_id, d.decided_on, r.body_id, '', r.who, r.method_version_id FROM gate_decision d JOIN gate_review r ON r.id = d.review_id`, "d.project_id",
			"d.decision IN ('go', 'conditional-go')", " ORDER BY d.decided_at", &page.Here)
	}
	return out, err
}

func eachPassage(rows *sql.Rows, out map[[2]string]passage, n *int) error {
	for rows.Next() {
		var at [2]string
		var p passage
		if err := rows.Scan(&at[0], &at[1], &p.on, &p.body, &p.words, &p.role, &p.version); err != nil {
			return err
		}
		out[at] = p
		*n++
	}
	return rows.Err()
}

// key tells who decided apart.
func (p *passage) key() string {
	switch {
	case p.body != "":
		return "body:" + p.body
	case p.words != "":
		return "words:" + strings.ToLower(strings.Join(strings.Fields(p.words), " "))
	case p.role != "":
		return "role:" + p.role
	}
	return ""
}

// spreading gathers the days of legs.
type spreading struct {
	legs  map[[3]string]*Leg
	order []*Leg
	by    map[*Leg]map[string]*Spread
	names map[string]string // of who decided, by key
}

func (s *Service) legs(ctx context.Context, v *work.View, q SpreadQuery, page *SpreadPage, all []Governed, passed map[[2]string]passage) error {
	sp := &spreading{legs: map[[3]string]*Leg{}, by: map[*Leg]map[string]*Spread{}, names: map[string]string{}}
	if err := s.whoDecided(ctx, v, passed, sp.names); err != nil {
		return err
	}
	methods := map[string]string{}
	for i := range all {
		g := &all[i]
		m, err := s.method(ctx, v, g.Version)
		if err != nil {
			return err
		}
		steps := heldSteps(s.require(g.Version, m, g.Tier, g.Involves))
		for k := 1; k < len(steps); k++ {
			from, there := passed[[2]string{g.Project, steps[k-1].Gate.ID}]
			to, then := passed[[2]string{g.Project, steps[k].Gate.ID}]
			days, known := clock.DaysBetween(from.on, to.on)
			if !there || !then || !known || days < 0 {
				continue
			}
			methods[m.ID] = m.Name
			if q.Method == "" || q.Method == m.ID {
				sp.add(m, steps[k-1].Gate, steps[k].Gate, &to, days, q.Body)
			}
		}
	}
	page.Methods, page.Legs = byName(methods), sp.sorted()
	page.Bodies = byName(sp.names)
	return nil
}

func byName(m map[string]string) (out []Named) {
	for id, name := range m {
		out = append(out, Named{id, name})
	}
	slices.SortFunc(out, func(a, b Named) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return out
}

// whoDecided names those who decided, by key.
func (s *Service) whoDecided(ctx context.Context, v *work.View, passed map[[2]string]passage, names map[string]string) error {
	ids := map[string]bool{}
	for _, p := range passed {
		switch key := p.key(); {
		case p.body != "":
			ids[p.body] = true
			names[key] = p.words
		case p.words != "" && (names[key] == "" || p.words < names[key]):
			names[key] = p.words
		case p.role != "" && names[key] == "":
			m, err := s.method(ctx, v, p.version)
			if err != nil {
				return err
			}
			names[key] = roleName(m, p.role)
		}
	}
	known, err := s.bodyNames(ctx, v, sortedKeys(ids))
	for id, name := range known {
		names["body:"+id] = name
	}
	return err
}

func (sp *spreading) add(m *method.Method, from, to *method.Gate, by *passage, days int, body string) {
	key := by.key()
	if body != "" && body != key {
		return
	}
	at := [3]string{m.ID, from.ID, to.ID}
	leg := sp.legs[at]
	if leg == nil {
		leg = &Leg{Method: m.ID, MethodName: m.Name, From: from.ID, To: to.ID, FromName: from.Name, ToName: to.Name, at: slices.IndexFunc(m.Gates, func(g method.Gate) bool { return g.ID == from.ID })}
		sp.legs[at], sp.by[leg] = leg, map[string]*Spread{}
		sp.order = append(sp.order, leg)
	}
	leg.All.Days = append(leg.All.Days, days)
	if sp.by[leg][key] == nil {
		sp.by[leg][key] = &Spread{Body: key, BodyName: sp.names[key]}
	}
	sp.by[leg][key].Days = append(sp.by[leg][key].Days, days)
}

// sorted gives the legs by method, in the order of the gates.
func (sp *spreading) sorted() (out []Leg) {
	for _, leg := range sp.order {
		slices.Sort(leg.All.Days)
		for _, s := range sp.by[leg] {
			slices.Sort(s.Days)
			leg.ByBody = append(leg.ByBody, *s)
		}
		slices.SortFunc(leg.ByBody, func(a, b Spread) int {
			return cmp.Or(b.Count()-a.Count(), strings.Compare(a.BodyName, b.BodyName), strings.Compare(a.Body, b.Body))
		})
		out = append(out, *leg)
	}
	slices.SortStableFunc(out, func(a, b Leg) int {
		return cmp.Or(strings.Compare(a.MethodName, b.MethodName), strings.Compare(a.Method, b.Method), a.at-b.at)
	})
	return out
}
