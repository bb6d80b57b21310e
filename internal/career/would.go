package career

import (
	"context"

	"cairn/internal/career/standing"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
)

// Piece is a piece of experience that somebody could have next.
type Piece struct {
	Project, Kind string
	As            activity.RoleInWork
	Hours         int
}

// Would says to the reader what each of some pieces of experience would do for
// them: names of the roles that it would open and of the competencies that it
// would raise. Nothing while their career is off.
func (s *Service) Would(ctx context.Context, who authz.Actor, pieces []Piece) (opens, raises [][]string, err error) {
	if len(pieces) == 0 {
		return nil, nil, nil
	}
	st, err := s.standing(ctx, who, sumItems)
	if err != nil || !st.On {
		return nil, nil, err
	}
	today := s.Today()
	at := date(today)
	var items []standing.Item
	for i, it := range st.Items {
		if it.From <= today {
			items = append(items, toStanding(i, it, at))
		}
	}
	var next []standing.Item
	for _, p := range pieces {
		next = append(next, standing.Item{Key: "piece", Kind: p.Kind, As: string(p.As), Grade: "recorded", Project: p.Project, From: at, To: at, Hours: p.Hours, Finished: true, Outside: true})
	}
	months := 0
	if day := first(st.Items); day != "" && day <= today {
		months = int(at.Sub(date(day)).Hours() / 24 / 30.44)
	}
	opens, raises = standing.Would(st.By, items, at, months, next)
	return opens, raises, nil
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
