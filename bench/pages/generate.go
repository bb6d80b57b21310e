package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cairn/internal/app"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/sqldb"
)

// world is what the generator leaves behind.
type world struct{ project, person, token string }

const perPerson = 300 // entries in which the person of the bench took part

// generate fills a new database by plain inserts; the chain of the record is
// not computed, since nothing here verifies it.
func generate(ctx context.Context, a *app.App, projects, entries int) (w world, err error) {
	w.project = "p00000042"
	const email = "bench@example.org"
	var have string
	err = a.Store.Read.QueryRowContext(ctx, `SELECT id FROM person WHERE email_key = $1`, email).Scan(&have)
	if err == nil {
		w.person = have
		w.token, err = a.People.EnterDemo(ctx, email)
		return w, err
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return w, err
	}
	p, err := a.People.AddPerson(ctx, authz.AtCommandLine(), identity.Person{Name: "Bea Bench", Email: email})
	if err != nil {
		return w, err
	}
	w.person = p.ID
	if _, err := a.People.Invite(ctx, authz.AtCommandLine(), p.ID, authz.PMOMember); err != nil {
		return w, err
	}
	if err := fill(ctx, a.Store, w.person, projects, entries); err != nil {
		return w, err
	}
	if err := a.Portfolio.RebuildTally(ctx); err != nil {
		return w, err
	}
	if err := a.Career.TurnOn(ctx, authz.Actor{Person: w.person, Role: authz.PMOMember}); err != nil {
		return w, err
	}
	w.token, err = a.People.EnterDemo(ctx, email)
	return w, err
}

func fill(ctx context.Context, db *sqldb.DB, person string, projects, entries int) error {
	tx, err := db.Write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	f := filler{ctx: ctx, tx: tx, statements: map[string]*sql.Stmt{}}
	f.exec(`INSERT INTO portfolio (id, name, name_key, code, purpose, version) VALUES ('f', 'All', 'all', '', '', 1)`)
	f.node("f", "")
	for g := range 20 {
		id := fmt.Sprintf("g%02d", g)
		f.exec(`INSERT INTO programme (id, portfolio_id, name, name_key, code, purpose, version) VALUES ($1, 'f', $2, $3, '', '', 1)`, id, "Programme "+id, id)
		f.node(id, "f")
	}
	for i := range 500 {
		f.exec(`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, '', '', '', '', '', 1)`,
			fmt.Sprintf("m%03d", i), fmt.Sprintf("Manager %03d", i), fmt.Sprintf("manager %03d", i))
	}
	for i := range projects {
		f.project(i, person)
	}
	for seq := 1; seq <= entries && f.err == nil; seq++ {
		f.entry(seq, projects, person)
	}
	f.exec(`UPDATE activity_head SET seq = $1`, base+entries)
	if f.err != nil {
		return f.err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.Write.ExecContext(ctx, `ANALYZE`)
	return err
}

// filler inserts until the first error.
type filler struct {
	ctx        context.Context
	tx         *sql.Tx
	statements map[string]*sql.Stmt
	err        error
}

func (f *filler) exec(query string, args ...any) {
	if f.err != nil {
		return
	}
	stmt := f.statements[query]
	if stmt == nil {
		if stmt, f.err = f.tx.PrepareContext(f.ctx, query); f.err != nil {
			return
		}
		f.statements[query] = stmt
	}
	_, f.err = stmt.ExecContext(f.ctx, args...)
}

func (f *filler) node(id, parent string) {
	f.exec(`INSERT INTO node (id, parent_id, marked, confidential) VALUES ($1, $2, FALSE, FALSE)`, id, parent)
	f.exec(`INSERT INTO node_closure (ancestor_id, descendant_id) VALUES ($1, $2)`, id, id)
	for up := parent; up != ""; {
		f.exec(`INSERT INTO node_closure (ancestor_id, descendant_id) VALUES ($1, $2)`, up, id)
		if up == "f" {
			break
		}
		up = "f"
	}
}

func (f *filler) project(i int, person string) {
	id, parent := fmt.Sprintf("p%08d", i), fmt.Sprintf("g%02d", i%20)
	f.exec(`INSERT INTO project (id, confidential, vanished_from, version) VALUES ($1, FALSE, '', 1)`, id)
	f.node(id, parent)
	status, rating := "Live", []string{"green", "amber", "red", ""}[i%4]
	if i%100 >= 10 {
		status = "Closed"
	}
	name := fmt.Sprintf("Project %05d of the bench", i)
	f.exec(`INSERT INTO project_version (project_id, valid_from, valid_to, known_from, known_to, is_current, name, code, parent_id, purpose, category, org_unit, phase, status,
		baseline_start, baseline_end, forecast_start, forecast_end, actual_start, actual_end, currency, budget, forecast, actual, rating, rating_scale, rating_note, notes, missing,
		name_key, code_key, category_key, org_unit_key, phase_key, status_key, end_key, budget_key, rating_key)
		VALUES ($1, '2025-01-01', '9999-12-31', 1, 9223372036854775807, TRUE, $2, $3, $4, 'A purpose of some length, as people write it.', 'Construction', $5, 'Deliver', $6,
		'2025-01-01', '2026-12-31', '', '2027-02-01', '2025-01-02', '', 'GBP', $7, $8, $9, $10, '3', '', '', '', $11, $12, 'construction', $13, 'deliver', $14, '2027-02-01', $15, '1')`,
		id, name, fmt.Sprintf("P-%05d", i), parent, fmt.Sprintf("Unit %d", i%30), status, 100_000_00+i, 110_000_00+i, 50_000_00+i, rating,
		fmt.Sprintf("project %05d of the bench", i), fmt.Sprintf("p-%05d", i), fmt.Sprintf("unit %d", i%30), map[string]string{"Live": "live", "Closed": "closed"}[status], fmt.Sprintf("%020d", i))
	manager := fmt.Sprintf("m%03d", i%500)
	f.assignment(id+"m", id, manager, "project_manager", "led")
	if i < 40 {
		f.assignment(id+"s", id, person, "pmo_partner", "supported")
	}
	if status == "Live" {
		f.exec(`INSERT INTO report (project_id, period, number, declared, computed, submitted_by, submitted_at) VALUES ($1, '2026-10', 1, 'green', $2, $3, 1)`, id, rating, manager)
	}
}

func (f *filler) assignment(id, project, person, kind, role string) {
	f.exec(`INSERT INTO assignment (id, project_id, person_id, kind, for_person_id, work_role, from_on, to_on, origin, source, version) VALUES ($1, $2, $3, $4, '', $5, '2025-01-01', '', 'recorded', '', 1)`,
		id, project, person, kind, role)
}

// entry is one entry of the record. The person of the bench took part in the
// first ones: forty projects supported, the rest reports prepared.
func (f *filler) entry(seq, projects int, person string) {
	project := fmt.Sprintf("p%08d", seq%projects)
	verb, kind, subject, payload := "project.changed", "project", project, `{"event":{}}`
	if seq <= perPerson {
		project = fmt.Sprintf("p%08d", seq%40)
		verb, kind, subject = "report.submitted", "report", fmt.Sprintf("r%d", seq)
		payload = fmt.Sprintf(`{"event":{"report":"r%d","project":%q,"period":"2025-%02d"},"participants":[{"person":%q,"role":"supported"}]}`, seq, project, 1+seq/40, person)
		if seq <= 40 {
			verb, kind, subject = "assignment.made", "assignment", project+"s"
			payload = fmt.Sprintf(`{"event":{"assignment":%q,"project":%q,"person":%q,"kind":"pmo_partner","role":"supported","from":"2025-01-01","origin":"recorded"},"participants":[{"person":%q,"role":"supported"}]}`,
				project+"s", project, person, person)
		}
		f.exec(`INSERT INTO activity_participant (seq, person_id, role, for_person_id) VALUES ($1, $2, 'supported', '')`, base+seq, person)
	}
	f.exec(`INSERT INTO activity (seq, id, at, verb, version, actor_id, subject_kind, subject_id, project_id, audience, digest, hash) VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, '', x'00', x'00')`,
		base+seq, fmt.Sprintf("a%d", seq), time.Date(2026, 1, 1, 0, 0, seq, 0, time.UTC).UnixMicro(), verb, person, kind, subject, project)
	f.exec(`INSERT INTO activity_payload (seq, salt, payload) VALUES ($1, x'00', $2)`, base+seq, payload)
}

// base leaves room for the entries that the services wrote before.
const base = 1000
