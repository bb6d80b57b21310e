package transfer

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/gob"
	"encoding/json"
	"errors"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// uploadLife is how long a file waits for its owner, who alone sees it.
const uploadLife = 48 * time.Hour

// State is how far a staged file has come.
type State string

// The states. A small file waits, and is tried while its page is made; a large
// one is tried and applied by jobs, behind the request.
const (
	Arriving State = "arriving" // its content is on its way
	Waiting  State = "waiting"
	Trying   State = "trying"
	Tried    State = "tried"
	Applying State = "applying"
	Done     State = "done"
	Failed   State = "failed"
)

// Upload is a staged file: an error in the mapping loses nothing.
type Upload struct {
	ID, File string
	Size     int64
	Plan     Plan // with the date that was given
	Fixes    []Fix
	State    State
	Behind   bool // jobs see to it
	Problem  string
	Import   string // what it became
	Trial    *Trial // the dry run that a job made
	At       int64  // microseconds UTC

	run  int // of the jobs: what an earlier one finds is no longer asked for
	wish Wish
	sha  string
}

// Trial is a dry run that was kept.
type Trial struct {
	Report  Report
	Preview Preview
	Pages   []Changes // the first of the diff
	Back    []byte    // the refused rows, as CSV
	Errors  []errs.Field
}

// Diff gives the page of the diff that follows a record.
func (t Trial) Diff(after string) Changes {
	before := ""
	for _, p := range t.Pages {
		if before == after {
			return p
		}
		before = p.Next
	}
	return Changes{}
}

// More tells that the diff goes on behind the pages that were kept.
func (t Trial) More() bool { return len(t.Pages) > 0 && t.Pages[len(t.Pages)-1].Next != "" }

const uploadColumns = `id, file_name, sha256, size, plan, as_at, good_only, wish, fixes, state, behind, run, problem, import_id, outcome, uploaded_at, kind`

func (u *Upload) scan(row interface{ Scan(...any) error }) error {
	var plan, wish, fixes string
	var outcome []byte
	var asAt clock.Day
	var goodOnly bool
	var kind string
	err := row.Scan(&u.ID, &u.File, &u.sha, &u.Size, &plan, &asAt, &goodOnly, &wish, &fixes, &u.State, &u.Behind, &u.run, &u.Problem, &u.Import, &outcome, &u.At, &kind)
	if err != nil {
		return err
	}
	for text, to := range map[string]any{plan: &u.Plan, wish: &u.wish, fixes: &u.Fixes} {
		if text != "" {
			err = errors.Join(err, json.Unmarshal([]byte(text), to))
		}
	}
	u.Plan.AsAt, u.Plan.GoodOnly, u.Plan.Kind = asAt, goodOnly, kind
	if len(outcome) > 0 {
		u.Trial = &Trial{}
		err = errors.Join(err, gob.NewDecoder(bytes.NewReader(outcome)).Decode(u.Trial))
	}
	return err
}

// Upload finds a staged file of one's own.
func (s *Service) Upload(ctx context.Context, who authz.Actor, id string) (u Upload, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		err := u.scan(v.QueryRowContext(ctx, `SELECT `+uploadColumns+` FROM transfer_upload WHERE id = $1 AND person_id = $2 AND state <> 'arriving'`, id, who.Person))
		if errors.Is(err, sql.ErrNoRows) {
			return errs.New(errs.NotFound, "This file is no longer waiting. Upload it again.")
		}
		return err
	})
	return u, err
}

// Uploads lists the staged files of one's own that are not done, newest first.
func (s *Service) Uploads(ctx context.Context, who authz.Actor) (out []Upload, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT id, file_name, size, state, problem, uploaded_at, kind FROM transfer_upload
			WHERE person_id = $1 AND uploaded_at > $2 AND state NOT IN ('arriving', 'done') ORDER BY uploaded_at DESC, id LIMIT 20`,
			who.Person, sqldb.Micros(s.unit.Clock.Now().Add(-uploadLife)))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var u Upload
			if err := rows.Scan(&u.ID, &u.File, &u.Size, &u.State, &u.Problem, &u.At, &u.Plan.Kind); err != nil {
				return err
			}
			out = append(out, u)
		}
		return rows.Err()
	})
	return out, err
}

// Turn begins the mapping of an uploaded file again, with another worksheet.
func (s *Service) Turn(ctx context.Context, who authz.Actor, u Upload, sheet string) (p Plan, err error) {
	if err := s.may(ctx, who); err != nil {
		return p, err
	}
	if !u.Behind { // the job proposes for a large one
		src, err := s.Open(ctx, u)
		if err != nil {
			return p, err
		}
		if p, err = s.planOf(ctx, who, src, u.Plan.Kind, sheet); err != nil {
			return p, err
		}
	}
	p.Sheet, p.Source, p.Repeated, p.AsAt = sheet, u.Plan.Source, u.Plan.Repeated, u.Plan.AsAt
	return p, s.replan(ctx, who, u.ID, p, nil)
}

// Replan keeps what was chosen on the mapping screen; of a large file the dry
// run begins again.
func (s *Service) Replan(ctx context.Context, who authz.Actor, u Upload, p Plan) error {
	if err := s.may(ctx, who); err != nil {
		return err
	}
	if err := s.checkDay(p.AsAt); err != nil {
		return err
	}
	return s.replan(ctx, who, u.ID, p, u.Fixes)
}

func (s *Service) checkDay(day clock.Day) error {
	if day != "" && (!clock.ValidDay(day) || day > s.unit.Today()) {
		return errs.OnField("as_at", "Say since when the file's facts hold: today or a past date.")
	}
	return nil
}

func (s *Service) replan(ctx context.Context, who authz.Actor, id string, p Plan, fixes []Fix) error {
	body, err := encode(p)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(fixes)
	if err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		return s.begin(ctx, k, TryJob, id, `UPDATE transfer_upload SET plan = $1, as_at = $2, fixes = $3, problem = '', run = run + 1,
				state = CASE WHEN behind = TRUE THEN 'trying' ELSE 'waiting' END
			WHERE id = $4 AND person_id = $5 AND state IN ('waiting', 'trying', 'tried', 'failed') RETURNING run, behind`, body, p.AsAt, string(kept), id, who.Person)
	})
}

// begin changes a staged file and, if it is a large one, enqueues the job that
// sees to it.
func (s *Service) begin(ctx context.Context, k *work.Keeping, kind, id, query string, args ...any) error {
	var run int
	var behind bool
	if err := one(ctx, k, query, args, &run, &behind); errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.Conflict, "This file is being imported, or is in by now. Look at it again.")
	} else if err != nil || !behind {
		return err
	}
	if err := jobs.Withdraw(ctx, k, jobID(id, run-1)); err != nil {
		return err
	}
	return jobs.Enqueue(ctx, k, jobs.Job{ID: jobID(id, run), Kind: kind, Payload: payload(id, run), Lane: "import", Due: k.Now})
}

// one runs a change that gives one row.
func one(ctx context.Context, k *work.Keeping, query string, args []any, to ...any) error {
	rows, err := k.ChangedContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return errors.Join(rows.Err(), sql.ErrNoRows)
	}
	return errors.Join(rows.Scan(to...), rows.Close())
}

// Discard forgets a staged file.
func (s *Service) Discard(ctx context.Context, who authz.Actor, id string) error {
	u, err := s.Upload(ctx, who, id)
	if errs.Is(err, errs.NotFound) {
		return nil // it is gone
	}
	if err != nil {
		return err
	}
	if u.State == Applying {
		return errs.New(errs.Conflict, "This file is being imported now. It can be undone when it is in.")
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `DELETE FROM transfer_upload WHERE id = $1 AND person_id = $2 AND state <> 'applying'`, id, who.Person)
		return err
	})
}
