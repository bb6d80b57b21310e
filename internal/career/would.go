package career

import (
	"context"

	"cairn/internal/career/standing"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Piece is a piece of experience that somebody could have next.
type Piece struct {
	Project, Body, Kind string
	As                  activity.RoleInWork
	From, To            clock.Day // of the piece; empty is today
	Hours               int
}

// Would says to the reader what each of some pieces of experience would do for them
// if it is brought to its end and confirmed by the other side. Nothing while their
// career is off.
func (s *Service) Would(ctx context.Context, who authz.Actor, pieces []Piece) ([]standing.Effect, error) {
	st, err := s.Standing(ctx, who)
	if err != nil || !st.On || len(pieces) == 0 {
		return nil, err
	}
	scales, err := scalesOf(ctx, s.unit.DB.Read, pieces)
	if err != nil {
		return nil, err
	}
	today, at := st.At, date(st.At)
	items, tiers := inputs(st.By, st.Items, today), map[string]string{}
	var next []standing.Item
	for _, p := range pieces {
		around := scales[p.Project]
		it := Item{Key: "piece", Kind: p.Kind, Role: p.As, Origin: Recorded, Project: p.Project, Body: p.Body, Tier: around.tier, Outside: around.outside, Hours: p.Hours, Attesters: []string{"the other side"}}
		one := toStanding(st.By, tiers, 0, &it, at)
		one.Finished = p.As == activity.Led || !lasting(p.Kind) // who deputises or helps for a time leaves before the end
		if p.From != "" && p.To >= p.From && lasting(p.Kind) {
			one.To = at.Add(date(p.To).Sub(date(p.From)))
		}
		next = append(next, one)
	}
	months := 0
	if day := first(st.Items); day != "" && day <= today {
		months = int(at.Sub(date(day)).Hours() / 24 / 30.44)
	}
	return standing.Would(st.By, items, at, months, next), nil
}

// scale is what a framework asks of the project of a piece of work.
type scale struct {
	tier    string // in the words of the method
	outside bool   // no sponsor of it is in the office
}

// scalesOf reads the scales of the projects of some pieces.
func scalesOf(ctx context.Context, q sqldb.Querier, pieces []Piece) (map[string]scale, error) {
	ids := make([]string, 0, len(pieces))
	for _, p := range pieces {
		if p.Project != "" {
			ids = append(ids, p.Project)
		}
	}
	out := map[string]scale{}
	if len(ids) == 0 {
		return out, nil
	}
	var a sqldb.Args
	rows, err := q.QueryContext(ctx, `SELECT 't', g.project_id, g.from_on, CASE g.tier WHEN 1 THEN 'S' WHEN 2 THEN 'M' WHEN 3 THEN 'L' WHEN 4 THEN 'XL' ELSE '' END FROM v_governed g WHERE g.project_id IN (`+a.List(ids)+`)
		UNION ALL SELECT CASE WHEN c.role IN ('pmo_member', 'head_of_pmo') THEN 'i' ELSE 'a' END, a.project_id, a.from_on, '' FROM v_assignment a LEFT JOIN v_account c ON c.person_id = a.person_id
		WHERE a.kind = 'sponsor' AND a.project_id IN (`+a.List(ids)+`) ORDER BY 1, 2, 3`, a.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var what, project, from, tier string
		if err := rows.Scan(&what, &project, &from, &tier); err != nil {
			return nil, err
		}
		s := out[project]
		switch what {
		case "a":
			s.outside = true
		case "i": // one in the office is enough
			s.outside = false
		case "t":
			s.tier = tier
		}
		out[project] = s
	}
	return out, rows.Err()
}

// KindName is the name of a kind of experience in the framework in force; its id
// if that does not know it.
func (s *Service) KindName(ctx context.Context, id string) string {
	f, err := s.inForce(ctx, s.unit.DB.Read)
	if err != nil {
		return id
	}
	return f.KindName(id)
}
