package governance

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Waiting is what waits for a person.
type Waiting struct {
	Decide   []Waiver // that they may decide now
	Opine    []Waiver // that wait for their opinion
	Ending   []Waiver // of their projects, that end soon
	Findings []Finding
	Gaps     []ProjectGaps // of their projects, most first
}

// ProjectGaps counts the gaps of one project.
type ProjectGaps struct {
	Project, Name string
	Gaps          int
	Worst         string // a control of them
}

// Empty reports whether nothing waits.
func (w Waiting) Empty() bool {
	return len(w.Decide)+len(w.Opine)+len(w.Ending)+len(w.Findings)+len(w.Gaps) == 0
}

// mine is the condition that a column names a project with which the reader has to do.
const mine = ` IN (SELECT a.project_id FROM v_assignment a WHERE a.person_id = ? AND a.kind IN ('pmo_partner', 'project_manager', 'sponsor', 'deputy') AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?))`

// WaitsFor tells what waits for a person: at most ten of each.
func (s *Service) WaitsFor(ctx context.Context, who authz.Actor) (out Waiting, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGovernance, authz.Instance); err != nil {
			return err
		}
		if err := s.waitingWaivers(ctx, v, &out); err != nil {
			return err
		}
		var f sqldb.Where
		f.And("f.state = 'open' AND f.owner_id = ?", who.Person)
		if out.Findings, err = findingsWhere(ctx, v, &f, "CASE WHEN f.due_on = '' THEN '9999' ELSE f.due_on END, f.id LIMIT 10"); err != nil {
			return err
		}
		out.Gaps, err = gapsOfMine(ctx, v)
		return err
	})
	return out, err
}

func (s *Service) waitingWaivers(ctx context.Context, v *work.View, out *Waiting) error {
	var a sqldb.Where
	a.And("w.state = 'asked' AND w.asked_by <> ?", v.Who.Person)
	if v.Who.Role != authz.HeadOfPMO {
		a.And("w.project_id"+mine, v.Who.Person, v.Today, v.Today)
	}
	authz.Scope(&a, v.Who, "w.project_id", v.Today)
	asked, err := waiversWhere(ctx, v, &a, "w.asked_at, w.id LIMIT 10")
	if err != nil {
		return err
	}
	if err := opinionsOf(ctx, v, asked); err != nil {
		return err
	}
	for i := range asked {
		w := &asked[i]
		_, m, err := s.current(ctx, v, w.Project)
		if err != nil {
			return err
		}
		if m == nil {
			continue
		}
		decides(m, w)
		if may, err := s.holds(ctx, v, v.Who, w.Project, w.Who, v.Today); err != nil {
			return err
		} else if may && len(w.Needs) == 0 {
			out.Decide = append(out.Decide, *w)
			continue
		}
		for _, role := range w.Needs {
			if may, err := s.holds(ctx, v, v.Who, w.Project, role, v.Today); err != nil {
				return err
			} else if may {
				out.Opine = append(out.Opine, *w)
				break
			}
		}
	}
	var e sqldb.Where
	e.And("w.state = 'granted' AND w.to_on > ? AND w.to_on <= ?", v.Today, clock.AddDays(v.Today, WarnDays))
	e.And("w.project_id"+mine, v.Who.Person, v.Today, v.Today)
	out.Ending, err = waiversWhere(ctx, v, &e, "w.to_on, w.id LIMIT 10")
	return err
}

// gapsOfMine counts the gaps of the reader's projects.
func gapsOfMine(ctx context.Context, v *work.View) (out []ProjectGaps, err error) {
	var w sqldb.Where
	w.And("g.state = 'gap' AND g.from_on <= ? AND g.to_on > ?", v.Today, v.Today)
	w.And("g.project_id"+mine, v.Who.Person, v.Today, v.Today)
	rows, err := v.QueryContext(ctx, `SELECT g.project_id, n.name, COUNT(*), MIN(g.control_id) FROM control_segment g JOIN v_project_name n ON n.id = g.project_id`+w.SQL()+` GROUP BY g.project_id, n.name ORDER BY COUNT(*) DESC, g.project_id LIMIT 10`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p ProjectGaps
		if err := rows.Scan(&p.Project, &p.Name, &p.Gaps, &p.Worst); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// ControlNames gives the name of each control of any version, the newest one's.
func (s *Service) ControlNames(ctx context.Context, who authz.Actor) (out map[string]string, err error) {
	out = map[string]string{}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeMethods, authz.Instance); err != nil {
			return err
		}
		list, err := versions(ctx, v, "")
		if err != nil {
			return err
		}
		for _, ver := range list {
			m, err := s.method(ctx, v, ver.ID)
			if err != nil {
				return err
			}
			for i := range m.Controls {
				if c := &m.Controls[i]; out[c.ID] == "" {
					out[c.ID] = c.Name
				}
			}
		}
		return nil
	})
	return out, err
}

// NameOf gives the name of a project that the reader sees.
func (s *Service) NameOf(ctx context.Context, who authz.Actor, project string) (name string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGovernance, authz.On(project)); err != nil {
			return err
		}
		return v.QueryRowContext(ctx, `SELECT name FROM v_project_name WHERE id = $1`, project).Scan(&name)
	})
	return name, err
}

// Person is somebody who has to do with a project.
type Person struct{ ID, Name, Kind string }

// People lists those who have to do with a project today, for whom a finding or a
// condition may be.
func (s *Service) People(ctx context.Context, who authz.Actor, project string) (out []Person, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGovernance, authz.On(project)); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT DISTINCT p.id, p.name, a.kind, p.name_key FROM v_assignment a JOIN v_person p ON p.id = a.person_id
			WHERE a.project_id = $1 AND a.from_on <= $2 AND (a.to_on = '' OR a.to_on >= $3) AND p.erased = FALSE ORDER BY p.name_key, p.id`, project, v.Today, v.Today)
		if err != nil {
			return err
		}
		defer rows.Close()
		seen := map[string]bool{}
		for rows.Next() {
			var p Person
			var key string
			if err := rows.Scan(&p.ID, &p.Name, &p.Kind, &key); err != nil {
				return err
			}
			if !seen[p.ID] {
				seen[p.ID] = true
				out = append(out, p)
			}
		}
		return rows.Err()
	})
	return out, err
}

// MayAssess reports whether the reader's role alone lets them assess controls.
func (s *Service) MayAssess(who authz.Actor) bool {
	rule, ok := s.unit.Policy().Rule(AssessControl)
	return ok && rule.ByRole(who.Role)
}
