package opportunity

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// step is one step with a place. Only agreements and what was done are changes
// of state that the record keeps; all others are a quiet word between two people,
// of which nothing stays when it comes to nothing.
type step struct {
	sqldb.Querier
	may   func(act authz.Action, on authz.Target) error
	exec  func(query string, args ...any) error
	today clock.Day
	now   int64
	tx    *work.Tx // nil in a quiet step
}

// quietly runs a step that the record does not keep.
func (s *Service) quietly(ctx context.Context, who authz.Actor, do func(ctx context.Context, st step) error) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		return do(ctx, step{
			Querier: k, today: k.Today, now: sqldb.Micros(k.Now),
			may: func(act authz.Action, on authz.Target) error {
				return s.unit.Policy().Check(ctx, k, who, act, on, k.Today)
			},
			exec: func(query string, args ...any) error { return saved(k.ExecContext(ctx, query, args...)) },
		})
	})
}

// recorded runs a step that the record keeps.
func (s *Service) recorded(ctx context.Context, who authz.Actor, do func(ctx context.Context, st step) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		return do(ctx, step{
			Querier: tx, today: tx.Today, now: sqldb.Micros(tx.Now), tx: tx,
			may:  func(act authz.Action, on authz.Target) error { return tx.May(ctx, act, on) },
			exec: func(query string, args ...any) error { return saved(tx.ExecContext(ctx, query, args...)) },
		})
	})
}

// Apply says that the reader would like to do it. They name who agrees for their
// line. Who may manage the offer, that person and they themselves know, and nobody else.
func (s *Service) Apply(ctx context.Context, who authz.Actor, id, line, words string) (p Place, err error) {
	err = s.quietly(ctx, who, func(ctx context.Context, st step) error {
		if err := st.may(Apply, authz.Instance); err != nil {
			return err
		}
		o, err := get(ctx, st, id)
		if err != nil {
			return err
		}
		if err := st.may(See, authz.On(o.Project)); err != nil {
			return err
		}
		if o.OfferedBy == who.Person {
			return errs.New(errs.Invalid, "You offer this yourself.")
		}
		if !o.Coming(st.today) {
			return errFull
		}
		if err := checkApplication(ctx, st, who.Person, line, words); err != nil {
			return err
		}
		var twice bool
		if err := st.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM opportunity_place WHERE opportunity_id = $1 AND person_id = $2`, id, who.Person).Scan(&twice); err != nil {
			return err
		}
		if twice {
			return errs.New(errs.Conflict, "You have applied already.")
		}
		p = Place{ID: s.unit.Clock.NewID(), Opportunity: id, Person: who.Person, Words: words, Line: line, Stage: Applied, Version: 1}
		return st.exec(insertPlace, p.ID, p.Opportunity, p.Person, p.Words, p.Line, string(p.Stage), st.now)
	})
	return p, err
}

func checkApplication(ctx context.Context, st step, person, line, words string) error {
	var c errs.Check
	c.That(line != "", "line", "Name the person who agrees for your line.")
	c.That(line == "" || line != person, "line", "Somebody else agrees for your line.")
	c.Fits("words", words, maxWords)
	if err := c.Err(); err != nil {
		return err
	}
	_, ok, err := directory.Present(ctx, st, line, st.today)
	if err == nil && !ok {
		err = errs.OnField("line", "Choose a person from the directory who has not left.")
	}
	return err
}

// allowed says whether a step may be done with a place.
type allowed func(st step, o Opportunity, p Place) error

func managing(st step, o Opportunity, _ Place) error {
	return st.may(Manage, authz.Target{Node: o.Project, Owner: o.OfferedBy})
}

func own(st step, _ Opportunity, p Place) error { return st.may(OwnPlace, authz.Of(p.Person)) }

func lineOf(st step, _ Opportunity, p Place) error { return st.may(OwnLine, authz.Of(p.Line)) }

// on reads a place, checks that the step is allowed and that nothing has changed
// since the reader looked, and does it.
func on(id, place string, version int64, may allowed, do func(ctx context.Context, st step, o Opportunity, p *Place) error) func(ctx context.Context, st step) error {
	return func(ctx context.Context, st step) error {
		if err := st.may(See, authz.Instance); err != nil {
			return err
		}
		o, err := get(ctx, st, id)
		if err != nil {
			return err
		}
		p, err := getPlace(ctx, st, id, place)
		if err != nil {
			return err
		}
		if err := may(st, o, p); err != nil {
			return err
		}
		if p.Version != version {
			return errs.New(errs.Conflict, "This place has changed in the meantime. Look at it again.")
		}
		return do(ctx, st, o, &p)
	}
}

var (
	errNotNow = errs.New(errs.Invalid, "This place is not at that point.")
	errFull   = errs.New(errs.Invalid, "There is no place left, or its time is over, or that of its project.")
)

// Give gives somebody a place, for the offering side. Who offers and also answers
// for the line agrees for both.
func (s *Service) Give(ctx context.Context, who authz.Actor, id, place string, version int64) error {
	last := func(p Place) bool { return p.LineAgreed || p.Line == who.Person }
	return s.agree(ctx, who, id, place, last, on(id, place, version, managing, func(ctx context.Context, st step, o Opportunity, p *Place) error {
		if p.Stage != Applied {
			return errNotNow
		}
		p.Stage, p.LineAgreed = Given, p.LineAgreed || p.Line == who.Person
		return s.advance(ctx, st, o, p, who.Person)
	}))
}

// AgreeForLine agrees for the line of who applied.
func (s *Service) AgreeForLine(ctx context.Context, who authz.Actor, id, place string, version int64) error {
	last := func(p Place) bool { return p.Stage == Given }
	return s.agree(ctx, who, id, place, last, on(id, place, version, lineOf, func(ctx context.Context, st step, o Opportunity, p *Place) error {
		if agreed(p.Stage) || p.LineAgreed {
			return errNotNow
		}
		p.LineAgreed = true
		return s.advance(ctx, st, o, p, "")
	}))
}

// agree runs a step quietly, or so that the record keeps it if it is the last
// that an agreement needs.
func (s *Service) agree(ctx context.Context, who authz.Actor, id, place string, completes func(p Place) bool, do func(ctx context.Context, st step) error) error {
	last := false
	err := s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, See, authz.Instance); err != nil {
			return err
		}
		p, err := getPlace(ctx, v, id, place)
		last = completes(p)
		return err
	})
	switch {
	case err != nil:
		return err
	case last:
		return s.recorded(ctx, who, do)
	}
	return s.quietly(ctx, who, do)
}

// advance writes back what one side said. When both sides and the line have
// agreed, the record keeps it, and the register puts the person on the project.
func (s *Service) advance(ctx context.Context, st step, o Opportunity, p *Place, givenBy string) error {
	if !o.Coming(st.today) {
		return errFull
	}
	agreedAt := int64(0)
	if p.Stage == Given && p.LineAgreed {
		if st.tx == nil { // the other side agreed since this step was begun
			return errs.New(errs.Conflict, "This place has changed in the meantime. Look at it again.")
		}
		// Two that agree to the last place at once meet here: one of them looks again.
		if err := st.exec(`UPDATE opportunity SET version = version + 1 WHERE id = $1 AND version = $2`, o.ID, o.Version); err != nil {
			return err
		}
		p.Stage, agreedAt = Agreed, st.now
		e := o.event(WasAgreed, o.OfferedBy)
		e.Person, e.Line = p.Person, p.Line
		st.tx.Record(e)
		if o.Subject == OfProject && o.Form != Shadow {
			if err := s.register.PlaceIn(ctx, st.tx, Placement{Project: o.Project, Person: p.Person, Form: o.Form, For: o.OfferedBy, From: max(o.From, st.today), To: o.To}); err != nil {
				return err
			}
		}
	}
	return st.exec(`UPDATE opportunity_place SET state = $1, given_by = CASE WHEN $2 = '' THEN given_by ELSE $3 END, line_agreed = $4, agreed_at = $5, version = version + 1 WHERE id = $6 AND version = $7`,
		string(p.Stage), givenBy, givenBy, p.LineAgreed, agreedAt, p.ID, p.Version)
}

// Refuse lets an application go, for the offering side or the line. Nothing of it
// stays: tell the person yourself.
func (s *Service) Refuse(ctx context.Context, who authz.Actor, id, place string, version int64) error {
	return s.quietly(ctx, who, on(id, place, version, func(st step, o Opportunity, p Place) error {
		if who.Person != "" && who.Person == p.Line {
			return lineOf(st, o, p)
		}
		return managing(st, o, p)
	}, remove))
}

// TakeBack takes the reader's own application back.
func (s *Service) TakeBack(ctx context.Context, who authz.Actor, id, place string, version int64) error {
	return s.quietly(ctx, who, on(id, place, version, own, remove))
}

func remove(_ context.Context, st step, _ Opportunity, p *Place) error {
	if agreed(p.Stage) {
		return errs.New(errs.Invalid, "This is agreed. Settle it between you; the record keeps what was agreed.")
	}
	return st.exec(`DELETE FROM opportunity_place WHERE id = $1 AND version = $2`, p.ID, p.Version)
}

// WriteDebrief says what the person did and learned; until it is confirmed they
// may write it again.
func (s *Service) WriteDebrief(ctx context.Context, who authz.Actor, id, place string, version int64, d Debrief) error {
	return s.quietly(ctx, who, on(id, place, version, own, func(_ context.Context, st step, o Opportunity, p *Place) error {
		if p.Stage != Agreed && p.Stage != Debriefed {
			return errNotNow
		}
		if o.From > st.today {
			return errs.New(errs.Invalid, "It has not begun yet.")
		}
		if err := d.check(); err != nil {
			return err
		}
		return st.exec(`UPDATE opportunity_place SET state = 'debriefed', done = $1, learned = $2, hours = $3, done_at = $4, version = version + 1 WHERE id = $5 AND version = $6`,
			d.Done, d.Learned, d.Hours, st.now, p.ID, p.Version)
	}))
}

// Confirm confirms for the offering side that it was done as the debrief says.
// With it the debrief becomes evidence of who did it.
func (s *Service) Confirm(ctx context.Context, who authz.Actor, id, place string, version int64) error {
	return s.recorded(ctx, who, on(id, place, version, managing, func(ctx context.Context, st step, o Opportunity, p *Place) error {
		if p.Stage != Debriefed {
			return errNotNow
		}
		if p.Person == who.Person {
			return errs.New(errs.Forbidden, "Nobody confirms what they did themselves.")
		}
		e := o.event(WasDone, who.Person)
		e.Person, e.Line, e.Hours = p.Person, p.Line, p.Hours
		if e.Recorded {
			var err error
			if e.Recorded, err = inRecord(ctx, st, o, p.Person); err != nil {
				return err
			}
		}
		e.To = min(e.To, st.today)
		st.tx.Record(e)
		return st.exec(`UPDATE opportunity_place SET state = 'confirmed', confirmed_by = $1, confirmed_at = $2, version = version + 1 WHERE id = $3 AND version = $4`,
			who.Person, st.now, p.ID, p.Version)
	}))
}

// inRecord reports whether the work's own record says that somebody did it: then it
// counts by that, and by the debrief otherwise. The meeting has to have been held and
// the gate decided, so that nothing counts twice.
func inRecord(ctx context.Context, q sqldb.Querier, o Opportunity, person string) (ok bool, err error) {
	var over bool
	says := ""
	switch o.Subject {
	case OfProject:
		return true, nil // the agreement put them there
	case OfMeeting:
		says = "The meeting has not been held yet, as far as the record knows. Note first who was there."
		err = q.QueryRowContext(ctx, `SELECT COUNT(*) > 0, COALESCE(MAX(CASE WHEN a.person_id = $1 AND a.there = TRUE AND a.work_role = $2 THEN 1 ELSE 0 END), 0) = 1
			FROM v_meeting m LEFT JOIN v_attendance a ON a.meeting_id = m.id WHERE m.id = $3 AND m.state IN ('held', 'confirmed')`, person, string(o.Form.Role()), o.SubjectID).Scan(&over, &ok)
	case OfGate:
		says = "The gate has not been decided yet, as far as the record knows. Decide it first."
		err = q.QueryRowContext(ctx, `SELECT COUNT(*) > 0, COALESCE(MAX(CASE WHEN t.person_id = $1 AND t.verb = $2 AND t.role = $3 THEN 1 ELSE 0 END), 0) = 1
			FROM v_gate_decision d LEFT JOIN v_took_part t ON t.subject_id = d.review_id WHERE d.project_id = $4 AND d.gate_id = $5`,
			person, o.Leaves().Kind, string(o.Form.Role()), o.Project, o.SubjectID).Scan(&over, &ok)
	}
	if err == nil && !over {
		err = errs.New(errs.Invalid, "%s", says)
	}
	return ok, err
}
