package app

import (
	"context"

	"cairn/internal/bodies"
	"cairn/internal/kit/work"
	"cairn/internal/raid"
)

// meetingActions lets meetings raise actions in the one register of actions.
type meetingActions struct{ raid *raid.Service }

// RaiseIn implements bodies.Actions.
func (m meetingActions) RaiseIn(ctx context.Context, tx *work.Tx, a bodies.ActionAsked) (string, error) {
	made, err := m.raid.RaiseIn(ctx, tx, raid.Action{
		Title: a.Title, Project: a.Project, Owner: a.Owner, Due: a.Due,
		Origin: raid.Origin{Kind: raid.OriginKind(a.Origin.Kind), ID: a.Origin.ID, Title: a.Origin.Title, Path: a.Origin.Path},
	})
	return made.ID, err
}
