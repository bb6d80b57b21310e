package governanceweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type gateListView struct {
	governance.ComingPage
	Query governance.GateQuery
	More  string

	MayRecord bool // past decisions
}

// cursorOf reads the place in a list from the address.
func cursorOf(list, s string) (string, error) {
	cur, err := web.ParseCursor(list, s)
	if err != nil || cur == nil {
		return "", err
	}
	return cur.Key + " " + cur.ID, nil
}

// cursorFor is a place in a list for the address.
func cursorFor(list, key string) string {
	day, id, _ := strings.Cut(key, " ")
	return web.Cursor{List: list, Key: day, ID: id}.String()
}

func (w *Web) gateList(r *web.Req) error {
	q := r.R.URL.Query()
	v := gateListView{Query: governance.GateQuery{Gate: r.Query("gate"), Month: r.Query("month"), Body: r.Query("body"), Mine: r.Query("mine") != "", NotReady: r.Query("not_ready") != ""}}
	v.MayRecord = slices.Contains(roleOf(governance.RecordPast), r.Who().Role)
	var err error
	if v.Query.After, err = cursorOf("gates", r.Query("after")); err != nil {
		return err
	}
	if v.ComingPage, err = w.gov.Coming(r.Context(), r.Who(), v.Query); err != nil {
		return err
	}
	if v.Next != "" {
		q.Set("after", cursorFor("gates", v.Next))
		v.More = "/gates?" + q.Encode()
	}
	return r.Render(r.Page("Gates", "gates"), gateListPage(v))
}

// journeyView is the page of a project's gates.
type journeyView struct {
	governance.Journey
	At     string // gate at which something was typed
	Typed  string
	Errors []ui.FieldError
}

func (w *Web) gateJourney(r *web.Req) error {
	return w.showJourney(r, http.StatusOK, journeyView{})
}

func (w *Web) showJourney(r *web.Req, status int, v journeyView) error {
	var err error
	if v.Journey, err = w.gov.Journey(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	p := r.Page("Gates of "+v.Name, "gates")
	p.Crumbs = []ui.Crumb{{Label: "Gates", Href: "/gates"}, {Label: v.Name, Href: "/projects/" + v.Project}}
	return r.RenderStatus(status, p, journeyPage(v))
}

// journeyStep goes back to the gates of the project, or shows there what was wrong.
func (w *Web) journeyStep(r *web.Req, err error, to, said, typed string) error {
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) || errs.Is(err, errs.Duplicate) {
		return w.showJourney(r, web.StatusOf(errs.KindOf(err)), journeyView{At: r.Path("gate"), Typed: typed, Errors: fieldsOrMessage(err)})
	}
	if err != nil {
		return err
	}
	return r.Go(to, said)
}

// fieldsOrMessage gives the fields of an error, or else its message at no field.
func fieldsOrMessage(err error) []ui.FieldError {
	if list := errs.FieldsOf(err); len(list) > 0 {
		return list
	}
	return []ui.FieldError{{Name: "main", Message: web.MessageOf(err)}}
}

func (w *Web) gatePlan(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is 0: the gate had no date yet
	_, err = w.gov.PlanGate(r.Context(), r.Who(), r.Path("id"), r.Path("gate"), f.Text("planned"), f.Text("body"), version)
	return w.journeyStep(r, err, "/projects/"+r.Path("id")+"/gates#dates", governance.GateLabel(r.Path("gate"))+" is planned for "+ui.DateFull(f.Text("planned"))+".", f.Text("planned"))
}

func (w *Web) gateOpen(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id, err := w.gov.Open(r.Context(), r.Who(), r.Path("id"), r.Path("gate"), f.Text("meets_on"))
	return w.journeyStep(r, err, "/gates/reviews/"+id, "The review is open. Its criteria stand from now on.", f.Text("meets_on"))
}

func (w *Web) gateSnapshot(r *web.Req) error {
	k, err := w.gov.SnapshotOf(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	p := r.Page("Snapshot of "+k.Review.Label(), "gates")
	p.Crumbs = []ui.Crumb{{Label: "Gates", Href: "/gates"}, {Label: k.Review.ProjectName, Href: "/projects/" + k.Review.Project}, {Label: k.Review.Label(), Href: "/gates/reviews/" + k.Review.ID}}
	return r.Render(p, snapshotPage(k))
}

func (w *Web) gatePanel(r *web.Req, project string) (templ.Component, error) {
	read, err := w.overview(r, project)
	if err != nil {
		return nil, err
	}
	if read.journey.Governed == nil {
		return templ.NopComponent, nil
	}
	return projectGates(read.journey), nil
}

// askedPanel shows what a governing body made a condition of before.
func (w *Web) askedPanel(r *web.Req, body string) (templ.Component, error) {
	list, err := w.gov.AskedBy(r.Context(), r.Who(), body)
	if err != nil || len(list) == 0 {
		return templ.NopComponent, err
	}
	return askedPanel(list), nil
}

// decisionLabel is a decision in the words that everybody uses.
func decisionLabel(id string) string {
	switch id {
	case method.Go:
		return "Go"
	case method.ConditionalGo:
		return "Conditional go"
	case method.Hold:
		return "Hold"
	case method.Recycle:
		return "Recycle"
	case method.Stop:
		return "Stop"
	}
	return id
}
