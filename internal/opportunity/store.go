package opportunity

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const columns = `o.id, o.title, o.need, o.authority, o.project_id, COALESCE(n.name, ''), ` + over + `, o.subject_kind, o.subject_id,
	CASE WHEN o.subject_kind = 'meeting' THEN COALESCE((SELECT m.held_on || ' ' || m.subject FROM v_meeting m WHERE m.id = o.subject_id), '') ELSE '' END,
	CASE WHEN o.subject_kind = 'meeting' THEN COALESCE((SELECT m.body_id FROM v_meeting m WHERE m.id = o.subject_id), '') ELSE '' END,
	o.form, o.from_on, o.to_on, o.hours, o.places,
	(SELECT COUNT(*) FROM opportunity_place t WHERE t.opportunity_id = o.id AND t.state IN ('agreed', 'debriefed', 'confirmed')),
	o.offered_by, COALESCE(w.name, ''), o.state, o.version`

// over says whether the project has come to its end: nobody takes part in it any more.
const over = `lower(COALESCE(n.status, '')) IN ('closed', 'cancelled')`

const from = ` FROM opportunity o LEFT JOIN v_project_name n ON n.id = o.project_id LEFT JOIN v_person w ON w.id = o.offered_by`

func scan(scan func(...any) error) (o Opportunity, err error) {
	err = scan(&o.ID, &o.Title, &o.Need, &o.Authority, &o.Project, &o.ProjectName, &o.ProjectOver, &o.Subject, &o.SubjectID, &o.SubjectName, &o.Body,
		&o.Form, &o.From, &o.To, &o.Hours, &o.Places, &o.Taken, &o.OfferedBy, &o.OffererName, &o.State, &o.Version)
	return o, err
}

func get(ctx context.Context, q sqldb.Querier, id string) (Opportunity, error) {
	o, err := scan(q.QueryRowContext(ctx, `SELECT `+columns+from+` WHERE o.id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return o, errs.Missing("opportunity")
	}
	return o, err
}

func list(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Opportunity, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+from+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

func insert(ctx context.Context, tx *work.Tx, o Opportunity) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO opportunity (id, project_id, subject_kind, subject_id, form, title, need, authority, from_on, to_on, hours, places, offered_by, offered_at, state, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)`,
		o.ID, o.Project, string(o.Subject), o.SubjectID, string(o.Form), o.Title, o.Need, o.Authority, o.From, o.To, o.Hours, o.Places, o.OfferedBy, sqldb.Micros(tx.Now), string(o.State))
	return err
}

// update writes an offer back if it still has the version that it was read at.
func update(ctx context.Context, tx *work.Tx, o Opportunity) error {
	return saved(tx.ExecContext(ctx, `UPDATE opportunity SET title = $1, need = $2, authority = $3, from_on = $4, to_on = $5, hours = $6, places = $7, state = $8, version = version + 1
		WHERE id = $9 AND version = $10`, o.Title, o.Need, o.Authority, o.From, o.To, o.Hours, o.Places, string(o.State), o.ID, o.Version))
}

func saved(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errs.New(errs.Conflict, "Somebody changed this in the meantime. Look at what it says now, then do yours again.")
}

const placeColumns = `p.id, p.opportunity_id, p.person_id, COALESCE(who.name, ''), p.words, p.line_id, COALESCE(line.name, ''), p.line_agreed, p.state, p.done, p.learned, p.hours, COALESCE(conf.name, ''), p.version`

const placeFrom = ` FROM opportunity_place p JOIN opportunity o ON o.id = p.opportunity_id LEFT JOIN v_person who ON who.id = p.person_id LEFT JOIN v_person line ON line.id = p.line_id LEFT JOIN v_person conf ON conf.id = p.confirmed_by`

func scanPlace(scan func(...any) error, more ...any) (p Place, err error) {
	err = scan(append([]any{&p.ID, &p.Opportunity, &p.Person, &p.Name, &p.Words, &p.Line, &p.LineName, &p.LineAgreed, &p.Stage, &p.Done, &p.Learned, &p.Hours, &p.ConfirmedBy, &p.Version}, more...)...)
	return p, err
}

func getPlace(ctx context.Context, q sqldb.Querier, opportunity, id string) (Place, error) {
	p, err := scanPlace(q.QueryRowContext(ctx, `SELECT `+placeColumns+placeFrom+` WHERE p.id = $1 AND p.opportunity_id = $2`, id, opportunity).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return p, errs.Missing("place")
	}
	return p, err
}

// placesOf are the places of an offer: those that are agreed, and the others of
// which the reader is part, or all of them.
func placesOf(ctx context.Context, q sqldb.Querier, opportunity, reader string, all bool) (out []Place, err error) {
	var w sqldb.Where
	w.And("p.opportunity_id = ?", opportunity)
	if !all {
		w.And("(p.state IN ('agreed', 'debriefed', 'confirmed') OR p.person_id = ? OR p.line_id = ?)", reader, reader)
	}
	rows, err := q.QueryContext(ctx, `SELECT `+placeColumns+placeFrom+w.SQL()+` ORDER BY p.applied_at, p.id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		p, err := scanPlace(rows.Scan)
		if err != nil {
			return nil, err
		}
		if !all && p.Person != reader { // what somebody wrote is between them and the other side
			p.Done, p.Learned, p.Hours = "", "", 0
			if p.Line != reader {
				p.Words, p.Line, p.LineName = "", "", ""
			}
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

const insertPlace = `INSERT INTO opportunity_place (id, opportunity_id, person_id, words, line_id, line_agreed, state, applied_at, given_by, agreed_at, done, learned, hours, done_at, confirmed_by, confirmed_at, version)
	VALUES ($1, $2, $3, $4, $5, FALSE, $6, $7, '', 0, '', '', 0, 0, '', 0, 1)`

// bodyBefore is the body that a gate is planned to be decided by, or else the nearest
// that governs the project; none for a meeting of the project's own.
func bodyBefore(ctx context.Context, q sqldb.Querier, o Opportunity) (id string, err error) {
	if o.Subject == OfMeeting {
		return "", nil
	}
	gate := ""
	if o.Subject == OfGate {
		gate = o.SubjectID
	}
	err = q.QueryRowContext(ctx, `SELECT COALESCE((SELECT b.id FROM v_gate_plan g JOIN v_body b ON b.id = g.body_id WHERE g.project_id = $1 AND g.gate_id = $2),
		(SELECT b.id FROM v_body b JOIN node_closure c ON c.ancestor_id = b.node_id WHERE c.descendant_id = $3 AND b.ended_on = ''
		ORDER BY (SELECT COUNT(*) FROM node_closure d WHERE d.descendant_id = b.node_id) DESC, b.id LIMIT 1), '')`, o.Project, gate, o.Project).Scan(&id)
	return id, err
}

// Done is a piece of work that somebody took and did, as the other side confirmed.
type Done struct {
	Person, Project, Kind string
	As                    activity.RoleInWork
	On                    clock.Day
}

// Took reads what was done up to a day, the oldest first, of projects that are not
// confidential: for statistics that name nobody.
func (s *Service) Took(ctx context.Context, q sqldb.Querier, upTo clock.Day) (out []Done, err error) {
	end, err := clock.StartOf(clock.AddDays(upTo, 1), s.unit.Zone())
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, `SELECT p.person_id, o.project_id, o.subject_kind, o.form, COALESCE((SELECT m.body_id FROM v_meeting m WHERE m.id = o.subject_id), ''), p.confirmed_at
		FROM opportunity_place p JOIN opportunity o ON o.id = p.opportunity_id WHERE p.state = 'confirmed' AND p.confirmed_at < $1
		AND NOT EXISTS (SELECT 1 FROM node n WHERE n.id = o.project_id AND n.confidential = TRUE) ORDER BY p.confirmed_at, p.id`, sqldb.Micros(end))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o Opportunity
		d := Done{}
		var at int64
		if err := rows.Scan(&d.Person, &d.Project, &o.Subject, &o.Form, &o.Body, &at); err != nil {
			return nil, err
		}
		d.Kind, d.As, d.On = o.Leaves().Kind, o.Form.Role(), clock.DayOf(sqldb.Time(at), s.unit.Zone())
		out = append(out, d)
	}
	return out, rows.Err()
}
