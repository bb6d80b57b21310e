package identity

import (
	"context"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// merge is a merge as it is stored.
type merge struct {
	id, from, into string
	was            Person // the entry that went, as it was
	gave           string
	on             clock.Day
	ended          int64
}

func getMerge(ctx context.Context, q sqldb.Querier, id string) (m merge, err error) {
	err = q.QueryRowContext(ctx, `SELECT id, person_id, into_id, name, email, job_title, org_unit, left_on, gave, merged_on, ended_at FROM person_merged WHERE id = $1`, id).
		Scan(&m.id, &m.from, &m.into, &m.was.Name, &m.was.Email, &m.was.JobTitle, &m.was.OrgUnit, &m.was.LeftOn, &m.gave, &m.on, &m.ended)
	m.was.ID = m.from
	return m, err
}

// Unmerge takes a merge back: the two are two again, and what was moved returns
// to the entry that it came from. What was done since stays where it is, and so
// do fields of projects that were changed meanwhile; left says how many projects.
func (s *Service) Unmerge(ctx context.Context, who authz.Actor, id string) (m Merged, left int, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, MergePeople, authz.Instance); err != nil {
			return err
		}
		one, err := getMerge(ctx, tx, id)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE person_merged SET ended_by = $1, ended_at = $2 WHERE id = $3 AND ended_at = 0 AND merged_on >= $4`,
			who.Person, sqldb.Micros(tx.Now), id, clock.AddDays(tx.Today, -MergeDays))
		if err != nil {
			return err
		}
		taken, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if err := undoable(ctx, tx, who, one, taken > 0); err != nil {
			return err
		}
		m = Merged{ID: one.id, From: one.from, Into: one.into, Name: one.was.Name, On: one.on}
		if left, err = s.moveBack(ctx, tx, one); err != nil {
			return err
		}
		if err := partEntries(ctx, tx, one); err != nil {
			return err
		}
		tx.Record(Changed{Person: one.into, What: personParted, Other: one.from})
		return nil
	})
	return m, left, err
}

// undoable refuses what cannot be undone, or not yet.
func undoable(ctx context.Context, tx *work.Tx, who authz.Actor, m merge, taken bool) error {
	var later, gone int
	if err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM person_merged l WHERE l.person_id = $1 AND l.ended_at = 0), (SELECT COUNT(*) FROM person p WHERE p.id = $2 AND p.erased_at <> 0)`,
		m.into, m.into).Scan(&later, &gone); err != nil {
		return err
	}
	switch {
	case gone > 0:
		return errs.New(errs.Conflict, "This person was erased.")
	case who.Person != "" && who.Person == m.into:
		return errs.New(errs.Conflict, "This entry is yours. Ask somebody else who may merge.")
	case later > 0:
		return errs.New(errs.Conflict, "This entry was merged into another one itself. Undo that first.")
	case !taken && m.ended == 0:
		return errs.New(errs.Conflict, "This can no longer be undone: it was merged more than %d days ago.", MergeDays)
	case !taken:
		return errs.New(errs.Conflict, "This was undone already.")
	}
	return nil
}

// partEntries makes two entries of the directory again: what the other one gave
// goes back unless it was changed, and entries that had been merged into it follow.
func partEntries(ctx context.Context, tx *work.Tx, m merge) error {
	p, err := getPerson(ctx, tx, m.into)
	if err != nil {
		return err
	}
	for f := range strings.SplitSeq(m.gave, ",") {
		switch {
		case f == "email" && p.Email == m.was.Email && !p.HasAccount:
			p.Email = ""
		case f == "job_title" && p.JobTitle == m.was.JobTitle:
			p.JobTitle = ""
		case f == "org_unit" && p.OrgUnit == m.was.OrgUnit:
			p.OrgUnit = ""
		}
	}
	if _, err := updatePerson(ctx, tx, p); err != nil {
		return err
	}
	email := m.was.Email
	if fold.Key(email) == fold.Key(p.Email) { // it is the address of an account by now
		email = ""
	}
	if _, err := tx.ExecContext(ctx, `UPDATE person SET name = $1, name_key = $2, email = $3, email_key = $4, job_title = $5, org_unit = $6, left_on = $7, merged_into = '', version = version + 1 WHERE id = $8`,
		m.was.Name, fold.Sort(m.was.Name), email, fold.Key(email), m.was.JobTitle, m.was.OrgUnit, m.was.LeftOn, m.from); err != nil {
		if sqldb.IsDuplicate(err) {
			return errs.New(errs.Conflict, "Somebody else has the address %s by now. Take it from them first.", email)
		}
		return err
	}
	return followIn(ctx, tx, m)
}

// followIn lets the entries that had been merged into one that is itself again
// bear its name and number.
func followIn(ctx context.Context, tx *work.Tx, m merge) error {
	again := []string{m.from}
	for len(again) > 0 {
		next := again[0]
		again = again[1:]
		rows, err := tx.QueryContext(ctx, `SELECT person_id FROM person_merged WHERE into_id = $1 AND ended_at = 0`, next)
		if err != nil {
			return err
		}
		ids, err := texts(rows)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, `UPDATE person SET merged_into = $1, name = $2, name_key = $3, job_title = $4, org_unit = $5, left_on = $6 WHERE id = $7`,
				m.from, m.was.Name, fold.Sort(m.was.Name), m.was.JobTitle, m.was.OrgUnit, m.was.LeftOn, id); err != nil {
				return err
			}
		}
		again = append(again, ids...)
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM person_moved WHERE merge_id = $1`, m.id)
	return err
}
