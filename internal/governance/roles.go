package governance

import (
	"context"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Bodies says who sits in the governing body that decides about a project. The
// feature of governing bodies implements it.
type Bodies interface {
	// Sits reports whether the person is a member, or with chair its chair or a
	// deputy of the chair, of a body of that kind ("" for any) over the project.
	Sits(ctx context.Context, q sqldb.Querier, person, project, kind string, chair bool, day clock.Day) (bool, error)
}

// BodiesFrom lets authority rest with governing bodies.
func (s *Service) BodiesFrom(b Bodies) { s.bodies = b }

// The roles of a method that Cairn can tell from its record, by their ids.
const (
	roleSponsor   = "sponsor"
	roleManager   = "project-manager"
	rolePartner   = "pmo-partner"
	roleHead      = "head-of-pmo"
	roleChair     = "chair"
	roleSteering  = "steering-group"
	rolePortfolio = "portfolio-board"
)

// holds reports whether the actor has a role of the method on a project on a day.
// The head of PMO may always act as PMO partner. Roles that the record does not
// know (an adviser, a receiving owner) are held by whoever says so: their word is
// theirs, and stands with their name.
func (s *Service) holds(ctx context.Context, q sqldb.Querier, who authz.Actor, project, role string, day clock.Day) (bool, error) {
	switch role {
	case roleHead:
		return who.Role == authz.HeadOfPMO, nil
	case roleSponsor:
		return assigned(ctx, q, project, who.Person, "sponsor", day)
	case roleManager:
		is, err := assigned(ctx, q, project, who.Person, "project_manager", day)
		if err != nil || is {
			return is, err
		}
		return assigned(ctx, q, project, who.Person, "deputy", day)
	case rolePartner:
		if who.Role == authz.HeadOfPMO {
			return true, nil
		}
		return assigned(ctx, q, project, who.Person, "pmo_partner", day)
	case roleChair, roleSteering, rolePortfolio:
		if s.bodies == nil || who.Person == "" {
			return false, nil
		}
		kind := map[string]string{roleSteering: roleSteering, rolePortfolio: rolePortfolio}[role]
		return s.bodies.Sits(ctx, q, who.Person, project, kind, true, day)
	}
	return who.SignedIn(), nil
}

// recorded says whether the record knows who has a role, so that nobody else may
// claim it.
func recorded(role string) bool {
	switch role {
	case roleHead, roleSponsor, roleManager, rolePartner, roleChair, roleSteering, rolePortfolio:
		return true
	}
	return false
}

func assigned(ctx context.Context, q sqldb.Querier, project, person, kind string, day clock.Day) (bool, error) {
	if person == "" {
		return false, nil
	}
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_assignment WHERE project_id = $1 AND person_id = $2 AND kind = $3 AND from_on <= $4 AND (to_on = '' OR to_on >= $5)`,
		project, person, kind, day, day).Scan(&n)
	return n > 0, err
}

// roleName is a role in the words of the method.
func roleName(m *method.Method, id string) string {
	for i := range m.Roles {
		if m.Roles[i].ID == id {
			return m.Roles[i].Name
		}
	}
	return id
}
