package cpd

import (
	"context"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Configured is the event of a scheme that is made, changed, ended or deleted. Of one
// that a person made for themselves, only they read it.
type Configured struct {
	Scheme string    `json:"scheme"`
	From   clock.Day `json:"from,omitempty"` // the edition's day, or the last day
	Owner  string    `json:"owner,omitempty"`
	What   string    `json:"-"`
}

// Activity implements activity.Event.
func (e Configured) Activity() activity.Meta {
	return activity.Meta{Verb: "cpd.scheme_" + e.What, Version: 1, SubjectKind: "cpd_scheme", SubjectID: e.Scheme, Audience: e.Owner}
}

// Catalogue reads the schemes that a person may keep a log for.
func (s *Service) Catalogue(ctx context.Context, who authz.Actor) (c Catalogue, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		c, err = catalogueOf(ctx, v, who.Person)
		c.MayConfigure = v.Can(ctx, Configure, authz.Instance)
		return err
	})
	return c, err
}

// Scheme reads one scheme, the office's or one's own.
func (s *Service) Scheme(ctx context.Context, who authz.Actor, id string) (out Series, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Own, authz.Of(who.Person)); err != nil {
			return err
		}
		out, err = findSeries(ctx, v, who.Person, id)
		return err
	})
	return out, err
}

// mayChange says whether somebody may change a scheme: the office's by their role, their
// own because it is.
func mayChange(ctx context.Context, tx *work.Tx, owner string) error {
	if owner == "" {
		return tx.May(ctx, Configure, authz.Instance)
	}
	return tx.May(ctx, Own, authz.Of(owner))
}

// AddScheme makes a scheme, for the office or for oneself alone, which holds from a day on.
func (s *Service) AddScheme(ctx context.Context, who authz.Actor, own bool, from clock.Day, def Scheme) (out Series, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if own {
			out.Owner = who.Person
		}
		if err := mayChange(ctx, tx, out.Owner); err != nil {
			return err
		}
		list, err := seriesOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		if len(list) >= maxSchemes {
			return errs.New(errs.Duplicate, "There are %d schemes already. Delete or end some.", maxSchemes)
		}
		out.ID = tx.NewID()
		return s.edit(ctx, tx, &out, from, def, list, "added")
	})
	return out, err
}

// SetScheme says what a scheme asks from a day on. Periods that have begun keep what
// they began with.
func (s *Service) SetScheme(ctx context.Context, who authz.Actor, id string, version int64, from clock.Day, def Scheme) (out Series, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if out, err = findSeries(ctx, tx, who.Person, id); err != nil {
			return err
		}
		if err := mayChange(ctx, tx, out.Owner); err != nil {
			return err
		}
		list, err := seriesOf(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		if len(out.Editions) >= maxEditions {
			return errs.New(errs.Duplicate, "There are %d editions already. Make a new scheme of it.", maxEditions)
		}
		out.Version = version
		return s.edit(ctx, tx, &out, from, def, list, "changed")
	})
	return out, err
}

// edit checks and keeps one edition of a scheme.
func (s *Service) edit(ctx context.Context, tx *work.Tx, out *Series, from clock.Day, def Scheme, list []Series, what string) error {
	var e errs.Check
	checkEdition(&e, from, tx.Today)
	def = def.identified()
	def.ID, def.Edition, def.Saved = out.ID, from, out.Version+1
	def.check(&e)
	for _, x := range list {
		e.That(x.ID == out.ID || x.Owner != out.Owner || x.Ended != "" || x.Latest().Name != def.Name, "name", "There is a scheme of this name.")
	}
	if err := e.Err(); err != nil {
		return err
	}
	tx.Record(Configured{out.ID, from, out.Owner, what})
	if err := saveSeries(ctx, tx, *out); err != nil {
		return err
	}
	if err := saveEdition(ctx, tx, def); err != nil {
		return err
	}
	after, err := findSeries(ctx, tx, out.Owner, out.ID)
	*out = after
	return err
}

// EndScheme says the last day on which a period of a scheme can begin; no day opens it
// again.
func (s *Service) EndScheme(ctx context.Context, who authz.Actor, id string, version int64, on clock.Day) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		x, err := findSeries(ctx, tx, who.Person, id)
		if err != nil {
			return err
		}
		if err := mayChange(ctx, tx, x.Owner); err != nil {
			return err
		}
		if on != "" && !clock.ValidDay(on) {
			return errs.OnField("on", "Enter a date such as %s-12-31.", tx.Today[:4])
		}
		x.Ended, x.Version = on, version
		what := "ended"
		if on == "" {
			what = "reopened"
		}
		tx.Record(Configured{x.ID, on, x.Owner, what})
		return saveSeries(ctx, tx, x)
	})
}

// RemoveScheme deletes a scheme that nobody uses. One that is in use can be ended.
func (s *Service) RemoveScheme(ctx context.Context, who authz.Actor, id string, version int64) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		x, err := findSeries(ctx, tx, who.Person, id)
		if err != nil {
			return err
		}
		if err := mayChange(ctx, tx, x.Owner); err != nil {
			return err
		}
		if x.Shipped() {
			return errs.New(errs.Conflict, "This one came with Cairn. End it, and no period of it can begin.")
		}
		yes, err := used(ctx, tx, id)
		if err != nil {
			return err
		}
		if yes {
			return errs.New(errs.Conflict, "It is in use: its periods and entries would lose what they count by. End it instead.")
		}
		x.Version = version
		tx.Record(Configured{x.ID, "", x.Owner, "removed"})
		return removeSeries(ctx, tx, x)
	})
}
