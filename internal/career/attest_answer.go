package career

import (
	"context"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Answer is what somebody who was asked says.
type Answer struct {
	Says    string // confirm, amend, decline
	Wording string // of amend
	Reason  string // of decline
}

// What somebody can say.
const (
	SayConfirm = "confirm"
	SayAmend   = "amend"
	SayDecline = "decline"
)

func (n Answer) check() error {
	var c errs.Check
	switch n.Says {
	case SayConfirm:
	case SayAmend:
		c.That(n.Wording != "", "wording", "Write what you would confirm.")
		c.Fits("wording", n.Wording, maxClaimWords)
	case SayDecline:
		c.That(n.Reason != "", "reason", "Say why; only they read it.")
		c.Fits("reason", n.Reason, 1000)
	default:
		c.Add("says", "Choose: confirm, confirm in other words, or decline.")
	}
	return c.Err()
}

// Waiting are the requests that wait for the reader's answer, with nothing but their
// wording. That they read it is written down for those who ask.
func (s *Service) Waiting(ctx context.Context, who authz.Actor) (out []Attestation, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Attest, authz.Of(who.Person)); err != nil {
			return err
		}
		out, err = attestations(ctx, v, `a.attester_id = $1 AND a.state = 'asked'`, who.Person)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, s.looked(ctx, who, out...)
}

// Request is one that the reader was asked to answer, with what an entry counts as. What
// was taken back is gone.
func (s *Service) Request(ctx context.Context, who authz.Actor, id string) (a Attestation, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if a, err = oneAttestation(ctx, v, `a.id = $1`, id); err != nil {
			return err
		}
		if err := v.May(ctx, Attest, authz.Of(a.Attester)); err != nil {
			return err
		}
		if err := gone(a); err != nil {
			return err
		}
		return s.countsAs(ctx, v, &a)
	})
	if err != nil {
		return a, err
	}
	return a, s.looked(ctx, who, a)
}

var errTakenBack = errs.New(errs.NotFound, "This request was taken back. Nothing is left to confirm.")

// gone says of a request that was taken back, or whose wording changed, that it is.
func gone(a Attestation) error {
	if a.State == AttestWithdrawn || a.State == AttestLapsed {
		return errTakenBack
	}
	return nil
}

// Answer answers a request as the colleague who was asked.
func (s *Service) Answer(ctx context.Context, who authz.Actor, id string, n Answer) error {
	zone := s.unit.Zone() // outside the transaction
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		a, err := oneAttestation(ctx, tx, `a.id = $1`, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, Attest, authz.Of(a.Attester)); err != nil {
			return err
		}
		return answer(ctx, tx, a, n, zone)
	})
}

// answer keeps what somebody said, once.
func answer(ctx context.Context, tx *work.Tx, was Attestation, n Answer, zone *time.Location) error {
	if err := gone(was); err != nil {
		return err
	}
	if was.State != AttestAsked {
		return errs.New(errs.Duplicate, "This was answered already, on %s.", clock.DayOf(sqldb.Time(was.AnsweredAt), zone))
	}
	if err := n.check(); err != nil {
		return err
	}
	a := was
	a.AnsweredAt = sqldb.Micros(tx.Now)
	switch {
	case n.Says == SayDecline:
		a.State, a.Reason = AttestDeclined, n.Reason
	case n.Says == SayAmend && n.Wording != was.Wording:
		a.State, a.Amended = AttestAmended, n.Wording
	default:
		a.State = AttestConfirmed
	}
	tx.Record(Attested{Attestation: a.ID, Person: a.Person, Attester: a.Attester, What: "answered"})
	return step(ctx, tx, was, a)
}

// Limiter keeps guessers of links out, as it does at sign-in.
type Limiter interface {
	// Try counts a try and gives the error of too many.
	Try(ctx context.Context, kind, value string) error
}

// LimitTries sets who counts the tries of links; without one they are not limited.
func (s *Service) LimitTries(l Limiter) { s.limit = l }

func (s *Service) try(ctx context.Context, token, place string) error {
	if s.limit == nil {
		return nil
	}
	if err := s.limit.Try(ctx, "attestation place", place); err != nil {
		return err
	}
	return s.limit.Try(ctx, "attestation", hashOf(token))
}

var errNoLink = errs.New(errs.NotFound, "This link is not right, or not any more. Ask whoever sent it for a new one.")

// byLink finds what a link is for. It acts on nothing.
func byLink(ctx context.Context, q sqldb.Querier, token string, now time.Time) (Attestation, error) {
	a, err := oneAttestation(ctx, q, `a.token_hash = $1`, hashOf(token))
	switch {
	case errs.Is(err, errs.NotFound):
		return a, errNoLink
	case err != nil:
		return a, err
	case a.State == AttestAsked && !a.Open(now):
		return a, errs.New(errs.NotFound, "This link has expired. Ask %s for a new one.", a.PersonName)
	}
	return a, gone(a)
}

// RequestByLink is what a link is for, shown to whoever has it. Looking at it answers
// nothing, since programs look at links before people do.
func (s *Service) RequestByLink(ctx context.Context, who authz.Actor, token, place string) (a Attestation, err error) {
	if err := s.try(ctx, token, place); err != nil {
		return a, err
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, AttestByLink, authz.Instance); err != nil {
			return err
		}
		a, err = byLink(ctx, v, token, s.unit.Clock.Now())
		if err := notOwn(err, a, who); err != nil {
			return err
		}
		return s.countsAs(ctx, v, &a)
	})
	return a, err
}

// notOwn keeps a person from confirming their own work by their own link.
func notOwn(err error, a Attestation, who authz.Actor) error {
	if err == nil && who.SignedIn() && who.Person == a.Person {
		return errs.New(errs.Forbidden, "This link is for %s, not for you: nobody confirms their own work.", a.AttesterName)
	}
	return err
}

// AnswerByLink answers a request by its link, once.
func (s *Service) AnswerByLink(ctx context.Context, who authz.Actor, token, place string, n Answer) error {
	if err := s.try(ctx, token, place); err != nil {
		return err
	}
	zone := s.unit.Zone() // outside the transaction
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AttestByLink, authz.Instance); err != nil {
			return err
		}
		a, err := byLink(ctx, tx, token, tx.Now)
		if err = notOwn(err, a, who); err != nil {
			return err
		}
		return answer(ctx, tx, a, n, zone)
	})
}

// Asked are all requests of the person, with the answers.
func (s *Service) Asked(ctx context.Context, who authz.Actor) (out []Attestation, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		out, err = attestations(ctx, v, `a.person_id = $1`, who.Person)
		return err
	})
	return out, err
}
