package governance

import (
	"context"
	"slices"
	"unicode/utf8"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The states of a condition. Given is still open: the proof waits to be looked at.
const (
	ConditionOpen   = "open"
	ConditionGiven  = "given"
	ConditionClosed = "closed"
	ConditionWaived = "waived"
)

// Condition is what a conditional go asked for. While it is open the next gate
// cannot be passed.
type Condition struct {
	ID, Review, Project, ProjectName string
	Gate, Criterion                  string
	Words                            string
	Owner, OwnerName                 string
	Due                              clock.Day
	Proof                            string // what is asked
	SetBy, SetByName                 string
	SetAt                            int64
	State                            string
	ProofGiven                       string
	GivenBy, GivenByName             string
	GivenAt                          int64
	EndedBy, EndedByName             string
	EndedOn                          clock.Day
	EndedAt                          int64
	EndedWords                       string
	Version                          int64

	MethodVersion      string // that says when its owner is reminded
	MayGive, MaySettle bool
}

// Open reports whether the condition still blocks the next gate.
func (c *Condition) Open() bool { return c.State == ConditionOpen || c.State == ConditionGiven }

// Overdue reports whether it should have been closed before a day.
func (c *Condition) Overdue(today clock.Day) bool { return c.Open() && c.Due < today }

// Condition shows one condition.
func (s *Service) Condition(ctx context.Context, who authz.Actor, id string) (c Condition, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if c, err = getCondition(ctx, v, id); err != nil {
			return err
		}
		if err := v.May(ctx, SeeGates, authz.On(c.Project)); err != nil {
			return err
		}
		if !c.Open() {
			return nil
		}
		c.MayGive = v.Can(ctx, GiveProof, authz.Target{Node: c.Project, Owner: c.Owner})
		owner, err := settler(ctx, v, c, who.Person, v.Today)
		c.MaySettle = v.Can(ctx, SettleCondition, authz.Target{Node: c.Project, Owner: owner})
		return err
	})
	return c, err
}

// settler gives the person if they may close or waive the condition: who set it,
// the chair of the review that set it, the chair of a review of the project that
// is open. Nobody settles what they have to fulfil themselves.
func settler(ctx context.Context, q sqldb.Querier, c Condition, person string, day clock.Day) (string, error) {
	if person == "" || person == c.Owner {
		return "", nil
	}
	managers, err := managersOf(ctx, q, c.Project, day)
	if err != nil || slices.Contains(managers, person) {
		return "", err
	}
	if person == c.SetBy {
		return person, nil
	}
	var n int
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) FROM gate_seat s JOIN gate_review r ON r.id = s.review_id
		WHERE s.person_id = $1 AND s.capacity = 'chair' AND s.conflict_at = 0 AND r.project_id = $2 AND (r.id = $3 OR r.state = 'open')`, person, c.Project, c.Review).Scan(&n)
	if err != nil || n == 0 {
		return "", err
	}
	return person, nil
}

// stepCondition changes an open condition in one unit of work.
func (s *Service) stepCondition(ctx context.Context, who authz.Actor, id string, version int64, may func(context.Context, *work.Tx, Condition) error, change func(*work.Tx, *Condition) (verb string, err error)) (c Condition, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if c, err = getCondition(ctx, tx, id); err != nil {
			return err
		}
		if err := may(ctx, tx, c); err != nil {
			return err
		}
		if !c.Open() {
			return errs.New(errs.Duplicate, "This condition was %s on %s.", c.State, c.EndedOn)
		}
		if version > 0 && c.Version != version {
			return stale("Somebody changed this condition meanwhile. Look again.")
		}
		verb, err := change(tx, &c)
		if err != nil {
			return err
		}
		if err := saveCondition(ctx, tx, c); err != nil {
			return err
		}
		role := activity.Led
		if verb == "condition.proof_given" {
			role = activity.Contributed
		}
		tx.Record(c.event(verb, activity.Participant{Person: who.Person, Role: role}, activity.Participant{Person: c.Owner, Role: activity.Contributed}))
		return nil
	})
	return c, err
}

// GiveProof hands in the proof that a condition asked for. A further proof stands
// after the earlier one. The condition blocks until it is closed.
func (s *Service) GiveProof(ctx context.Context, who authz.Actor, id string, version int64, proof string) (Condition, error) {
	return s.stepCondition(ctx, who, id, version, func(ctx context.Context, tx *work.Tx, c Condition) error {
		return tx.May(ctx, GiveProof, authz.Target{Node: c.Project, Owner: c.Owner})
	}, func(tx *work.Tx, c *Condition) (string, error) {
		if proof == "" {
			return "", errs.OnField("proof", "Say where the proof is: a link, a document, a test.")
		}
		if len(proof)+len(c.ProofGiven) > 2*maxGateWords {
			return "", errs.OnField("proof", "Use at most %d characters.", maxGateWords)
		}
		if c.ProofGiven != "" {
			proof = c.ProofGiven + "\n\n" + proof
		}
		c.State, c.ProofGiven, c.GivenBy, c.GivenAt = ConditionGiven, proof, who.Person, sqldb.Micros(tx.Now)
		return "condition.proof_given", nil
	})
}

// CloseCondition ends a condition that is fulfilled. Without a proof that was
// handed in, the words have to say what was seen.
func (s *Service) CloseCondition(ctx context.Context, who authz.Actor, id string, version int64, words string) (Condition, error) {
	return s.endCondition(ctx, who, id, version, ConditionClosed, words, func(c *Condition) error {
		if c.State != ConditionGiven && words == "" {
			return errs.OnField("words", "No proof was handed in. Say what you saw instead.")
		}
		return nil
	})
}

// WaiveCondition ends a condition that is not fulfilled, for a reason.
func (s *Service) WaiveCondition(ctx context.Context, who authz.Actor, id string, version int64, reason string) (Condition, error) {
	return s.endCondition(ctx, who, id, version, ConditionWaived, reason, func(*Condition) error {
		if reason == "" {
			return errs.OnField("words", "Say why it is waived.")
		}
		return nil
	})
}

func (s *Service) endCondition(ctx context.Context, who authz.Actor, id string, version int64, state, words string, check func(*Condition) error) (Condition, error) {
	return s.stepCondition(ctx, who, id, version, func(ctx context.Context, tx *work.Tx, c Condition) error {
		owner, err := settler(ctx, tx, c, who.Person, tx.Today)
		if err != nil {
			return err
		}
		return tx.May(ctx, SettleCondition, authz.Target{Node: c.Project, Owner: owner})
	}, func(tx *work.Tx, c *Condition) (string, error) {
		if err := check(c); err != nil {
			return "", err
		}
		if utf8.RuneCountInString(words) > maxGateWords {
			return "", errs.OnField("words", "Use at most %d characters.", maxGateWords)
		}
		c.State, c.EndedBy, c.EndedOn, c.EndedAt, c.EndedWords = state, who.Person, tx.Today, sqldb.Micros(tx.Now), words
		return "condition." + state, nil
	})
}
