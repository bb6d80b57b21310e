package identity

import (
	"context"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// ErasedName is what the record shows in the place of somebody who was erased.
const ErasedName = "Erased person"

// Words is what becomes of what a person wrote for others.
type Words string

// The choices.
const (
	RemoveWords Words = "remove"
	LeaveWords  Words = "leave" // without their name
)

// Preview is exactly what an erasure does.
type Preview struct {
	Person   Person
	Words    Words
	Holdings []privacy.Holding
	AskedAt  time.Time // when the person asked for it; zero if they did not
}

// PreviewErasure says what there is about a person and what becomes of it when
// they are erased. Without words it follows what the person asked for, and by
// default what they wrote goes. To anybody but the person it does not say how
// much there is of their career.
func (s *Service) PreviewErasure(ctx context.Context, who authz.Actor, person string, words Words) (p Preview, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeHeld, authz.Of(person)); err != nil {
			return err
		}
		if p.Person, err = getPerson(ctx, v, person); err != nil {
			return err
		}
		asked, chosen, err := erasureRequest(ctx, v, person)
		if err != nil {
			return err
		}
		if p.AskedAt, p.Words = asked, words; words != RemoveWords && words != LeaveWords {
			p.Words = chosen
		}
		p.Holdings, err = s.holdings(ctx, v, p.Person, p.Words)
		for i := range p.Holdings {
			if p.Holdings[i].Private && who.Person != person {
				p.Holdings[i].Count = 0
			}
		}
		return err
	})
	return p, err
}

func erasureRequest(ctx context.Context, q sqldb.Querier, person string) (at time.Time, words Words, err error) {
	var micros int64
	err = q.QueryRowContext(ctx, `SELECT words, asked_at FROM erasure_request WHERE person_id = $1`, person).Scan(&words, &micros)
	if isNoRow(err) {
		return time.Time{}, RemoveWords, nil
	}
	return sqldb.Time(micros), words, err
}

func subject(p Person, w Words) privacy.Subject {
	return privacy.Subject{ID: p.ID, Name: p.Name, Email: p.Email, KeepWords: w == LeaveWords}
}

func (s *Service) holdings(ctx context.Context, q sqldb.Querier, p Person, w Words) ([]privacy.Holding, error) {
	out := []privacy.Holding{{Data: "name, post, unit of a person in the directory", Count: 1, Fate: privacy.Anonymised, Why: "The record shows “" + ErasedName + "” in their place."}}
	subjects, err := subjectsOf(ctx, q, p, w)
	if err != nil {
		return nil, err
	}
	entries, part := 0, 0
	for _, one := range subjects {
		about, err := activity.About(ctx, q, one.ID)
		if err != nil {
			return nil, err
		}
		took, err := privacy.Count(ctx, q, `SELECT COUNT(*) FROM activity_participant WHERE person_id = $1`, one.ID)
		if err != nil {
			return nil, err
		}
		entries, part = entries+len(about), part+took
	}
	for _, h := range []struct{ data, query, why string }{
		{"e-mail address", `SELECT COUNT(*) FROM person WHERE id = $1 AND email <> ''`, "Nobody signs in with it any more."},
		{"password", `SELECT COUNT(*) FROM account WHERE person_id = $1`, "With the account."},
		{"sessions and API tokens", `SELECT COUNT(*) FROM (SELECT person_id FROM session UNION ALL SELECT person_id FROM api_token WHERE revoked_at = 0) x WHERE x.person_id = $1`, "They end at once, with links that were not used."},
	} {
		n, err := privacy.Count(ctx, q, h.query, p.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, privacy.Holding{Data: h.data, Count: n, Fate: privacy.Erased, Why: h.why})
	}
	out = append(out,
		privacy.Holding{Data: "entries of the record about a person", Count: entries, Fate: privacy.Erased, Why: "What they say goes; that they were there still verifies.", Private: true},
		privacy.Holding{Data: "entries of the record of work in which a person took part", Count: part, Fate: privacy.Anonymised, Why: "They hold a random number, which leads to nobody any more.", Private: true})
	out[0].Count += len(subjects) - 1
	out = append(out, privacy.Holding{Data: "names under which a person was entered before", Count: len(subjects) - 1, Fate: privacy.Erased, Why: "With the entry that they were merged into."})
	for _, h := range s.holders {
		list, err := heldUnder(ctx, q, h, subjects)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// heldUnder sums what a holder has of a person under each of their numbers.
func heldUnder(ctx context.Context, q sqldb.Querier, h privacy.Holder, subjects []privacy.Subject) (out []privacy.Holding, err error) {
	for i, one := range subjects {
		list, err := h.Holdings(ctx, q, one)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = list
			continue
		}
		for j := range list {
			out[j].Count += list[j].Count
		}
	}
	return out, nil
}

// subjectsOf gives a person as holders know them: first themselves, then each
// entry that was merged into theirs, under its own number and name.
func subjectsOf(ctx context.Context, q sqldb.Querier, p Person, w Words) ([]privacy.Subject, error) {
	out := []privacy.Subject{subject(p, w)}
	rows, err := q.QueryContext(ctx, `SELECT n.id, m.name, m.email FROM person n JOIN person_merged m ON m.person_id = n.id AND m.ended_at = 0 WHERE n.merged_into = $1 ORDER BY n.id`, p.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		one := subject(p, w)
		if err := rows.Scan(&one.ID, &one.Name, &one.Email); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// AskErasure is how a person asks to be erased; an administrator does it.
func (s *Service) AskErasure(ctx context.Context, who authz.Actor, words Words) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		if words != RemoveWords && words != LeaveWords {
			return errs.OnField("words", "Say what becomes of what you wrote.")
		}
		tx.Record(Changed{Person: who.Person, What: erasureAsked})
		_, err := tx.ExecContext(ctx, `INSERT INTO erasure_request (person_id, words, asked_at) VALUES ($1, $2, $3)
			ON CONFLICT (person_id) DO UPDATE SET words = excluded.words`, who.Person, string(words), sqldb.Micros(tx.Now))
		return err
	})
}

// WithdrawErasure takes the request back.
func (s *Service) WithdrawErasure(ctx context.Context, who authz.Actor) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		tx.Record(Changed{Person: who.Person, What: erasureDropped})
		_, err := tx.ExecContext(ctx, `DELETE FROM erasure_request WHERE person_id = $1`, who.Person)
		return err
	})
}

// Erase erases a person for good, as PreviewErasure says. Typed is their name,
// as confirmation.
func (s *Service) Erase(ctx context.Context, who authz.Actor, person string, words Words, typed string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, ErasePerson, authz.Instance); err != nil {
			return err
		}
		p, err := getPerson(ctx, tx, person)
		if err != nil {
			return err
		}
		var c errs.Check
		c.That(!p.Erased, "confirm", "This person is erased already.")
		c.That(words == RemoveWords || words == LeaveWords, "words", "Say what becomes of what they wrote.")
		c.That(fold.Key(typed) == fold.Key(p.Name), "confirm", "Type the name as it stands above. Nothing was erased.")
		c.That(person != who.Person, "confirm", "Ask another administrator to erase you.")
		if err := c.Err(); err != nil {
			return err
		}
		subjects, err := subjectsOf(ctx, tx, p, words)
		if err != nil {
			return err
		}
		for _, one := range subjects {
			for _, h := range s.holders {
				if err := h.EraseIn(ctx, tx, one); err != nil {
					return err
				}
			}
			if err := eraseIn(ctx, tx, one.ID); err != nil {
				return err
			}
		}
		if err := keepAnAdministrator(ctx, tx); err != nil {
			return err
		}
		tx.Record(Changed{Person: person, What: personErased})
		return nil
	})
}

func eraseIn(ctx context.Context, tx *work.Tx, id string) error {
	if err := privacy.Run(ctx, tx, []any{id}, `DELETE FROM session WHERE person_id = $1`, `DELETE FROM api_once WHERE person_id = $1`, `DELETE FROM api_token WHERE person_id = $1`,
		`DELETE FROM one_time_link WHERE person_id = $1`, `DELETE FROM erasure_request WHERE person_id = $1`, `DELETE FROM account WHERE person_id = $1`,
		`DELETE FROM person_moved WHERE merge_id IN (SELECT m.id FROM person_merged m WHERE m.person_id = $1)`,
		`UPDATE person_merged SET name = '', name_key = '', email = '', job_title = '', org_unit = '', left_on = '', gave = '' WHERE person_id = $1`); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE person SET name = $1, name_key = $2, email = '', email_key = '', job_title = '', org_unit = '', left_on = '',
		erased_at = $3, version = version + 1 WHERE id = $4`, ErasedName, fold.Sort(ErasedName), sqldb.Micros(tx.Now), id); err != nil {
		return err
	}
	seqs, err := activity.About(ctx, tx, id)
	if err != nil {
		return err
	}
	return activity.Erase(ctx, tx, sqldb.Micros(tx.Now), seqs)
}

// OwnData gives a person a copy of all that is held about them.
func (s *Service) OwnData(ctx context.Context, who authz.Actor) (out map[string]any, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnAccount, authz.Of(who.Person)); err != nil {
			return err
		}
		p, err := getPerson(ctx, v, who.Person)
		if err != nil {
			return err
		}
		out = map[string]any{"person": map[string]any{
			"id": p.ID, "name": p.Name, "email": p.Email, "job_title": p.JobTitle, "org_unit": p.OrgUnit, "left_on": p.LeftOn, "role": string(p.Role),
		}}
		if out["sessions"], err = privacy.Rows(ctx, v, `SELECT device, created_at, seen_at FROM session WHERE person_id = $1 ORDER BY created_at`, p.ID); err != nil {
			return err
		}
		if out["tokens"], err = privacy.Rows(ctx, v, `SELECT name, created_at, expires_at FROM api_token WHERE person_id = $1 ORDER BY id`, p.ID); err != nil {
			return err
		}
		subjects, err := subjectsOf(ctx, v, p, LeaveWords)
		if err != nil {
			return err
		}
		var numbers, names []string
		for i, one := range subjects {
			numbers = append(numbers, one.ID)
			if i > 0 {
				names = append(names, one.Name)
			}
			for _, h := range s.holders {
				more, err := h.Copy(ctx, v, one)
				if err != nil {
					return err
				}
				for name, list := range more {
					out[name] = joined(out[name], list)
				}
			}
		}
		out["names_before"] = names
		out["record"], err = activity.OfPerson(ctx, v, numbers...)
		return err
	})
	return out, err
}

// joined puts what a person has under two numbers into one list.
func joined(have, more any) any {
	list, ok := have.([]map[string]any)
	rest, same := more.([]map[string]any)
	if !ok || !same {
		return more
	}
	return append(list, rest...)
}
