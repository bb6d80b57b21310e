package app

import (
	"context"
	"math"

	"cairn/internal/document"
	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
	"cairn/internal/raid"
)

// askedDocuments tells the feature of documents what the method asks of a project.
type askedDocuments struct{ gov *governance.Service }

// Documents implements document.Asked.
func (a askedDocuments) Documents(ctx context.Context, q sqldb.Querier, project string) ([]document.Required, error) {
	list, err := a.gov.DocumentsAsked(ctx, q, project)
	var out []document.Required
	for _, d := range list {
		out = append(out, document.Required{
			ID: d.ID, Name: d.Name, Purpose: d.Purpose, Phase: d.PhaseName, DueGate: d.DueGate, DueOn: d.DueOn,
			Pages: int(math.Ceil(d.Pages)), Hours: d.Hours, Fields: d.Fields, WrittenBy: d.Writer,
		})
	}
	return out, err
}

// papers lets documents and meetings count as evidence of controls.
type papers struct{ a *App }

// Filed implements governance.Papers.
func (p papers) Filed(ctx context.Context, q sqldb.Querier, projects []string, put func(project, kind, state string, on clock.Day)) error {
	var w sqldb.Where
	w.AndIn("project_id", projects)
	rows, err := q.QueryContext(ctx, `SELECT project_id, kind_id, state, written_at, decided_at FROM v_document_version`+w.SQL()+` ORDER BY written_at`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	zone := p.a.Unit.Zone()
	for rows.Next() {
		var project, kind, state string
		var written, decided int64
		if err := rows.Scan(&project, &kind, &state, &written, &decided); err != nil {
			return err
		}
		put(project, kind, method.Draft, clock.DayOf(sqldb.Time(written), zone))
		if state == string(document.Approved) {
			put(project, kind, method.Approved, clock.DayOf(sqldb.Time(decided), zone))
		}
	}
	return rows.Err()
}

// Met implements governance.Papers: a meeting counts when it was held with its
// quorum, for the project that it was about and all that its body governs.
func (p papers) Met(ctx context.Context, q sqldb.Querier, projects []string, put func(project string, on clock.Day)) error {
	var w sqldb.Where
	w.AndIn("c.descendant_id", projects)
	w.And("m.state IN ('held', 'confirmed') AND m.body_id <> '' AND m.quorum_present >= m.quorum_needed")
	rows, err := q.QueryContext(ctx, `SELECT c.descendant_id, m.held_on FROM v_meeting m JOIN v_body b ON b.id = m.body_id JOIN node_closure c ON c.ancestor_id = b.node_id`+w.SQL()+` ORDER BY m.held_on`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var project string
		var on clock.Day
		if err := rows.Scan(&project, &on); err != nil {
			return err
		}
		put(project, on)
	}
	return rows.Err()
}

// governedActions lets findings raise actions.
type governedActions struct{ raid *raid.Service }

// RaiseIn implements governance.Actions.
func (g governedActions) RaiseIn(ctx context.Context, tx *work.Tx, t governance.Task) (string, error) {
	made, err := g.raid.RaiseIn(ctx, tx, raid.Action{
		Title: t.Title, Detail: t.Detail, Project: t.Project, Owner: t.Owner, Due: t.Due,
		Origin: raid.Origin{Kind: raid.OriginKind(t.From), ID: t.FromID, Title: t.FromTitle, Path: t.FromPath},
	})
	return made.ID, err
}

// seats says who sits in the bodies that govern a project.
type seats struct{}

// Sits implements governance.Bodies.
func (seats) Sits(ctx context.Context, q sqldb.Querier, person, project, kind string, chair bool, day clock.Day) (bool, error) {
	var w sqldb.Where
	w.And("s.person_id = ? AND c.descendant_id = ?", person, project)
	w.And("s.from_on <= ? AND (s.to_on = '' OR s.to_on >= ?)", day, day)
	if kind != "" {
		w.And("b.kind = ?", string(bodyKinds[kind]))
	}
	if chair {
		w.And("s.seat IN ('chair', 'deputy_chair')")
	}
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_seat s JOIN v_body b ON b.id = s.body_id JOIN node_closure c ON c.ancestor_id = b.node_id`+w.SQL(), w.Values()...).Scan(&n)
	return n > 0, err
}
