package cpdweb

import (
	"net/http"
	"strconv"

	"cairn/internal/cpd"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// followForm is the form that begins a period.
type followForm struct {
	Scheme, From string
	List         []cpd.Series
	Errs         []ui.FieldError
}

func (w *Web) newPeriod(r *web.Req) error {
	l, err := w.cpd.Log(r.Context(), r.Who(), "", "")
	if err != nil {
		return err
	}
	v := followForm{Scheme: r.Query("scheme"), From: w.cpd.Today()[:4] + "-01-01"}
	last := ""
	for _, p := range l.Periods {
		if p.Scheme.ID == v.Scheme {
			last = max(last, p.To)
		}
	}
	if last != "" { // the next begins when the last ends
		v.From = clock.AddDays(last, 1)
	}
	v.List = l.Schemes.Series
	return r.Render(page(r, "Begin a period"), followPage(v))
}

func (w *Web) follow(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := followForm{Scheme: f.Text("scheme"), From: f.Text("from")}
	_, err = w.cpd.Follow(r.Context(), r.Who(), v.Scheme, v.From)
	if errs.Is(err, errs.Invalid) {
		c, again := w.cpd.Catalogue(r.Context(), r.Who())
		if again != nil {
			return again
		}
		v.Errs, v.List = errs.FieldsOf(err), c.Series
		return r.RenderStatus(http.StatusUnprocessableEntity, page(r, "Begin a period"), followPage(v))
	}
	if err != nil {
		return err
	}
	return r.Go(home, "Begun. Targets can be changed for this period.")
}

// can are the schemes of which a period can begin on the day that stands in the form,
// or that day's year if none does.
func (v followForm) can() (out []cpd.Scheme) {
	for _, s := range v.List {
		if s.Open(v.From) {
			out = append(out, s.At(v.From))
		}
	}
	return out
}

// periodForm is the form of a period's targets.
type periodForm struct {
	cpd.Progress
	Values map[string]string // as they were typed, by field
	Errs   []ui.FieldError
}

// value is a number of the form: what was typed, or what is set.
func (v periodForm) value(name string, n int) string {
	if s, ok := v.Values[name]; ok {
		return s
	}
	return strconv.Itoa(n)
}

// text is a text of the form: what was typed, or what is set.
func (v periodForm) text(name, set string) string {
	if s, ok := v.Values[name]; ok {
		return s
	}
	return set
}

func (w *Web) onePeriod(r *web.Req) (cpd.Progress, error) {
	l, err := w.cpd.Log(r.Context(), r.Who(), "", "")
	if err != nil {
		return cpd.Progress{}, err
	}
	for _, p := range l.Periods {
		if p.ID == r.Path("id") {
			return p, nil
		}
	}
	return cpd.Progress{}, errs.Missing("period")
}

func (w *Web) period(r *web.Req) error {
	p, err := w.onePeriod(r)
	if err != nil {
		return err
	}
	return r.Render(page(r, "Targets of the period"), periodPage(periodForm{Progress: p}))
}

func (w *Web) set(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	p, err := w.onePeriod(r)
	if err != nil {
		return err
	}
	var c errs.Check
	set := cpd.Settings{To: f.Text("to"), Target: int(f.Int("target", &c)), AtLeastActivities: int(f.Int("at_least_activities", &c)), Statement: f.Text("statement"), Limits: map[string]cpd.Limit{}}
	for _, l := range p.Lines {
		set.Limits[l.Place] = cpd.Limit{Minimum: int(f.Int("min_"+l.Place, &c)), Maximum: int(f.Int("max_"+l.Place, &c))}
	}
	version := f.Int("version", &c)
	if c.Err() != nil {
		set.Target = -1 // nothing is kept, and what else is wrong is said too
	}
	err = w.cpd.Set(r.Context(), r.Who(), p.ID, version, set)
	if errs.Is(err, errs.Invalid) {
		v := periodForm{Progress: p, Values: map[string]string{}, Errs: together(c, err)}
		for name := range f.Values {
			v.Values[name] = f.Text(name)
		}
		return r.RenderStatus(http.StatusUnprocessableEntity, page(r, "Targets of the period"), periodPage(v))
	}
	if err != nil {
		return err
	}
	return r.Go(home, "Kept.")
}

func (w *Web) leave(r *web.Req) error {
	if err := w.cpd.Leave(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go(home, "Deleted; its entries stay in the log.")
}
