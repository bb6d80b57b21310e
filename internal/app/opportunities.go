package app

import (
	"context"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/work"
	"cairn/internal/opportunity"
	"cairn/internal/opportunity/opportunityweb"
	"cairn/internal/portfolio"
)

// placements puts whom an opportunity was agreed with on its project.
type placements struct{ portfolio *portfolio.Service }

// PlaceIn implements opportunity.Register.
func (p placements) PlaceIn(ctx context.Context, tx *work.Tx, x opportunity.Placement) error {
	a := portfolio.Assignment{Project: x.Project, Person: x.Person, Role: x.Form.Role(), From: x.From, To: x.To, Kind: portfolio.Support}
	switch x.Form {
	case opportunity.Lead:
		a.Kind = portfolio.Manager
	case opportunity.Deputise:
		a.Kind, a.For = portfolio.Deputy, x.For
	case opportunity.Shadow, opportunity.Support:
	}
	return p.portfolio.AssignIn(ctx, tx, &a)
}

// matching says to somebody what an opportunity would do for their standing.
type matching struct{ career *career.Service }

// Would implements opportunityweb.Matching.
func (m matching) Would(ctx context.Context, who authz.Actor, pieces []opportunityweb.Piece) ([]opportunityweb.Match, error) {
	list := make([]career.Piece, len(pieces))
	for i, p := range pieces {
		list[i] = career.Piece(p)
	}
	opens, raises, err := m.career.Would(ctx, who, list)
	if err != nil {
		return nil, err
	}
	out := make([]opportunityweb.Match, len(opens))
	for i := range opens {
		out[i] = opportunityweb.Match{Opens: opens[i], Raises: raises[i]}
	}
	return out, nil
}
