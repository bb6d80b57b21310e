package app

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// Changes implements transfer.Batches.
func (p projectSink) Changes(ctx context.Context, v *work.View, batch, after string) (transfer.Changes, error) {
	return toTransfer(p.projects.Changes(ctx, v, batch, after))
}

// ChangesIn implements transfer.Batches.
func (p projectSink) ChangesIn(ctx context.Context, tx *work.Tx, batch, after string) (transfer.Changes, error) {
	return toTransfer(p.projects.ChangesIn(ctx, tx, batch, after))
}

// UndoChanges implements transfer.Batches.
func (p projectSink) UndoChanges(ctx context.Context, v *work.View, batch, after string) (transfer.Changes, error) {
	return toTransfer(p.projects.UndoChanges(ctx, v, batch, after))
}

// UndoIn implements transfer.Batches.
func (p projectSink) UndoIn(ctx context.Context, tx *work.Tx, batch string) (transfer.Undone, error) {
	u, err := p.projects.UndoBatchIn(ctx, tx, batch)
	return transfer.Undone(u), err
}

// Undone implements transfer.Batches.
func (p projectSink) Undone(ctx context.Context, v *work.View, batch string) (transfer.Undone, error) {
	u, err := p.projects.BatchUndone(ctx, v, batch)
	return transfer.Undone(u), err
}

// UndoUntil implements transfer.Batches.
func (p projectSink) UndoUntil(applied clock.Day) clock.Day { return portfolio.LastUndo(applied) }

func toTransfer(in portfolio.Changes, err error) (transfer.Changes, error) {
	out := transfer.Changes{Next: in.Next}
	for _, c := range in.Rows {
		out.Rows = append(out.Rows, transfer.Change{
			Record: c.Project, Name: c.Name, Label: c.Label, Kind: kindOf(c.Type), Currency: c.Currency,
			Before: transfer.Value(c.Before), After: transfer.Value(c.After), Outcome: string(c.Outcome), Note: c.Note, At: c.At,
		})
	}
	return out, err
}

// kindOf is how a fact is shown in a diff.
func kindOf(t portfolio.Type) transfer.Kind {
	switch t {
	case portfolio.Date:
		return transfer.Date
	case portfolio.Money:
		return transfer.Money
	case portfolio.OfRating:
		return transfer.Rating
	case portfolio.Text, portfolio.LongText, portfolio.OfScale, portfolio.Node, portfolio.Number, portfolio.Choice, portfolio.PersonRef:
	}
	return transfer.Text
}

// UndoImport takes an import back as the operator; dry shows what that would do.
func (a *App) UndoImport(ctx context.Context, id string, dry bool) (transfer.Undone, error) {
	if dry {
		s, err := a.Transfer.UndoPreview(ctx, authz.AtCommandLine(), id, "")
		return s.Undo, err
	}
	u, err := a.Transfer.Undo(ctx, authz.AtCommandLine(), id)
	if err != nil {
		return u, err
	}
	return u, a.CatchUp(ctx)
}
