package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
)

// Writer is the transaction that entries are appended in.
type Writer interface {
	sqldb.Querier
	sqldb.Execer
}

// batch gathers the rows of some entries, which few statements then insert.
type batch struct{ entries, bodies, taken [][]any }

// full is how many entries a batch holds at most, so that a record of any
// length is appended in little memory.
const full = 500

func (b *batch) flush(ctx context.Context, tx Writer) error {
	for _, part := range []struct {
		into, tail string
		rows       *[][]any
	}{
		{`activity (seq, id, at, verb, version, actor_id, subject_kind, subject_id, project_id, audience, digest, hash)`, ``, &b.entries},
		{`activity_payload (seq, salt, payload)`, ``, &b.bodies},
		{`activity_participant (seq, person_id, role, for_person_id)`, ` ON CONFLICT DO NOTHING`, &b.taken},
	} {
		if err := sqldb.Insert(ctx, tx, part.into, part.tail, *part.rows); err != nil {
			return fmt.Errorf("activity: append: %w", err)
		}
		*part.rows = (*part.rows)[:0]
	}
	return nil
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
	var b batch
	var err error
	for _, ev := range events {
		seq++
		if prev, err = b.add(src, seq, prev, at, actor, ev); err != nil {
			return err
		}
		if len(b.entries) == full {
			if err := b.flush(ctx, tx); err != nil {
				return err
			}
		}
	}
	if err := b.flush(ctx, tx); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE activity_head SET hash = $1 WHERE id = 1`, prev)
	return err
}

func (b *batch) add(src *clock.Source, seq int64, prev []byte, at time.Time, actor string, ev Event) ([]byte, error) {
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
	b.entries = append(b.entries, []any{seq, e.ID, sqldb.Micros(at), e.Verb, e.Version, e.Actor, e.SubjectKind, e.SubjectID, e.Project, e.Audience, d, hash})
	b.bodies = append(b.bodies, []any{seq, salt, string(body)})
	for _, p := range m.Participants {
		b.taken = append(b.taken, []any{seq, p.Person, string(p.Role), p.For})
	}
	return hash, nil
}
