package app

import (
	"context"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
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
	effects, err := m.career.Would(ctx, who, list)
	if err != nil {
		return nil, err
	}
	out := make([]opportunityweb.Match, len(effects))
	for i, e := range effects {
		out[i] = opportunityweb.Match(e)
	}
	return out, nil
}

// takers knows what people took and did as opportunities.
type takers struct{ opportunities *opportunity.Service }

// Took implements career.Takers.
func (t takers) Took(ctx context.Context, q sqldb.Querier, upTo clock.Day) ([]career.Took, error) {
	list, err := t.opportunities.Took(ctx, q, upTo)
	out := make([]career.Took, len(list))
	for i, d := range list {
		out[i] = career.Took(d)
	}
	return out, err
}
