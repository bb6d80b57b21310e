package portfolio

import "context"

// Door is the way by which a statement came in.
type Door string

// The doors. Statements of before doors were recorded have none.
const (
	ByForm    Door = "form"
	ByImport  Door = "import"
	ByReport  Door = "report"
	ByGate    Door = "gate" // a gate was passed, and the phase moved on
	ByAPI     Door = "api"
	ByBulk    Door = "bulk"
	ByCommand Door = "command"
	ByUndo    Door = "undo" // of an import or a bulk edit; no statement comes in by it
)

// Doors are all doors.
var Doors = []Door{ByForm, ByImport, ByReport, ByGate, ByAPI, ByBulk, ByCommand, ByUndo}

type doorKey struct{}

// Through says by which door what is stated with this context comes in. It
// belongs to the request and not to the facts, so it travels as the request does.
func Through(ctx context.Context, d Door) context.Context {
	return context.WithValue(ctx, doorKey{}, d)
}

func doorOf(ctx context.Context) Door {
	d, _ := ctx.Value(doorKey{}).(Door) // none: not recorded
	return d
}
