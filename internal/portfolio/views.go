package portfolio

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// View is a list that somebody keeps under a name: the address of the list
// without the place in it. A shared one is everybody's to open, and shows each
// reader what they may see.
type View struct {
	ID, Owner, OwnerName, Name string
	Query                      string // canonical: where=...&sort=...
	Shared                     bool
	Version                    int64
	MayChange                  bool
	Count                      int // -1 if nobody counted
	More                       bool
}

// viewParams are what a view remembers of an address.
var viewParams = []string{"cols", "category", "find", "group", "live", "org_unit", "person", "phase", "rating", "sort", "status", "under", "vanished", "where"}

const maxViewQuery, maxViews = 5000, 100

// viewQuery gives the one form of a view's address, with its filter read and
// written again.
func viewQuery(fields Askables, query string) (string, error) {
	q, err := url.ParseQuery(strings.TrimPrefix(query, "?"))
	if err != nil || len(query) > maxViewQuery {
		return "", errs.OnField("query", "This is not the address of a list.")
	}
	out := url.Values{}
	for _, name := range viewParams {
		v := strings.TrimSpace(q.Get(name))
		if v == "" {
			continue
		}
		if strings.ContainsRune(v, 0) || strings.ToValidUTF8(v, "") != v {
			return "", errs.OnField("query", "This contains bytes that are no text. Please type it again.")
		}
		if name == "where" {
			e, err := fields.Parse(v)
			if err != nil {
				return "", err
			}
			v = e.String()
		}
		out.Set(name, v)
	}
	return out.Encode(), nil
}

// Views lists the reader's own views and the shared ones, by name.
func (s *Service) Views(ctx context.Context, who authz.Actor) (out []View, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		out, err = views(ctx, v)
		return err
	})
	return out, err
}

func views(ctx context.Context, v *work.View) ([]View, error) {
	rows, err := v.QueryContext(ctx, `SELECT w.id, w.owner_id, COALESCE(p.name, ''), w.name, w.query, w.shared, w.version FROM project_view w LEFT JOIN v_person p ON p.id = w.owner_id
		WHERE w.owner_id = $1 OR w.shared = TRUE ORDER BY w.name_key, w.id LIMIT $2`, v.Who.Person, maxViews)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []View
	for rows.Next() {
		w := View{Count: -1}
		if err := rows.Scan(&w.ID, &w.Owner, &w.OwnerName, &w.Name, &w.Query, &w.Shared, &w.Version); err != nil {
			return nil, err
		}
		w.MayChange = v.Can(ctx, ChangeView, authz.Of(w.Owner))
		out = append(out, w)
	}
	return out, rows.Err()
}

// countViews is up to how many projects in the register the tabs of kept views
// carry their counts: beyond it counting them would cost more than the page.
const countViews = 2000

// Tabs are the views of a list page, with their counts as far as they are quick
// to have; what the page beside them has counted is not counted again.
func (s *Service) Tabs(ctx context.Context, who authz.Actor, shipped []View, beside Page) (out []View, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		kept, err := views(ctx, v)
		if err != nil {
			return err
		}
		cells := beside.whole
		if cells == nil {
			if cells, err = tallies(ctx, v, Filter{}); err != nil {
				return err
			}
		}
		all, live := 0, 0
		for _, c := range cells {
			all += c.Projects
			if c.Live {
				live += c.Projects
			}
		}
		out = append(slices.Clone(shipped), kept...)
		var ask []int
		for i := range out {
			switch out[i].Query {
			case "":
				out[i].Count = all
			case "live=yes":
				out[i].Count = live
			case "live=no":
				out[i].Count = all - live
			default:
				out[i].Count = -1
				ask = append(ask, i)
			}
		}
		if all > countViews {
			return nil
		}
		return s.countInto(ctx, v, out, ask)
	})
	return out, err
}

// countInto counts some of the views in one query, each up to a limit.
func (s *Service) countInto(ctx context.Context, v *work.View, list []View, ask []int) error {
	w := &sqldb.Where{}
	var parts []string
	for _, i := range ask {
		q, err := url.ParseQuery(list[i].Query)
		if err != nil {
			continue
		}
		f, err := s.FilterOf(q.Get)
		if err != nil {
			continue
		}
		f.Group = ""
		if f, err = f.ready(ctx, v); err != nil {
			continue // its field is gone: the page will say so
		}
		inner := &sqldb.Where{Args: w.Args}
		number := inner.Add(i)
		f.whereInto(inner, v)
		limit := inner.Add(capped + 1)
		w.Args = inner.Args
		parts = append(parts, "SELECT CAST("+number+" AS BIGINT) AS place, COUNT(*) AS n FROM (SELECT 1 AS one FROM project_version v"+inner.SQL()+" LIMIT "+limit+") x")
	}
	if len(parts) == 0 {
		return nil
	}
	rows, err := v.QueryContext(ctx, strings.Join(parts, " UNION ALL "), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var i, n int
		if err := rows.Scan(&i, &n); err != nil {
			return err
		}
		list[i].Count, list[i].More = min(n, capped), n > capped
	}
	return rows.Err()
}

// View reads one view.
func (s *Service) View(ctx context.Context, who authz.Actor, id string) (out View, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		if out, err = getView(ctx, v, who, id); err != nil {
			return err
		}
		out.MayChange = v.Can(ctx, ChangeView, authz.Of(out.Owner))
		return nil
	})
	return out, err
}

// getView reads a view that the actor may see; others are not there.
func getView(ctx context.Context, q sqldb.Querier, who authz.Actor, id string) (w View, err error) {
	w.Count = -1
	err = q.QueryRowContext(ctx, `SELECT w.id, w.owner_id, COALESCE(p.name, ''), w.name, w.query, w.shared, w.version FROM project_view w LEFT JOIN v_person p ON p.id = w.owner_id WHERE w.id = $1`, id).
		Scan(&w.ID, &w.Owner, &w.OwnerName, &w.Name, &w.Query, &w.Shared, &w.Version)
	if err == nil && !w.Shared && (who.Person == "" || w.Owner != who.Person) {
		return View{}, errs.Missing("view")
	}
	return w, err
}

// SaveView keeps a list under a name, for oneself or for everybody.
func (s *Service) SaveView(ctx context.Context, who authz.Actor, w View) (View, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, KeepViews, authz.Instance); err != nil {
			return err
		}
		if err := w.check(ctx, tx, ""); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM project_view WHERE owner_id = $1`, who.Person).Scan(&have); err != nil {
			return err
		}
		if have >= maxViews {
			return errs.OnField("name", "You keep %d views already. Delete one that you no longer open.", have)
		}
		w.ID, w.Owner, w.Version = tx.NewID(), who.Person, 1
		if _, err := tx.ExecContext(ctx, `INSERT INTO project_view (id, owner_id, name, name_key, query, shared, version) VALUES ($1, $2, $3, $4, $5, $6, 1)`,
			w.ID, w.Owner, w.Name, fold.Sort(w.Name), w.Query, w.Shared); err != nil {
			return takenView(err)
		}
		tx.Record(ViewKept{View: w.ID, Owner: w.Owner, Shared: w.Shared, What: VerbViewAdded})
		return nil
	})
	return w, err
}

// check refuses what cannot be kept, and brings the address to its one form. The
// address that is kept already stays: a field of it may have been retired since.
func (w *View) check(ctx context.Context, tx *work.Tx, kept string) error {
	w.Name = strings.TrimSpace(w.Name)
	var c errs.Check
	c.That(w.Name != "", "name", "Enter a name.")
	c.Fits("name", w.Name, 80)
	if err := c.Err(); err != nil {
		return err
	}
	if w.Shared {
		if err := tx.May(ctx, ShareViews, authz.Instance); err != nil {
			return err
		}
	}
	if kept != "" && w.Query == kept {
		return nil
	}
	fields, err := askables(ctx, tx)
	if err != nil {
		return err
	}
	w.Query, err = viewQuery(fields, w.Query)
	return err
}

func takenView(err error) error {
	if sqldb.IsDuplicate(err) {
		return errs.OnField("name", "You keep a view of this name already.")
	}
	return err
}

// ChangeView renames a view, replaces its list, shares it or takes it back; a
// stale version is a Conflict.
func (s *Service) ChangeView(ctx context.Context, who authz.Actor, w View) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		old, err := mayChangeView(ctx, tx, who, w.ID)
		if err != nil {
			return err
		}
		if err := w.check(ctx, tx, old.Query); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE project_view SET name = $1, name_key = $2, query = $3, shared = $4, version = version + 1 WHERE id = $5 AND version = $6`,
			w.Name, fold.Sort(w.Name), w.Query, w.Shared, w.ID, w.Version)
		if err != nil {
			return takenView(err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.New(errs.Conflict, "Somebody changed this view meanwhile. Read it again and repeat your change.")
		}
		tx.Record(ViewKept{View: w.ID, Owner: old.Owner, Shared: w.Shared || old.Shared, What: VerbViewChanged})
		return nil
	})
}

// DeleteView deletes a view. No project changes by it.
func (s *Service) DeleteView(ctx context.Context, who authz.Actor, id string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		old, err := mayChangeView(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM project_view WHERE id = $1`, id); err != nil {
			return err
		}
		tx.Record(ViewKept{View: id, Owner: old.Owner, Shared: old.Shared, What: VerbViewDeleted})
		return nil
	})
}

func mayChangeView(ctx context.Context, tx *work.Tx, who authz.Actor, id string) (View, error) {
	old, err := getView(ctx, tx, who, id)
	if err != nil {
		return old, err
	}
	return old, tx.May(ctx, ChangeView, authz.Of(old.Owner))
}
