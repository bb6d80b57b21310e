package governance

import (
	"context"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Cell counts, for a node and a group of controls, what is asked and how it stands.
// A project with three controls of a group counts three times.
type Cell struct {
	Evidenced, Waived, NotAsked, Unseen, Open, Gap int
}

// Asked is how many the cell counts.
func (c Cell) Asked() int {
	return c.Evidenced + c.Waived + c.NotAsked + c.Unseen + c.Open + c.Gap
}

// Due is how many could be a gap: what does not apply, what cannot be seen and what
// is not due yet is left out.
func (c Cell) Due() int { return c.Evidenced + c.Waived + c.Gap }

func (c *Cell) add(state string, n int) {
	switch state {
	case Evidenced:
		c.Evidenced += n
	case Waived:
		c.Waived += n
	case NotAsked:
		c.NotAsked += n
	case Unseen:
		c.Unseen += n
	case Open:
		c.Open += n
	case Gap:
		c.Gap += n
	}
}

// Row is a portfolio, programme or project of the heat map.
type Row struct {
	ID, Name, Kind string // portfolio, programme, project
	Tier           method.Tier
	Cells          map[string]*Cell // by group, or by control
	All            Cell
}

// Heat is the map of gaps: rows by columns, on a day.
type Heat struct {
	At       clock.Day
	Node     string // below which the rows lie; empty for the portfolios
	Name     string
	Path     []Row // above the rows, outermost first
	Rows     []Row
	Columns  []Column
	All      Row
	More     bool // there are more rows than are shown
	Governed int  // projects that have a tier
}

// Column is a group of controls, or a control.
type Column struct{ ID, Name, Question string }

// HeatFilter says what the map is of.
type HeatFilter struct {
	Node  string    // portfolio or programme; empty for all portfolios
	Group string    // its controls as columns; empty for the groups
	At    clock.Day // empty for today
	Mine  bool      // the projects whose PMO partner, project manager or sponsor the reader is, one row each
}

// mostRows is how many rows the map shows.
const mostRows = 200

// Heat counts gaps below a node. Of a day before today it is read off the
// segments; of today on off the tally, which is kept as the record grows.
func (s *Service) Heat(ctx context.Context, who authz.Actor, f HeatFilter) (h Heat, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		on := authz.Instance
		if f.Node != "" {
			on = authz.On(f.Node)
		}
		if err := v.May(ctx, SeeGovernance, on); err != nil {
			return err
		}
		if h.At = f.At; h.At == "" {
			h.At = v.Today
		}
		h.Node = f.Node
		groups, err := s.columns(ctx, v, f.Group, &h)
		if err != nil {
			return err
		}
		if f.Group != "" && len(h.Columns) == 0 {
			return errs.OnField("group", "No method in use has such a group of controls. Choose one of the map.")
		}
		if err := rowsOf(ctx, v, f, &h); err != nil {
			return err
		}
		return s.count(ctx, v, &h, groups)
	})
	return h, err
}

// columns gives the groups of the methods in use, or the controls of one group, and
// which column each control counts in.
func (s *Service) columns(ctx context.Context, v *work.View, group string, h *Heat) (map[string]string, error) {
	list, err := versions(ctx, v, "")
	if err != nil {
		return nil, err
	}
	of, have := map[string]string{}, map[string]bool{}
	for _, ver := range list {
		m, err := s.method(ctx, v, ver.ID)
		if err != nil {
			return nil, err
		}
		for i := range m.Groups {
			if g := &m.Groups[i]; group == "" && !have[g.ID] {
				have[g.ID] = true
				h.Columns = append(h.Columns, Column{g.ID, g.Name, g.Question})
			}
		}
		for i := range m.Controls {
			c := &m.Controls[i]
			if of[c.ID] != "" {
				continue
			}
			switch {
			case group == "":
				of[c.ID] = c.Group
			case c.Group == group:
				of[c.ID] = c.ID
				h.Columns = append(h.Columns, Column{c.ID, c.Name, c.Risk})
			}
		}
	}
	return of, nil
}

// rowsOf finds the rows: portfolios, the programmes and projects of a portfolio,
// the projects of a programme, or the reader's own.
func rowsOf(ctx context.Context, v *work.View, f HeatFilter, h *Heat) error {
	var w sqldb.Where
	day := w.Add(h.At) // first in the text, so first in number
	switch {
	case f.Mine:
		w.And("p.id IN (SELECT a.project_id FROM v_assignment a WHERE a.person_id = ? AND a.kind IN ('pmo_partner', 'project_manager', 'sponsor') AND a.from_on <= ? AND (a.to_on = '' OR a.to_on >= ?))", v.Who.Person, h.At, h.At)
	case f.Node == "":
		if err := read(ctx, v, `SELECT id, name, 'portfolio', 0 FROM v_portfolio ORDER BY name_key, id LIMIT 201`, nil, h); err != nil || len(h.Rows) != 1 {
			return err
		}
		f.Node, h.Rows = h.Rows[0].ID, nil // the only one is opened at once
		w.And("p.parent_id = ?", f.Node)
		if err := read(ctx, v, `SELECT id, name, 'programme', 0 FROM v_programme WHERE portfolio_id = $1 ORDER BY name_key, id LIMIT 201`, []any{f.Node}, h); err != nil {
			return err
		}
	default:
		w.And("p.parent_id = ?", f.Node)
		if err := above(ctx, v, f.Node, h); err != nil {
			return err
		}
		if err := read(ctx, v, `SELECT id, name, 'programme', 0 FROM v_programme WHERE portfolio_id = $1 ORDER BY name_key, id LIMIT 201`, []any{f.Node}, h); err != nil {
			return err
		}
	}
	authz.Scope(&w, v.Who, "p.id", v.Today)
	return read(ctx, v, `SELECT p.id, p.name, 'project', g.tier FROM v_project p JOIN governed g ON g.project_id = p.id AND g.from_on <= `+day+` AND g.to_on > `+day+w.SQL()+` ORDER BY p.name_key, p.id LIMIT 201`, w.Values(), h)
}

func read(ctx context.Context, q sqldb.Querier, query string, args []any, h *Heat) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r := Row{Cells: map[string]*Cell{}}
		if err := rows.Scan(&r.ID, &r.Name, &r.Kind, &r.Tier); err != nil {
			return err
		}
		if len(h.Rows) >= mostRows {
			h.More = true
			break
		}
		h.Rows = append(h.Rows, r)
	}
	return rows.Err()
}

// above names the node itself and what lies above it.
func above(ctx context.Context, q sqldb.Querier, node string, h *Heat) error {
	rows, err := q.QueryContext(ctx, `SELECT portfolio_id, portfolio_name, 'portfolio' FROM v_programme WHERE id = $1
		UNION ALL SELECT id, name, 'programme' FROM v_programme WHERE id = $1 UNION ALL SELECT id, name, 'portfolio' FROM v_portfolio WHERE id = $1`, node)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.ID, &r.Name, &r.Kind); err != nil {
			return err
		}
		h.Path, h.Name = append(h.Path, r), r.Name
	}
	return rows.Err()
}

// count fills the cells. Nodes are counted by the tally where it can be asked.
func (s *Service) count(ctx context.Context, v *work.View, h *Heat, column map[string]string) error {
	at := map[string]*Row{}
	var nodes, projects []string
	for i := range h.Rows {
		r := &h.Rows[i]
		at[r.ID] = r
		if r.Kind == "project" {
			projects = append(projects, r.ID)
		} else {
			nodes = append(nodes, r.ID)
		}
	}
	h.All.Cells = map[string]*Cell{}
	put := func(id, control, state string, n int) {
		r, col := at[id], column[control]
		if r != nil && state == Running {
			h.Governed += n
		}
		if r == nil || col == "" || n == 0 {
			return
		}
		for _, to := range []*Row{r, &h.All} {
			if to.Cells[col] == nil {
				to.Cells[col] = &Cell{}
			}
			to.Cells[col].add(state, n)
			to.All.add(state, n)
		}
	}
	if len(nodes) > 0 {
		if err := s.countNodes(ctx, v, nodes, h.At, put); err != nil {
			return err
		}
	}
	if len(projects) > 0 {
		var w sqldb.Where
		w.AndIn("g.project_id", projects)
		if err := countSegments(ctx, v, "g.project_id", ``, &w, h.At, put); err != nil {
			return err
		}
	}
	return nil
}

// countNodes counts all that lies below nodes: by the tally what everybody may
// see, and one by one what is confidential and the reader sees.
func (s *Service) countNodes(ctx context.Context, v *work.View, nodes []string, at clock.Day, put func(id, control, state string, n int)) error {
	var floor clock.Day
	if err := v.QueryRowContext(ctx, `SELECT COALESCE(MAX(day), '9999-12-31') FROM control_tally WHERE node_id = ''`).Scan(&floor); err != nil {
		return err
	}
	confidential := `JOIN v_project p ON p.id = g.project_id LEFT JOIN v_programme x ON x.id = p.parent_id `
	if at < floor {
		var w sqldb.Where
		authz.Scope(&w, v.Who, "g.project_id", v.Today)
		return s.countBoth(ctx, v, nodes, confidential, &w, at, put)
	}
	var w sqldb.Where
	w.AndIn("node_id", nodes)
	w.And("day <= ?", at)
	if !v.Who.SeesConfidential() {
		w.And("confidential = FALSE")
	}
	if err := counted(ctx, v, `SELECT node_id, control_id, state, SUM(delta) FROM control_tally`+w.SQL()+` GROUP BY node_id, control_id, state`, w.Values(), put); err != nil || v.Who.SeesConfidential() {
		return err
	}
	var c sqldb.Where
	c.And("p.confidential = TRUE")
	authz.Scope(&c, v.Who, "g.project_id", v.Today)
	return s.countBoth(ctx, v, nodes, confidential, &c, at, put)
}

// countBoth counts segments below programmes and below portfolios.
func (s *Service) countBoth(ctx context.Context, v *work.View, nodes []string, join string, w *sqldb.Where, at clock.Day, put func(id, control, state string, n int)) error {
	known := map[string]bool{}
	for _, n := range nodes {
		known[n] = true
	}
	return countSegments(ctx, v, "p.parent_id || ' ' || COALESCE(x.portfolio_id, '')", join, w, at, func(id, control, state string, n int) {
		for _, node := range strings.Fields(id) {
			if known[node] {
				put(node, control, state, n)
			}
		}
	})
}

func countSegments(ctx context.Context, q sqldb.Querier, by, join string, w *sqldb.Where, at clock.Day, put func(id, control, state string, n int)) error {
	w.And("g.from_on <= ? AND g.to_on > ?", at, at)
	return counted(ctx, q, `SELECT `+by+`, g.control_id, g.state, COUNT(*) FROM control_segment g `+join+w.SQL()+` GROUP BY 1, g.control_id, g.state`, w.Values(), put)
}

func counted(ctx context.Context, q sqldb.Querier, query string, args []any, put func(id, control, state string, n int)) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, control, state string
		var n int
		if err := rows.Scan(&id, &control, &state, &n); err != nil {
			return err
		}
		put(id, control, state, n)
	}
	return rows.Err()
}
