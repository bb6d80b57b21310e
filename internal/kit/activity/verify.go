package activity

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"cairn/internal/kit/sqldb"
)

// Head is the end of the record: kept elsewhere, it shows later that no tail
// was cut and nothing before it changed.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // hexadecimal
}

// Report is what a verification found.
type Report struct {
	Entries int64 `json:"entries"`
	Erased  int64 `json:"erased"`
	Head    Head  `json:"head"`
}

// Broken says at which entry the record no longer holds, and how.
type Broken struct {
	Seq int64
	Why string
}

// Error implements error.
func (b *Broken) Error() string { return fmt.Sprintf("entry %d: %s", b.Seq, b.Why) }

const verifyBatch = 2000

// Verify walks the whole record: order, links, payloads, the participants'
// index and the head; with a checkpoint also that the record still contains it.
// What it finds broken it gives as *Broken.
func Verify(ctx context.Context, q sqldb.Querier, checkpoint *Head) (Report, error) {
	v := verifier{checkpoint: checkpoint}
	for {
		n, err := v.batch(ctx, q)
		if err != nil {
			return v.report, err
		}
		if n == 0 {
			return v.report, v.end(ctx, q)
		}
	}
}

type verifier struct {
	report     Report
	seq        int64
	prev       []byte
	checkpoint *Head
	seen       bool // the checkpoint was met
}

type stored struct {
	entry                     Entry
	at                        int64
	digest, hash, salt        []byte
	payload                   string
	hasPayload, erasureStands bool
}

func (v *verifier) batch(ctx context.Context, q sqldb.Querier) (int, error) {
	people, err := participants(ctx, q, v.seq, v.seq+verifyBatch)
	if err != nil {
		return 0, err
	}
	rows, err := q.QueryContext(ctx, `SELECT a.seq, a.id, a.at, a.verb, a.version, a.actor_id, a.subject_kind, a.subject_id, a.project_id,
		a.audience, a.digest, a.hash, p.salt, COALESCE(p.payload, ''), p.seq IS NOT NULL, e.seq IS NOT NULL
		FROM activity a LEFT JOIN activity_payload p ON p.seq = a.seq LEFT JOIN activity_erasure e ON e.seq = a.seq
		WHERE a.seq > $1 AND a.seq <= $2 ORDER BY a.seq`, v.seq, v.seq+verifyBatch)
	if err != nil {
		return 0, fmt.Errorf("activity: verify: %w", err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var s stored
		e := &s.entry
		if err := rows.Scan(&e.Seq, &e.ID, &s.at, &e.Verb, &e.Version, &e.Actor, &e.SubjectKind, &e.SubjectID, &e.Project,
			&e.Audience, &s.digest, &s.hash, &s.salt, &s.payload, &s.hasPayload, &s.erasureStands); err != nil {
			return 0, fmt.Errorf("activity: verify: %w", err)
		}
		e.At = sqldb.Time(s.at)
		if err := v.check(s, people[e.Seq]); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}

func (v *verifier) check(s stored, indexed []Participant) error {
	e := s.entry
	if e.Seq != v.seq+1 {
		return &Broken{Seq: v.seq + 1, Why: "it is missing from the record"}
	}
	if !bytes.Equal(link(v.prev, e, s.digest), s.hash) {
		return &Broken{Seq: e.Seq, Why: "its fields or its place were changed: the hash does not follow from the entry before"}
	}
	switch {
	case s.hasPayload && !bytes.Equal(digest(s.salt, s.payload), s.digest):
		return &Broken{Seq: e.Seq, Why: "its payload was changed"}
	case !s.hasPayload && !s.erasureStands:
		return &Broken{Seq: e.Seq, Why: "its payload is gone and no erasure says why"}
	case !s.hasPayload && len(indexed) > 0:
		return &Broken{Seq: e.Seq, Why: "the index names a participant of an erased entry"}
	case !s.hasPayload:
		v.report.Erased++
	default:
		if err := checkParticipants(s, indexed); err != nil {
			return err
		}
	}
	if v.checkpoint != nil && v.checkpoint.Seq == e.Seq {
		if v.checkpoint.Hash != hex.EncodeToString(s.hash) {
			return &Broken{Seq: e.Seq, Why: "it differs from the checkpoint"}
		}
		v.seen = true
	}
	v.seq, v.prev = e.Seq, s.hash
	v.report.Entries++
	return nil
}

func checkParticipants(s stored, indexed []Participant) error {
	var p payload
	if err := json.Unmarshal([]byte(s.payload), &p); err != nil {
		return &Broken{Seq: s.entry.Seq, Why: "its payload cannot be read"}
	}
	want := map[Participant]bool{}
	for _, x := range p.Participants {
		want[x] = true
	}
	for _, x := range indexed {
		if !slices.Contains(p.Participants, x) {
			return &Broken{Seq: s.entry.Seq, Why: "the index names a participant whom the entry does not"}
		}
		delete(want, x)
	}
	if len(want) > 0 {
		return &Broken{Seq: s.entry.Seq, Why: "a participant is missing from the index"}
	}
	return nil
}

func participants(ctx context.Context, q sqldb.Querier, after, upTo int64) (map[int64][]Participant, error) {
	rows, err := q.QueryContext(ctx, `SELECT seq, person_id, role, for_person_id FROM activity_participant WHERE seq > $1 AND seq <= $2`, after, upTo)
	if err != nil {
		return nil, fmt.Errorf("activity: verify: %w", err)
	}
	defer rows.Close()
	out := map[int64][]Participant{}
	for rows.Next() {
		var seq int64
		var p Participant
		if err := rows.Scan(&seq, &p.Person, &p.Role, &p.For); err != nil {
			return nil, fmt.Errorf("activity: verify: %w", err)
		}
		out[seq] = append(out[seq], p)
	}
	return out, rows.Err()
}

func (v *verifier) end(ctx context.Context, q sqldb.Querier) error {
	var seq int64
	var hash []byte
	if err := q.QueryRowContext(ctx, `SELECT seq, hash FROM activity_head WHERE id = 1`).Scan(&seq, &hash); errors.Is(err, sql.ErrNoRows) {
		return &Broken{Seq: v.seq, Why: "the head, which says that it is the last, is gone"}
	} else if err != nil {
		return fmt.Errorf("activity: verify: %w", err)
	}
	v.report.Head = Head{Seq: v.seq, Hash: hex.EncodeToString(v.prev)}
	if err := v.strays(ctx, q); err != nil {
		return err
	}
	switch {
	case seq < v.seq:
		return &Broken{Seq: seq + 1, Why: fmt.Sprintf("it is too much: the head says that there are %d entries", seq)}
	case seq > v.seq:
		return &Broken{Seq: v.seq + 1, Why: fmt.Sprintf("it is missing: the head says that there are %d entries", seq)}
	case !bytes.Equal(hash, v.prev):
		return &Broken{Seq: v.seq, Why: "the head holds another hash"}
	case v.checkpoint != nil && v.checkpoint.Seq > 0 && !v.seen:
		return &Broken{Seq: v.seq + 1, Why: fmt.Sprintf("it is missing: the checkpoint knows %d entries", v.checkpoint.Seq)}
	}
	return nil
}

// strays looks for rows outside the record: before its beginning, after its end,
// or of an entry that is not there.
func (v *verifier) strays(ctx context.Context, q sqldb.Querier) error {
	for _, t := range []struct{ query, what string }{
		{`SELECT COUNT(*), COALESCE(MIN(seq), 0) FROM activity WHERE seq < 1 OR seq > $1`, "it stands outside the record"},
		{`SELECT COUNT(*), COALESCE(MIN(seq), 0) FROM activity_payload WHERE seq < 1 OR seq > $1`, "there is a payload and no entry"},
		{`SELECT COUNT(*), COALESCE(MIN(seq), 0) FROM activity_participant WHERE seq < 1 OR seq > $1`, "there is a participant and no entry"},
		{`SELECT COUNT(*), COALESCE(MIN(seq), 0) FROM activity_erasure WHERE seq < 1 OR seq > $1`, "there is an erasure and no entry"},
	} {
		var n, seq int64
		if err := q.QueryRowContext(ctx, t.query, v.seq).Scan(&n, &seq); err != nil {
			return fmt.Errorf("activity: verify: %w", err)
		}
		if n > 0 {
			return &Broken{Seq: seq, Why: t.what}
		}
	}
	return nil
}
