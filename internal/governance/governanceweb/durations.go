package governanceweb

import (
	"context"
	"strconv"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type durationsView struct {
	governance.SpreadPage
	Query governance.SpreadQuery
}

func (w *Web) durations(r *web.Req) error {
	v := durationsView{Query: governance.SpreadQuery{Method: r.Query("method"), Body: r.Query("body")}}
	var err error
	if v.SpreadPage, err = w.gov.Spreads(r.Context(), r.Who(), v.Query); err != nil {
		return err
	}
	p := r.Page("Times between gates", "gates")
	p.Crumbs = []ui.Crumb{{Label: "Gates", Href: "/gates"}}
	return r.Render(p, durationsPage(v))
}

func durationsLead(v durationsView) string {
	if len(v.Legs) == 0 {
		return "No project has passed two gates that follow one another."
	}
	return "How long projects took from one gate to the next: " + ui.Count(v.Past, "gate", "gates") + " of spreadsheets and " + strconv.Itoa(v.Here) + " decided here, of the projects that you see."
}

// The drawing of a spread, in its own units.
const (
	spreadWidth  = 300
	spreadHeight = 34
	spreadGround = 25 // where dots stand; the box lies below
	spreadBins   = 75
	spreadMost   = 400 // dots; more are drawn as bars
)

// spreadDot is a dot, or a bar of many.
type spreadDot struct{ x, y, h string }

// dots stacks one dot for each project over its number of days, on a scale from 0
// to the longest. Where many stand on one another they move together, and none is
// left out; very many are bars.
func dots(days []int, longest int) (out []spreadDot) {
	bins := make([]int, spreadBins)
	for _, d := range days {
		bins[binOf(d, longest)]++
	}
	most := 1
	for _, n := range bins {
		most = max(most, n)
	}
	step := min(4.0, float64(spreadGround-4)/float64(max(1, most-1)))
	for i, n := range bins {
		x := (float64(i) + 0.5) * spreadWidth / spreadBins
		if len(days) > spreadMost {
			if h := float64(n) * (spreadGround - 2) / float64(most); n > 0 {
				out = append(out, spreadDot{decimal(x - 1.5), decimal(spreadGround - h), decimal(max(h, 1))})
			}
			continue
		}
		for k := range n {
			out = append(out, spreadDot{x: decimal(x), y: decimal(spreadGround - 2 - float64(k)*step)})
		}
	}
	return out
}

func binOf(days, longest int) int {
	return min(spreadBins-1, days*spreadBins/max(1, longest))
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// placeOf is where a number of days lies in the drawing.
func placeOf(days, longest int) string {
	return decimal(float64(days) * spreadWidth / float64(max(1, longest)))
}

func widthOf(from, to, longest int) string {
	return decimal(max(1, float64(to-from)*spreadWidth/float64(max(1, longest))))
}

func spreadSays(s governance.Spread) string {
	n := ui.Count(s.Count(), "project", "projects")
	if s.Count() == 1 {
		return n + ": " + ui.Days(s.At(0))
	}
	return n + ": half within " + ui.Days(s.At(0.5)) + ", the middle half from " + strconv.Itoa(s.At(0.25)) + " to " + strconv.Itoa(s.At(0.75)) + ", all from " + strconv.Itoa(s.At(0)) + " to " + strconv.Itoa(s.At(1))
}

// bodiesOf are the rows by body; where nothing says who decided there is but one.
func bodiesOf(l governance.Leg, one bool) []governance.Spread {
	if !one && len(l.ByBody) == 1 && l.ByBody[0].Body == "" {
		return nil
	}
	return l.ByBody
}

// deciderOf names who decided.
func deciderOf(s governance.Spread) string {
	switch {
	case s.Body == "" && s.BodyName == "":
		return "not said"
	case s.BodyName == "":
		return "a body that is no longer there"
	}
	return s.BodyName
}

func namedOptions(first string, list []governance.Named) []ui.Option {
	out := []ui.Option{{Value: "", Label: first}}
	for _, n := range list {
		if n.ID != "" {
			out = append(out, ui.Option{Value: n.ID, Label: n.Name})
		}
	}
	return out
}

type spreadJSON struct {
	Body     string `json:"body,omitempty" doc:"Who decided the later gate; absent for all together. Send it as body to be shown it alone."`
	BodyName string `json:"body_name,omitempty"`
	Projects int    `json:"projects"`
	Least    int    `json:"least"`
	Quarter  int    `json:"lower_quartile"`
	Median   int    `json:"median"`
	Upper    int    `json:"upper_quartile"`
	Most     int    `json:"most"`
	Days     []int  `json:"days" nullable:"false" doc:"One for each project, sorted."`
}

type legJSON struct {
	Method     string       `json:"method"`
	MethodName string       `json:"method_name"`
	From       string       `json:"from"`
	To         string       `json:"to"`
	All        spreadJSON   `json:"all"`
	ByBody     []spreadJSON `json:"by_body" nullable:"false"`
}

type durationsInput struct {
	Method string `query:"method" maxLength:"60"`
	By     string `query:"body" maxLength:"300"`
}

type durationsOutput struct {
	Body struct {
		Items []legJSON `json:"items" nullable:"false"`
		Past  int       `json:"past_gates" doc:"Of which spreadsheets tell."`
		Here  int       `json:"decided_gates"`
	}
}

func spreadToJSON(s governance.Spread) spreadJSON {
	return spreadJSON{s.Body, s.BodyName, s.Count(), s.At(0), s.At(0.25), s.At(0.5), s.At(0.75), s.At(1), s.Days}
}

func (w *Web) apiDurations(ctx context.Context, who authz.Actor, in *durationsInput) (*durationsOutput, error) {
	page, err := w.gov.Spreads(ctx, who, governance.SpreadQuery{Method: in.Method, Body: in.By})
	if err != nil {
		return nil, err
	}
	out := &durationsOutput{}
	out.Body.Items, out.Body.Past, out.Body.Here = []legJSON{}, page.Past, page.Here
	for _, l := range page.Legs {
		leg := legJSON{Method: l.Method, MethodName: l.MethodName, From: l.From, To: l.To, All: spreadToJSON(l.All), ByBody: []spreadJSON{}}
		for _, s := range l.ByBody {
			leg.ByBody = append(leg.ByBody, spreadToJSON(s))
		}
		out.Body.Items = append(out.Body.Items, leg)
	}
	return out, nil
}
