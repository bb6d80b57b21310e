package activity

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Writer is the transaction that entries are appended in.
type Writer interface {
	sqldb.Querier
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Append writes events at the end of the record. It is the last thing that a
// transaction does: the head's row lock orders writers, so sequence is commit
// order and no reader's cursor can skip an entry.
func Append(ctx context.Context, tx Writer, src *clock.Source, at time.Time, actor string, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	var seq int64
	var prev []byte
	if err := tx.QueryRowContext(ctx, `UPDATE activity_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash`,
		len(events)).Scan(&seq, &prev); err != nil {
		return fmt.Errorf("activity: take the head: %w", err)
	}
	seq -= int64(len(events))
	for _, ev := range events {
		seq++
		var err error
		if prev, err = appendOne(ctx, tx, src, seq, prev, at, actor, ev); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE activity_head SET hash = $1 WHERE id = 1`, prev)
	return err
}

func appendOne(ctx context.Context, tx Writer, src *clock.Source, seq int64, prev []byte, at time.Time, actor string, ev Event) ([]byte, error) {
	m := ev.Activity()
	facts, err := json.Marshal(ev)
	if err != nil {
		return nil, fmt.Errorf("activity: %s: %w", m.Verb, err)
	}
	body, err := json.Marshal(payload{Event: facts, Participants: m.Participants})
	if err != nil {
		return nil, fmt.Errorf("activity: %s: %w", m.Verb, err)
	}
	if m.Anonymous {
		actor = ""
	}
	e := Entry{
		Seq: seq, ID: src.NewID(), At: at, Verb: m.Verb, Version: m.Version, Actor: actor,
		SubjectKind: m.SubjectKind, SubjectID: m.SubjectID, Project: m.Project, Audience: m.Audience,
	}
	if m.Anonymous {
		e.ID = src.NewAnonymousID()
	}
	salt := src.NewSecret()
	d := digest(salt, string(body))
	hash := link(prev, e, d)
	if _, err := tx.ExecContext(ctx, `INSERT INTO activity (seq, id, at, verb, version, actor_id, subject_kind, subject_id, project_id, audience, digest, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, seq, e.ID, sqldb.Micros(at), e.Verb, e.Version, e.Actor, e.SubjectKind, e.SubjectID,
		e.Project, e.Audience, d, hash); err != nil {
		return nil, fmt.Errorf("activity: append %s: %w", e.Verb, err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO activity_payload (seq, salt, payload) VALUES ($1, $2, $3)`, seq, salt, string(body)); err != nil {
		return nil, fmt.Errorf("activity: append %s: %w", e.Verb, err)
	}
	for _, p := range m.Participants {
		if _, err := tx.ExecContext(ctx, `INSERT INTO activity_participant (seq, person_id, role, for_person_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, seq, p.Person, string(p.Role), p.For); err != nil {
			return nil, fmt.Errorf("activity: append %s: %w", e.Verb, err)
		}
	}
	return hash, nil
}
