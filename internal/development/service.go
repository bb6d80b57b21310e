package development

import (
	"context"
	"database/sql"
	"errors"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what a person can do with their plan.
type Service struct{ unit *work.Unit }

// NewService makes the service.
func NewService(u *work.Unit) *Service { return &Service{u} }

// Today is the organisation's calendar date, for forms.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Plan is a person's own plan.
type Plan struct {
	Steps   []Step // the soonest first; those without a date after them, ended ones last
	Reviews []Review
	Today   clock.Day
}

// Plan reads the reader's own plan, in four queries.
func (s *Service) Plan(ctx context.Context, who authz.Actor) (p Plan, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnPlan, authz.Of(who.Person)); err != nil {
			return err
		}
		p.Today = v.Today
		if p.Steps, err = stepsOf(ctx, v, who.Person); err != nil {
			return err
		}
		if err := addReaders(ctx, v, who.Person, p.Steps); err != nil {
			return err
		}
		p.Reviews, err = reviewsOf(ctx, v, who.Person)
		return err
	})
	addMoves(&p)
	return p, err
}

const stepColumns = `s.id, s.title, s.why, s.source_kind, s.source_id, s.due_on, s.state, s.ended_on, s.words_before, s.words_after, s.version, s.mentor_id, COALESCE((SELECT w.name FROM v_person w WHERE w.id = s.mentor_id), '')`

func scanStep(scan func(...any) error, more ...any) (st Step, err error) {
	err = scan(append([]any{&st.ID, &st.Title, &st.Why, &st.Source, &st.SourceID, &st.Due, &st.State, &st.EndedOn, &st.Before, &st.After, &st.Version, &st.Mentor, &st.MentorName}, more...)...)
	return st, err
}

func stepsOf(ctx context.Context, q sqldb.Querier, person string) (out []Step, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+stepColumns+` FROM plan_step s WHERE s.person_id = $1
		ORDER BY CASE WHEN s.state IN ('done', 'dropped') THEN 1 ELSE 0 END, CASE WHEN s.due_on = '' THEN 1 ELSE 0 END, s.due_on, s.id`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		st, err := scanStep(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, rows.Err()
}

func addReaders(ctx context.Context, q sqldb.Querier, person string, steps []Step) error {
	rows, err := q.QueryContext(ctx, `SELECT h.step_id, h.person_id, COALESCE(p.name, ''), COALESCE(l.looked_on, '') FROM plan_share h JOIN plan_step s ON s.id = h.step_id
		LEFT JOIN v_person p ON p.id = h.person_id LEFT JOIN plan_look l ON l.step_id = h.step_id AND l.person_id = h.person_id
		WHERE s.person_id = $1 ORDER BY h.step_id, h.person_id, l.looked_on DESC`, person)
	if err != nil {
		return err
	}
	defer rows.Close()
	at := map[string]*Step{}
	for i := range steps {
		at[steps[i].ID] = &steps[i]
	}
	for rows.Next() {
		var step, looked string
		var r Reader
		if err := rows.Scan(&step, &r.Person, &r.Name, &looked); err != nil {
			return err
		}
		st := at[step]
		if st == nil {
			continue
		}
		if n := len(st.Shared); n == 0 || st.Shared[n-1].Person != r.Person {
			st.Shared = append(st.Shared, r)
		}
		if looked != "" {
			last := &st.Shared[len(st.Shared)-1]
			last.Looks = append(last.Looks, looked)
		}
	}
	return rows.Err()
}

func reviewsOf(ctx context.Context, q sqldb.Querier, person string) (out []Review, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, held_on, words FROM plan_review WHERE person_id = $1 ORDER BY held_on DESC, id DESC`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Review
		if err := rows.Scan(&r.ID, &r.On, &r.Words); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// addMoves says of each review which steps came to their end since the one before.
func addMoves(p *Plan) {
	for i := range p.Reviews {
		since := clock.Day("")
		if i+1 < len(p.Reviews) {
			since = p.Reviews[i+1].On
		}
		for _, st := range p.Steps {
			if st.State.ended() && st.EndedOn > since && st.EndedOn <= p.Reviews[i].On {
				p.Reviews[i].Moved = append(p.Reviews[i].Moved, st.Title+": "+st.State.Label())
			}
		}
	}
}

// Since says what moved since the last review.
func (p Plan) Since() (since clock.Day, moved []string) {
	if len(p.Reviews) > 0 {
		since = p.Reviews[0].On
	}
	for _, st := range p.Steps {
		if st.State.ended() && st.EndedOn > since {
			moved = append(moved, st.Title+": "+st.State.Label())
		}
	}
	return since, moved
}

// own runs a change of the reader's own plan.
func (s *Service) own(ctx context.Context, who authz.Actor, step, what string, do func(ctx context.Context, tx *work.Tx) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnPlan, authz.Of(who.Person)); err != nil {
			return err
		}
		tx.Record(Changed{Person: who.Person, Step: step, What: what})
		return do(ctx, tx)
	})
}

// Add adds a step.
func (s *Service) Add(ctx context.Context, who authz.Actor, st Step) (Step, error) {
	if st.Source == "" {
		st.Source = OwnIdea
	}
	if st.State == "" {
		st.State = Planned
	}
	st.ID = s.unit.Clock.NewID()
	err := s.own(ctx, who, st.ID, "added", func(ctx context.Context, tx *work.Tx) error {
		if err := st.check(); err != nil {
			return err
		}
		if err := checkMentor(ctx, tx, who.Person, st.Mentor); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM plan_step WHERE person_id = $1`, who.Person).Scan(&n); err != nil {
			return err
		}
		if n >= maxSteps {
			return errs.OnField("title", "There is room for %d steps. Remove some that are done.", maxSteps)
		}
		st.Version = 1
		if st.State.ended() {
			st.EndedOn = tx.Today
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO plan_step (id, person_id, title, why, source_kind, source_id, due_on, state, ended_on, words_before, words_after, made_at, mentor_id, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)`,
			st.ID, who.Person, st.Title, st.Why, string(st.Source), st.SourceID, st.Due, string(st.State), st.EndedOn, st.Before, st.After, sqldb.Micros(tx.Now), st.Mentor)
		return err
	})
	return st, err
}

// ownStep reads a step of the reader's; to everybody else there is none.
func ownStep(ctx context.Context, q sqldb.Querier, person, id string) (st Step, err error) {
	st, err = scanStep(q.QueryRowContext(ctx, `SELECT `+stepColumns+` FROM plan_step s WHERE s.id = $1 AND s.person_id = $2`, id, person).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = errs.Missing("step")
	}
	return st, err
}

// Change changes a step; where it comes from stays.
func (s *Service) Change(ctx context.Context, who authz.Actor, id string, version int64, e Step) error {
	return s.own(ctx, who, id, "changed", func(ctx context.Context, tx *work.Tx) error {
		st, err := ownStep(ctx, tx, who.Person, id)
		if err != nil {
			return err
		}
		ended := st.State.ended()
		st.Title, st.Why, st.Due, st.State, st.Before, st.After, st.Mentor = e.Title, e.Why, e.Due, e.State, e.Before, e.After, e.Mentor
		if err := st.check(); err != nil {
			return err
		}
		if err := checkMentor(ctx, tx, who.Person, st.Mentor); err != nil {
			return err
		}
		switch {
		case st.State.ended() && !ended:
			st.EndedOn = tx.Today
		case !st.State.ended():
			st.EndedOn = ""
		}
		res, err := tx.ExecContext(ctx, `UPDATE plan_step SET title = $1, why = $2, due_on = $3, state = $4, ended_on = $5, words_before = $6, words_after = $7, mentor_id = $8, version = version + 1 WHERE id = $9 AND version = $10`,
			st.Title, st.Why, st.Due, string(st.State), st.EndedOn, st.Before, st.After, st.Mentor, id, version)
		return one(res, err)
	})
}

// checkMentor looks that whom a step names is there and is somebody else.
func checkMentor(ctx context.Context, q sqldb.Querier, person, mentor string) error {
	if mentor == "" {
		return nil
	}
	var there int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_person WHERE id = $1 AND NOT erased`, mentor).Scan(&there); err != nil {
		return err
	}
	if there == 0 || mentor == person {
		return errs.OnField("mentor", "Name somebody else of the directory, or nobody.")
	}
	return nil
}

func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errs.New(errs.Conflict, "This step changed in the meantime. Look at what it says now, then do yours again.")
}

// Remove removes a step, with whom it was shared and who looked.
func (s *Service) Remove(ctx context.Context, who authz.Actor, id string) error {
	return s.own(ctx, who, id, "removed", func(ctx context.Context, tx *work.Tx) error {
		if _, err := ownStep(ctx, tx, who.Person, id); err != nil {
			return err
		}
		for _, query := range []string{`DELETE FROM plan_look WHERE step_id = $1`, `DELETE FROM plan_share WHERE step_id = $1`, `DELETE FROM plan_step WHERE id = $1`} {
			if _, err := tx.ExecContext(ctx, query, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Review writes down where the person is.
func (s *Service) Review(ctx context.Context, who authz.Actor, words string) error {
	return s.own(ctx, who, "", "reviewed", func(ctx context.Context, tx *work.Tx) error {
		var c errs.Check
		c.That(words != "", "words", "Say in a sentence where you are.")
		c.Fits("words", words, maxWords)
		if err := c.Err(); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO plan_review (id, person_id, held_on, words, made_at) VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), who.Person, tx.Today, words, sqldb.Micros(tx.Now))
		return err
	})
}
