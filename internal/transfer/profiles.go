package transfer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/work"
)

// ProfileKept is the event of a remembered way of reading a source.
type ProfileKept struct {
	Columns int `json:"columns"`
}

// Activity implements activity.Event.
func (e ProfileKept) Activity() activity.Meta {
	return activity.Meta{Verb: "import_profile.kept", Version: 1, SubjectKind: "import_profile"}
}

// AnyVersion keeps a profile whatever stands under its name.
const AnyVersion = -1

// KeepProfile remembers a plan under a name; the same name replaces it, if it is
// still at the version that the plan is based on: 0 if there was none.
func (s *Service) KeepProfile(ctx context.Context, who authz.Actor, name string, version int64, p Plan) error {
	fields, err := s.Fields(ctx, who, p.Kind)
	if err != nil {
		return err
	}
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		if name == "" || utf8.RuneCountInString(name) > 100 {
			return errs.OnField("profile", "Give the profile a name of at most 100 characters.")
		}
		if err := p.check(fields); err != nil {
			return err
		}
		body, err := encode(p)
		if err != nil {
			return err
		}
		tx.Record(ProfileKept{Columns: len(p.Columns)})
		key := profileKey(p.Kind, name)
		res, err := tx.ExecContext(ctx, `INSERT INTO transfer_profile (name_key, name, plan, version) SELECT $1, $2, $3, 1
			WHERE $4 <= 0 OR EXISTS (SELECT 1 FROM transfer_profile h WHERE h.name_key = $5)
			ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, plan = excluded.plan, version = transfer_profile.version + 1
			WHERE transfer_profile.version = $6 OR $7 < 0`, key, name, body, version, key, version, version)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "Somebody changed this profile meanwhile. Read it again.")
		}
		return err
	})
}

// profileKey keeps the names of one kind of file apart from those of another.
func profileKey(kind, name string) string {
	if kind == Projects {
		return fold.Sort(name)
	}
	return kind + "\x01" + fold.Sort(name)
}

// Profile finds a remembered plan of a kind of file by its name.
func (s *Service) Profile(ctx context.Context, who authz.Actor, kind, name string) (p Plan, err error) {
	p, _, err = s.ProfileAt(ctx, who, kind, name)
	return p, err
}

// ProfileAt is Profile with the version that it is at.
func (s *Service) ProfileAt(ctx context.Context, who authz.Actor, kind, name string) (p Plan, version int64, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		var body string
		err := v.QueryRowContext(ctx, `SELECT plan, version FROM transfer_profile WHERE name_key = $1`, profileKey(kind, name)).Scan(&body, &version)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.OnField("profile", "There is no profile %q.", name)
		}
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(body), &p)
	})
	return p, version, err
}

// Profiles lists the names of the remembered plans of a kind of file.
func (s *Service) Profiles(ctx context.Context, who authz.Actor, kind string) (out []string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT name, name_key FROM transfer_profile ORDER BY name_key`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, key string
			if err := rows.Scan(&name, &key); err != nil {
				return err
			}
			if key == profileKey(kind, name) {
				out = append(out, name)
			}
		}
		return rows.Err()
	})
	return out, err
}

// Fit lays a profile over a file: columns that the profile does not know are
// not taken, and its layout is the file's own if its header row is not there.
func (p Plan) Fit(proposed Plan) Plan {
	out := p
	known := map[string]Column{}
	for _, c := range p.Columns {
		known[c.Header] = c
	}
	out.HeaderRow, out.Transposed, out.Sheet = proposed.HeaderRow, proposed.Transposed, proposed.Sheet
	out.HeaderRows, out.UnitSays, out.DateSays, out.OtherSheets = proposed.HeaderRows, proposed.UnitSays, proposed.DateSays, proposed.OtherSheets
	out.Columns = nil
	for _, c := range proposed.Columns {
		if k, ok := known[c.Header]; ok {
			out.Columns = append(out.Columns, k)
		} else {
			out.Columns = append(out.Columns, Column{Header: c.Header})
		}
	}
	return out
}

var datesInNames = regexp.MustCompile(`\d+|\b(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|q|final|v|copy|export)\b`)

// SourceOf names the source of a file by its name without dates and versions,
// so that "register Oct 2026.xlsx" and "register Nov 2026.xlsx" are one source.
func SourceOf(file string) string {
	stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	words := notWord.ReplaceAllString(fold.Key(stem), " ")
	if s := strings.Join(strings.Fields(datesInNames.ReplaceAllString(words, " ")), " "); s != "" {
		return s
	}
	return "file"
}
