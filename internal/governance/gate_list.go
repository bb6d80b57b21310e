package governance

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func whereScoped(v *work.View, nodeColumn string) *sqldb.Where {
	var w sqldb.Where
	v.Scope(&w, nodeColumn)
	return &w
}

// gatesPerPage is how many gates a page of the list has.
const gatesPerPage = 30

// GateQuery is what a list of coming gates is limited to.
type GateQuery struct {
	Gate, Month, Body string // Month as 2026-11
	Mine              bool   // the reader has a part in the project, or a seat in its review
	NotReady          bool   // something that the record can show is missing, as it is shown
	After             string // place in the list: the key of the last row seen
}

// Coming is a gate that is planned, of a project that has not passed it.
type Coming struct {
	Project, Name   string
	Tier            method.Tier
	Plan            GatePlan
	GateName        string
	Form            method.Form
	Manager         string
	Review          string // that is open
	MeetsOn         clock.Day
	Open            int // conditions that block it
	Ready           Readiness
	version, phases string
	involves        []string

	answered, decided, imported int64 // see dialDue
}

// Key is the place of the row in the list.
func (c *Coming) Key() string { return c.Plan.Planned + " " + c.Project + "/" + c.Plan.Gate }

// ComingPage is a part of the list.
type ComingPage struct {
	Today  clock.Day
	Gates  []Coming
	Next   string   // empty on the last page
	Labels []string // ids of the gates that methods in use have
	Bodies map[string]string
}

// Coming lists the gates that come over all projects that the reader sees, the
// nearest first.
func (s *Service) Coming(ctx context.Context, who authz.Actor, gq GateQuery) (page ComingPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGates, authz.Instance); err != nil {
			return err
		}
		page.Today = v.Today
		versions, err := s.versionsInUse(ctx, v)
		if err != nil {
			return err
		}
		page.Labels = gateIDs(versions)
		return s.fillPage(ctx, v, gq, &page, versions)
	})
	return page, err
}

// batches is how many rows at most are looked through for a page of gates that are
// not ready, in pages: readiness is weighed and not kept, so that the list filters by
// nothing else than it shows.
const batches = 20

// fillPage reads the rows of a page, and how ready each project is.
func (s *Service) fillPage(ctx context.Context, v *work.View, gq GateQuery, page *ComingPage, versions map[string]*method.Method) error {
	limit := gatesPerPage
	if gq.NotReady {
		limit = batches * gatesPerPage
	}
	w, err := gq.where(v)
	if err != nil {
		return err
	}
	rows, err := comingRows(ctx, v, w, limit+1)
	if err != nil {
		return err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].Key()
	}
	for batch := range slices.Chunk(rows, 5*gatesPerPage) {
		if err := s.weighComing(ctx, v, batch, versions); err != nil {
			return err
		}
		for i := range batch {
			if gq.NotReady && batch[i].Ready.Ready() {
				continue
			}
			if len(page.Gates) == gatesPerPage {
				page.Next = page.Gates[gatesPerPage-1].Key()
				return s.nameBodies(ctx, v, page)
			}
			page.Gates = append(page.Gates, batch[i])
		}
	}
	return s.nameBodies(ctx, v, page)
}

// where turns a query into conditions. The next gates alone are listed: neither
// those that were passed, nor any of a project that was stopped or has ended.
func (gq GateQuery) where(v *work.View) (*sqldb.Where, error) {
	w := whereScoped(v, "g.project_id")
	w.And("g.to_on = ? AND n.vanished_from = ''", Lasting)
	w.And("(n.status NOT IN ('Closed', 'Cancelled') OR p.planned_on >= ? OR r.id IS NOT NULL)", v.Today) // benefits are read after the end
	if gq.Month != "" {
		if !clock.ValidDay(gq.Month + "-01") {
			return nil, errs.OnField("month", "Choose a month.")
		}
		w.And("p.planned_on >= ? AND p.planned_on <= ?", gq.Month+"-01", gq.Month+"-31")
	}
	if gq.Gate != "" {
		w.And("p.gate_id = ?", gq.Gate)
	}
	if gq.Body != "" {
		w.And("p.body_id = ?", gq.Body)
	}
	if gq.Mine {
		me := v.Who.Person
		w.And(`(EXISTS (SELECT 1 FROM v_assignment a WHERE a.project_id = p.project_id AND a.person_id = ? AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?))
			OR EXISTS (SELECT 1 FROM gate_seat s WHERE s.review_id = r.id AND s.person_id = ?))`, me, v.Today, v.Today, me)
	}
	if gq.After != "" {
		day, id, ok := strings.Cut(gq.After, " ")
		if !ok {
			return nil, errs.OnField("after", "This place in the list cannot be read. Begin at the first page.")
		}
		w.AfterKey("p.planned_on", "(p.project_id || '/' || p.gate_id)", false, day, id)
	}
	return w, nil
}

// comingRows reads the rows. A gate comes when no decision passed it or a later
// one of the project, and no stop ended the project.
func comingRows(ctx context.Context, v *work.View, w *sqldb.Where, limit int) (out []Coming, err error) {
	rows, err := v.QueryContext(ctx, `SELECT p.project_id, n.name, g.tier, g.method_version_id, g.involves, g.phase, p.gate_id, p.first_planned_on, p.planned_on, p.body_id, p.version,
		COALESCE(r.id, ''), COALESCE(r.meets_on, ''),
		(SELECT COUNT(*) FROM gate_condition o WHERE o.project_id = p.project_id AND o.state IN ('open', 'given')),
		(SELECT COALESCE(MAX(a.answered_at), 0) FROM dial_answer a WHERE a.project_id = p.project_id), (SELECT COALESCE(MAX(e.decided_at), 0) FROM gate_decision e WHERE e.project_id = p.project_id),
		(SELECT COALESCE(MAX(i.made_at), 0) FROM governed i WHERE i.project_id = p.project_id AND i.why = 'imported'),
		COALESCE((SELECT MIN(q.name) FROM v_assignment a JOIN v_person q ON q.id = a.person_id WHERE a.project_id = p.project_id AND a.kind = 'project_manager' AND a.to_on = ''), '')
		FROM gate_plan p JOIN governed g ON g.project_id = p.project_id JOIN v_project n ON n.id = p.project_id
		LEFT JOIN gate_review r ON r.project_id = p.project_id AND r.gate_id = p.gate_id AND r.state = 'open'`+w.SQL()+`
		AND NOT EXISTS (SELECT 1 FROM gate_decision d WHERE d.project_id = p.project_id AND (d.decision = 'stop' OR d.gate_id = p.gate_id AND d.decision IN ('go', 'conditional-go')))
		AND NOT EXISTS (SELECT 1 FROM v_past_gate d WHERE d.project_id = p.project_id AND (d.decision = 'stop' OR d.gate_id = p.gate_id AND d.decision IN ('go', 'conditional-go')))
		ORDER BY p.planned_on, (p.project_id || '/' || p.gate_id) LIMIT `+w.Add(limit), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Coming
		var involves string
		if err := rows.Scan(&c.Project, &c.Name, &c.Tier, &c.version, &involves, &c.phases, &c.Plan.Gate, &c.Plan.First, &c.Plan.Planned, &c.Plan.Body, &c.Plan.Version,
			&c.Review, &c.MeetsOn, &c.Open, &c.answered, &c.decided, &c.imported, &c.Manager); err != nil {
			return nil, err
		}
		c.Plan.Project, c.involves = c.Project, strings.Fields(involves)
		out = append(out, c)
	}
	return out, rows.Err()
}

// weighComing says of each gate how ready its project is.
func (s *Service) weighComing(ctx context.Context, v *work.View, list []Coming, versions map[string]*method.Method) error {
	projects := make([]string, len(list))
	for i := range list {
		projects[i] = list[i].Project
	}
	states, err := controlStates(ctx, v, projects, v.Today)
	if err != nil {
		return err
	}
	seen, err := s.seenOf(ctx, v, projects, v.Today)
	if err != nil {
		return err
	}
	for i := range list {
		c := &list[i]
		c.Ready.Open = c.Open
		m := versions[c.version]
		if m == nil {
			continue
		}
		c.Ready.Dial = dialDue(m.Dial != nil, c.answered, c.decided, c.imported)
		asked := s.require(c.version, m, c.Tier, c.involves)
		g := asked.Gate(c.Plan.Gate)
		if g == nil {
			continue
		}
		c.GateName, c.Form = g.Gate.Name, g.Form
		c.Ready.weigh(g, m, c.Tier, states[c.Project], seen[c.Project].facts)
		c.Ready.missing(m, asked.Documents, g.Gate, seen[c.Project].documents)
	}
	return nil
}

func (s *Service) nameBodies(ctx context.Context, v *work.View, page *ComingPage) (err error) {
	var bodies []string
	for _, c := range page.Gates {
		if c.Plan.Body != "" {
			bodies = append(bodies, c.Plan.Body)
		}
	}
	page.Bodies, err = s.bodyNames(ctx, v, bodies)
	return err
}

// versionsInUse reads the versions that projects follow now.
func (s *Service) versionsInUse(ctx context.Context, v *work.View) (map[string]*method.Method, error) {
	rows, err := v.QueryContext(ctx, `SELECT DISTINCT method_version_id FROM governed WHERE to_on = $1`, Lasting)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]*method.Method{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = nil
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for id := range out {
		if out[id], err = s.method(ctx, v, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// gateIDs lists the gates of some methods, each once, by id.
func gateIDs(versions map[string]*method.Method) (out []string) {
	ids := map[string]bool{}
	for _, m := range versions {
		for i := range m.Gates {
			ids[m.Gates[i].ID] = true
		}
	}
	return sortedKeys(ids)
}
