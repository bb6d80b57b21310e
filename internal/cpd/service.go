package cpd

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Cell is a value of a file. Number tells that Text is a plain decimal.
type Cell struct {
	Text   string
	Number bool
}

// Sheet is a table of a file.
type Sheet struct {
	Title  string
	Header []string
	Rows   [][]Cell
}

// Sheets writes tables as a file, in which no text is taken for a formula: xlsx with a
// worksheet for each, csv with the first alone. What keeps spreadsheets implements it.
type Sheets interface {
	Write(format string, sheets ...Sheet) (content []byte, mediaType string, err error)
}

// Service is what people can do with their log.
type Service struct {
	unit   *work.Unit
	sheets Sheets
}

// NewService makes the service.
func NewService(u *work.Unit, sheets Sheets) *Service { return &Service{u, sheets} }

// Today is the organisation's calendar date.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// PageSize is how many entries a page of the log has.
const PageSize = 50

// Log is what a person has.
type Log struct {
	Periods   []Progress // those that run first, by their end
	Entries   []Entry    // newest first, from a place in the list
	More      bool       // there are entries after the last one
	Proposals []Proposal // on the first page
	CareerOff bool       // nothing is proposed
	Schemes   Catalogue
}

// Log reads the person's own log, from an entry on (its last day and id; empty for
// the beginning).
func (s *Service) Log(ctx context.Context, who authz.Actor, afterDay, afterID string) (l Log, err error) {
	in := s.unit.Zone()
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		if l.Schemes, err = catalogueOf(ctx, v, who.Person); err != nil {
			return err
		}
		if l.Periods, err = periods(ctx, v, who.Person, l.Schemes.cycles, v.Today); err != nil {
			return err
		}
		var w sqldb.Where
		w.And("person_id = ?", who.Person)
		if afterID != "" {
			w.AfterKey("to_on", "id", true, afterDay, afterID)
		}
		if l.Entries, err = entriesOf(ctx, v, &w, PageSize+1); err != nil {
			return err
		}
		if l.More = len(l.Entries) > PageSize; l.More {
			l.Entries = l.Entries[:PageSize]
		}
		if afterID == "" {
			l.Proposals, l.CareerOff, err = proposals(ctx, v, who.Person, l.since(v.Now, in), in)
		}
		return err
	})
	return l, err
}

// since is the moment from which on things are proposed: a year ago, or the beginning of
// the earliest period that runs, if that is earlier. What was done in December is still
// proposed when the next period begins.
func (l Log) since(now time.Time, in *time.Location) int64 {
	from := now.AddDate(-1, 0, 0)
	for _, p := range l.Periods {
		if t, err := clock.StartOf(p.From, in); err == nil && p.Begun && !p.Over && t.Before(from) {
			from = t
		}
	}
	return sqldb.Micros(from)
}

// periods measures all periods of a person on a day.
func periods(ctx context.Context, q sqldb.Querier, person string, cycles []Cycle, today clock.Day) (out []Progress, err error) {
	if len(cycles) == 0 {
		return nil, nil
	}
	from := cycles[0].From
	for _, c := range cycles {
		from = min(from, c.From)
	}
	var w sqldb.Where
	w.And("person_id = ? AND to_on >= ?", person, from)
	entries, err := entriesOf(ctx, q, &w, maxEntries)
	if err != nil {
		return nil, err
	}
	for _, c := range cycles {
		out = append(out, measure(c, entries, today))
	}
	slices.SortStableFunc(out, func(a, b Progress) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), byEnd(a, b)) })
	return out, nil
}

// rank puts the periods that run, or can still be put right, before those to come, and
// those that are over last.
func rank(p Progress) int {
	switch {
	case p.Over && !p.Reminding:
		return 2
	case !p.Begun:
		return 1
	}
	return 0
}

// byEnd puts what ends first before what ends later; of those that are over the last one.
func byEnd(a, b Progress) int {
	if a.Over {
		a, b = b, a
	}
	return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID))
}

// Reminders are the periods that end soon and lack something.
func (s *Service) Reminders(ctx context.Context, who authz.Actor) (out []Progress, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		cycles, err := cyclesOf(ctx, v, who.Person)
		if err != nil {
			return err
		}
		all, err := periods(ctx, v, who.Person, cycles, v.Today)
		for _, p := range all {
			if p.Reminding {
				out = append(out, p)
			}
		}
		return err
	})
	return out, err
}

// Entry reads one entry of the person's own.
func (s *Service) Entry(ctx context.Context, who authz.Actor, id string) (e Entry, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		var owner string
		if e, owner, err = getEntry(ctx, v, id); err != nil {
			return err
		}
		return v.May(ctx, Own, authz.Of(owner))
	})
	return e, err
}

// Add adds an entry; with a source it is one that the record proposed to the person.
func (s *Service) Add(ctx context.Context, who authz.Actor, e Entry) (Entry, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		if err := checked(ctx, tx, who.Person, e); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM cpd_entry WHERE person_id = $1`, who.Person).Scan(&n); err != nil {
			return err
		}
		if n >= maxEntries {
			return errs.New(errs.Duplicate, "There are %d entries already. Delete some that you no longer need.", n)
		}
		if e.Source != "" {
			if err := proposed(ctx, tx, who.Person, e.Source); err != nil {
				return err
			}
		}
		e.ID, e.Version = tx.NewID(), 1
		tx.Record(Logged{who.Person, "cpd.entry_added"})
		return insertEntry(ctx, tx, who.Person, e)
	})
	return e, err
}

// checked says what is wrong with an entry.
func checked(ctx context.Context, tx *work.Tx, owner string, e Entry) error {
	known, err := catalogueOf(ctx, tx, owner)
	if err != nil {
		return err
	}
	return e.check(tx.Today, known)
}

// Change changes an entry of the person's own.
func (s *Service) Change(ctx context.Context, who authz.Actor, e Entry) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		old, owner, err := getEntry(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Own, authz.Of(owner)); err != nil {
			return err
		}
		if err := checked(ctx, tx, owner, e); err != nil {
			return err
		}
		e.Source = old.Source
		tx.Record(Logged{owner, "cpd.entry_changed"})
		return saveEntry(ctx, tx, e)
	})
}

// Remove deletes an entry. What the record had proposed is proposed again.
func (s *Service) Remove(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		_, owner, err := getEntry(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Own, authz.Of(owner)); err != nil {
			return err
		}
		tx.Record(Logged{owner, "cpd.entry_removed"})
		_, err = tx.ExecContext(ctx, `DELETE FROM cpd_entry WHERE id = $1`, id)
		return err
	})
}

// Follow begins a period of a scheme by the edition of that day; the targets are those
// of the person's latest period of it, if it began with the same edition.
func (s *Service) Follow(ctx context.Context, who authz.Actor, scheme string, from clock.Day) (c Cycle, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		known, err := catalogueOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		var e errs.Check
		series, ok := known.Find(scheme)
		e.That(ok, "scheme", "Choose a scheme.")
		e.That(clock.ValidDay(from) && from >= "1990-01-01" && from <= clock.AddDays(tx.Today, 366), "from", "Enter a date, such as %s-01-01.", tx.Today[:4])
		e.That(!ok || series.Open(from), "from", "This scheme ended on %s: no period of it begins later.", series.Ended)
		if err := e.Err(); err != nil {
			return err
		}
		if len(known.cycles) >= maxCycles {
			return errs.New(errs.Duplicate, "There are %d periods already. Delete some that you no longer need.", maxCycles)
		}
		def := known.as(series.At(from))
		c = Cycle{ID: tx.NewID(), Scheme: def, From: from, To: def.end(from), Version: 1}
		if err := apart(known.cycles, c); err != nil {
			return err
		}
		tx.Record(Logged{who.Person, "cpd.period_begun"})
		return insertCycle(ctx, tx, who.Person, c)
	})
	return c, err
}

// as is what a new period asks: an edition, with the targets of the person's latest
// period that began with it.
func (c Catalogue) as(edition Scheme) Scheme {
	for _, p := range c.cycles { // the latest first
		if p.Scheme.ID == edition.ID {
			if p.Scheme.Edition == edition.Edition && p.Scheme.Saved == edition.Saved {
				return p.Scheme
			}
			break
		}
	}
	return edition
}

// apart says no to two periods of one scheme that overlap.
func apart(all []Cycle, c Cycle) error {
	for _, o := range all {
		if o.ID != c.ID && o.Scheme.ID == c.Scheme.ID && o.From <= c.To && c.From <= o.To {
			return errs.OnField("from", "A period of this scheme runs from %s to %s already.", o.From, o.To)
		}
	}
	return nil
}

// Set sets targets, limits, the end and the look back of a period.
func (s *Service) Set(ctx context.Context, who authz.Actor, id string, version int64, set Settings) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		c, owner, err := getCycle(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Own, authz.Of(owner)); err != nil {
			return err
		}
		if err := c.set(set); err != nil {
			return err
		}
		all, err := cyclesOf(ctx, tx, owner)
		if err != nil {
			return err
		}
		if err := apart(all, c); err != nil {
			return err
		}
		c.Version = version
		tx.Record(Logged{owner, "cpd.period_set"})
		return saveCycle(ctx, tx, c)
	})
}

// Leave deletes a period; its entries stay in the log.
func (s *Service) Leave(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		_, owner, err := getCycle(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Own, authz.Of(owner)); err != nil {
			return err
		}
		tx.Record(Logged{owner, "cpd.period_left"})
		_, err = tx.ExecContext(ctx, `DELETE FROM cpd_cycle WHERE id = $1`, id)
		return err
	})
}
