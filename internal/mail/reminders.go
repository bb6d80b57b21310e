package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Matter is something that waits for somebody. What it says is read in a mail: it
// names the matter and nothing that somebody wrote for themselves.
type Matter struct {
	Person string // id
	Key    string // names the matter, by ids; the same matter is not new
	Again  int    // after how many days it may be told again; 0 is never
	Says   string
	Path   string // of the page, on which opening does nothing
}

// Source gives what waits for people on a day, in a fixed number of queries.
type Source func(ctx context.Context, q sqldb.Querier, today clock.Day) ([]Matter, error)

// RemindOf sets where reminders come from.
func (s *Service) RemindOf(list ...Source) { s.sources = list }

// firstHour is from which hour of the organisation's day reminders go out.
const firstHour = 7

// ReminderDays is how long it is kept which matters somebody was told of: longer than
// any matter waits to be told again.
const ReminderDays = 200

// atOnce is how many people are reminded in one transaction.
const atOnce = 100

// Remind sends one mail to everybody for whom something waits that they were not told
// of yet, or not for long enough; it gathers all that waits for them. Nobody gets two
// on a day, however often and in however many processes it runs. Links begin with the
// address; org is who sends it.
func (s *Service) Remind(ctx context.Context, address, org string) error {
	now := s.unit.Clock.Now().In(s.unit.Zone())
	if s.sender == nil || address == "" || now.Hour() < firstHour {
		return nil
	}
	today := clock.DayOf(now, s.unit.Zone())
	waits, err := s.waits(ctx, today)
	if err != nil || len(waits) == 0 {
		return err
	}
	told, err := s.told(ctx, today)
	if err != nil {
		return err
	}
	boxes, err := s.boxes(ctx, today)
	if err != nil {
		return err
	}
	var due []box
	for _, b := range boxes {
		if list := waits[b.person]; told[b.person].isDue(list, today) {
			b.matters = list
			due = append(due, b)
		}
	}
	for some := range slices.Chunk(due, atOnce) {
		if err := s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
			for _, b := range some {
				if err := remind(ctx, k, b, today, address, org); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// box is where somebody is reached, and of what they are told.
type box struct {
	person, name, address string
	matters               []Matter
}

// remind queues one mail unless another process has done so today.
func remind(ctx context.Context, k *work.Keeping, b box, today clock.Day, address, org string) error {
	var keys []string
	m := Message{Person: b.person, Address: b.address, Kind: "reminder", Letter: Letter{
		Subject: "What waits for you in Cairn", Paragraphs: []string{"Hello " + b.name + ",", "this waits for you in Cairn at " + org + ":"},
		Why: "You get at most one such mail a day, and only when something new waits. Switch it off under Your account: " + address + "/account",
	}}
	for _, x := range b.matters {
		keys = append(keys, x.mark())
		m.List = append(m.List, Line{x.Says, address + x.Path})
	}
	if err := m.check(); err != nil {
		return nil //nolint:nilerr // an address that no mail reaches is no reason to stop the others
	}
	res, err := k.ExecContext(ctx, `INSERT INTO mail_reminder (person_id, sent_on, matters) VALUES ($1, $2, $3) ON CONFLICT (person_id, sent_on) DO NOTHING`, b.person, today, strings.Join(keys, " "))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = queue(ctx, k, k.Now, m)
	return err
}

// waits gathers what waits, by person, each in the order of the sources.
func (s *Service) waits(ctx context.Context, today clock.Day) (map[string][]Matter, error) {
	out := map[string][]Matter{}
	for _, source := range s.sources {
		list, err := source(ctx, s.unit.DB.Read, today)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			out[m.Person] = append(out[m.Person], m)
		}
	}
	return out, nil
}

// mark is under what it is kept that somebody was told of a matter. It names nothing:
// of an application that was refused and is gone, nobody finds here that it was.
func (m Matter) mark() string {
	sum := sha256.Sum256([]byte(m.Key))
	return hex.EncodeToString(sum[:12])
}

// telling is on which day somebody was last told of each matter, by its mark.
type telling map[string]clock.Day

// isDue reports whether a mail is due: none went today, and a matter is new or has
// waited long enough.
func (t telling) isDue(list []Matter, today clock.Day) bool {
	if t[""] == today {
		return false
	}
	return slices.ContainsFunc(list, func(m Matter) bool {
		last := t[m.mark()]
		return last == "" || m.Again > 0 && clock.AddDays(last, m.Again) <= today
	})
}

// told reads of what people were told, and under the empty key when last.
func (s *Service) told(ctx context.Context, today clock.Day) (map[string]telling, error) {
	rows, err := s.unit.DB.Read.QueryContext(ctx, `SELECT person_id, sent_on, matters FROM mail_reminder WHERE sent_on > $1 ORDER BY sent_on`, clock.AddDays(today, -ReminderDays))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]telling{}
	for rows.Next() {
		var person, keys string
		var on clock.Day
		if err := rows.Scan(&person, &on, &keys); err != nil {
			return nil, err
		}
		if out[person] == nil {
			out[person] = telling{}
		}
		out[person][""] = on
		for mark := range strings.FieldsSeq(keys) {
			out[person][mark] = on
		}
	}
	return out, rows.Err()
}

// boxes are those who have an account and an address and do not decline reminders.
func (s *Service) boxes(ctx context.Context, today clock.Day) (out []box, err error) {
	rows, err := s.unit.DB.Read.QueryContext(ctx, `SELECT b.person_id, b.name, b.email FROM v_mailbox b LEFT JOIN mail_choice c ON c.person_id = b.person_id
		WHERE (b.left_on = '' OR b.left_on >= $1) AND (c.person_id IS NULL OR c.reminders = TRUE) ORDER BY b.person_id`, today)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b box
		if err := rows.Scan(&b.person, &b.name, &b.address); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

// Reminders reports whether reminders come to the reader by mail: not where no mail
// server is configured.
func (s *Service) Reminders(ctx context.Context, who authz.Actor) (on bool, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnReminders, authz.Of(who.Person)); err != nil {
			return err
		}
		var declined int
		err := v.QueryRowContext(ctx, `SELECT COUNT(*) FROM mail_choice WHERE person_id = $1 AND reminders <> TRUE`, who.Person).Scan(&declined)
		on = s.sender != nil && declined == 0
		return err
	})
	return on, err
}

// ChooseReminders sets whether reminders come by mail.
func (s *Service) ChooseReminders(ctx context.Context, who authz.Actor, on bool) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnReminders, authz.Of(who.Person)); err != nil {
			return err
		}
		tx.Record(Chosen{Person: who.Person, On: on})
		_, err := tx.ExecContext(ctx, `INSERT INTO mail_choice (person_id, reminders) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET reminders = excluded.reminders`, who.Person, on)
		return err
	})
}
