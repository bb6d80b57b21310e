package bodies

import (
	"context"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func (d *Desk) week(ctx context.Context, v *work.View) (err error) {
	var w sqldb.Where
	w.And("m.state = 'planned' AND m.held_on >= ? AND m.held_on <= ?", v.Today, clock.AddDays(v.Today, 7))
	mine(v, &w)
	v.Scope(&w, "m.node_id")
	d.Meetings, err = listMeetings(ctx, v, &w, "m.held_on, m.starts, m.id LIMIT "+w.Add(deskSize))
	return err
}

func (d *Desk) offers(ctx context.Context, v *work.View) (err error) {
	var w sqldb.Where
	w.And("o.deputy_id = ? AND o.state = 'offered' AND m.state = 'planned' AND m.held_on >= ?", v.Who.Person, v.Today)
	v.Scope(&w, "m.node_id")
	d.Offers, err = listOffers(ctx, v, &w, "m.held_on, o.id LIMIT "+w.Add(deskSize))
	return err
}

// chairs limits meetings to those of which the reader is in the chair: by seat in
// the body on that day, or as the manager of a project that meets without one.
func chairs(v *work.View, w *sqldb.Where) {
	me := v.Who.Person
	w.And(`(EXISTS (SELECT 1 FROM seat s WHERE s.person_id = ? AND s.body_id = m.body_id AND s.seat = 'chair' AND s.from_on <= m.held_on AND (s.to_on = '' OR s.to_on >= m.held_on))
		OR m.body_id = '' AND EXISTS (SELECT 1 FROM v_assignment g WHERE g.person_id = ? AND g.project_id = m.project_id AND g.kind = 'project_manager' AND g.from_on <= ? AND (g.to_on = '' OR g.to_on >= ?)))`, me, me, v.Today, v.Today)
}

// stood reads the deputisings for the reader themselves. The chair finds those
// of others on the page of the meeting.
func (d *Desk) stood(ctx context.Context, v *work.View) error {
	var w sqldb.Where
	w.And("a.for_person_id = ? AND a.capacity = 'deputy' AND a.confirmed_at = 0 AND a.there = TRUE AND m.state IN ('held', 'confirmed')", v.Who.Person)
	v.Scope(&w, "m.node_id")
	rows, err := v.QueryContext(ctx, `SELECT m.id, m.subject, m.held_on, a.person_id, COALESCE(p.name, '') FROM attendance a JOIN meeting m ON m.id = a.meeting_id
		LEFT JOIN v_person p ON p.id = a.person_id`+w.SQL()+` ORDER BY m.held_on, m.id LIMIT `+w.Add(deskSize), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		st := Stood{For: v.Who.Person}
		if err := rows.Scan(&st.Meeting.ID, &st.Meeting.Subject, &st.Meeting.On, &st.Deputy, &st.DeputyName); err != nil {
			return err
		}
		d.Confirm = append(d.Confirm, st)
	}
	return rows.Err()
}

func (d *Desk) minutes(ctx context.Context, v *work.View) (err error) {
	var w sqldb.Where
	w.And("m.state = 'held' AND m.minutes <> ''")
	chairs(v, &w)
	v.Scope(&w, "m.node_id")
	d.Minutes, err = listMeetings(ctx, v, &w, "m.held_on, m.id LIMIT "+w.Add(deskSize))
	return err
}

func (d *Desk) record(ctx context.Context, v *work.View) (err error) {
	var w sqldb.Where
	w.And("m.state = 'planned' AND m.held_on < ? AND m.called_by = ?", v.Today, v.Who.Person)
	v.Scope(&w, "m.node_id")
	d.Record, err = listMeetings(ctx, v, &w, "m.held_on, m.id LIMIT "+w.Add(deskSize))
	return err
}
