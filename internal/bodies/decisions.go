package bodies

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// DecisionFilter chooses decisions. The zero filter chooses all, the newest first.
type DecisionFilter struct {
	Project, Body     string
	State             DecisionState // empty is all
	Origin            OriginKind
	OriginID          string
	Mine              bool   // that the reader carries out
	Undone            bool   // decided, with somebody to carry it out, who has not said so
	Find              string // part of the title
	AfterKey, AfterID string
	Limit             int // 0 is the usual
}

// DecisionPage is a part of the list of decisions.
type DecisionPage struct {
	Decisions       []Decision
	Count           int // of the filter
	Late            int // of these, past the date by which they were to be carried out
	NextKey, NextID string
	ProjectName     string // of a filter by project
	BodyName        string // of a filter by body
	Today           clock.Day
	MayRecord       bool // on the filter's project, of its body, or without either
}

// Decisions lists the decisions that the reader sees.
func (s *Service) Decisions(ctx context.Context, who authz.Actor, f DecisionFilter) (page DecisionPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		on := authz.On(f.Project)
		if err := v.May(ctx, SeeDecisions, on); err != nil {
			return err
		}
		if f.State != "" && !known(DecisionStates, f.State) {
			return errs.OnField("state", "Choose asked, decided or superseded.")
		}
		if f.Origin != "" && !known(OriginKinds, f.Origin) {
			return errs.OnField("origin", "Choose meeting, gate, report or hand.")
		}
		if f.Body != "" {
			b, at, err := bodyTarget(ctx, v, who, f.Body, v.Today, func(t authz.Target) error { return v.May(ctx, SeeDecisions, t) })
			if err != nil {
				return err
			}
			page.BodyName, on = b.Name, at
		}
		if f.Project != "" {
			if page.ProjectName, _, err = nodeName(ctx, v, f.Project); err != nil {
				return err
			}
		}
		page.Today, page.MayRecord = v.Today, v.Can(ctx, RecordDecision, on)
		return page.read(ctx, v, f)
	})
	return page, err
}

func (p *DecisionPage) read(ctx context.Context, v *work.View, f DecisionFilter) (err error) {
	var count, w sqldb.Where
	today := count.Add(v.Today)
	f.where(v, &count)
	if err := v.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN d.state = 'decided' AND d.carried_on = '' AND d.due_on <> '' AND d.due_on < `+today+` THEN 1 ELSE 0 END), 0)
		FROM decision d`+count.SQL(), count.Values()...).Scan(&p.Count, &p.Late); err != nil {
		return err
	}
	f.where(v, &w)
	if f.AfterID != "" {
		w.AfterKey("d.dated_on", "d.id", true, f.AfterKey, f.AfterID)
	}
	limit := limited(f.Limit)
	if p.Decisions, err = listDecisions(ctx, v, &w, "d.dated_on DESC, d.id DESC LIMIT "+w.Add(limit+1)); err != nil {
		return err
	}
	if len(p.Decisions) > limit {
		p.Decisions = p.Decisions[:limit]
		last := p.Decisions[limit-1]
		p.NextKey, p.NextID = last.dated(), last.ID
	}
	return nil
}

func (f DecisionFilter) where(v *work.View, w *sqldb.Where) {
	for _, c := range []struct {
		on    bool
		cond  string
		value string
	}{
		{f.Project != "", "d.project_id = ?", f.Project},
		{f.Body != "", "d.body_id = ?", f.Body},
		{f.State != "", "d.state = ?", string(f.State)},
		{f.Origin != "", "d.origin_kind = ?", string(f.Origin)},
		{f.OriginID != "", "d.origin_id = ?", f.OriginID},
		{f.Mine, "d.owner_id = ?", v.Who.Person},
		{f.Find != "", "d.title_key LIKE ? ESCAPE '!'", privacy.Containing(fold.Key(f.Find))},
	} {
		if c.on {
			w.And(c.cond, c.value)
		}
	}
	if f.Undone {
		w.And("d.state = 'decided' AND d.owner_id <> '' AND d.carried_on = ''")
	}
	v.Scope(w, "d.node_id")
}

// DecisionSheet is all that the page of one decision shows.
type DecisionSheet struct {
	Decision
	SupersedesTitle, SupersededTitle string
	Today                            clock.Day
	MayRecord                        bool // decide it, or supersede it
	MayCarryOut                      bool
}

// Decision shows one decision.
func (s *Service) Decision(ctx context.Context, who authz.Actor, id string) (sh DecisionSheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		d, on, err := decisionTarget(ctx, v, who, id, v.Today, func(t authz.Target) error { return v.May(ctx, SeeDecisions, t) })
		if err != nil {
			return err
		}
		sh = DecisionSheet{Decision: d, Today: v.Today, MayRecord: d.State != Superseded && v.Can(ctx, RecordDecision, on)}
		sh.MayCarryOut = d.State == Decided && d.Owner != "" && d.CarriedOn == "" && v.Can(ctx, CarryOutDecision, authz.Target{Node: d.Node, Owner: d.Owner})
		sh.SupersedesTitle, sh.SupersededTitle, err = titles(ctx, v, d)
		return err
	})
	return sh, err
}

func decisionTarget(ctx context.Context, q sqldb.Querier, who authz.Actor, id string, today clock.Day, see func(authz.Target) error) (d Decision, on authz.Target, err error) {
	if err := see(authz.Instance); err != nil {
		return d, on, err
	}
	if d, err = getDecision(ctx, q, id); err != nil {
		return d, on, err
	}
	on.Node = d.Node
	if err := see(on); err != nil {
		return d, on, err
	}
	on.Owner, err = officer(ctx, q, who, d.Body, today)
	return d, on, err
}

// Record records a decision that was taken, or asks for one: by hand.
func (s *Service) Record(ctx context.Context, who authz.Actor, d Decision) (Decision, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) (err error) {
		d.Node = ""
		on, err := decisionPlace(ctx, tx, &d)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, RecordDecision, on); err != nil {
			return err
		}
		d.Origin, d.Supersedes = Origin{Kind: ByHand}, ""
		d, err = s.DecideIn(ctx, tx, d)
		return err
	})
	return d, err
}

// decisionPlace finds whose visibility a decision has: that of its project, or
// else of what its body governs, or else the one that it has.
func decisionPlace(ctx context.Context, tx *work.Tx, d *Decision) (on authz.Target, err error) {
	if err := tx.May(ctx, SeeDecisions, authz.On(d.Project)); err != nil {
		return on, err
	}
	node := d.Project
	if d.Body != "" {
		b, at, err := bodyTarget(ctx, tx, tx.Who, d.Body, tx.Today, func(t authz.Target) error { return tx.May(ctx, SeeDecisions, t) })
		if err != nil {
			return on, err
		}
		on.Owner = at.Owner
		if d.Project == "" && b.NodeKind == "project" {
			d.Project = b.Node
		}
		if node == "" {
			node = b.Node
		}
	}
	if node != "" {
		d.Node = node
	}
	on.Node = d.Node
	return on, nil
}

// DecideIn records a decision, or asks for one, within the unit of work of what
// it comes from, which has authorised that. An asked-for one has State Asked;
// any other is decided, today unless DecidedOn says when.
func (s *Service) DecideIn(ctx context.Context, tx *work.Tx, d Decision) (Decision, error) {
	if _, err := decisionPlace(ctx, tx, &d); err != nil {
		return d, err
	}
	if d.State != Asked {
		d.State = Decided
		if d.DecidedOn == "" {
			d.DecidedOn = tx.Today
		}
	} else {
		d.DecidedOn = ""
	}
	if err := d.check(tx.Today); err != nil {
		return d, err
	}
	if err := s.checkDecision(ctx, tx, d); err != nil {
		return d, err
	}
	d.ID, d.Version, d.RecordedBy, d.RecordedAt = tx.NewID(), 1, tx.Who.Person, sqldb.Micros(tx.Now)
	d.CarriedOn, d.CarriedWords, d.SupersededBy = "", "", ""
	what := decisionTaken
	if d.State == Asked {
		d.AskedOn, what = tx.Today, decisionAsked
	}
	tx.Record(decisionEvent(d, tx.Who, what))
	return d, insertDecision(ctx, tx, d)
}

func (s *Service) checkDecision(ctx context.Context, tx *work.Tx, d Decision) error {
	if d.Person != "" {
		if err := s.checkPerson(ctx, tx, "by", d.Person, ""); err != nil {
			return err
		}
	}
	if d.Owner == "" {
		return nil
	}
	return s.checkPerson(ctx, tx, "owner", d.Owner, d.Node)
}

func decisionEvent(d Decision, who authz.Actor, what string) DecisionEvent {
	return DecisionEvent{
		Decision: d.ID, Project: d.Project, Node: d.Node, Body: d.Body, Person: d.Person, On: d.DecidedOn, OriginKind: d.Origin.Kind, Origin: d.Origin.ID,
		Owner: d.Owner, Due: d.Due, Supersedes: d.Supersedes, By: who.Person, What: what,
	}
}

// onDecision changes a decision in one unit of work.
func (s *Service) onDecision(ctx context.Context, who authz.Actor, id string, version int64, act authz.Action, change func(ctx context.Context, tx *work.Tx, d *Decision) (string, error)) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		d, on, err := decisionTarget(ctx, tx, who, id, tx.Today, func(t authz.Target) error { return tx.May(ctx, SeeDecisions, t) })
		if err != nil {
			return err
		}
		if act == CarryOutDecision {
			on.Owner = d.Owner
		}
		if err := tx.May(ctx, act, on); err != nil {
			return err
		}
		if version != 0 && version != d.Version {
			return errStale
		}
		what, err := change(ctx, tx, &d)
		if err != nil {
			return err
		}
		ok, err := updateDecision(ctx, tx, d)
		if err == nil && !ok {
			err = errStale
		}
		tx.Record(decisionEvent(d, who, what))
		return err
	})
}

// Take takes a decision that was asked for.
func (s *Service) Take(ctx context.Context, who authz.Actor, id string, version int64, t Decision) error {
	return s.onDecision(ctx, who, id, version, RecordDecision, func(ctx context.Context, tx *work.Tx, d *Decision) (string, error) {
		if d.State != Asked {
			return "", errs.New(errs.Invalid, "This was decided already. A new decision supersedes it.")
		}
		d.Title, d.Words, d.Dissent, d.Person, d.Owner, d.Due, d.DecidedOn = t.Title, t.Words, t.Dissent, t.Person, t.Owner, t.Due, t.DecidedOn
		if d.Body != "" && d.Person != "" {
			d.Body = "" // a person decides in its place
		}
		if d.State = Decided; d.DecidedOn == "" {
			d.DecidedOn = tx.Today
		}
		if err := d.check(tx.Today); err != nil {
			return "", err
		}
		return decisionTaken, s.checkDecision(ctx, tx, *d)
	})
}

// Supersede takes a new decision in the place of an old one. Both stay readable.
func (s *Service) Supersede(ctx context.Context, who authz.Actor, id string, version int64, by Decision) (Decision, error) {
	err := s.onDecision(ctx, who, id, version, RecordDecision, func(ctx context.Context, tx *work.Tx, old *Decision) (_ string, err error) {
		if old.State != Decided {
			return "", errs.New(errs.Invalid, "Only a decision that stands is superseded.")
		}
		by.State, by.Supersedes, by.Project, by.Node = Decided, old.ID, old.Project, old.Node
		by.Origin = Origin{Kind: ByHand}
		if by.Body == "" && by.Person == "" {
			by.Body, by.Person = old.Body, old.Person
		}
		if by, err = s.DecideIn(ctx, tx, by); err != nil {
			return "", err
		}
		old.State, old.SupersededBy = Superseded, by.ID
		return decisionSuperseded, nil
	})
	return by, err
}

// CarryOut says that a decision is carried out, with a word of proof.
func (s *Service) CarryOut(ctx context.Context, who authz.Actor, id string, version int64, proof string) error {
	return s.onDecision(ctx, who, id, version, CarryOutDecision, func(_ context.Context, tx *work.Tx, d *Decision) (string, error) {
		var c errs.Check
		c.That(proof != "", "proof", "Say in a line how one can see that it is carried out.")
		c.Fits("proof", proof, maxWords)
		switch {
		case d.State != Decided || d.Owner == "":
			return "", errs.New(errs.Invalid, "Nobody carries this decision out.")
		case d.CarriedOn != "":
			return "", errs.New(errs.Duplicate, "It is carried out already.")
		}
		d.CarriedOn, d.CarriedWords = tx.Today, proof
		return decisionCarried, c.Err()
	})
}
