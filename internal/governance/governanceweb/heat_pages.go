package governanceweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cairn/internal/governance"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// mapRoutes are the pages over many projects.
func (w *Web) mapRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/governance", Action: governance.SeeGovernance, Handle: w.heat},
		{Method: http.MethodGet, Pattern: "/waivers", Action: governance.SeeGovernance, Handle: w.waivers},
		{Method: http.MethodGet, Pattern: "/findings", Action: governance.SeeGovernance, Handle: w.findings},
	}
}

type heatView struct {
	governance.Heat
	Filter governance.HeatFilter
	Today  clock.Day
	Worst  worstGap
}

// worstGap is the control about which most findings are open: of many gaps the one
// that somebody judged to matter.
type worstGap struct {
	Control, Name string
	Findings      int
	Due           clock.Day // of the first; empty if none has a date
}

// mostFindings is how many open findings are looked at for it, the newest first.
const mostFindings = 200

func (w *Web) worst(r *web.Req) (worst worstGap, err error) {
	list, err := w.gov.Findings(r.Context(), r.Who(), governance.FindingFilter{Open: true}, mostFindings)
	if err != nil || len(list) == 0 {
		return worst, err
	}
	names, err := w.gov.ControlNames(r.Context(), r.Who())
	if err != nil {
		return worst, err
	}
	by := map[string]*worstGap{}
	for _, f := range list {
		g := by[f.Control]
		if g == nil {
			g = &worstGap{Control: f.Control, Name: or(names[f.Control], f.Control)}
			by[f.Control] = g
		}
		if g.Findings++; f.Due != "" && (g.Due == "" || f.Due < g.Due) {
			g.Due = f.Due
		}
		if g.Findings > worst.Findings || g.Findings == worst.Findings && g.Control <= worst.Control {
			worst = *g
		}
	}
	return worst, nil
}

func (w *Web) heat(r *web.Req) error {
	v := heatView{Today: w.gov.Today(), Filter: governance.HeatFilter{Node: r.Query("node"), Group: r.Query("group"), Mine: r.Query("mine") != ""}}
	v.Filter.At = r.Query("at")
	if v.Filter.At != "" && !clock.ValidDay(v.Filter.At) {
		return errs.OnField("at", "Give a day like 2026-03-31.")
	}
	var err error
	if v.Heat, err = w.gov.Heat(r.Context(), r.Who(), v.Filter); err != nil {
		return err
	}
	if v.Filter == (governance.HeatFilter{}) {
		if v.Worst, err = w.worst(r); err != nil {
			return err
		}
	}
	p := r.Page("Governance", "governance")
	if len(v.Path) > 0 {
		p.Crumbs = []ui.Crumb{{Label: "Governance", Href: v.href("", v.Filter.Group)}}
		for _, up := range v.Path[:len(v.Path)-1] {
			p.Crumbs = append(p.Crumbs, ui.Crumb{Label: up.Name, Href: v.href(up.ID, v.Filter.Group)})
		}
	}
	return r.Render(p, heatPage(v))
}

// href is the address of the map of a node and a group, with the rest as it is.
func (v heatView) href(node, group string) string {
	q := url.Values{}
	for name, value := range map[string]string{"node": node, "group": group, "at": v.Filter.At} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if v.Filter.Mine && node == "" {
		q.Set("mine", "yes")
	}
	if len(q) == 0 {
		return "/governance"
	}
	return "/governance?" + q.Encode()
}

// down is where a row opens to.
func (v heatView) down(row governance.Row) string {
	if row.Kind == "project" {
		if v.Filter.At != "" {
			return "/projects/" + row.ID + "/controls?at=" + v.Filter.At
		}
		return "/projects/" + row.ID + "/controls"
	}
	return v.href(row.ID, v.Filter.Group)
}

// cellClass colours a cell by its gaps.
func cellClass(project bool, c *governance.Cell) string {
	switch {
	case c == nil || c.Asked() == 0:
		return "cell no"
	case c.Gap >= 2 && (project || c.Gap*4 >= c.Due()):
		return "cell g2"
	case c.Gap > 0:
		return "cell g1"
	case c.Waived > 0:
		return "cell w"
	case c.Evidenced > 0:
		return "cell ok"
	}
	return "cell no"
}

// cellWords says a cell aloud.
func cellWords(c *governance.Cell) string {
	switch {
	case c == nil || c.Asked() == 0:
		return "nothing asked"
	case c.Gap > 0:
		return ui.Count(c.Gap, "gap", "gaps") + " of " + strconv.Itoa(c.Due())
	case c.Waived > 0:
		return strconv.Itoa(c.Waived) + " waived"
	case c.Evidenced > 0:
		return "in place"
	}
	return "not due, or cannot be seen yet"
}

// cellText is what a cell shows.
func cellText(c *governance.Cell) string {
	switch {
	case c == nil || c.Asked() == 0:
		return "·"
	case c.Gap > 0:
		return ui.Grouped(int64(c.Gap))
	case c.Waived > 0:
		return "w"
	case c.Evidenced > 0:
		return "✓"
	}
	return "·"
}

func number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, errs.OnField("after", "This is no place in the list.")
	}
	return n, nil
}

func text(n int64) string { return strconv.FormatInt(n, 10) }
