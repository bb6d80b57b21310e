package bodies

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func sortKey(name string) string { return fold.Sort(name) }

// missing turns no row into not found.
func missing(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.Missing(what)
	}
	return err
}

// A body governs a project, a programme or a portfolio; its name is looked up in each.
const bodyColumns = `b.id, b.name, b.kind, b.node_id,
	COALESCE((SELECT n.name FROM v_project_name n WHERE n.id = b.node_id), (SELECT g.name FROM v_programme g WHERE g.id = b.node_id), (SELECT f.name FROM v_portfolio f WHERE f.id = b.node_id), ''),
	CASE WHEN EXISTS (SELECT 1 FROM v_project_name n WHERE n.id = b.node_id) THEN 'project' WHEN EXISTS (SELECT 1 FROM v_programme g WHERE g.id = b.node_id) THEN 'programme' ELSE 'portfolio' END,
	b.quorum_count, b.quorum_share, b.ended_on, b.version`

func scanBody(scan func(...any) error, more ...any) (b Body, err error) {
	err = scan(append([]any{&b.ID, &b.Name, &b.Kind, &b.Node, &b.NodeName, &b.NodeKind, &b.Quorum.Count, &b.Quorum.Share, &b.EndedOn, &b.Version}, more...)...)
	return b, err
}

func getBody(ctx context.Context, q sqldb.Querier, id string) (Body, error) {
	b, err := scanBody(q.QueryRowContext(ctx, `SELECT `+bodyColumns+` FROM body b WHERE b.id = $1`, id).Scan)
	return b, missing(err, "governing body")
}

// listBodies reads bodies by name, each with its chair and how many sit in it today.
func listBodies(ctx context.Context, v *work.View, f BodyFilter, limit int) (out []Body, err error) {
	var w sqldb.Where
	day := w.Add(v.Today)
	w.And("1 = 1")
	if !f.Ended {
		w.And("(b.ended_on = '' OR b.ended_on >= ?)", v.Today)
	}
	if f.Node != "" {
		w.And("b.node_id IN (SELECT c.ancestor_id FROM node_closure c WHERE c.descendant_id = ?)", f.Node)
	}
	v.Scope(&w, "b.node_id")
	if f.AfterID != "" {
		w.AfterKey("b.name_key", "b.id", false, f.AfterKey, f.AfterID)
	}
	const held = ` s.body_id = b.id AND s.from_on <= `
	rows, err := v.QueryContext(ctx, `SELECT `+bodyColumns+`,
		COALESCE((SELECT MIN(p.name) FROM seat s JOIN v_person p ON p.id = s.person_id WHERE`+held+day+` AND (s.to_on = '' OR s.to_on >= `+day+`) AND s.seat = 'chair'), ''),
		(SELECT COUNT(*) FROM seat s WHERE`+held+day+` AND (s.to_on = '' OR s.to_on >= `+day+`))
		FROM body b`+w.SQL()+` ORDER BY b.name_key, b.id LIMIT `+w.Add(limit), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var chair string
		var seats int
		b, err := scanBody(rows.Scan, &chair, &seats)
		if err != nil {
			return nil, err
		}
		b.ChairName, b.Seats = chair, seats
		out = append(out, b)
	}
	return out, rows.Err()
}

func insertBody(ctx context.Context, tx *work.Tx, b Body) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO body (id, name, name_key, kind, node_id, quorum_count, quorum_share, ended_on, version) VALUES ($1, $2, $3, $4, $5, $6, $7, '', 1)`,
		b.ID, b.Name, sortKey(b.Name), string(b.Kind), b.Node, b.Quorum.Count, b.Quorum.Share)
	return err
}

func one(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func updateBody(ctx context.Context, tx *work.Tx, b Body) (bool, error) {
	return one(tx.ExecContext(ctx, `UPDATE body SET name = $1, name_key = $2, kind = $3, quorum_count = $4, quorum_share = $5, ended_on = $6, version = version + 1 WHERE id = $7 AND version = $8`,
		b.Name, sortKey(b.Name), string(b.Kind), b.Quorum.Count, b.Quorum.Share, b.EndedOn, b.ID, b.Version))
}

func insertTerms(ctx context.Context, tx *work.Tx, body string, t Terms) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO body_terms (body_id, number, words, approved_on, person_id, at)
		SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5 FROM body_terms WHERE body_id = $6`, body, t.Words, t.ApprovedOn, tx.Who.Person, sqldb.Micros(tx.Now), body)
	return err
}

func termsOf(ctx context.Context, q sqldb.Querier, body string) (out []Terms, err error) {
	rows, err := q.QueryContext(ctx, `SELECT t.number, t.words, t.approved_on, COALESCE(p.name, ''), t.at FROM body_terms t LEFT JOIN v_person p ON p.id = t.person_id
		WHERE t.body_id = $1 ORDER BY t.number DESC`, body)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Terms
		if err := rows.Scan(&t.Number, &t.Words, &t.ApprovedOn, &t.ByName, &t.At); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// seatOrder puts the chair first and the secretariat last.
const seatOrder = `CASE s.seat WHEN 'chair' THEN 0 WHEN 'deputy_chair' THEN 1 WHEN 'member' THEN 2 ELSE 3 END`

// seatsOf reads the seats of a body with their deputies: those of a day, or with
// no day all, in two queries.
func seatsOf(ctx context.Context, q sqldb.Querier, body string, day clock.Day) (out []Seat, err error) {
	var w, d sqldb.Where
	w.And("s.body_id = ?", body)
	d.And("s.body_id = ?", body)
	if day != "" {
		w.And("s.from_on <= ? AND (s.to_on = '' OR s.to_on >= ?)", day, day)
		d.And("d.from_on <= ? AND (d.to_on = '' OR d.to_on >= ?)", day, day)
	}
	if out, err = listSeats(ctx, q, &w); err != nil {
		return nil, err
	}
	return out, attachDeputies(ctx, q, &d, out)
}

func listSeats(ctx context.Context, q sqldb.Querier, w *sqldb.Where) (out []Seat, err error) {
	rows, err := q.QueryContext(ctx, `SELECT s.id, s.body_id, s.person_id, COALESCE(p.name, ''), s.seat, s.side, s.from_on, s.to_on, s.version
		FROM seat s LEFT JOIN v_person p ON p.id = s.person_id`+w.SQL()+` ORDER BY CASE WHEN s.to_on = '' THEN 0 ELSE 1 END, `+seatOrder+`, s.from_on, s.id LIMIT 500`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s Seat
		if err := rows.Scan(&s.ID, &s.Body, &s.Person, &s.Name, &s.Kind, &s.Side, &s.From, &s.To, &s.Version); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func attachDeputies(ctx context.Context, q sqldb.Querier, w *sqldb.Where, seats []Seat) error {
	rows, err := q.QueryContext(ctx, `SELECT d.id, d.seat_id, d.person_id, COALESCE(p.name, ''), d.authority, d.from_on, d.to_on
		FROM seat_deputy d JOIN seat s ON s.id = d.seat_id LEFT JOIN v_person p ON p.id = d.person_id`+w.SQL()+` ORDER BY d.from_on, d.id LIMIT 1000`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d Deputy
		if err := rows.Scan(&d.ID, &d.Seat, &d.Person, &d.Name, &d.Authority, &d.From, &d.To); err != nil {
			return err
		}
		for i := range seats {
			if seats[i].ID == d.Seat {
				seats[i].Deputies = append(seats[i].Deputies, d)
			}
		}
	}
	return rows.Err()
}

func getSeat(ctx context.Context, q sqldb.Querier, body, id string) (Seat, error) {
	var w, d sqldb.Where
	w.And("s.body_id = ? AND s.id = ?", body, id)
	d.And("s.id = ?", id)
	list, err := listSeats(ctx, q, &w)
	if err != nil {
		return Seat{}, err
	}
	if len(list) == 0 {
		return Seat{}, errs.Missing("seat")
	}
	return list[0], attachDeputies(ctx, q, &d, list)
}

// freeSeat refuses a second seat of a person in a body, and a second chair, at
// the same time.
func freeSeat(ctx context.Context, q sqldb.Querier, s Seat) error {
	to := s.To
	if to == "" {
		to = "9999-12-31"
	}
	var same, chairs int
	err := q.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN person_id = $1 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN seat = 'chair' THEN 1 ELSE 0 END), 0)
		FROM seat WHERE body_id = $2 AND id <> $3 AND from_on <= $4 AND (to_on = '' OR to_on >= $5)`, s.Person, s.Body, s.ID, to, s.From).Scan(&same, &chairs)
	switch {
	case err != nil:
		return err
	case same > 0:
		return errs.OnField("person", "They have a seat in this body at that time already.")
	case s.Kind == Chair && chairs > 0:
		return errs.OnField("seat", "The body has a chair at that time already. End that seat first.")
	}
	return nil
}

func insertSeat(ctx context.Context, tx *work.Tx, s Seat) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO seat (id, body_id, person_id, seat, side, from_on, to_on, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`,
		s.ID, s.Body, s.Person, string(s.Kind), string(s.Side), s.From, s.To)
	return err
}

func updateSeat(ctx context.Context, tx *work.Tx, s Seat) (bool, error) {
	return one(tx.ExecContext(ctx, `UPDATE seat SET seat = $1, side = $2, from_on = $3, to_on = $4, version = version + 1 WHERE id = $5 AND version = $6`,
		string(s.Kind), string(s.Side), s.From, s.To, s.ID, s.Version))
}

func insertDeputy(ctx context.Context, tx *work.Tx, d Deputy) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO seat_deputy (id, seat_id, person_id, authority, from_on, to_on) VALUES ($1, $2, $3, $4, $5, $6)`, d.ID, d.Seat, d.Person, d.Authority, d.From, d.To)
	return err
}

func endDeputy(ctx context.Context, tx *work.Tx, d Deputy) error {
	if d.To < d.From {
		_, err := tx.ExecContext(ctx, `DELETE FROM seat_deputy WHERE id = $1`, d.ID)
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE seat_deputy SET to_on = $1 WHERE id = $2`, d.To, d.ID)
	return err
}

// governable reads the portfolios and programmes that the reader sees.
func governable(ctx context.Context, v *work.View, limit int) (out []Node, err error) {
	for _, from := range []struct{ kind, query string }{
		{"portfolio", `SELECT x.id, x.name FROM v_portfolio x`}, {"programme", `SELECT x.id, x.name FROM v_programme x`},
	} {
		var w sqldb.Where
		authz.Scope(&w, v.Who, "x.id", v.Today)
		rows, err := v.QueryContext(ctx, from.query+w.SQL()+` ORDER BY x.name_key, x.id LIMIT `+w.Add(limit), w.Values()...)
		if err != nil {
			return nil, err
		}
		if out, err = appendNodes(rows, out, from.kind); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func appendNodes(rows *sql.Rows, out []Node, kind string) ([]Node, error) {
	defer rows.Close()
	for rows.Next() {
		n := Node{Kind: kind}
		if err := rows.Scan(&n.ID, &n.Name); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// nodeName gives the name of a node, and whether it is a project.
func nodeName(ctx context.Context, q sqldb.Querier, node string) (name string, project bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE((SELECT n.name FROM v_project_name n WHERE n.id = $1), (SELECT g.name FROM v_programme g WHERE g.id = $2), (SELECT f.name FROM v_portfolio f WHERE f.id = $3), ''),
		EXISTS (SELECT 1 FROM v_project_name n WHERE n.id = $4)`, node, node, node, node).Scan(&name, &project)
	return name, project, err
}

// below reports whether a project lies below a node; below no node all do.
func below(ctx context.Context, q sqldb.Querier, node, project string) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM node_closure WHERE ancestor_id = $1 AND descendant_id = $2) + (SELECT COUNT(*) FROM v_project_name WHERE id = $3 AND $4 = '')`,
		node, project, project, node).Scan(&n)
	return n > 0, err
}

// projectsBelow reads the live projects below a node that the reader sees.
func projectsBelow(ctx context.Context, v *work.View, node string, limit int) (out []Node, err error) {
	var w sqldb.Where
	w.And("x.status NOT IN ('Closed', 'Cancelled') AND x.id IN (SELECT c.descendant_id FROM node_closure c WHERE c.ancestor_id = ?)", node)
	v.Scope(&w, "x.id")
	rows, err := v.QueryContext(ctx, `SELECT x.id, x.name FROM v_project x`+w.SQL()+` ORDER BY x.name_key, x.id LIMIT `+w.Add(limit), w.Values()...)
	if err != nil {
		return nil, err
	}
	return appendNodes(rows, nil, "project")
}
