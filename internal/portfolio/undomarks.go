package portfolio

import (
	"context"

	"cairn/internal/kit/sqldb"
)

// A project has one flag of being gone and one mark of being confidential, on
// which several batches may work. What takes one of them back has to know what the
// others did.

// readMarks reads what other batches did to the flags and marks that this one
// worked on, in order of time: ids grow with it.
func readMarks(ctx context.Context, q sqldb.Querier, batch string, byID map[string]*touched) error {
	var ids []string
	for id, t := range byID {
		for _, e := range t.effects {
			if e.kind == flagged || e.kind == madeSecret {
				ids = append(ids, id)
				break
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var w sqldb.Where
	w.And("batch <> ?", batch)
	w.AndIn("kind", []string{string(flagged), string(madeSecret)})
	w.AndIn("subject_id", ids)
	return each(ctx, q, `SELECT project_id, kind, batch, was, became, outcome FROM batch_effect`+w.SQL()+` ORDER BY batch`, w.Values(), func(scan func(...any) error) error {
		var e batchEffect
		var by string
		err := scan(&e.project, &e.kind, &by, &e.was, &e.became, &e.outcome)
		if t := byID[e.project]; err == nil && by < batch {
			t.earlier = append(t.earlier, e)
		} else if err == nil && e.outcome == "" {
			t.later = append(t.later, e)
		}
		return err
	})
}

// since is what a later batch that stands made of the same flag or mark; nil if
// none did.
func (t *touched) since(e batchEffect) *batchEffect {
	for i := range t.later {
		if t.later[i].kind == e.kind {
			return &t.later[i]
		}
	}
	return nil
}

// stands is the flag or the mark as it is now, as effects write it.
func (t *touched) stands(kind effectKind) string {
	switch {
	case kind == flagged:
		return t.vanishedFrom
	case t.confidential:
		return "yes"
	}
	return "no"
}

// movedOn reports whether a flag or mark is no longer the batch's own word.
func (t *touched) movedOn(e batchEffect) bool {
	return t.since(e) != nil || t.stands(e.kind) != or(e.became, map[effectKind]string{madeSecret: "no"}[e.kind])
}

// without is the flag as it would be without the batch: what the last of the
// earlier ones that stand made of it, else what stood before all of them.
func (t *touched) without(e batchEffect) string {
	out, said := e.was, false
	for _, o := range t.earlier {
		if o.kind == flagged && !said {
			out, said = o.was, true
		}
		if o.kind == flagged && o.outcome == "" {
			out = o.became
		}
	}
	return out
}
