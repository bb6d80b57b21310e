package governance

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func stale(words string) error { return errs.New(errs.Conflict, "%s", words) }

// EnsureMethods publishes the methods that come with Cairn as their first
// versions, where there is none of that id yet. It is called at the start.
func (s *Service) EnsureMethods(ctx context.Context) error {
	for _, shipped := range method.Shipped() {
		var have int
		if err := s.unit.DB.Read.QueryRowContext(ctx, `SELECT COUNT(*) FROM method_version WHERE method_id = $1`, shipped.ID).Scan(&have); err != nil || have > 0 {
			if err != nil {
				return err
			}
			continue
		}
		m, err := method.Load(shipped.Text)
		if err != nil {
			return err
		}
		err = s.unit.Do(ctx, authz.AtCommandLine(), func(ctx context.Context, tx *work.Tx) error {
			if err := tx.May(ctx, PublishMethods, authz.Instance); err != nil {
				return err
			}
			_, err := addVersion(ctx, tx, m, shipped.Text, Version{Method: m.ID, Number: 1, Changes: "Comes with Cairn."})
			return err
		})
		if errs.Is(err, errs.Duplicate) {
			continue // another process was first
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addVersion stores a text as the next version.
func addVersion(ctx context.Context, tx *work.Tx, m *method.Method, text []byte, v Version) (Version, error) {
	sum := sha256.Sum256(text)
	v.ID, v.Name, v.SHA256, v.PublishedBy, v.At = tx.NewID(), m.Name, hex.EncodeToString(sum[:]), tx.Who.Person, sqldb.Micros(tx.Now)
	reasons, err := json.Marshal(append([]Reason{}, v.Reasons...))
	if err != nil {
		return v, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO method_version (id, method_id, number, name, content, sha256, based_on, changes, reasons, published_by, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, v.ID, v.Method, v.Number, v.Name, string(text), v.SHA256, v.BasedOn, v.Changes, string(reasons), v.PublishedBy, v.At)
	if sqldb.IsDuplicate(err) {
		return v, errs.New(errs.Duplicate, "Version %d of this method was published meanwhile.", v.Number)
	}
	if err != nil {
		return v, err
	}
	tx.Record(MethodPublished{Version: v.ID, Method: v.Method, Number: v.Number, SHA256: v.SHA256, By: v.PublishedBy})
	return v, nil
}

const versionColumns = `v.id, v.method_id, v.number, v.name, v.sha256, v.based_on, v.changes, v.reasons, v.published_by, COALESCE(p.name, ''), v.published_at`

func scanVersion(row interface{ Scan(...any) error }, more ...any) (v Version, err error) {
	var reasons string
	err = row.Scan(append([]any{&v.ID, &v.Method, &v.Number, &v.Name, &v.SHA256, &v.BasedOn, &v.Changes, &reasons, &v.PublishedBy, &v.ByName, &v.At}, more...)...)
	if err == nil {
		err = json.Unmarshal([]byte(reasons), &v.Reasons)
	}
	return v, err
}

// versions lists the published versions of one method, or of all, newest first.
func versions(ctx context.Context, q sqldb.Querier, of string) (out []Version, err error) {
	var w sqldb.Where
	if of != "" {
		w.And("v.method_id = ?", of)
	}
	rows, err := q.QueryContext(ctx, `SELECT `+versionColumns+` FROM method_version v LEFT JOIN v_person p ON p.id = v.published_by`+w.SQL()+` ORDER BY v.method_id, v.number DESC`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scanVersion(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func getVersion(ctx context.Context, q sqldb.Querier, id string) (Version, string, error) {
	var text string
	v, err := scanVersion(q.QueryRowContext(ctx, `SELECT `+versionColumns+`, v.content FROM method_version v LEFT JOIN v_person p ON p.id = v.published_by WHERE v.id = $1`, id), &text)
	if errors.Is(err, sql.ErrNoRows) {
		return v, "", errs.Missing("version of the method")
	}
	return v, text, err
}

// newest gives the newest version of a method.
func newest(ctx context.Context, q sqldb.Querier, of string) (Version, string, error) {
	var id string
	err := q.QueryRowContext(ctx, `SELECT id FROM method_version WHERE method_id = $1 ORDER BY number DESC LIMIT 1`, of).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return Version{}, "", errs.Missing("method")
	}
	if err != nil {
		return Version{}, "", err
	}
	return getVersion(ctx, q, id)
}

// followers counts the projects that follow each version now, of those that the
// reader may see.
func followers(ctx context.Context, v *work.View) (map[string]int, error) {
	var w sqldb.Where
	w.And("g.to_on = ?", Lasting)
	authz.Scope(&w, v.Who, "g.project_id", v.Today)
	rows, err := v.QueryContext(ctx, `SELECT g.method_version_id, COUNT(*) FROM governed g`+w.SQL()+` GROUP BY g.method_version_id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		out[id] = n
	}
	return out, rows.Err()
}

// Methods lists all versions of all methods, newest first, with the draft of each
// method for those who may write one.
func (s *Service) Methods(ctx context.Context, who authz.Actor) (list []Version, drafts map[string]Draft, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeMethods, authz.Instance); err != nil {
			return err
		}
		if list, err = versions(ctx, v, ""); err != nil {
			return err
		}
		n, err := followers(ctx, v)
		if err != nil {
			return err
		}
		for i := range list {
			list[i].Projects = n[list[i].ID]
		}
		if v.Can(ctx, WriteMethods, authz.Instance) {
			drafts, err = allDrafts(ctx, v)
		}
		return err
	})
	return list, drafts, err
}

// Method gives a published version with its text; Base is the version that it was
// based on, nil for the first.
func (s *Service) Method(ctx context.Context, who authz.Actor, id string) (v Version, m, base *method.Method, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, view *work.View) error {
		if err := view.May(ctx, SeeMethods, authz.Instance); err != nil {
			return err
		}
		if v, _, err = getVersion(ctx, view, id); err != nil {
			return err
		}
		if m, err = s.method(ctx, view, id); err != nil {
			return err
		}
		n, err := followers(ctx, view)
		if err != nil {
			return err
		}
		v.Projects = n[id]
		if v.BasedOn != "" {
			base, err = s.method(ctx, view, v.BasedOn)
		}
		return err
	})
	return v, m, base, err
}

// words trims and checks a text of a form.
func words(c *errs.Check, field, text, missing string, most int) string {
	text = strings.TrimSpace(text)
	c.That(text != "" || missing == "", field, "%s", missing)
	c.That(len([]rune(text)) <= most, field, "At most %d characters.", most)
	return text
}
