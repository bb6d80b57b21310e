package activity

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"cairn/internal/kit/sqldb"
)

const entryColumns = `a.seq, a.id, a.at, a.verb, a.version, a.actor_id, a.subject_kind, a.subject_id, a.project_id, a.audience, COALESCE(p.payload, '')`

// After reads up to limit entries that come after a sequence number, in order.
// It is how every projection reads the record.
func After(ctx context.Context, q sqldb.Querier, seq int64, limit int) ([]Entry, error) {
	return read(ctx, q, `SELECT `+entryColumns+` FROM activity a LEFT JOIN activity_payload p ON p.seq = a.seq
		WHERE a.seq > $1 ORDER BY a.seq LIMIT $2`, seq, limit)
}

// OnProject reads the newest entries of one project that come before a
// sequence number, newest first, leaving private ones out.
func OnProject(ctx context.Context, q sqldb.Querier, project string, before int64, limit int) ([]Entry, error) {
	return read(ctx, q, `SELECT `+entryColumns+` FROM activity a LEFT JOIN activity_payload p ON p.seq = a.seq
		WHERE a.project_id = $1 AND a.seq < $2 AND a.audience = '' ORDER BY a.seq DESC LIMIT $3`, project, before, limit)
}

func read(ctx context.Context, q sqldb.Querier, query string, args ...any) ([]Entry, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("activity: read: %w", err)
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

func scanEntry(rows *sql.Rows) (e Entry, err error) {
	var at int64
	var body string
	if err := rows.Scan(&e.Seq, &e.ID, &at, &e.Verb, &e.Version, &e.Actor, &e.SubjectKind, &e.SubjectID, &e.Project, &e.Audience, &body); err != nil {
		return e, fmt.Errorf("activity: read: %w", err)
	}
	e.At = sqldb.Time(at)
	if body == "" {
		return e, nil
	}
	var p payload
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return e, fmt.Errorf("activity: entry %d: %w", e.Seq, err)
	}
	e.Facts, e.Participants = p.Event, p.Participants
	return e, nil
}

// Erase removes the payload of entries for good; what they say is gone, that
// they were there still verifies.
func Erase(ctx context.Context, tx Writer, at int64, seqs []int64) error {
	for _, seq := range seqs {
		for _, s := range []struct {
			query string
			args  []any
		}{
			{`INSERT INTO activity_erasure (seq, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, []any{seq, at}},
			{`DELETE FROM activity_payload WHERE seq = $1`, []any{seq}},
			{`DELETE FROM activity_participant WHERE seq = $1`, []any{seq}},
		} {
			if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
				return fmt.Errorf("activity: erase %d: %w", seq, err)
			}
		}
	}
	return nil
}

// OfPerson reads every entry in which a person took part, in order, under any of
// the numbers that they have in the record.
func OfPerson(ctx context.Context, q sqldb.Querier, numbers ...string) ([]Entry, error) {
	var w sqldb.Where
	w.AndIn("x.person_id", numbers)
	return read(ctx, q, `SELECT `+entryColumns+` FROM activity a LEFT JOIN activity_payload p ON p.seq = a.seq
		WHERE a.seq IN (SELECT x.seq FROM activity_participant x`+w.SQL()+`) ORDER BY a.seq`, w.Values()...)
}

// TookPart lists who took part in what the entries before a number say of a subject.
func TookPart(ctx context.Context, q sqldb.Querier, subjectKind, subjectID string, before int64) (people []string, err error) {
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT p.person_id FROM activity a JOIN activity_participant p ON p.seq = a.seq
		WHERE a.subject_kind = $1 AND a.subject_id = $2 AND a.seq < $3 ORDER BY p.person_id`, subjectKind, subjectID, before)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		people = append(people, id)
	}
	return people, rows.Err()
}

// About lists the entries that say something about a person themselves: their
// account and their directory entry, and what they alone may read. They are
// what an erasure erases; entries of the work in which they took part stay.
func About(ctx context.Context, q sqldb.Querier, person string) (seqs []int64, err error) {
	rows, err := q.QueryContext(ctx, `SELECT a.seq FROM activity a JOIN activity_payload p ON p.seq = a.seq
		WHERE (a.subject_kind = 'person' AND a.subject_id = $1) OR a.audience = $2 ORDER BY a.seq`, person, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}

// Mark is the little of an entry that says who did what to what, without its payload.
type Mark struct {
	Project, SubjectKind, SubjectID, Actor string
	At                                     int64 // microseconds UTC
}

// OnProjects reads the marks of several projects, oldest first, leaving private
// ones out.
func OnProjects(ctx context.Context, q sqldb.Querier, projects []string) (out []Mark, err error) {
	var w sqldb.Where
	w.AndIn("project_id", projects)
	w.And("audience = ''")
	rows, err := q.QueryContext(ctx, `SELECT project_id, subject_kind, subject_id, actor_id, at FROM activity`+w.SQL()+` ORDER BY seq`, w.Values()...)
	if err != nil {
		return nil, fmt.Errorf("activity: read: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var m Mark
		if err := rows.Scan(&m.Project, &m.SubjectKind, &m.SubjectID, &m.Actor, &m.At); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}
