package bodies

import (
	"context"
	"encoding/json"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const meetingColumns = `m.id, m.kind, m.body_id, COALESCE(b.name, ''), m.project_id, COALESCE(n.name, ''), m.node_id, m.held_on, m.starts, m.subject, m.state, m.number,
	m.quorum_needed, m.quorum_present, m.minutes, m.called_by, m.version`

const meetingFrom = ` FROM meeting m LEFT JOIN body b ON b.id = m.body_id LEFT JOIN v_project_name n ON n.id = m.project_id`

func scanMeeting(scan func(...any) error) (m Meeting, err error) {
	err = scan(&m.ID, &m.Kind, &m.Body, &m.BodyName, &m.Project, &m.ProjectName, &m.Node, &m.On, &m.Starts, &m.Subject, &m.State, &m.Number,
		&m.QuorumNeeded, &m.QuorumWas, &m.Minutes, &m.CalledBy, &m.Version)
	return m, err
}

func getMeeting(ctx context.Context, q sqldb.Querier, id string) (Meeting, error) {
	m, err := scanMeeting(q.QueryRowContext(ctx, `SELECT `+meetingColumns+meetingFrom+` WHERE m.id = $1`, id).Scan)
	return m, missing(err, "meeting")
}

func listMeetings(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Meeting, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+meetingColumns+meetingFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanMeeting(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

func insertMeeting(ctx context.Context, tx *work.Tx, m Meeting) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meeting (id, kind, body_id, project_id, node_id, held_on, starts, subject, state, number, quorum_needed, quorum_present, minutes, called_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, '', $10, 1)`, m.ID, string(m.Kind), m.Body, m.Project, m.Node, m.On, m.Starts, m.Subject, string(m.State), m.CalledBy)
	return err
}

func updateMeeting(ctx context.Context, tx *work.Tx, m Meeting) (bool, error) {
	return one(tx.ExecContext(ctx, `UPDATE meeting SET held_on = $1, starts = $2, subject = $3, state = $4, number = $5, quorum_needed = $6, quorum_present = $7, minutes = $8,
		version = version + 1 WHERE id = $9 AND version = $10`, m.On, m.Starts, m.Subject, string(m.State), m.Number, m.QuorumNeeded, m.QuorumWas, m.Minutes, m.ID, m.Version))
}

// attendanceOf reads who was or is on the list of a meeting, the chair first.
func attendanceOf(ctx context.Context, q sqldb.Querier, meeting string) (out []Attendee, err error) {
	rows, err := q.QueryContext(ctx, `SELECT s.person_id, COALESCE(p.name, ''), s.seat, s.side, s.capacity, s.for_person_id, COALESCE(f.name, ''), s.authority, s.there, s.work_role,
		s.confirmed_by, COALESCE(c.name, ''), s.confirmed_at
		FROM attendance s LEFT JOIN v_person p ON p.id = s.person_id LEFT JOIN v_person f ON f.id = s.for_person_id LEFT JOIN v_person c ON c.id = s.confirmed_by
		WHERE s.meeting_id = $1 ORDER BY CASE s.capacity WHEN 'guest' THEN 2 WHEN 'attending' THEN 1 ELSE 0 END, `+seatOrder+`, p.name_key, s.person_id`, meeting)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Attendee
		if err := rows.Scan(&a.Person, &a.Name, &a.Seat, &a.Side, &a.Capacity, &a.For, &a.ForName, &a.Authority, &a.There, &a.Role, &a.ConfirmedBy, &a.ConfirmedName, &a.ConfirmedAt); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

const attendanceInto = `attendance (meeting_id, person_id, seat, side, capacity, for_person_id, authority, there, work_role, confirmed_by, confirmed_at)`

func attendanceRow(meeting string, a Attendee) []any {
	return []any{meeting, a.Person, string(a.Seat), string(a.Side), string(a.Capacity), a.For, a.Authority, a.There, string(a.Role), a.ConfirmedBy, a.ConfirmedAt}
}

func putAttendee(ctx context.Context, tx *work.Tx, meeting string, a Attendee) error {
	return sqldb.Insert(ctx, tx, attendanceInto, ` ON CONFLICT (meeting_id, person_id) DO UPDATE SET seat = excluded.seat, side = excluded.side, capacity = excluded.capacity,
		for_person_id = excluded.for_person_id, authority = excluded.authority, there = excluded.there, work_role = excluded.work_role,
		confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at`, [][]any{attendanceRow(meeting, a)})
}

// replaceAttendance writes who was at a meeting anew. What was confirmed of
// deputising stays with who still deputises for the same person.
func replaceAttendance(ctx context.Context, tx *work.Tx, meeting string, list []Attendee) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM attendance WHERE meeting_id = $1`, meeting); err != nil {
		return err
	}
	var rows [][]any
	for _, a := range list {
		rows = append(rows, attendanceRow(meeting, a))
	}
	return sqldb.Insert(ctx, tx, attendanceInto, ``, rows)
}

// assigned reads who works on a project on a day as the seats of its meetings:
// its manager is in the chair, and deputies of the register stand in.
func assigned(ctx context.Context, q sqldb.Querier, project string, day clock.Day) (out []Seat, err error) {
	rows, err := q.QueryContext(ctx, `SELECT a.id, a.person_id, COALESCE(p.name, ''), a.kind, a.for_person_id, a.from_on, a.to_on FROM v_assignment a LEFT JOIN v_person p ON p.id = a.person_id
		WHERE a.project_id = $1 AND a.from_on <= $2 AND (a.to_on = '' OR a.to_on >= $3)
		ORDER BY CASE a.kind WHEN 'project_manager' THEN 0 WHEN 'sponsor' THEN 1 WHEN 'pmo_partner' THEN 2 WHEN 'deputy' THEN 4 ELSE 3 END, p.name_key, a.id LIMIT 100`, project, day, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Seat
		var kind, instead string
		if err := rows.Scan(&s.ID, &s.Person, &s.Name, &kind, &instead, &s.From, &s.To); err != nil {
			return nil, err
		}
		s.Kind = Member
		if kind == "project_manager" {
			s.Kind = Chair
		}
		if kind == "deputy" {
			for i := range out {
				if out[i].Person == instead {
					out[i].Deputies = append(out[i].Deputies, Deputy{ID: s.ID, Person: s.Person, Name: s.Name, Authority: "deputises for them on this project", From: s.From, To: s.To})
				}
			}
			continue
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

const offerColumns = `o.id, o.meeting_id, o.person_id, COALESCE(p.name, ''), o.deputy_id, COALESCE(d.name, ''), o.authority, o.state, m.subject, m.held_on`

const offerFrom = ` FROM seat_offer o JOIN meeting m ON m.id = o.meeting_id LEFT JOIN v_person p ON p.id = o.person_id LEFT JOIN v_person d ON d.id = o.deputy_id`

func listOffers(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Offer, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+offerColumns+offerFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o Offer
		if err := rows.Scan(&o.ID, &o.Meeting, &o.Person, &o.Name, &o.Deputy, &o.DeputyName, &o.Authority, &o.State, &o.Subject, &o.On); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

func insertOffer(ctx context.Context, tx *work.Tx, o Offer) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO seat_offer (id, meeting_id, person_id, deputy_id, authority, state, offered_at, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		o.ID, o.Meeting, o.Person, o.Deputy, o.Authority, string(o.State), sqldb.Micros(tx.Now))
	return err
}

func answerOffer(ctx context.Context, tx *work.Tx, offer string, to OfferState) error {
	_, err := tx.ExecContext(ctx, `UPDATE seat_offer SET state = $1, answered_at = $2 WHERE id = $3`, string(to), sqldb.Micros(tx.Now), offer)
	return err
}

// kept is an attendee as confirmed minutes keep them: by id, so that an erased
// person is nobody there as well.
type kept struct {
	Person    string   `json:"person"`
	Seat      SeatKind `json:"seat,omitempty"`
	Capacity  Capacity `json:"capacity"`
	For       string   `json:"for,omitempty"`
	Authority string   `json:"authority,omitempty"`
}

func insertMinutes(ctx context.Context, tx *work.Tx, m Meeting, list []Attendee) error {
	there := []kept{}
	for _, a := range list {
		if a.There {
			there = append(there, kept{a.Person, a.Seat, a.Capacity, a.For, a.Authority})
		}
	}
	text, err := json.Marshal(there)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO meeting_minutes (meeting_id, number, words, present, confirmed_by, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		m.ID, m.Number, m.Minutes, string(text), tx.Who.Person, sqldb.Micros(tx.Now))
	return err
}

// confirmedMinutes reads all minutes that were confirmed, the newest first, in two queries.
func confirmedMinutes(ctx context.Context, q sqldb.Querier, meeting string) (out []ConfirmedMinutes, err error) {
	rows, err := q.QueryContext(ctx, `SELECT i.number, i.words, i.present, COALESCE(p.name, ''), i.confirmed_at FROM meeting_minutes i LEFT JOIN v_person p ON p.id = i.confirmed_by
		WHERE i.meeting_id = $1 ORDER BY i.number DESC`, meeting)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ids := map[string]bool{}
	for rows.Next() {
		var c ConfirmedMinutes
		var text string
		var list []kept
		if err := rows.Scan(&c.Number, &c.Words, &text, &c.ByName, &c.At); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return nil, err
		}
		for _, k := range list {
			ids[k.Person], ids[k.For] = true, true
			c.There = append(c.There, Attendee{Person: k.Person, Seat: k.Seat, Capacity: k.Capacity, For: k.For, Authority: k.Authority, There: true})
		}
		out = append(out, c)
	}
	if err := rows.Err(); err != nil || len(out) == 0 {
		return out, err
	}
	return out, nameAll(ctx, q, ids, out)
}

func nameAll(ctx context.Context, q sqldb.Querier, ids map[string]bool, list []ConfirmedMinutes) error {
	var w sqldb.Where
	var all []string
	for id := range ids {
		if id != "" {
			all = append(all, id)
		}
	}
	w.AndIn("id", all)
	rows, err := q.QueryContext(ctx, `SELECT id, name FROM v_person`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names := map[string]string{}
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return err
		}
		names[id] = name
	}
	for i := range list {
		for j, a := range list[i].There {
			list[i].There[j].Name, list[i].There[j].ForName = names[a.Person], names[a.For]
		}
	}
	return rows.Err()
}
