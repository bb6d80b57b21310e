package document

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Submit asks somebody to approve the newest version. A version that waited
// until now is superseded.
func (s *Service) Submit(ctx context.Context, who authz.Actor, id string, number int, asked string) error {
	return s.step(ctx, who, id, number, verbSubmitted, func(ctx context.Context, tx *work.Tx, d Document, v *Version) error {
		if err := tx.May(ctx, WriteDocument, authz.On(d.Project)); err != nil {
			return err
		}
		if AskedWords(asked) == asked {
			return errs.OnField("asked", "Say who is to approve it.")
		}
		switch {
		case v.Number != d.Latest:
			return errs.New(errs.Conflict, "Version %d is newer. Submit that one.", d.Latest)
		case v.State == Submitted:
			return errs.New(errs.Duplicate, "This version waits for approval already.")
		case v.State != Draft:
			return errs.New(errs.Duplicate, "This version was decided about already. Write a new one.")
		case v.Erased:
			return errs.New(errs.Invalid, "What this version said was erased. Write a new one.")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE document_version SET state = 'superseded' WHERE document_id = $1 AND state = 'submitted'`, d.ID); err != nil {
			return err
		}
		asked, err := oneUp(ctx, tx, d, *v, asked)
		v.State, v.Asked, v.SubmittedBy, v.SubmittedAt = Submitted, asked, who.Person, sqldb.Micros(tx.Now)
		return err
	})
}

// oneUp gives the role that is asked in truth: where nobody but the writer has the
// one that was named, the head of PMO; where that is the writer, the sponsor.
func oneUp(ctx context.Context, tx *work.Tx, d Document, v Version, asked string) (string, error) {
	if asked == headOfPMO {
		if tx.Who.Role == authz.HeadOfPMO && v.Writer == tx.Who.Person {
			return Approvers[0].ID, nil
		}
		return asked, nil
	}
	var others int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM v_assignment a WHERE a.project_id = $1 AND a.kind = $2 AND a.person_id <> $3 AND a.from_on <= $4 AND (a.to_on = '' OR a.to_on >= $5)`,
		d.Project, asked, v.Writer, tx.Today, tx.Today).Scan(&others)
	if others == 0 {
		asked = headOfPMO
	}
	return asked, err
}

// Approve signs a version that waits: the session's person, the moment and the
// hash of what the version says are kept. Seen is the hash that the reader saw.
func (s *Service) Approve(ctx context.Context, who authz.Actor, id string, number int, seen string) error {
	return s.step(ctx, who, id, number, verbApproved, func(ctx context.Context, tx *work.Tx, d Document, v *Version) error {
		if err := mayDecide(ctx, tx, d, *v); err != nil {
			return err
		}
		if seen != v.SHA256 {
			return errs.New(errs.Conflict, "What you read is not this version. Read it again.")
		}
		v.State, v.DecidedBy, v.DecidedAt = Approved, who.Person, sqldb.Micros(tx.Now)
		return nil
	})
}

// SendBack gives a version back with a reason.
func (s *Service) SendBack(ctx context.Context, who authz.Actor, id string, number int, reason string) error {
	return s.step(ctx, who, id, number, verbSentBack, func(ctx context.Context, tx *work.Tx, d Document, v *Version) error {
		if err := mayDecide(ctx, tx, d, *v); err != nil {
			return err
		}
		if reason == "" || len(reason) > mostReason {
			return errs.OnField("reason", "Say what is to be changed, in at most %d characters.", mostReason)
		}
		v.State, v.DecidedBy, v.DecidedAt, v.Reason = SentBack, who.Person, sqldb.Micros(tx.Now), reason
		return nil
	})
}

// mayDecide asks who decides: the sponsor, the head of PMO or the role that was
// asked, and never who wrote the version, whose own approval goes one up.
func mayDecide(ctx context.Context, tx *work.Tx, d Document, v Version) error {
	holds, err := holds(ctx, tx, d.Project, v.Asked, tx.Who.Person, tx.Today)
	if err != nil {
		return err
	}
	if err := tx.May(ctx, ApproveDocument, deciding(d, tx.Who, holds)); err != nil {
		return err
	}
	switch {
	case v.State != Submitted:
		return errs.New(errs.Duplicate, "This version does not wait for approval.")
	case v.Writer == tx.Who.Person:
		return errs.New(errs.Forbidden, "You wrote this version, so somebody else approves it: the sponsor, or the head of PMO if you are the sponsor.")
	}
	return nil
}

// deciding is the target of a decision: whoever holds the role that was asked is
// its owner.
func deciding(d Document, who authz.Actor, holds bool) authz.Target {
	on := authz.On(d.Project)
	if holds {
		on.Owner = who.Person
	}
	return on
}

// step changes how a version stands, in one unit of work.
func (s *Service) step(ctx context.Context, who authz.Actor, id string, number int, verb string, change func(context.Context, *work.Tx, Document, *Version) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		d, err := getDocument(ctx, tx, id)
		if err != nil {
			return err
		}
		v, err := getVersion(ctx, tx, id, number)
		if err != nil {
			return err
		}
		before := v.State
		if err := change(ctx, tx, d, &v); err != nil {
			return err
		}
		if err := saveState(ctx, tx, v, before); err != nil {
			return err
		}
		d.ChangedAt = sqldb.Micros(tx.Now)
		if v.Number == d.Latest {
			d.State = v.State
		}
		if v.State == Approved {
			d.Approved = max(d.Approved, v.Number)
		}
		tx.Record(eventOf(verb, d, v, who.Person))
		return touch(ctx, tx, d, d.Latest)
	})
}
