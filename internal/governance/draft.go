package governance

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Draft is the next version of a method while it is being written.
type Draft struct {
	Method  string
	BasedOn string // id of a version; empty for a method that is new
	Text    string
	Changes string // what changes and why, in words
	Reasons []Reason
	By      string
	ByName  string
	At      int64 // microseconds
	Version int64
}

const draftColumns = `d.method_id, d.based_on, d.content, d.changes, d.reasons, d.changed_by, COALESCE(p.name, ''), d.changed_at, d.version FROM method_draft d LEFT JOIN v_person p ON p.id = d.changed_by`

func scanDraft(row interface{ Scan(...any) error }) (d Draft, err error) {
	var reasons string
	if err = row.Scan(&d.Method, &d.BasedOn, &d.Text, &d.Changes, &reasons, &d.By, &d.ByName, &d.At, &d.Version); err == nil {
		err = json.Unmarshal([]byte(reasons), &d.Reasons)
	}
	return d, err
}

func allDrafts(ctx context.Context, q sqldb.Querier) (map[string]Draft, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+draftColumns)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]Draft{}
	for rows.Next() {
		d, err := scanDraft(rows)
		if err != nil {
			return nil, err
		}
		out[d.Method] = d
	}
	return out, rows.Err()
}

func getDraft(ctx context.Context, q sqldb.Querier, of string) (d Draft, err error) {
	d, err = scanDraft(q.QueryRowContext(ctx, `SELECT `+draftColumns+` WHERE d.method_id = $1`, of))
	if errors.Is(err, sql.ErrNoRows) {
		return d, errs.Missing("draft")
	}
	return d, err
}

// DraftOf gives the draft of a method, or what one would begin with: the newest
// version, or a method to start from. Base is the version that it is compared with; nil for a new method.
// Problems are what keeps it from being published.
func (s *Service) DraftOf(ctx context.Context, who authz.Actor, of string) (d Draft, m, base *method.Method, problems method.Problems, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteMethods, authz.Instance); err != nil {
			return err
		}
		d, err = getDraft(ctx, v, of)
		if errs.Is(err, errs.NotFound) {
			last, text, err := newest(ctx, v, of)
			if errs.Is(err, errs.NotFound) {
				if d.Method, d.Text = startOf(of); d.Text != "" {
					return nil
				}
			}
			if err != nil {
				return err
			}
			d = Draft{Method: of, BasedOn: last.ID, Text: text}
		} else if err != nil {
			return err
		}
		if d.BasedOn != "" {
			base, err = s.method(ctx, v, d.BasedOn)
		}
		return err
	})
	if err == nil {
		m, problems = method.Read([]byte(d.Text))
	}
	return d, m, base, problems, err
}

// startOf gives a method to start from; nothing if there is none of this id.
func startOf(id string) (of, text string) {
	for _, s := range method.Starts() {
		if s.ID == id {
			return id, string(s.Text)
		}
	}
	return "", ""
}

// WriteDraft keeps a draft as it is, wrong or right: what is wrong with it is said
// by DraftOf and keeps it from being published. A stale version is a Conflict.
func (s *Service) WriteDraft(ctx context.Context, who authz.Actor, d Draft) error {
	return s.writeDraft(ctx, who, d, nil)
}

// writeDraft takes reasons that stood somewhere else already as they are.
func (s *Service) writeDraft(ctx context.Context, who authz.Actor, d Draft, already []Reason) error {
	var c errs.Check
	if err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteMethods, authz.Instance); err != nil {
			return err
		}
		there, err := getDraft(ctx, v, d.Method)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		return checkReasons(ctx, v, who, v.Today, &c, "reasons", d.Reasons, append(there.Reasons, already...))
	}); err != nil {
		return err
	}
	c.That(len(d.Text) <= method.MaxSize, "text", "A method has at most %d kilobytes.", method.MaxSize/1024)
	d.Changes = words(&c, "changes", d.Changes, "", 4000)
	if err := c.Err(); err != nil {
		return err
	}
	reasons, err := json.Marshal(append([]Reason{}, d.Reasons...))
	if err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		res, err := k.ExecContext(ctx, `INSERT INTO method_draft (method_id, based_on, content, changes, reasons, changed_by, changed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
			ON CONFLICT (method_id) DO UPDATE SET content = excluded.content, changes = excluded.changes, reasons = excluded.reasons, changed_by = excluded.changed_by,
			changed_at = excluded.changed_at, version = method_draft.version + 1 WHERE method_draft.version = $8`,
			d.Method, d.BasedOn, d.Text, d.Changes, string(reasons), who.Person, sqldb.Micros(k.Now), d.Version)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.New(errs.Conflict, "Somebody changed this draft meanwhile. Theirs is shown beside yours.")
		}
		return nil
	})
}

// Import makes a text the draft of the method that it names, and says what is
// wrong with it otherwise. A draft that is there already is a Conflict.
func (s *Service) Import(ctx context.Context, who authz.Actor, text string) (of string, problems method.Problems, err error) {
	m, problems := method.Read([]byte(text))
	d := Draft{Text: text}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteMethods, authz.Instance); err != nil || m == nil {
			return err
		}
		d.Method = m.ID
		if _, err := getDraft(ctx, v, m.ID); err == nil {
			return stale("There is a draft of this method already. Publish it or throw it away first.")
		} else if !errs.Is(err, errs.NotFound) {
			return err
		}
		last, _, err := newest(ctx, v, m.ID)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		d.BasedOn = last.ID
		return err
	})
	if err != nil || m == nil {
		return "", problems, err
	}
	return m.ID, nil, s.WriteDraft(ctx, who, d)
}

// DropDraft throws a draft away.
func (s *Service) DropDraft(ctx context.Context, who authz.Actor, of string) error {
	if err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error { return v.May(ctx, WriteMethods, authz.Instance) }); err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `DELETE FROM method_draft WHERE method_id = $1`, of)
		return err
	})
}

// Publish makes the draft the next version, for good. Projects stay where they
// are until they are moved. Version is the one of the draft that was read.
func (s *Service) Publish(ctx context.Context, who authz.Actor, of string, version int64) (v Version, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, PublishMethods, authz.Instance); err != nil {
			return err
		}
		d, err := getDraft(ctx, tx, of)
		if err != nil {
			return err
		}
		if d.Version != version {
			return stale("Somebody changed this draft meanwhile. Read it again before it is published.")
		}
		v, err = s.publishIn(ctx, tx, d)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM method_draft WHERE method_id = $1`, of); err != nil {
			return err
		}
		return s.taken(ctx, tx, d.Reasons, v.ID)
	})
	return v, err
}

func (s *Service) publishIn(ctx context.Context, tx *work.Tx, d Draft) (v Version, err error) {
	var c errs.Check
	d.Changes = words(&c, "changes", d.Changes, "Say what changes and why: it is what those read who live with it.", 4000)
	m, problems := method.Read([]byte(d.Text))
	for i, p := range problems {
		if i == 20 {
			break
		}
		c.Add("text", "%s", p.String())
	}
	if m != nil {
		c.That(m.ID == d.Method, "text", "The draft is of %s, and its id says %s.", d.Method, m.ID)
	}
	if err := c.Err(); err != nil {
		return v, err
	}
	v = Version{Method: d.Method, Number: 1, BasedOn: d.BasedOn, Changes: d.Changes, Reasons: d.Reasons}
	last, text, err := newest(ctx, tx, d.Method)
	switch {
	case errs.Is(err, errs.NotFound):
	case err != nil:
		return v, err
	case last.ID != d.BasedOn:
		return v, stale("A newer version was published since this draft was begun. Begin again from that one.")
	case text == d.Text:
		return v, errs.OnField("text", "Nothing is different from version %d.", last.Number)
	default:
		v.Number = last.Number + 1
	}
	// The text says which version it is, so that an exported file does too.
	final, err := method.Retitle([]byte(d.Text), m.ID, m.Name, v.Number)
	if err != nil {
		return v, err
	}
	return addVersion(ctx, tx, m, final, v)
}
