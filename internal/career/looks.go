package career

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// LookDays is how long it is told who looked.
const LookDays = 365

// LookedAt is a kind of what somebody else can open of a career.
type LookedAt string

// The kinds.
const (
	AtStep        LookedAt = "step"        // that is shared with them
	AtAttestation LookedAt = "attestation" // that they were asked to confirm
	AtMentoring   LookedAt = "mentoring"   // what was written to them as a mentor
)

// Look is somebody who opened something of the reader's career, on a day.
type Look struct {
	Name  string
	What  LookedAt
	ID    string // of the step, of what the attestation is about, of the pair
	About string // of a step its title; of an attestation group or entry
	On    clock.Day
}

// Says is what was opened, in words.
func (l Look) Says() string {
	switch l.What {
	case AtStep:
		return "The step “" + l.About + "”"
	case AtAttestation:
		return "A wording that you asked them to confirm"
	case AtMentoring:
		return "What you wrote to them as your mentor"
	}
	return string(l.What)
}

// Href is the reader's own page of it.
func (l Look) Href() string {
	switch {
	case l.What == AtStep:
		return "/plan/" + l.ID
	case l.What == AtMentoring:
		return "/mentoring/pairs/" + l.ID
	case l.About == AboutEntry:
		return "/career/entries/" + l.ID
	}
	return "/career/evidence/" + l.ID
}

const maxLooks = 500

// Looks are who opened what of the reader's career in the last year, newest first.
func (s *Service) Looks(ctx context.Context, who authz.Actor) (out []Look, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		out, err = looksAt(ctx, v, who.Person, clock.AddDays(v.Today, -LookDays))
		return err
	})
	return out, err
}

func looksAt(ctx context.Context, q sqldb.Querier, owner string, since clock.Day) (out []Look, err error) {
	rows, err := q.QueryContext(ctx, `SELECT COALESCE(p.name, ''), x.what, x.id, x.about, x.looked_on FROM (
		SELECT l.person_id, 'step' AS what, l.step_id AS id, l.title AS about, l.looked_on FROM v_plan_look l WHERE l.owner_id = $1
		UNION ALL SELECT l.person_id, 'attestation', a.about_id, a.about_kind, l.looked_on FROM career_look l JOIN career_attestation a ON a.id = l.attestation_id WHERE a.person_id = $2
		UNION ALL SELECT l.person_id, 'mentoring', l.pair_id, '', l.looked_on FROM v_mentoring_look l WHERE l.owner_id = $3) x
		LEFT JOIN v_person p ON p.id = x.person_id WHERE x.looked_on > $4 ORDER BY x.looked_on DESC, 1, x.what, x.id LIMIT $5`, owner, owner, owner, since, maxLooks)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var l Look
		if err := rows.Scan(&l.Name, &l.What, &l.ID, &l.About, &l.On); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// looked writes down that somebody opened what they were asked to confirm.
func (s *Service) looked(ctx context.Context, who authz.Actor, list ...Attestation) error {
	if len(list) == 0 {
		return nil
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		for _, a := range list { // some few: one person is asked so much
			if _, err := k.ExecContext(ctx, `INSERT INTO career_look (attestation_id, person_id, looked_on) SELECT a.id, $1, $2 FROM career_attestation a WHERE a.id = $3 ON CONFLICT (attestation_id, person_id, looked_on) DO NOTHING`,
				who.Person, k.Today, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Sweep forgets who looked when its year is over.
func (s *Service) Sweep(ctx context.Context, k *work.Keeping) error {
	_, err := k.ExecContext(ctx, `DELETE FROM career_look WHERE looked_on <= $1`, clock.AddDays(k.Today, -LookDays))
	return err
}
