package career

import (
	"context"
	"slices"

	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// frameworkHolder answers for who drafted and published the framework, which is the
// office's and no career.
type frameworkHolder struct{}

// FrameworkHolder is what the framework holds of people.
func (*Service) FrameworkHolder() privacy.Holder { return frameworkHolder{} }

const frameworkData = "versions of the career framework that they drafted or published"

// Holdings implements privacy.Holder.
func (frameworkHolder) Holdings(ctx context.Context, q sqldb.Querier, p privacy.Subject) ([]privacy.Holding, error) {
	n, err := privacy.Count(ctx, q, `SELECT (SELECT COUNT(*) FROM framework_version WHERE published_by = $1) + (SELECT COUNT(*) FROM framework_draft WHERE changed_by = $2)`, p.ID, p.ID)
	return []privacy.Holding{{Data: frameworkData, Count: n, Fate: privacy.Anonymised, Why: "They are the office's published criteria; the name goes."}}, err
}

// EraseIn implements privacy.Holder: the name goes with the person's own row.
func (frameworkHolder) EraseIn(context.Context, *work.Tx, privacy.Subject) error { return nil }

// Copy implements privacy.Holder.
func (frameworkHolder) Copy(ctx context.Context, q sqldb.Querier, p privacy.Subject) (map[string]any, error) {
	list, err := privacy.Rows(ctx, q, `SELECT number, title, changes, published_at FROM framework_version WHERE published_by = $1 ORDER BY number`, p.ID)
	return map[string]any{"framework_versions": list}, err
}

// Places implements privacy.Holder.
func (frameworkHolder) Places() []privacy.Place {
	return slices.Concat(
		privacy.PlacesOf(frameworkData, "framework_version", "", privacy.Stays, "published_by"),
		privacy.PlacesOf(frameworkData, "framework_draft", "slot", privacy.Moves, "changed_by"),
	)
}
