package raid

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Sort is the order of a list.
type Sort string

// The orders.
const (
	ByDue Sort = "due" // the soonest, and so the most overdue, first
	ByAge Sort = "age" // the oldest first
)

// Filter chooses actions. The zero Filter chooses all that are open, by date.
type Filter struct {
	Mine     bool
	Left     bool // whose owner has left
	Project  string
	Overdue  bool
	Origin   OriginKind
	OriginID string
	State    string // a State, or "all"; empty is open
	Find     string // part of a title
	Sort     Sort   // empty is by date
	AfterKey string // of the last row seen, with AfterID
	AfterID  string
	Limit    int // 0 is the usual
}

const pageSize = 50

func (f Filter) check() error {
	var c errs.Check
	c.That(f.State == "" || f.State == "all" || slices.Contains([]State{Open, Done, Dropped}, State(f.State)), "state", "Choose open, done, dropped or all.")
	c.That(f.Origin == "" || f.Origin.Label() != string(f.Origin), "origin", "Choose one of the list.")
	c.That(f.Sort == "" || f.Sort == ByDue || f.Sort == ByAge, "sort", "Sort by due or age.")
	c.That(f.Limit >= 0 && f.Limit <= 200, "limit", "Ask for 1 to 200.")
	c.Fits("find", f.Find, maxTitle)
	return c.Err()
}

// Page is a part of the list of actions, with how many there are of the filter.
type Page struct {
	Actions         []Action
	Count, Overdue  int
	ProjectName     string // of a filter by project
	NextKey, NextID string // empty on the last page
	Today           clock.Day
	MayRaise        bool // on the filter's project, or outside projects
}

// List lists the actions that the reader sees.
func (s *Service) List(ctx context.Context, who authz.Actor, f Filter) (page Page, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeActions, authz.On(f.Project)); err != nil {
			return err
		}
		if err := f.check(); err != nil {
			return err
		}
		page.Today = v.Today
		if err := page.count(ctx, v, f); err != nil {
			return err
		}
		act := RaiseOutside
		if f.Project != "" {
			act = RaiseAction
		}
		page.MayRaise = v.Can(ctx, act, authz.On(f.Project))
		return page.read(ctx, v, f)
	})
	return page, err
}

// where adds the filter, and what the reader may see, to a query's conditions.
func (f Filter) where(v *work.View, w *sqldb.Where) {
	if f.State != "all" {
		state := f.State
		if state == "" {
			state = string(Open)
		}
		w.And("a.state = ?", state)
	}
	if f.Mine {
		w.And("a.owner_id = ?", v.Who.Person)
	}
	if f.Left {
		w.And("a.owner_id"+directory.Gone, v.Today)
	}
	if f.Project != "" {
		w.And("a.project_id = ?", f.Project)
	}
	if f.Overdue {
		w.And("a.state = 'open' AND a.due_on < ?", v.Today)
	}
	if f.Origin != "" {
		w.And("a.origin_kind = ?", string(f.Origin))
	}
	if f.OriginID != "" {
		w.And("a.origin_id = ?", f.OriginID)
	}
	if f.Find != "" {
		w.And("a.title_key LIKE ? ESCAPE '!'", privacy.Containing(fold.Key(f.Find)))
	}
	v.Scope(w, "a.project_id")
}

func (p *Page) count(ctx context.Context, v *work.View, f Filter) error {
	w := &sqldb.Where{}
	today, project := w.Add(v.Today), w.Add(f.Project)
	f.where(v, w)
	return v.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN a.state = 'open' AND a.due_on < `+today+` THEN 1 ELSE 0 END), 0),
		COALESCE((SELECT n.name FROM v_project_name n WHERE n.id = `+project+`), '') FROM action_item a`+w.SQL(), w.Values()...).Scan(&p.Count, &p.Overdue, &p.ProjectName)
}

func (p *Page) read(ctx context.Context, v *work.View, f Filter) (err error) {
	w, column := &sqldb.Where{}, "a.due_on"
	f.where(v, w)
	if f.Sort == ByAge {
		column = "a.raised_on"
	}
	if f.AfterID != "" {
		w.AfterKey(column, "a.id", false, f.AfterKey, f.AfterID)
	}
	limit := f.Limit
	if limit == 0 {
		limit = pageSize
	}
	if p.Actions, err = listActions(ctx, v, w, column+", a.id LIMIT "+w.Add(limit+1)); err != nil {
		return err
	}
	if len(p.Actions) > limit {
		p.Actions = p.Actions[:limit]
		last := p.Actions[limit-1]
		p.NextKey, p.NextID = last.Due, last.ID
		if f.Sort == ByAge {
			p.NextKey = last.RaisedOn
		}
	}
	return nil
}

// soonDays is how many days ahead a desk looks.
const soonDays = 14

// Waiting are the reader's own open actions that are overdue or due soon.
type Waiting struct {
	Actions []Action
	Overdue int // of all that the reader owns
	Left    int // open ones whose owner has left, for the head of PMO to hand over
	Today   clock.Day
}

// Waiting reads what waits for the reader, the longest overdue first.
func (s *Service) Waiting(ctx context.Context, who authz.Actor) (out Waiting, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeActions, authz.Instance); err != nil {
			return err
		}
		out.Today = v.Today
		f := Filter{Mine: true, Limit: 8}
		var p Page
		if err := p.count(ctx, v, f); err != nil {
			return err
		}
		out.Overdue = p.Overdue
		if who.Role == authz.HeadOfPMO {
			var left Page
			if err := left.count(ctx, v, Filter{Left: true}); err != nil {
				return err
			}
			out.Left = left.Count
		}
		w := &sqldb.Where{}
		f.where(v, w)
		w.And("a.due_on <= ?", clock.AddDays(v.Today, soonDays))
		out.Actions, err = listActions(ctx, v, w, "a.due_on, a.id LIMIT "+w.Add(f.Limit))
		return err
	})
	return out, err
}

// Directory lists the people whom a form proposes.
func (s *Service) Directory(ctx context.Context, who authz.Actor) (out []directory.Person, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeActions, authz.Instance); err != nil {
			return err
		}
		out, err = directory.List(ctx, v)
		return err
	})
	return out, err
}

// PersonNamed finds the person of a typed name or id; nobody for no name. The field is
// named in the error when there is none, or more than one.
func (s *Service) PersonNamed(ctx context.Context, who authz.Actor, field, name string) (id string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeActions, authz.Instance); err != nil {
			return err
		}
		id, err = directory.Named(ctx, v, field, name)
		return err
	})
	return id, err
}
