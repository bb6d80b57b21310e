package career

import (
	"context"

	"cairn/internal/career/framework"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Asking is what a person asks of whom: a colleague by id, or somebody outside by
// name, who gets a link.
type Asking struct {
	AboutKind, AboutID string
	Colleague          string // id
	Outside            string // name
	Wording            string // empty is as it leaves
}

// subject is what an attestation is about, as far as asking needs it.
type subject struct {
	kind   string
	leaves string
	to     clock.Day
	asked  []Attestation
}

// Ask asks somebody to confirm a piece of evidence. For somebody outside it gives the
// token of a link, which is not kept and shown this once.
func (s *Service) Ask(ctx context.Context, who authz.Actor, q Asking) (id, token string, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		by, err := s.inForce(ctx, tx)
		if err != nil {
			return err
		}
		sub, err := s.subjectOf(ctx, tx, who.Person, by, q)
		if err != nil {
			return err
		}
		if q.Wording == "" {
			q.Wording = sub.leaves
		}
		if err := checkAsking(ctx, tx, who.Person, by, sub, q); err != nil {
			return err
		}
		a := Attestation{ID: tx.NewID(), Attester: q.Colleague}
		var hash string
		if q.Colleague == "" {
			token = tx.NewToken()
			hash, a.AttesterName, a.Expires = hashOf(token), q.Outside, sqldb.Micros(tx.Now.Add(linkLife))
		}
		id = a.ID
		tx.Record(Attested{Attestation: id, Person: who.Person, Attester: q.Colleague, What: "asked"})
		_, err = tx.ExecContext(ctx, `INSERT INTO career_attestation (id, person_id, about_kind, about_id, attester_id, attester_name, wording, amended, reason, state, covers_to, token_hash, expires_at, asked_at, answered_at, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', 'asked', $8, $9, $10, $11, 0, 1)`,
			id, who.Person, q.AboutKind, q.AboutID, a.Attester, a.AttesterName, q.Wording, sub.to, hash, a.Expires, sqldb.Micros(tx.Now))
		return err
	})
	return id, token, err
}

// subjectOf finds what is to be confirmed; asking about a proposal keeps it.
func (s *Service) subjectOf(ctx context.Context, tx *work.Tx, person string, by *framework.Framework, q Asking) (out subject, err error) {
	switch q.AboutKind {
	case AboutGroup:
		g, err := s.groupOn(ctx, tx, person, q.AboutID)
		if err != nil {
			return out, err
		}
		if g.Claim.State == Dropped {
			return out, errs.New(errs.Invalid, "You dropped this. Keep it first.")
		}
		if g.Claim.State != Accepted {
			c := g.Claim
			c.State = Accepted
			if err := putClaim(ctx, tx, person, g.ID, c); err != nil {
				return out, err
			}
		}
		out = subject{kind: g.Kind, leaves: g.Leaves(by), to: tx.Today}
	case AboutEntry:
		list, err := entriesOf(ctx, tx, person)
		if err != nil {
			return out, err
		}
		for i := range list {
			if list[i].ID == q.AboutID {
				out = subject{kind: list[i].Kind, leaves: list[i].LeavesAs()}
			}
		}
	}
	if out.kind == "" {
		return out, errs.Missing("piece of evidence")
	}
	out.asked, err = attestations(ctx, tx, `a.person_id = $1 AND a.about_kind = $2 AND a.about_id = $3`, person, q.AboutKind, q.AboutID)
	return out, err
}

func checkAsking(ctx context.Context, q sqldb.Querier, person string, by *framework.Framework, sub subject, ask Asking) error {
	if _, nobody := RightPerson(by, sub.kind); nobody {
		return errs.New(errs.Invalid, "Nobody is asked to confirm this kind of work; it is yours alone.")
	}
	var c errs.Check
	c.Fits("wording", ask.Wording, maxClaimWords)
	c.Fits("outside", ask.Outside, 200)
	c.That(ask.Colleague != "" || ask.Outside != "", "colleague", "Name a colleague, or somebody outside.")
	c.That(ask.Colleague == "" || ask.Outside == "", "outside", "Ask one at a time: a colleague or somebody outside.")
	c.That(ask.Colleague != person, "colleague", "Nobody confirms their own work. Ask somebody who was there.")
	if ask.Colleague != "" && ask.Colleague != person {
		var active int
		if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_account a JOIN v_person p ON p.id = a.person_id WHERE a.person_id = $1 AND a.active = TRUE AND p.erased <> TRUE`, ask.Colleague).Scan(&active); err != nil {
			return err
		}
		c.That(active == 1, "colleague", "They have no account here. Ask them by a link.")
	}
	for _, a := range sub.asked {
		same := a.Attester == ask.Colleague && a.AttesterName == ask.Outside || ask.Colleague != "" && a.Attester == ask.Colleague
		c.That(!same || a.State != AttestAsked && a.State != AttestConfirmed && a.State != AttestAmended, "colleague", "They were asked already: %s.", a.State)
	}
	var open int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM career_attestation WHERE person_id = $1 AND state = 'asked'`, person).Scan(&open); err != nil {
		return err
	}
	c.That(open < maxOpenAsks, "colleague", "You wait for %d answers. Take some back first.", maxOpenAsks)
	return c.Err()
}

// Withdraw takes a request back; nobody can answer it any more.
func (s *Service) Withdraw(ctx context.Context, who authz.Actor, id string) error {
	return s.ownStep(ctx, who, id, "withdrawn", func(a *Attestation) error {
		if a.State != AttestAsked && a.State != AttestAmended {
			return errs.New(errs.Duplicate, "This is %s; there is nothing to take back.", a.State)
		}
		a.State = AttestWithdrawn
		return nil
	})
}

// Take takes the wording that a colleague would rather confirm, or does not.
func (s *Service) Take(ctx context.Context, who authz.Actor, id string, take bool) error {
	return s.ownStep(ctx, who, id, "taken", func(a *Attestation) error {
		if a.State != AttestAmended {
			return errs.New(errs.Duplicate, "There is no other wording to decide on.")
		}
		a.State = AttestRefused
		if take {
			a.State, a.Wording = AttestConfirmed, a.Amended
		}
		return nil
	})
}

// ownStep changes a request of one's own. A taken wording becomes the person's, as it
// leaves too; what others were asked or confirmed was another one, and lapses.
func (s *Service) ownStep(ctx context.Context, who authz.Actor, id, what string, change func(*Attestation) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		was, err := oneAttestation(ctx, tx, `a.id = $1`, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, OwnCareer, authz.Of(was.Person)); err != nil {
			return err
		}
		a := was
		if err := change(&a); err != nil {
			return err
		}
		tx.Record(Attested{Attestation: id, Person: who.Person, What: what})
		if err := step(ctx, tx, was, a); err != nil || a.State != AttestConfirmed {
			return err
		}
		if err := lapse(ctx, tx, who.Person, a.AboutKind, a.AboutID, a.ID); err != nil {
			return err
		}
		if a.AboutKind == AboutEntry {
			_, err = tx.ExecContext(ctx, `UPDATE career_entry SET words = $1, leaves = '', version = version + 1 WHERE id = $2 AND person_id = $3`, a.Wording, a.AboutID, who.Person)
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE career_claim SET words = $1, leaves = '', version = version + 1 WHERE person_id = $2 AND group_id = $3`, a.Wording, who.Person, a.AboutID)
		return err
	})
}
