package portfolio

import (
	"context"
	"errors"
	"strconv"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// MostInBatch is how many changes one batch may hold.
const MostInBatch = 500

// Statement adds a project, or states facts about one: with an ID and the
// Version that it is based on.
type Statement struct {
	ID           string
	Version      int64
	AsAt         clock.Day // empty is today
	Facts        Facts
	Confidential bool // of a new project
}

// eachItem runs a change for every item of a batch, all or nothing. Everything that
// is wrong is named with its place: "/items/3/facts/name".
func eachItem(n int, change func(i int) error, place func(field string) string) error {
	var c errs.Check
	var first error
	for i := range n {
		err := sqldb.Translate(change(i))
		if err == nil {
			continue
		}
		kind, at := errs.KindOf(err), "/items/"+strconv.Itoa(i)
		if kind == errs.Internal || kind == errs.Unavailable {
			return err
		}
		if first == nil {
			first = err
		}
		fields := errs.FieldsOf(err)
		for _, f := range fields {
			c.Add(at+place(f.Name), "%s", f.Message)
		}
		if len(fields) == 0 {
			c.Add(at, "%s", messageOf(err))
		}
		if kind == errs.Duplicate {
			break // the database takes no further statement
		}
	}
	if first == nil {
		return nil
	}
	return &errs.Error{Kind: errs.KindOf(first), Message: "Nothing was changed: see the items that are named.", Fields: errs.FieldsOf(c.Err()), Err: first}
}

func messageOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

// IsFact reports whether a field of an error is a fact about a project, and not
// what is said about the statement.
func IsFact(name string) bool { return name != "as_at" && name != "items" }

func checkBatch(n int) error {
	if n == 0 || n > MostInBatch {
		return errs.OnField("items", "Send 1 to %d items.", MostInBatch)
	}
	return nil
}

// StateAll adds and changes projects in one unit of work; it gives their ids in
// the order of the batch. One that is refused keeps all out.
func (s *Service) StateAll(ctx context.Context, who authz.Actor, list []Statement) (ids []string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		if err := checkBatch(len(list)); err != nil {
			return err
		}
		ids = make([]string, len(list))
		return eachItem(len(list), func(i int) (err error) {
			st := list[i]
			if st.AsAt == "" {
				st.AsAt = tx.Today
			}
			if ids[i] = st.ID; st.ID != "" {
				return s.changeIn(ctx, tx, st.ID, st.Version, st.AsAt, st.Facts)
			}
			ids[i], err = s.addAuthorisedIn(ctx, tx, st.AsAt, st.Facts, st.Confidential)
			return err
		}, func(field string) string {
			if IsFact(field) {
				return "/facts/" + field
			}
			return "/" + field
		})
	})
	return ids, err
}

// AssignAll makes assignments, and changes those that have an ID, in one unit of
// work; it gives their ids in the order of the batch.
func (s *Service) AssignAll(ctx context.Context, who authz.Actor, list []Assignment) (ids []string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		if err := checkBatch(len(list)); err != nil {
			return err
		}
		ids = make([]string, len(list))
		return eachItem(len(list), func(i int) error {
			a := list[i]
			if a.ID != "" {
				ids[i] = a.ID
				return s.changeAssignmentIn(ctx, tx, a)
			}
			err := s.assignAuthorisedIn(ctx, tx, &a)
			ids[i] = a.ID
			return err
		}, func(field string) string { return "/" + field })
	})
	return ids, err
}
