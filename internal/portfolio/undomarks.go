package portfolio

import (
	"context"

	"cairn/internal/kit/sqldb"
)

// A project has one mark of being confidential, on which several batches may work.
// What takes one of them back has to know what the later ones did.

// readMarks reads what later batches that stand did to the marks that this one
// worked on, in order of time: ids grow with it.
func readMarks(ctx context.Context, q sqldb.Querier, batch string, byID map[string]*touched) error {
	var ids []string
	for id, t := range byID {
		for _, e := range t.effects {
			if e.kind == madeSecret {
				ids = append(ids, id)
				break
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var w sqldb.Where
	w.And("batch > ?", batch)
	w.And("kind = ?", string(madeSecret))
	w.And("outcome = ''")
	w.AndIn("subject_id", ids)
	return each(ctx, q, `SELECT project_id, kind, was, became FROM batch_effect`+w.SQL()+` ORDER BY batch`, w.Values(), func(scan func(...any) error) error {
		var e batchEffect
		err := scan(&e.project, &e.kind, &e.was, &e.became)
		if t := byID[e.project]; err == nil {
			t.later = append(t.later, e)
		}
		return err
	})
}

// secrecy is the mark as it is now, as effects write it.
func (t *touched) secrecy() string {
	if t.confidential {
		return "yes"
	}
	return "no"
}

// movedOn reports whether a mark is no longer the batch's own word.
func (t *touched) movedOn(e batchEffect) bool {
	return len(t.later) > 0 || t.secrecy() != or(e.became, "no")
}
