package document

import (
	"context"
	"strings"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
)

// addProject makes a project as far as documents read one: its node, its name.
func addProject(t *testing.T, db *sqldb.DB, id, name string, confidential bool) {
	t.Helper()
	ctx := context.Background()
	tx, err := db.Write.BeginTx(ctx, nil)
	must(t, err)
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	must(t, authz.PutNode(ctx, tx, authz.Node{ID: id, Confidential: confidential}))
	_, err = tx.ExecContext(ctx, `INSERT INTO project (id, confidential, vanished_from, version) VALUES ($1, $2, '', 1)`, id, confidential)
	must(t, err)
	texts := strings.Split(`code parent_id purpose category org_unit phase status baseline_start baseline_end forecast_start forecast_end actual_start actual_end currency rating rating_scale rating_note notes missing name_key code_key category_key org_unit_key phase_key status_key end_key budget_key rating_key`, " ")
	_, err = tx.ExecContext(ctx, `INSERT INTO project_version (project_id, valid_from, valid_to, known_from, known_to, is_current, name, `+strings.Join(texts, ", ")+`)
		VALUES ($1, '2025-01-01', '9999-12-31', 0, 9223372036854775807, TRUE, $2`+strings.Repeat(`, ''`, len(texts))+`)`, id, name)
	must(t, err)
	must(t, tx.Commit())
}

// assign puts a person on a project, for good.
func assign(t *testing.T, db *sqldb.DB, project, person, kind string) {
	t.Helper()
	ctx := context.Background()
	_, err := db.Write.ExecContext(ctx, `INSERT INTO assignment (id, project_id, person_id, kind, for_person_id, work_role, from_on, to_on, origin, source, version)
		VALUES ($1, $2, $3, $4, '', 'led', '2025-01-01', '', 'recorded', '', 1)`, project+person, project, person, kind)
	must(t, err)
	tx, err := db.Write.BeginTx(ctx, nil)
	must(t, err)
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	must(t, authz.PutGrant(ctx, tx, authz.Grant{Source: project + person, Node: project, Person: person, Role: authz.NodeRole(kind), From: "2025-01-01"}))
	must(t, tx.Commit())
}
