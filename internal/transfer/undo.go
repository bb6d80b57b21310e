package transfer

import (
	"context"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Batches shows what an import did to the records and takes it back. The feature
// that holds the records knows how.
type Batches interface {
	Changes(ctx context.Context, v *work.View, batch, after string) (Changes, error)
	ChangesIn(ctx context.Context, tx *work.Tx, batch, after string) (Changes, error)
	UndoChanges(ctx context.Context, v *work.View, batch, after string) (Changes, error)
	UndoIn(ctx context.Context, tx *work.Tx, batch string) (Undone, error)
	Undone(ctx context.Context, v *work.View, batch string) (Undone, error)
	UndoUntil(applied clock.Day) clock.Day
}

// Change is one line of a diff: what an import made of one fact of one record.
type Change struct {
	Record, Name, Label string
	Kind                Kind // how the values are written: Text, Date, Money or Rating
	Currency            string
	Before, After       Value
	Outcome, Note       string
	Of                  string // gate: of the gates of the record
	At                  int64  // when somebody stated another value later, microseconds UTC; 0 if nobody did
}

// Changes is a page of a diff; Next is the last record of it, if there are more.
type Changes struct {
	Rows []Change
	Next string
}

// Undone is what an undo did, or would do.
type Undone struct {
	At          int64  `json:"-"` // microseconds UTC; 0 if it would
	By          string `json:"-"`
	Restored    int    `json:"restored"`    // values put back
	Kept        int    `json:"kept"`        // left, since somebody changed them later
	Withdrawn   int    `json:"withdrawn"`   // records that the import had added
	WithWork    int    `json:"with_work"`   // of those, with other work on them
	Assignments int    `json:"assignments"` // taken back
}

// ImportUndone is the event of an import that was taken back.
type ImportUndone struct {
	Import      string `json:"import"`
	Restored    int    `json:"restored"`
	Kept        int    `json:"kept"`
	Withdrawn   int    `json:"withdrawn"`
	Assignments int    `json:"assignments"`
	Person      string `json:"person,omitempty"`
}

// Activity implements activity.Event.
func (e ImportUndone) Activity() activity.Meta {
	m := activity.Meta{Verb: "import.undone", Version: 1, SubjectKind: "import", SubjectID: e.Import}
	if e.Person != "" {
		m.Participants = []activity.Participant{{Person: e.Person, Role: activity.Led}}
	}
	return m
}

// Shown is an import with a page of a diff of it.
type Shown struct {
	Past
	Until   clock.Day // the last day on which it can be undone
	Expired bool      // that day has passed
	Diff    Changes
	Undo    Undone // what the undo did; or would do, on its page
	Fixes   []Corrected
}

// MayUndo reports whether it can still be undone.
func (s Shown) MayUndo() bool { return s.UndoneAt == 0 && !s.Expired }

func (s *Service) dated(p Past) Shown {
	sink := s.sinks[p.Kind]
	if sink == nil { // of a newer program
		return Shown{Past: p, Expired: true}
	}
	until := sink.UndoUntil(clock.DayOf(sqldb.Time(p.At), s.unit.Zone()))
	return Shown{Past: p, Until: until, Expired: s.unit.Today() > until}
}

// Applied shows what an import did, as the record has it, from a record on.
func (s *Service) Applied(ctx context.Context, who authz.Actor, id, after string) (out Shown, err error) {
	return s.shown(ctx, who, id, func(ctx context.Context, v *work.View, sink Sink) (Changes, error) {
		return sink.Changes(ctx, v, id, after)
	})
}

func (s *Service) shown(ctx context.Context, who authz.Actor, id string, diff func(context.Context, *work.View, Sink) (Changes, error)) (out Shown, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		p, err := past(ctx, v, id)
		if err != nil {
			return err
		}
		sink, err := s.sink(p.Kind)
		if err != nil {
			return err
		}
		out = s.dated(p)
		if out.UndoneAt != 0 {
			if out.Undo, err = sink.Undone(ctx, v, id); err != nil {
				return err
			}
		}
		if out.Fixes, err = fixesOf(ctx, v, id); err != nil {
			return err
		}
		out.Diff, err = diff(ctx, v, sink)
		return err
	})
	return out, err
}

func past(ctx context.Context, q sqldb.Querier, id string) (p Past, err error) {
	err = q.QueryRowContext(ctx, `SELECT `+pastColumns+pastFrom+` WHERE i.id = $1`, id).Scan(p.fields()...)
	return p, err
}

// UndoPreview shows what the undo of an import would do, or did. What it would
// do is counted by doing it and keeping nothing.
func (s *Service) UndoPreview(ctx context.Context, who authz.Actor, id, after string) (out Shown, err error) {
	out, err = s.shown(ctx, who, id, func(ctx context.Context, v *work.View, sink Sink) (Changes, error) {
		return sink.UndoChanges(ctx, v, id, after)
	})
	if err != nil || !out.MayUndo() {
		return out, err
	}
	out.Undo, err = s.undo(ctx, who, id, true)
	return out, err
}

// Undo takes an import back: values that still are what it wrote, the projects
// that it added, its assignments. It can be done once, for as long as UndoUntil says.
func (s *Service) Undo(ctx context.Context, who authz.Actor, id string) (Undone, error) {
	return s.undo(ctx, who, id, false)
}

func (s *Service) undo(ctx context.Context, who authz.Actor, id string, dry bool) (u Undone, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		p, err := past(ctx, tx, id)
		if err != nil {
			return err
		}
		if d := s.dated(p); d.UndoneAt == 0 && d.Expired {
			return errs.New(errs.Conflict, "This import can no longer be undone: the last day for it was %s.", d.Until)
		}
		sink, err := s.sink(p.Kind)
		if err != nil {
			return err
		}
		if u, err = sink.UndoIn(ctx, tx, id); err != nil {
			return err
		}
		if dry {
			return errUndo
		}
		tx.Record(ImportUndone{Import: id, Restored: u.Restored, Kept: u.Kept, Withdrawn: u.Withdrawn, Assignments: u.Assignments, Person: tx.Who.Person})
		return nil
	})
	return u, kept(err)
}

// Newest gives the newest import of projects, if it was applied within the last day and is
// in force, with what its undo would do; nil otherwise and for those who may not undo it.
func (s *Service) Newest(ctx context.Context, who authz.Actor) (*Shown, error) {
	list, err := s.Imports(ctx, who, Projects, "", 1)
	if errs.Is(err, errs.Forbidden) || err == nil && len(list) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := s.dated(list[0])
	if out.At < sqldb.Micros(s.unit.Clock.Now())-24*60*60*1000000 || !out.MayUndo() {
		return nil, nil
	}
	return &out, nil
}
