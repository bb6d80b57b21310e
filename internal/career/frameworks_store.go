package career

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"cairn/internal/career/framework"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func itoa(n int) string { return strconv.Itoa(n) }

const frameworkColumns = `v.id, v.number, v.framework_id, v.title, v.sha256, v.based_on, v.changes, v.published_by, COALESCE(p.name, ''), v.published_at,
	(SELECT MAX(n.number) FROM framework_version n)`

func scanFramework(row interface{ Scan(...any) error }, more ...any) (v FrameworkVersion, err error) {
	var newest int
	err = row.Scan(append([]any{&v.ID, &v.Number, &v.Framework, &v.Title, &v.SHA256, &v.BasedOn, &v.Changes, &v.PublishedBy, &v.ByName, &v.At, &newest}, more...)...)
	v.InForce = v.Number == newest
	return v, err
}

func frameworkVersions(ctx context.Context, q sqldb.Querier) (out []FrameworkVersion, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+frameworkColumns+` FROM framework_version v LEFT JOIN v_person p ON p.id = v.published_by ORDER BY v.number DESC LIMIT 200`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scanFramework(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// getFramework gives a version and its text; the id may be InForce.
func getFramework(ctx context.Context, q sqldb.Querier, id string) (v FrameworkVersion, text string, err error) {
	query, args := `SELECT `+frameworkColumns+`, v.content FROM framework_version v LEFT JOIN v_person p ON p.id = v.published_by WHERE v.id = $1`, []any{id}
	if id == InForce {
		query, args = `SELECT `+frameworkColumns+`, v.content FROM framework_version v LEFT JOIN v_person p ON p.id = v.published_by ORDER BY v.number DESC LIMIT 1`, nil
	}
	v, err = scanFramework(q.QueryRowContext(ctx, query, args...), &text)
	if errors.Is(err, sql.ErrNoRows) {
		return v, "", errs.Missing("version of the framework")
	}
	return v, text, err
}

// FrameworkDraft is the next version while it is being written.
type FrameworkDraft struct {
	BasedOn   string // id of a version
	Text      string
	Changes   string // what changes and why, in words
	By        string
	ByName    string
	At        int64 // microseconds
	Version   int64 // 0: nobody has written yet, and the text is that of the version in force
	Framework *framework.Framework
	Base      *framework.Framework
	Problems  framework.Problems
}

func getFrameworkDraft(ctx context.Context, q sqldb.Querier) (d FrameworkDraft, err error) {
	err = q.QueryRowContext(ctx, `SELECT d.based_on, d.content, d.changes, d.changed_by, COALESCE(p.name, ''), d.changed_at, d.version
		FROM framework_draft d LEFT JOIN v_person p ON p.id = d.changed_by`).Scan(&d.BasedOn, &d.Text, &d.Changes, &d.By, &d.ByName, &d.At, &d.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return d, errs.Missing("draft")
	}
	return d, err
}

// FrameworkDraft gives the draft, or what one would begin with, with what is wrong
// with it. Framework is nil while something keeps it from being published.
func (s *Service) FrameworkDraft(ctx context.Context, who authz.Actor) (d FrameworkDraft, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteFramework, authz.Instance); err != nil {
			return err
		}
		d, err = getFrameworkDraft(ctx, v)
		if errs.Is(err, errs.NotFound) {
			last, text, err := getFramework(ctx, v, InForce)
			if err != nil {
				return err
			}
			d = FrameworkDraft{BasedOn: last.ID, Text: text}
		} else if err != nil {
			return err
		}
		if d.BasedOn != "" {
			d.Base, err = s.frameworkOf(ctx, v, d.BasedOn)
			return err
		}
		return nil
	})
	if err == nil {
		d.Framework, d.Problems = judge(d.Text)
	}
	return d, err
}

// Judge looks at a text as FrameworkDraft does, without keeping it.
func (d *FrameworkDraft) Judge() { d.Framework, d.Problems = judge(d.Text) }

// WriteFramework keeps a draft as it is, wrong or right: what is wrong with it is
// said by FrameworkDraft and keeps it from being published. A stale version is a
// Conflict. It returns the draft's next version.
func (s *Service) WriteFramework(ctx context.Context, who authz.Actor, d FrameworkDraft) error {
	if err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteFramework, authz.Instance); err != nil {
			return err
		}
		if d.Version > 0 || d.BasedOn != "" {
			return nil
		}
		last, _, err := getFramework(ctx, v, InForce)
		d.BasedOn = last.ID
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	}); err != nil {
		return err
	}
	var c errs.Check
	c.That(len(d.Text) <= framework.MaxSize, "text", "A framework has at most %d kilobytes.", framework.MaxSize/1024)
	c.That(len([]rune(d.Changes)) <= 4000, "changes", "At most 4000 characters.")
	if err := c.Err(); err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		res, err := k.ExecContext(ctx, `INSERT INTO framework_draft (slot, based_on, content, changes, changed_by, changed_at, version) VALUES ('next', $1, $2, $3, $4, $5, 1)
			ON CONFLICT (slot) DO UPDATE SET content = excluded.content, changes = excluded.changes, changed_by = excluded.changed_by,
			changed_at = excluded.changed_at, version = framework_draft.version + 1 WHERE framework_draft.version = $6`,
			d.BasedOn, d.Text, d.Changes, who.Person, sqldb.Micros(k.Now), d.Version)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.New(errs.Conflict, "Somebody changed this draft meanwhile. Theirs is shown beside yours.")
		}
		return nil
	})
}

// DropFramework throws the draft away.
func (s *Service) DropFramework(ctx context.Context, who authz.Actor) error {
	if err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error { return v.May(ctx, WriteFramework, authz.Instance) }); err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `DELETE FROM framework_draft`)
		return err
	})
}
