package opposites

import (
	"context"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Ask asks colleagues, by id or by their name in the directory, about the newest
// round, until a day; the empty day leaves what was said, or is three weeks on.
// More can be asked until the round is over.
func (s *Service) Ask(ctx context.Context, who authz.Actor, id string, people []string, until clock.Day) error {
	return s.change(ctx, who, id, 0, verbAsked, func(ctx context.Context, tx *work.Tx, r *Round) error {
		if err := mayAsk(ctx, tx, *r); err != nil {
			return err
		}
		first := r.State == Alone
		if first {
			r.AskedOn, r.Until = tx.Today, clock.AddDays(tx.Today, usually)
		}
		if until != "" {
			r.Until = until
		}
		var c errs.Check
		c.That(clock.ValidDay(r.Until) && r.Until >= tx.Today && r.Until <= clock.AddDays(r.AskedOn, longest), "until",
			"Enter a date from today to %d days after you first asked, such as %s.", longest, clock.AddDays(r.AskedOn, usually))
		before, err := invited(ctx, tx, id)
		if err != nil {
			return err
		}
		found, err := named(ctx, tx, people, &c)
		if err != nil {
			return err
		}
		all := map[string]bool{}
		for _, p := range before {
			all[p.ID] = true
		}
		var rows [][]any
		for _, p := range found {
			if !all[p.ID] {
				rows = append(rows, []any{id, p.ID})
			}
			all[p.ID] = true
		}
		c.That(len(all) >= Fewest, "people", "Name at least %d colleagues: nothing is shown before %d have answered. Seven or eight are better.", Fewest, Fewest)
		c.That(len(all) <= mostAsked, "people", "Ask at most %d colleagues.", mostAsked)
		if err := c.Err(); err != nil {
			return err
		}
		if first {
			if err := putBox(ctx, tx, id, box{salt: tx.NewToken()}); err != nil {
				return err
			}
		}
		return sqldb.Insert(ctx, tx, `opposites_invited (round_id, person_id)`, ``, rows)
	})
}

func mayAsk(ctx context.Context, tx *work.Tx, r Round) error {
	rounds, err := roundsOf(ctx, tx, tx.Who.Person, tx.Today)
	if err != nil {
		return err
	}
	switch {
	case r.State == Shown || r.State == Few:
		return errs.New(errs.Duplicate, "This round is over. Begin another.")
	case len(rounds) == 0 || rounds[0].ID != r.ID:
		return errs.New(errs.Duplicate, "Colleagues can be asked about the newest round alone.")
	case r.State == Asking:
		return nil
	}
	from, err := askFrom(ctx, tx, tx.Who.Person, rounds, tx.Today)
	if err == nil && from != "" {
		err = errs.OnField("people", "You can ask again from %s: two askings close together would show what a single colleague said.", from)
	}
	return err
}

// named finds the people of the directory whom a list names by id or by name. What
// is wrong with the list is noted at the field "people".
func named(ctx context.Context, tx *work.Tx, list []string, c *errs.Check) (out []Colleague, err error) {
	if len(list) > 2*mostAsked {
		c.Add("people", "Ask at most %d colleagues.", mostAsked)
		return nil, nil
	}
	want := map[string]string{} // as it was typed, by folded key and by id
	keys := []string{"-"}       // a list is never empty
	for _, one := range list {
		if one = strings.TrimSpace(one); one != "" {
			want[fold.Sort(one)], want[one] = one, one
			keys = append(keys, fold.Sort(one), one)
		}
	}
	var w sqldb.Args
	rows, err := tx.QueryContext(ctx, `SELECT id, name, name_key, NOT erased AND (left_on = '' OR left_on > `+w.Add(tx.Today)+`)
		AND EXISTS (SELECT 1 FROM v_account a WHERE a.person_id = v_person.id AND a.active = TRUE)
		FROM v_person WHERE id IN (`+w.List(keys)+`) OR name_key IN (`+w.List(keys)+`) ORDER BY name_key, id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	times := map[string]int{}
	for rows.Next() {
		var p Colleague
		var key string
		var here bool
		if err := rows.Scan(&p.ID, &p.Name, &key, &here); err != nil {
			return nil, err
		}
		typed := want[key]
		if byID, ok := want[p.ID]; ok {
			typed = byID
		}
		times[typed]++
		c.That(here, "people", "%s has no account here, so they could not answer.", p.Name)
		c.That(p.ID != tx.Who.Person, "people", "Your own view stands above; name colleagues here.")
		out = append(out, p)
	}
	for _, one := range list {
		if one = strings.TrimSpace(one); one != "" && times[one] != 1 && times[want[fold.Sort(one)]] != 1 {
			c.Add("people", "There is nobody, or more than one, named “%s” in the directory.", one)
		}
	}
	return out, rows.Err()
}

// Close ends a round before its day. What came in is shown, at once and for good,
// if at least five have answered, and deleted if not.
func (s *Service) Close(ctx context.Context, who authz.Actor, id string) error {
	return s.change(ctx, who, id, 0, verbClosed, func(ctx context.Context, tx *work.Tx, r *Round) error {
		if r.State != Asking {
			return errs.New(errs.Duplicate, "No colleague is being asked.")
		}
		b, err := takeBox(ctx, tx.QueryContext, id)
		if err != nil {
			return err
		}
		r.ClosedOn = tx.Today
		b.seal()
		if err := putBox(ctx, tx, id, b); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM opposites_invited WHERE round_id = $1`, id)
		return err
	})
}

// Requests lists what colleagues ask the person for and they have not dealt with.
func (s *Service) Requests(ctx context.Context, who authz.Actor) (out []Request, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Answer, authz.Of(who.Person)); err != nil {
			return err
		}
		out, err = requests(ctx, v, who.Person, "", v.Today)
		return err
	})
	return out, err
}

// Request is one of Requests.
func (s *Service) Request(ctx context.Context, who authz.Actor, round string) (a Request, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Answer, authz.Of(who.Person)); err != nil {
			return err
		}
		list, err := requests(ctx, v, who.Person, round, v.Today)
		if err != nil {
			return err
		}
		if round == "" || len(list) != 1 {
			return errs.New(errs.NotFound, "Nothing is asked of you here: you have answered or declined, or the time is over.")
		}
		a = list[0]
		return nil
	})
	return a, err
}

// Reply takes a colleague's answer: marks of those ends of which they can say
// something. It is counted and kept nowhere by itself, so that nobody can read it,
// change it or take it back. No entry of the record is made.
func (s *Service) Reply(ctx context.Context, who authz.Actor, round string, marks Marks) error {
	if _, err := s.Request(ctx, who, round); err != nil {
		return err
	}
	var c errs.Check
	marks = marks.check(&c, false)
	c.That(len(marks) > 0, "marks", "Mark at least one end, or decline.")
	if err := c.Err(); err != nil {
		return err
	}
	return s.deal(ctx, who, round, func(b *box) { b.answers++; b.tally.add(marks) })
}

// Decline says no. It leaves the same trace as an answer, and nobody is told.
func (s *Service) Decline(ctx context.Context, who authz.Actor, round string) error {
	if _, err := s.Request(ctx, who, round); err != nil {
		return err
	}
	return s.deal(ctx, who, round, func(*box) {})
}

// deal lets somebody who was found to be asked deal with it, once.
func (s *Service) deal(ctx context.Context, who authz.Actor, round string, with func(*box)) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		b, err := takeBox(ctx, k.ChangedContext, round)
		if err != nil {
			return err
		}
		list, err := requests(ctx, k, who.Person, round, k.Today) // again, now that nobody else writes
		if err != nil {
			return err
		}
		if len(list) != 1 {
			return errs.New(errs.NotFound, "Nothing is asked of you here: you have answered or declined, or the time is over.")
		}
		with(&b)
		b.deal(round, who.Person)
		return putBox(ctx, k, round, b)
	})
}

// Sweep forgets who was asked and who dealt with it, of rounds whose day has
// passed; and what was said where too few answered.
func (s *Service) Sweep(ctx context.Context, k *work.Keeping) error {
	over, err := endedByTime(ctx, k, k.Today)
	if err != nil {
		return err
	}
	for _, id := range over {
		b, err := takeBox(ctx, k.ChangedContext, id)
		if err != nil {
			return err
		}
		b.seal()
		if err := putBox(ctx, k, id, b); err != nil {
			return err
		}
		if _, err := k.ExecContext(ctx, `DELETE FROM opposites_invited WHERE round_id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}
