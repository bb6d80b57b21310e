package raid

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what people can do with actions.
type Service struct{ unit *work.Unit }

// NewService makes the service.
func NewService(u *work.Unit) *Service { return &Service{u} }

// Today is the organisation's calendar date, for forms.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Sheet is all that the page of one action shows.
type Sheet struct {
	Action
	Steps                                    []Step
	MayChange, MayFinish, MayHand, MayReopen bool
	Today                                    clock.Day
}

// Action shows one action with what became of it.
func (s *Service) Action(ctx context.Context, who authz.Actor, id string) (sh Sheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeActions, authz.Instance); err != nil {
			return err
		}
		a, err := getAction(ctx, v, id)
		if err != nil {
			return err
		}
		if err := v.May(ctx, SeeActions, authz.On(a.Project)); err != nil {
			return err
		}
		sh = Sheet{Action: a, Today: v.Today}
		raised, owned := authz.Target{Node: a.Project, Owner: a.RaisedBy}, authz.Target{Node: a.Project, Owner: a.Owner}
		open := a.State == Open
		sh.MayChange, sh.MayReopen = open && v.Can(ctx, ChangeAction, raised), !open && v.Can(ctx, ReopenAction, raised)
		sh.MayFinish, sh.MayHand = open && v.Can(ctx, FinishAction, owned), open && v.Can(ctx, HandOverOwned, owned)
		sh.Steps, err = listSteps(ctx, v, id)
		return err
	})
	return sh, err
}

// Raise raises an action by hand.
func (s *Service) Raise(ctx context.Context, who authz.Actor, a Action) (Action, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) (err error) {
		act := RaiseAction
		if a.Project == "" {
			act = RaiseOutside
		}
		if err := tx.May(ctx, act, authz.On(a.Project)); err != nil {
			return err
		}
		a.Origin = Origin{Kind: ByHand}
		a, err = s.RaiseIn(ctx, tx, a)
		return err
	})
	return a, err
}

// RaiseIn raises an action within another feature's unit of work, which has
// authorised what raises it. Who acts there has raised it.
func (s *Service) RaiseIn(ctx context.Context, tx *work.Tx, a Action) (Action, error) {
	if err := a.check(); err != nil {
		return a, err
	}
	if err := s.checkOwner(ctx, tx, a.Owner, a.Project); err != nil {
		return a, err
	}
	a.ID, a.State, a.Version = tx.NewID(), Open, 1
	a.RaisedBy, a.RaisedOn, a.RaisedAt = tx.Who.Person, tx.Today, sqldb.Micros(tx.Now)
	if err := insertAction(ctx, tx, a); err != nil {
		return a, err
	}
	return a, s.note(ctx, tx, a, Step{What: Raised, Became: a.Due}, ActionEvent{})
}

// checkOwner refuses an owner who is nobody, has left, or would not see the
// action: who is to do something must be able to open it.
func (s *Service) checkOwner(ctx context.Context, tx *work.Tx, owner, project string) error {
	actor, ok, err := directory.Present(ctx, tx, owner, tx.Today)
	if err != nil {
		return err
	}
	if !ok {
		return errs.OnField("owner", "Choose a person from the directory who has not left.")
	}
	if project == "" || owner == tx.Who.Person {
		return nil
	}
	err = s.unit.Policy().Check(ctx, tx, actor, SeeActions, authz.On(project), tx.Today)
	if errs.Is(err, errs.NotFound) {
		return errs.OnField("owner", "They do not see this project. Assign them to it first.")
	}
	return err
}

// note writes a step of an action and records its event.
func (s *Service) note(ctx context.Context, tx *work.Tx, a Action, st Step, e ActionEvent) error {
	e.Action, e.Project, e.Owner, e.Due, e.By, e.What = a.ID, a.Project, a.Owner, a.Due, tx.Who.Person, st.What
	e.OriginKind, e.Origin = a.Origin.Kind, a.Origin.ID
	tx.Record(e)
	return insertStep(ctx, tx, a.ID, st)
}

var (
	errStale = errs.New(errs.Conflict, "Somebody changed this action meanwhile. Theirs is shown; repeat your change if it still holds.")
	errEnded = errs.New(errs.Invalid, "This action has ended. Open it again first.")
)

// step changes an action in one unit of work: authorise, change, save, note.
// Version 0 means: whichever it is.
func (s *Service) step(ctx context.Context, who authz.Actor, id string, version int64, act authz.Action, owner func(Action) string, change func(ctx context.Context, tx *work.Tx, a *Action) ([]Step, ActionEvent, error)) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, SeeActions, authz.Instance); err != nil {
			return err
		}
		a, err := getAction(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, act, authz.Target{Node: a.Project, Owner: owner(a)}); err != nil {
			return err
		}
		if version != 0 && version != a.Version {
			return errStale
		}
		steps, event, err := change(ctx, tx, &a)
		if err != nil || len(steps) == 0 {
			return err
		}
		ok, err := updateAction(ctx, tx, a)
		if err != nil {
			return err
		}
		if !ok {
			return errStale
		}
		for _, st := range steps {
			if err := s.note(ctx, tx, a, st, event); err != nil {
				return err
			}
		}
		return nil
	})
}

func raiser(a Action) string { return a.RaisedBy }

func owner(a Action) string { return a.Owner }

// Edit is what can be changed of an open action.
type Edit struct {
	Title, Detail string
	Due           clock.Day
	Why           string // of another date
}

// Change changes what an open action says and when it is due. Each date that it
// had stays in its history, with the reason.
func (s *Service) Change(ctx context.Context, who authz.Actor, id string, version int64, e Edit) error {
	return s.step(ctx, who, id, version, ChangeAction, raiser, func(_ context.Context, _ *work.Tx, a *Action) (steps []Step, ev ActionEvent, err error) {
		if a.State != Open {
			return nil, ev, errEnded
		}
		var c errs.Check
		words(&c, "why", e.Why, maxWords)
		if err := c.Err(); err != nil {
			return nil, ev, err
		}
		if e.Title != a.Title || e.Detail != a.Detail {
			steps = append(steps, Step{What: Reworded})
		}
		if e.Due != a.Due {
			if e.Why == "" {
				return nil, ev, errs.OnField("why", "Say in a line why the date moves.")
			}
			steps = append(steps, Step{What: Moved, Was: a.Due, Became: e.Due, Words: e.Why})
			ev.DueWas = a.Due
			a.Moves++
		}
		a.Title, a.Detail, a.Due = e.Title, e.Detail, e.Due
		return steps, ev, a.check()
	})
}

// HandOver gives an open action to somebody else.
func (s *Service) HandOver(ctx context.Context, who authz.Actor, id string, version int64, to, why string) error {
	return s.step(ctx, who, id, version, HandOverOwned, owner, func(ctx context.Context, tx *work.Tx, a *Action) (steps []Step, ev ActionEvent, err error) {
		switch {
		case a.State != Open:
			return nil, ev, errEnded
		case to == "":
			return nil, ev, errs.OnField("to", "Name the person who takes it over.")
		case to == a.Owner:
			return nil, ev, errs.OnField("to", "It is theirs already.")
		case len(why) > maxWords:
			return nil, ev, errs.OnField("why", "Use at most %d characters.", maxWords)
		}
		if err := s.checkOwner(ctx, tx, to, a.Project); err != nil {
			return nil, ev, renamed(err, "owner", "to")
		}
		ev.OwnerWas = a.Owner
		steps = []Step{{What: HandedOver, Was: a.Owner, Became: to, Words: why}}
		a.Owner = to
		return steps, ev, nil
	})
}

// renamed gives an error at one field the name of another.
func renamed(err error, from, to string) error {
	for _, f := range errs.FieldsOf(err) {
		if f.Name == from {
			return errs.OnField(to, "%s", f.Message)
		}
	}
	return err
}

// Done says that an action is done, with a word of proof.
func (s *Service) Done(ctx context.Context, who authz.Actor, id string, version int64, proof string) error {
	return s.end(ctx, who, id, version, Done, proof)
}

// Drop ends an action that nobody needs any more, with the reason.
func (s *Service) Drop(ctx context.Context, who authz.Actor, id string, version int64, reason string) error {
	return s.end(ctx, who, id, version, Dropped, reason)
}

func (s *Service) end(ctx context.Context, who authz.Actor, id string, version int64, state State, said string) error {
	act, whose, what, field, ask := FinishAction, owner, WasDone, "proof", "Say in a line how one can see that it is done."
	if state == Dropped {
		act, whose, what, field, ask = ChangeAction, raiser, WasDropped, "reason", "Say in a line why nobody needs it any more."
	}
	return s.step(ctx, who, id, version, act, whose, func(_ context.Context, tx *work.Tx, a *Action) ([]Step, ActionEvent, error) {
		var c errs.Check
		c.That(said != "", field, "%s", ask)
		words(&c, field, said, maxWords)
		if a.State != Open {
			return nil, ActionEvent{}, errEnded
		}
		a.State, a.EndedOn, a.EndedWords = state, tx.Today, said
		return []Step{{What: what, Words: said}}, ActionEvent{}, c.Err()
	})
}

// Reopen opens an action again, because it was not done after all. It keeps its
// date unless another is given.
func (s *Service) Reopen(ctx context.Context, who authz.Actor, id string, version int64, why string, due clock.Day) error {
	return s.step(ctx, who, id, version, ReopenAction, raiser, func(_ context.Context, _ *work.Tx, a *Action) (steps []Step, ev ActionEvent, err error) {
		if a.State == Open {
			return nil, ev, errs.New(errs.Invalid, "This action is open already.")
		}
		var c errs.Check
		c.That(why != "", "why", "Say in a line why it is open again.")
		words(&c, "why", why, maxWords)
		c.That(due == "" || clock.ValidDay(due), "due", "Say by when, such as 2026-11-24.")
		a.State, a.EndedOn, a.EndedWords = Open, "", ""
		steps = []Step{{What: Reopened, Words: why}}
		if due != "" && due != a.Due {
			steps = append(steps, Step{What: Moved, Was: a.Due, Became: due, Words: why})
			ev.DueWas, a.Due = a.Due, due
			a.Moves++
		}
		return steps, ev, c.Err()
	})
}
