package cpd

import (
	"context"
	"slices"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Waits is a period of somebody's log that comes to its end and is not complete.
type Waits struct {
	Person, Cycle, Scheme string // Scheme is its name
	To, Deadline          clock.Day
	Over                  bool // it has ended, and what it lacks can be put right until the deadline
	Months                int  // before the end: the reminder that is due
}

// AllWaiting reads which periods are to be brought to mind on a day, for everybody. It
// is for reminders alone, each of which goes to the person whose log it is.
func (s *Service) AllWaiting(ctx context.Context, q sqldb.Querier, today clock.Day) (out []Waits, err error) {
	cycles, owners, err := running(ctx, q, today)
	if err != nil {
		return nil, err
	}
	entries := map[string][]Entry{}
	for some := range slices.Chunk(owners, 500) {
		if err := logged(ctx, q, some, cycles, entries); err != nil {
			return nil, err
		}
	}
	for i, c := range cycles {
		if p := measure(c, entries[owners[i]], today); p.Reminding {
			out = append(out, Waits{Person: owners[i], Cycle: c.ID, Scheme: c.Scheme.Name, To: c.To, Deadline: c.Deadline(), Over: p.Over, Months: c.stage(today)})
		}
	}
	return out, nil
}

// stage is the last of the reminders of a period whose day has come, in months before
// its end.
func (c Cycle) stage(today clock.Day) (months int) {
	for _, n := range slices.Backward(slices.Sorted(slices.Values(c.Scheme.RemindMonths))) {
		if monthsOn(c.To, -n) <= today {
			months = n
		}
	}
	return months
}

// running are the periods of which a reminder may be due, with whose each is.
func running(ctx context.Context, q sqldb.Querier, today clock.Day) (cycles []Cycle, owners []string, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+cycleColumns+` WHERE from_on <= $1 AND to_on >= $2 ORDER BY person_id, to_on, id`, today, clock.AddDays(today, -maxHandIn))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c, owner, err := scanCycle(rows.Scan)
		if err != nil {
			return nil, nil, err
		}
		if c.remindFrom() <= today && today <= c.Deadline() {
			cycles, owners = append(cycles, c), append(owners, owner)
		}
	}
	return cycles, owners, rows.Err()
}

// logged reads what people logged in the time of their periods.
func logged(ctx context.Context, q sqldb.Querier, people []string, cycles []Cycle, into map[string][]Entry) error {
	first := cycles[0].From
	for _, c := range cycles {
		first = min(first, c.From)
	}
	var w sqldb.Where
	w.AndIn("person_id", slices.Compact(people))
	w.And("to_on >= ?", first)
	rows, err := q.QueryContext(ctx, `SELECT `+entryColumns+` FROM cpd_entry`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		e, owner, err := scanEntry(rows.Scan)
		if err != nil {
			return err
		}
		into[owner] = append(into[owner], e)
	}
	return rows.Err()
}
