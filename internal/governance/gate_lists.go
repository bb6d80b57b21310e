package governance

import (
	"context"
	"maps"
	"slices"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

const conditionsPerPage = 50

// ConditionQuery is what a list of conditions is limited to.
type ConditionQuery struct {
	Project string
	Mine    bool
	Show    string // open (also when empty), overdue, given, ended, all
	After   string // the key of the last row seen
}

// ConditionPage is a part of the list.
type ConditionPage struct {
	Today      clock.Day
	Conditions []Condition
	Next       string
}

// Conditions lists conditions over all projects that the reader sees, what is due
// first first.
func (s *Service) Conditions(ctx context.Context, who authz.Actor, cq ConditionQuery) (page ConditionPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGates, authz.Instance); err != nil {
			return err
		}
		page.Today = v.Today
		w, err := cq.where(v)
		if err != nil {
			return err
		}
		page.Conditions, err = listConditions(ctx, v, w, "c.due_on, c.id LIMIT "+w.Add(conditionsPerPage+1))
		if len(page.Conditions) > conditionsPerPage {
			page.Conditions = page.Conditions[:conditionsPerPage]
			last := page.Conditions[conditionsPerPage-1]
			page.Next = last.Due + " " + last.ID
		}
		return err
	})
	return page, err
}

// conditionsAsked is how many conditions of a body are shown to who prepares for it.
const conditionsAsked = 8

// AskedBy reads what a governing body made a condition of before, the newest first.
func (s *Service) AskedBy(ctx context.Context, who authz.Actor, body string) (list []Condition, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGates, authz.Instance); err != nil {
			return err
		}
		w := whereScoped(v, "c.project_id")
		w.And("c.review_id IN (SELECT b.id FROM gate_review b WHERE b.body_id = ?)", body)
		list, err = listConditions(ctx, v, w, "c.set_at DESC, c.id LIMIT "+w.Add(conditionsAsked))
		return err
	})
	return list, err
}

func (cq ConditionQuery) where(v *work.View) (*sqldb.Where, error) {
	w := whereScoped(v, "c.project_id")
	if cq.Project != "" {
		w.And("c.project_id = ?", cq.Project)
	}
	if cq.Mine {
		w.And("c.owner_id = ?", v.Who.Person)
	}
	switch cq.Show {
	case "", "open":
		w.And("c.state IN ('open', 'given')")
	case "overdue":
		w.And("c.state IN ('open', 'given') AND c.due_on < ?", v.Today)
	case "given":
		w.And("c.state = 'given'")
	case "ended":
		w.And("c.state IN ('closed', 'waived')")
	case "all":
	default:
		return nil, errs.OnField("show", "Choose open, overdue, given, ended or all.")
	}
	if cq.After != "" {
		day, id, ok := strings.Cut(cq.After, " ")
		if !ok {
			return nil, errs.OnField("after", "This place in the list cannot be read. Begin at the first page.")
		}
		w.AfterKey("c.due_on", "c.id", false, day, id)
	}
	return w, nil
}

// GateDesk is what gates ask of a person.
type GateDesk struct {
	Today   clock.Day
	Due     []Condition  // owned, near their date or past it
	Settle  []Condition  // whose proof waits for the reader
	Reviews []WaitReview // where the reader's opinion or decision is wanted
	// Overspent are the reader's projects that spent more than an open condition allows.
	Overspent []Spending
	// Left are open conditions whose owner has left, for the head of PMO.
	Left []Condition
}

// WaitReview is a review that waits for somebody.
type WaitReview struct {
	ID, Project, Name, Gate string
	MeetsOn                 clock.Day
	Decides                 bool // else an opinion is wanted
}

// reminded is the longest time before its date at which a method reminds of a
// condition, where it says nothing.
const reminded = 14

// GatesDesk reads what gates ask of the reader.
func (s *Service) GatesDesk(ctx context.Context, who authz.Actor) (d GateDesk, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGates, authz.Instance); err != nil {
			return err
		}
		d.Today = v.Today
		w := whereScoped(v, "c.project_id")
		w.And("c.owner_id = ? AND c.state = 'open' AND c.due_on <= ?", who.Person, clock.AddDays(v.Today, 60))
		mine, err := listConditions(ctx, v, w, "c.due_on, c.id LIMIT 20")
		if err != nil {
			return err
		}
		for _, c := range mine {
			if near, err := s.near(ctx, v, c); err != nil {
				return err
			} else if near {
				d.Due = append(d.Due, c)
			}
		}
		w = whereScoped(v, "c.project_id")
		w.And(`c.state = 'given' AND c.owner_id <> ? AND (c.set_by = ? OR EXISTS (SELECT 1 FROM gate_seat s WHERE s.review_id = c.review_id AND s.person_id = ? AND s.capacity = 'chair'))`, who.Person, who.Person, who.Person)
		if d.Settle, err = listConditions(ctx, v, w, "c.due_on, c.id LIMIT 10"); err != nil {
			return err
		}
		if who.Role == authz.HeadOfPMO {
			w = whereScoped(v, "c.project_id")
			w.And("c.state = 'open' AND c.owner_id"+directory.Gone, v.Today)
			if d.Left, err = listConditions(ctx, v, w, "c.due_on, c.id LIMIT 10"); err != nil {
				return err
			}
		}
		if d.Overspent, err = overspent(ctx, v); err != nil {
			return err
		}
		d.Reviews, err = waiting(ctx, v)
		return err
	})
	return d, err
}

// near reports whether the method reminds of a condition by now. Versions of
// methods are kept in memory, so that this reads nothing after the first time.
func (s *Service) near(ctx context.Context, v *work.View, c Condition) (bool, error) {
	m, err := s.method(ctx, v, c.MethodVersion)
	if err != nil {
		return false, err
	}
	before := reminded
	if days := m.Conditions.ChasedBeforeDays; len(days) > 0 {
		before = slices.Max(days)
	}
	return c.Due <= clock.AddDays(v.Today, before), nil
}

// waiting lists the open reviews that want the reader's decision, or an opinion
// that the reader has not given yet.
func waiting(ctx context.Context, v *work.View) (out []WaitReview, err error) {
	me := v.Who.Person
	w := whereScoped(v, "r.project_id")
	w.And(`r.state = 'open' AND s.person_id = ? AND s.conflict_at = 0 AND (s.capacity = 'chair' OR s.capacity IN ('member', 'deputy', 'reviewer', 'adviser')
		AND NOT EXISTS (SELECT 1 FROM gate_opinion o WHERE o.review_id = r.id AND o.person_id = ?))`, me, me)
	rows, err := v.QueryContext(ctx, `SELECT r.id, r.project_id, COALESCE(n.name, ''), r.gate_id, r.meets_on, MAX(CASE WHEN s.capacity = 'chair' THEN 1 ELSE 0 END)
		FROM gate_review r JOIN gate_seat s ON s.review_id = r.id LEFT JOIN v_project_name n ON n.id = r.project_id`+w.SQL()+`
		GROUP BY r.id, r.project_id, n.name, r.gate_id, r.meets_on ORDER BY r.meets_on, r.id LIMIT 10`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x WaitReview
		var decides int
		if err := rows.Scan(&x.ID, &x.Project, &x.Name, &x.Gate, &x.MeetsOn, &decides); err != nil {
			return nil, err
		}
		x.Decides = decides == 1
		out = append(out, x)
	}
	return out, rows.Err()
}
