package governance

import (
	"context"
	"fmt"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
)

// The kinds of reason of a proposal and of a version.
const (
	FromFinding  = "finding"
	FromProposal = "proposal"
	FromLesson   = "lesson" // in words alone: nothing keeps lessons yet
)

// checkReasons names the reasons that cannot be opened: of no kind, or of a record
// that does not exist, or that whoever names it may not see. Those that stood there
// already are somebody else's to answer for.
func checkReasons(ctx context.Context, q sqldb.Querier, who authz.Actor, today clock.Day, c *errs.Check, field string, list, already []Reason) error {
	c.That(len(list) <= 20, field, "At most 20.")
	if len(list) > 20 {
		return nil
	}
	var findings, proposals []string
	for _, r := range list {
		switch r.Kind {
		case FromFinding:
			findings = append(findings, r.ID)
		case FromProposal:
			proposals = append(proposals, r.ID)
		}
	}
	var f, p sqldb.Where
	authz.Scope(&f, who, "f.project_id", today)
	f.AndIn("f.id", findings)
	known, err := idsThere(ctx, q, `SELECT f.id FROM finding f`, &f, findings)
	if err != nil {
		return err
	}
	p.AndIn("r.id", proposals)
	more, err := idsThere(ctx, q, `SELECT r.id FROM control_proposal r`, &p, proposals)
	if err != nil {
		return err
	}
	known = append(known, more...)
	for i, r := range list {
		if slices.Contains(already, r) {
			continue
		}
		at := fmt.Sprintf("/%s/%d/", field, i)
		switch r.Kind {
		case FromFinding, FromProposal:
			c.That(slices.Contains(known, r.ID), at+"id", "There is no such %s, or you may not see it.", r.Kind)
		case FromLesson:
			c.That(r.ID == "" && r.Words != "", at+"id", "Tell the lesson in words; it has no number here.")
		default:
			c.Add(at+"kind", "Choose finding, proposal or lesson.")
		}
	}
	return nil
}

func idsThere(ctx context.Context, q sqldb.Querier, query string, w *sqldb.Where, asked []string) (out []string, err error) {
	if len(asked) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, query+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
