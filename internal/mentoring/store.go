package mentoring

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

const offerColumns = `o.id, o.person_id, p.name, o.topics, o.words, o.every_weeks, o.places,
	(SELECT COUNT(*) FROM mentoring_pair t WHERE t.mentor_id = o.person_id AND t.state = 'agreed'), o.until_on, o.version, p.name_key`

// there is the SQL for whoever can sign in: %s is the column that names them.
const there = `EXISTS (SELECT 1 FROM v_account u WHERE u.person_id = %s AND u.active = TRUE)`

// whoIs is there for a column.
func whoIs(column string) string { return strings.Replace(there, "%s", column, 1) }

const offerFrom = ` FROM mentoring_offer o JOIN v_person p ON p.id = o.person_id`

func scanOffer(scan func(...any) error) (o Offer, key string, err error) {
	var topics string
	err = scan(&o.ID, &o.Person, &o.Name, &topics, &o.Words, &o.Weeks, &o.Places, &o.Taken, &o.Until, &o.Version, &key)
	if topics != "" {
		o.Topics = strings.Split(topics, ",")
	}
	return o, key, err
}

// openOffers are the offers to which somebody can say yes, of people who are there,
// one more than a page has.
func openOffers(ctx context.Context, q sqldb.Querier, today clock.Day, afterKey, afterID string) (out []Offer, keys []string, err error) {
	var w sqldb.Where
	w.And("(o.until_on = '' OR o.until_on >= ?)", today)
	w.And("NOT p.erased AND "+whoIs("p.id")+" AND (p.left_on = '' OR p.left_on >= ?)", today)
	w.And("(SELECT COUNT(*) FROM mentoring_pair t WHERE t.mentor_id = o.person_id AND t.state = 'agreed') < o.places")
	if afterID != "" {
		w.AfterKey("p.name_key", "o.id", false, afterKey, afterID)
	}
	rows, err := q.QueryContext(ctx, `SELECT `+offerColumns+offerFrom+w.SQL()+` ORDER BY p.name_key, o.id LIMIT `+w.Add(pageSize+1), w.Values()...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		o, key, err := scanOffer(rows.Scan)
		if err != nil {
			return nil, nil, err
		}
		out, keys = append(out, o), append(keys, key)
	}
	return out, keys, rows.Err()
}

func getOffer(ctx context.Context, q sqldb.Querier, id string) (Offer, error) {
	o, _, err := scanOffer(q.QueryRowContext(ctx, `SELECT `+offerColumns+offerFrom+` WHERE o.id = $1 AND NOT p.erased AND `+whoIs("p.id"), id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = errs.Missing("offer")
	}
	return o, err
}

// offerOf is the offer of a person; nil if they make none.
func offerOf(ctx context.Context, q sqldb.Querier, person string) (*Offer, error) {
	o, _, err := scanOffer(q.QueryRowContext(ctx, `SELECT `+offerColumns+offerFrom+` WHERE o.person_id = $1`, person).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // none is an answer
	}
	return &o, err
}

func insertOffer(ctx context.Context, tx *work.Tx, o Offer) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO mentoring_offer (id, person_id, topics, words, every_weeks, places, until_on, made_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)`,
		o.ID, o.Person, strings.Join(o.Topics, ","), o.Words, o.Weeks, o.Places, o.Until, sqldb.Micros(tx.Now))
	return err
}

func updateOffer(ctx context.Context, tx *work.Tx, o Offer) error {
	return saved(tx.ExecContext(ctx, `UPDATE mentoring_offer SET topics = $1, words = $2, every_weeks = $3, places = $4, until_on = $5, version = version + 1 WHERE id = $6 AND version = $7`,
		strings.Join(o.Topics, ","), o.Words, o.Weeks, o.Places, o.Until, o.ID, o.Version))
}

// saved is Conflict if a version was stale, so that nothing was written.
func saved(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errs.New(errs.Conflict, "This changed in the meantime. Look at what it says now, then do yours again.")
}

var pairColumns = `p.id, p.mentor_id, COALESCE(a.name, ''), p.mentee_id, COALESCE(b.name, ''), p.words, p.every_weeks, p.state, p.began_on, p.ended_on,
	COALESCE((SELECT MAX(m.held_on) FROM mentoring_meeting m WHERE m.pair_id = p.id), ''), (SELECT COUNT(*) FROM mentoring_meeting m WHERE m.pair_id = p.id), p.version,
	NOT ` + whoIs("p.mentor_id") + `, NOT ` + whoIs("p.mentee_id") + `
	FROM mentoring_pair p LEFT JOIN v_person a ON a.id = p.mentor_id LEFT JOIN v_person b ON b.id = p.mentee_id`

func scanPair(scan func(...any) error) (p Pair, err error) {
	err = scan(&p.ID, &p.Mentor, &p.MentorName, &p.Mentee, &p.MenteeName, &p.Words, &p.Weeks, &p.State, &p.Began, &p.Ended, &p.Last, &p.Meetings, &p.Version, &p.mentorAway, &p.menteeAway)
	return p, err
}

func getPair(ctx context.Context, q sqldb.Querier, id string) (Pair, error) {
	p, err := scanPair(q.QueryRowContext(ctx, `SELECT `+pairColumns+` WHERE p.id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = errs.Missing("pair")
	}
	return p, err
}

// pairsOf are the pairs of a person, those that wait first, ended ones last.
func pairsOf(ctx context.Context, q sqldb.Querier, person string) ([]Pair, error) {
	return pairs(ctx, q, `SELECT `+pairColumns+` WHERE p.mentor_id = $1 OR p.mentee_id = $2
		ORDER BY CASE p.state WHEN 'asked' THEN 0 WHEN 'proposed' THEN 0 WHEN 'agreed' THEN 1 ELSE 2 END, p.began_on DESC, p.id`, person, person)
}

func pairs(ctx context.Context, q sqldb.Querier, query string, args ...any) (out []Pair, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		p, err := scanPair(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// meetingsOf are the meetings of a pair, newest first, with the reader's own notes.
func meetingsOf(ctx context.Context, q sqldb.Querier, pair, reader string) (out []Meeting, err error) {
	rows, err := q.QueryContext(ctx, `SELECT m.id, m.held_on, m.minutes, COALESCE(w.name, ''), COALESCE(n.words, '') FROM mentoring_meeting m
		LEFT JOIN v_person w ON w.id = m.noted_by LEFT JOIN mentoring_note n ON n.meeting_id = m.id AND n.person_id = $1 WHERE m.pair_id = $2 ORDER BY m.held_on DESC, m.id`, reader, pair)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m Meeting
		if err := rows.Scan(&m.ID, &m.On, &m.Minutes, &m.NotedBy, &m.Note); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// putNote keeps a person's own note on a meeting; an empty one goes.
func putNote(ctx context.Context, tx *work.Tx, meeting, person, words string) (err error) {
	if words == "" {
		_, err = tx.ExecContext(ctx, `DELETE FROM mentoring_note WHERE meeting_id = $1 AND person_id = $2`, meeting, person)
	} else {
		_, err = tx.ExecContext(ctx, `INSERT INTO mentoring_note (meeting_id, person_id, words) VALUES ($1, $2, $3) ON CONFLICT (meeting_id, person_id) DO UPDATE SET words = excluded.words`, meeting, person, words)
	}
	return err
}
