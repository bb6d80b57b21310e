package governanceweb

import (
	"slices"
	"strconv"

	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

// api is what machines can do with governance: the same as people.
func (w *Web) api() []web.Operation {
	return slices.Concat(w.methodOperations(), w.moveOperations(), w.controlOperations(), w.waiverOperations(), w.dialOperations())
}

type nothing struct{}

// tierOf reads a tier; a wrong one is said at its field.
func tierOf(s string) (method.Tier, error) {
	t, err := method.ParseTier(s)
	if err != nil || t == method.NoTier {
		return t, errs.OnField("tier", "Choose S, M, L or XL.")
	}
	return t, nil
}

func dayOf(s, field string) error {
	if s != "" && !clock.ValidDay(s) {
		return errs.OnField(field, "Send a day such as 2026-03-31.")
	}
	return nil
}

// place reads a cursor of the findings: its key is a number.
func place(after string) (at int64, id string, err error) {
	cur, err := web.ParseCursor("findings", after)
	if err != nil || cur == nil {
		return 0, "", err
	}
	if at, err = strconv.ParseInt(cur.Key, 10, 64); err != nil {
		return 0, "", errs.OnField("after", "This place in the list cannot be read.")
	}
	return at, cur.ID, nil
}

// full is a list that is never null.
func full[T any](list []T) []T { return append([]T{}, list...) }
