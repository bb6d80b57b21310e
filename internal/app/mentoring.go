package app

import (
	"context"
	"strings"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/mentoring"
)

// mentoringTopics are the competencies of the framework in force.
type mentoringTopics struct{ career *career.Service }

// Topics implements mentoring.Framework.
func (m mentoringTopics) Topics(ctx context.Context) ([]mentoring.Topic, error) {
	list, err := m.career.Competencies(ctx)
	out := make([]mentoring.Topic, len(list))
	for i, c := range list {
		out[i] = mentoring.Topic(c)
	}
	return out, err
}

// mentoringGaps says to somebody which topics of a mentor they could use.
type mentoringGaps struct{ career *career.Service }

// Gaps implements mentoringweb.Matching.
func (m mentoringGaps) Gaps(ctx context.Context, who authz.Actor) (map[string]string, error) {
	gaps, err := m.career.Gaps(ctx, who)
	out := map[string]string{}
	for id, roles := range gaps {
		out[id] = "asked for by " + strings.Join(roles[:min(2, len(roles))], " and ")
	}
	return out, err
}
