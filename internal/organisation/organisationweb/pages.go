package organisationweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/organisation"
)

func (w *Web) index(r *web.Req) error {
	if _, err := w.settings.Settings(r.Context(), r.Who()); err != nil {
		return err
	}
	return r.Render(r.Page("Settings", "settings"), indexPage(r.Settings()))
}

// formView is the form: what was typed, and what is stored where they differ.
type formView struct {
	Typed     organisation.Settings
	Holidays  string // as typed
	ReportDay string // as typed
	Theirs    organisation.Settings
	Conflict  bool
	Now       string // the time in the zone that holds
	Errors    []ui.FieldError
}

func (w *Web) page(r *web.Req) error {
	s, err := w.settings.Settings(r.Context(), r.Who())
	if err != nil {
		return err
	}
	return w.show(r, http.StatusOK, viewOf(s))
}

func viewOf(s organisation.Settings) formView {
	return formView{Typed: s, Holidays: strings.Join(s.Holidays, "\n"), ReportDay: strconv.Itoa(s.ReportDay)}
}

func (w *Web) show(r *web.Req, status int, v formView) error {
	p := r.Page("Organisation", "settings")
	p.Crumbs = []ui.Crumb{{Label: "Settings", Href: "/settings"}}
	v.Now = w.settings.Clock()
	return r.RenderStatus(status, p, formPage(v))
}

func (w *Web) change(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := readForm(f)
	_, err = w.settings.Change(r.Context(), r.Who(), v.Typed)
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return w.show(r, http.StatusUnprocessableEntity, v)
	}
	if errs.Is(err, errs.Conflict) {
		stored, e := w.settings.Settings(r.Context(), r.Who())
		if e != nil {
			return e
		}
		v.Conflict, v.Theirs, v.Typed.Version = true, stored, stored.Version
		return w.show(r, http.StatusPreconditionFailed, v)
	}
	if err != nil {
		return err
	}
	return r.Go("/settings/organisation", "Saved. It holds from now on.")
}

func readForm(f web.Form) formView {
	v := formView{Holidays: f.Text("holidays"), ReportDay: f.Text("report_day")}
	s := organisation.Settings{
		Name: f.Text("name"), Zone: f.Text("zone"), Currency: strings.ToUpper(f.Text("currency")), RatingScale: f.Text("rating_scale"),
		Holidays: strings.Fields(v.Holidays),
	}
	s.Version, _ = strconv.ParseInt(f.Text("version"), 10, 64) // none is version 0, which conflicts
	s.ReportDay, _ = strconv.Atoi(v.ReportDay)                 // no number is 0, which is refused at its field
	for _, d := range week {
		if f.Yes(dayBox(d)) {
			s.WorkingDays = append(s.WorkingDays, d)
		}
	}
	v.Typed = s
	return v
}

var week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// dayBox is the name of a weekday's box.
func dayBox(d time.Weekday) string { return "on_" + strings.ToLower(d.String()) }

func (v formView) works(d time.Weekday) bool { return slices.Contains(v.Typed.WorkingDays, d) }

func zoneOptions() []ui.Option {
	out := []ui.Option{{Label: "As the program was started (CAIRN_TZ)"}}
	for _, z := range organisation.Zones() {
		out = append(out, ui.Option{Value: z, Label: strings.ReplaceAll(z, "_", " ")})
	}
	return out
}

func dayNames(days []time.Weekday) string {
	var out []string
	for _, d := range days {
		out = append(out, d.String())
	}
	return strings.Join(out, ", ")
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
