package transfer

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// uploadLife is how long a file waits for its owner, who alone sees it.
const uploadLife = 48 * time.Hour

// Upload is a staged file: an error in the mapping loses nothing.
type Upload struct {
	ID     string
	Source Source
	Plan   Plan
}

// Stage keeps an uploaded file with the plan that Cairn proposes, or that of a
// remembered profile whose source the file seems to be of.
func (s *Service) Stage(ctx context.Context, who authz.Actor, name string, content []byte) (id string, err error) {
	if err := s.may(ctx, who); err != nil {
		return "", err
	}
	src, err := Read(bytes.NewReader(content), int64(len(content)), name)
	if err != nil {
		return "", err
	}
	plan, err := s.planOf(ctx, who, src, "")
	if err != nil {
		return "", err
	}
	body, err := encode(plan)
	if err != nil {
		return "", err
	}
	err = s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		if _, err := k.ExecContext(ctx, `DELETE FROM transfer_upload WHERE uploaded_at < $1`, sqldb.Micros(k.Now.Add(-uploadLife))); err != nil {
			return err
		}
		id = k.NewID()
		_, err := k.ExecContext(ctx, `INSERT INTO transfer_upload (id, person_id, file_name, sha256, content, plan, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, who.Person, name, src.SHA256, content, body, sqldb.Micros(k.Now))
		return err
	})
	return id, err
}

// planOf proposes a plan for a worksheet of an uploaded file, or gives that of a
// remembered profile whose source the file seems to be of.
func (s *Service) planOf(ctx context.Context, who authz.Actor, src Source, sheet string) (Plan, error) {
	source := SourceOf(src.Name)
	var kept *Plan
	if known, err := s.Profile(ctx, who, source); err == nil {
		kept = &known
	} else if !errs.Is(err, errs.Invalid) {
		return Plan{}, err
	}
	fields, err := s.sink.Fields(ctx, who)
	if err != nil {
		return Plan{}, err
	}
	p, err := proposeAs(src.File, sheet, fields, kept)
	if p.Plan.Source == "" {
		p.Plan.Source = source
	}
	return p.Plan, err
}

// Turn begins the mapping of an uploaded file again, with another worksheet.
func (s *Service) Turn(ctx context.Context, who authz.Actor, u Upload, sheet string) (Plan, error) {
	if err := s.may(ctx, who); err != nil {
		return Plan{}, err
	}
	p, err := s.planOf(ctx, who, u.Source, sheet)
	if err != nil {
		return p, err
	}
	p.Source, p.Repeated = u.Plan.Source, u.Plan.Repeated
	return p, s.Replan(ctx, who, u.ID, p)
}

func (s *Service) may(ctx context.Context, who authz.Actor) error {
	return s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error { return v.May(ctx, Import, authz.Instance) })
}

// Upload finds a staged file of one's own.
func (s *Service) Upload(ctx context.Context, who authz.Actor, id string) (u Upload, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		var name, body string
		var content []byte
		err := v.QueryRowContext(ctx, `SELECT file_name, content, plan FROM transfer_upload WHERE id = $1 AND person_id = $2`, id, who.Person).Scan(&name, &content, &body)
		if errors.Is(err, sql.ErrNoRows) {
			return errs.New(errs.NotFound, "This file is no longer waiting. Upload it again.")
		}
		if err != nil {
			return err
		}
		u.ID = id
		if u.Source, err = Read(bytes.NewReader(content), int64(len(content)), name); err != nil {
			return err
		}
		return json.Unmarshal([]byte(body), &u.Plan)
	})
	return u, err
}

// Replan keeps what was chosen on the mapping screen.
func (s *Service) Replan(ctx context.Context, who authz.Actor, id string, p Plan) error {
	if err := s.may(ctx, who); err != nil {
		return err
	}
	body, err := encode(p)
	if err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `UPDATE transfer_upload SET plan = $1 WHERE id = $2 AND person_id = $3`, body, id, who.Person)
		return err
	})
}

// Discard forgets a staged file.
func (s *Service) Discard(ctx context.Context, who authz.Actor, id string) error {
	if err := s.may(ctx, who); err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `DELETE FROM transfer_upload WHERE id = $1 AND person_id = $2`, id, who.Person)
		return err
	})
}
