package portfolio

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Holdings implements privacy.Holder.
func (s *Service) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	on, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM assignment WHERE person_id = $1 OR for_person_id = $2`, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	fields, err := privacy.Count(ctx, q, `SELECT COUNT(DISTINCT project_id) FROM project_statement WHERE facts LIKE $1 OR actor_id = $2`, "%"+p.ID+"%", p.ID)
	if err != nil {
		return nil, err
	}
	given, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM node_role WHERE person_id = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	named, err := privacy.Count(ctx, q, `SELECT COUNT(DISTINCT project_id) FROM project_statement WHERE lower(facts) LIKE $1 ESCAPE '!'`, privacy.Containing(p.Name))
	if err != nil {
		return nil, err
	}
	lists, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM project_view WHERE owner_id = $1`, p.ID)
	if err != nil {
		return nil, err
	}
	many, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM bulk_edit WHERE person_id = $1) + (SELECT COUNT(*) FROM batch_undone WHERE person_id = $2)`, p.ID, p.ID)
	if err != nil {
		return nil, err
	}
	return []privacy.Holding{
		{Data: "assignments", Private: true, Count: on, Fate: privacy.Anonymised, Why: "That a project had a project manager at a time is part of its history; who it was is not."},
		{Data: "facts of projects: who stated them, and fields that hold a person", Private: true, Count: fields, Fate: privacy.Anonymised, Why: "The project's history stays; who it was does not."},
		{Data: "roles given on portfolios and programmes", Count: given, Fate: privacy.Erased, Why: "They only let the person in."},
		{Data: "lists of the register that they keep", Private: true, Count: lists, Fate: privacy.Erased, Why: "A shared one goes from everybody's tabs."},
		{Data: "bulk edits and undos, and who made them", Private: true, Count: many, Fate: privacy.Anonymised, Why: "What they changed is the register's history."},
		{Data: "words of others that name a person: facts and notes of projects", Count: named, Fate: privacy.Kept, Why: "Others wrote them about a project. Correct them on the project's page where they name somebody."},
	}, nil
}

// EraseIn implements privacy.Holder.
func (s *Service) EraseIn(ctx context.Context, tx *work.Tx, p privacy.Subject) error {
	if err := privacy.Run(ctx, tx, []any{p.ID},
		`DELETE FROM node_role WHERE person_id = $1`,
		`DELETE FROM project_view WHERE owner_id = $1`,
		`DELETE FROM project_columns WHERE person_id = $1`); err != nil {
		return err
	}
	return authz.DropGrantsOf(ctx, tx, p.ID)
}

// Copy implements privacy.Holder.
func (s *Service) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	on, err := privacy.Rows(ctx, q, `SELECT a.project_id, v.name AS project, a.kind, a.work_role, a.from_on, a.to_on, a.origin
		FROM assignment a LEFT JOIN v_project_name v ON v.id = a.project_id WHERE a.person_id = $1 ORDER BY a.from_on, a.id`, p.ID)
	if err != nil {
		return nil, err
	}
	lists, err := privacy.Rows(ctx, q, `SELECT name, query, shared FROM project_view WHERE owner_id = $1 ORDER BY name_key`, p.ID)
	if err != nil {
		return nil, err
	}
	many, err := privacy.Rows(ctx, q, `SELECT id, field, as_at, changed, applied_at FROM bulk_edit WHERE person_id = $1 ORDER BY id`, p.ID)
	if err != nil {
		return nil, err
	}
	given, err := privacy.Rows(ctx, q, `SELECT node_id, role, from_on, to_on FROM node_role WHERE person_id = $1 ORDER BY from_on, id`, p.ID)
	return map[string]any{"assignments": on, "lists": lists, "bulk_edits": many, "roles": given}, err
}

// Places implements privacy.Holder.
func (*Service) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf("assignments", "assignment", "id", privacy.Moves, "person_id", "for_person_id"),
		privacy.PlacesOf("facts of projects: who stated them, and fields that hold a person", "project_statement", "project_id, seq", privacy.Moves, "actor_id"),
		privacy.PlacesOf("facts of projects: who stated them, and fields that hold a person", "project_statement", "", privacy.ByHand, "facts"),
		privacy.PlacesOf("facts of projects: who stated them, and fields that hold a person", "project_version", "", privacy.ByHand, "custom"),
		privacy.PlacesOf("facts of projects: who stated them, and fields that hold a person", "project_words", "", privacy.ByHand, "words"),
		privacy.PlacesOf("roles given on portfolios and programmes", "node_role", "id", privacy.Moves, "person_id"),
		privacy.PlacesOf("roles given on portfolios and programmes", "node_grant", "source_id", privacy.Moves, "person_id"),
		privacy.PlacesOf("lists of the register that they keep", "project_view", "", privacy.Own, "owner_id"),
		privacy.PlacesOf("lists of the register that they keep", "project_view", "", privacy.ByHand, "query"),
		privacy.PlacesOf("lists of the register that they keep", "project_columns", "", privacy.Own, "person_id"),
		privacy.PlacesOf("bulk edits and undos, and who made them", "bulk_edit", "id", privacy.Moves, "person_id", "value"),
		privacy.PlacesOf("bulk edits and undos, and who made them", "batch_undone", "batch", privacy.Moves, "person_id"),
	)
}
