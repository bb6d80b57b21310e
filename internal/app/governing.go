package app

import (
	"context"
	"math"

	"cairn/internal/document"
	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
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

// Met implements governance.Papers.
func (p papers) Met(ctx context.Context, q sqldb.Querier, projects []string, put func(project string, on clock.Day)) error {
	return nil
}
