package transferweb

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/transfer"
	"cairn/internal/transfer/sheet"
)

type listView struct {
	Past   []transfer.Past
	Next   string
	Errors []ui.FieldError
	New    bool
}

// perPage is how many imports a page holds.
const perPage = 50

func (w *Web) list(r *web.Req) error {
	past, err := w.files.Imports(r.Context(), r.Who(), r.Query("before"), perPage+1)
	if err != nil {
		return err
	}
	v := listView{Past: past}
	if len(past) > perPage {
		v.Past = past[:perPage]
		v.Next = "/imports?before=" + past[perPage-1].ID
	}
	return r.Render(r.Page("Imports", "imports"), importsPage(v))
}

func (w *Web) newPage(r *web.Req) error { return w.showNew(r, http.StatusOK, nil) }

func (w *Web) showNew(r *web.Req, status int, bad []ui.FieldError) error {
	if _, err := w.files.Imports(r.Context(), r.Who(), "", 1); err != nil {
		return err
	}
	p := r.Page("Import a file", "imports")
	p.Crumbs = []ui.Crumb{{Label: "Imports", Href: "/imports"}}
	return r.RenderStatus(status, p, uploadPage(bad))
}

func (w *Web) upload(r *web.Req) error {
	r.R.Body = http.MaxBytesReader(r.W, r.R.Body, sheet.MaxBytes+1<<20)
	f, head, err := r.R.FormFile("file")
	if err != nil {
		message := "Choose a file."
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			message = fmt.Sprintf("The file has more than %d MB. Split it, or save the one sheet as .csv.", sheet.MaxBytes>>20)
		}
		return w.showNew(r, http.StatusUnprocessableEntity, []ui.FieldError{{Name: "file", Message: message}})
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	id, err := w.files.Stage(r.Context(), r.Who(), cleanName(head.Filename), content)
	if errs.Is(err, errs.Invalid) {
		return w.showNew(r, http.StatusUnprocessableEntity, errs.FieldsOf(err))
	}
	if err != nil {
		return err
	}
	return r.Go("/imports/staged/"+id, "")
}

// cleanName keeps the last part of a file's name, without what no file has.
func cleanName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(c rune) rune {
		if c < 0x20 || c == 0x7f || c == 0xfffd {
			return -1
		}
		return c
	}, s)
	if r := []rune(s); len(r) > 120 {
		s = string(r[len(r)-120:])
	}
	if s == "" {
		return "file"
	}
	return s
}

type mappingView struct {
	ID      string
	File    string
	Plan    transfer.Plan
	Preview transfer.Preview
	Fields  []transfer.Field
	Report  *transfer.Report
	AsAt    string
	Today   string
	Profile string
	Errors  []ui.FieldError
}

func (w *Web) mapping(r *web.Req) error {
	return w.showMapping(r, http.StatusOK, mappingView{AsAt: r.Query("as_at")}, nil)
}

// showMapping shows how the columns are read and, if they can be, what each row would do.
func (w *Web) showMapping(r *web.Req, status int, v mappingView, typed *transfer.Plan) error {
	u, err := w.files.Upload(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	if typed != nil {
		u.Plan = *typed
	}
	v.ID, v.File, v.Plan, v.Today = u.ID, u.Source.Name, u.Plan, w.files.Today()
	if v.Fields, err = w.files.Fields(r.Context(), r.Who()); err != nil {
		return err
	}
	if v.Preview, err = transfer.Propose(u.Source.File, u.Plan.Sheet, v.Fields); err != nil {
		return err
	}
	if len(v.Errors) == 0 {
		u.Plan.AsAt, u.Plan.DiffAfter = v.AsAt, r.Query("after")
		rep, err := w.files.Run(r.Context(), r.Who(), u.Source, u.Plan, true)
		switch {
		case errs.Is(err, errs.Invalid):
			v.Errors, status = errs.FieldsOf(err), http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			v.Report = &rep
		}
	}
	p := r.Page("Import "+v.File, "imports")
	p.Crumbs = []ui.Crumb{{Label: "Imports", Href: "/imports"}}
	v.Preview.Sheets = u.Source.Sheets
	return r.RenderStatus(status, p, mappingPage(v))
}

// readPlan reads the mapping screen: one field per column, in the file's order.
func readPlan(f web.Form, old transfer.Plan) transfer.Plan {
	p := old
	p.Columns = make([]transfer.Column, len(old.Columns))
	for i, c := range old.Columns {
		n := strconv.Itoa(i)
		c.Field = f.Text("field-" + n)
		c.Order = reading.Order(f.Text("order-" + n))
		if u, err := strconv.ParseInt(f.Text("unit-"+n), 10, 64); err == nil && (u == 1 || u == 1000 || u == 1000000) {
			c.Unit = reading.Unit(u)
		}
		p.Columns[i] = c
	}
	if s := f.Text("source"); s != "" {
		p.Source = s
	}
	p.Repeated = transfer.RefuseLater
	if r := transfer.Repeated(f.Text("repeated")); r == transfer.FirstWins || r == transfer.RefuseAll {
		p.Repeated = r
	}
	return p
}

func (w *Web) remap(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	u, err := w.files.Upload(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	if name := f.Text("sheet"); name != "" && name != u.Plan.Sheet {
		plan, err := w.files.Turn(r.Context(), r.Who(), u, name)
		if errs.Is(err, errs.Invalid) {
			return w.showMapping(r, http.StatusUnprocessableEntity, mappingView{AsAt: f.Text("as_at"), Errors: errs.FieldsOf(err)}, nil)
		}
		if err != nil {
			return err
		}
		return w.showMapping(r, http.StatusOK, mappingView{AsAt: f.Text("as_at")}, &plan)
	}
	plan := readPlan(f, u.Plan)
	v := mappingView{AsAt: f.Text("as_at"), Profile: f.Text("profile")}
	if err := w.files.Replan(r.Context(), r.Who(), u.ID, plan); err != nil {
		return err
	}
	if v.Profile != "" {
		err := w.files.KeepProfile(r.Context(), r.Who(), v.Profile, plan)
		if errs.Is(err, errs.Invalid) {
			v.Errors = errs.FieldsOf(err)
			return w.showMapping(r, http.StatusUnprocessableEntity, v, &plan)
		}
		if err != nil {
			return err
		}
	}
	return w.showMapping(r, http.StatusOK, v, &plan)
}

func (w *Web) apply(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	u, err := w.files.Upload(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	u.Plan.AsAt, u.Plan.GoodOnly = f.Text("as_at"), f.Yes("good_only")
	rep, err := w.files.Run(r.Context(), r.Who(), u.Source, u.Plan, false)
	if errs.Is(err, errs.Invalid) {
		return w.showMapping(r, http.StatusUnprocessableEntity, mappingView{AsAt: u.Plan.AsAt, Errors: errs.FieldsOf(err)}, &u.Plan)
	}
	if err != nil {
		return err
	}
	if !rep.Applied {
		return w.showMapping(r, http.StatusUnprocessableEntity, mappingView{AsAt: u.Plan.AsAt}, &u.Plan)
	}
	if rep.ID == "" {
		return r.Go("/imports/staged/"+u.ID, "Nothing to do: the register says all of this already.")
	}
	if err := w.files.Discard(r.Context(), r.Who(), u.ID); err != nil {
		return err
	}
	return r.Go("/imports/done/"+rep.ID, u.Source.Name+" is in: "+summary(rep.Created, rep.Changed, rep.Unchanged, rep.RefusedRows)+".")
}

func (w *Web) discard(r *web.Req) error {
	if err := w.files.Discard(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/imports", "Put away. Nothing was changed.")
}

func (w *Web) refusedNow(r *web.Req) error {
	u, err := w.files.Upload(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	u.Plan.AsAt = r.Query("as_at")
	rep, err := w.files.Run(r.Context(), r.Who(), u.Source, u.Plan, true)
	if err != nil {
		return err
	}
	b, err := rep.RefusedCSV()
	if err != nil {
		return err
	}
	return r.File("text/csv; charset=utf-8", "refused.csv", b)
}

func (w *Web) refusedThen(r *web.Req) error {
	_, refused, err := w.files.Import(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	return r.File("text/csv; charset=utf-8", "refused.csv", []byte(refused))
}

func summary(created, changed, unchanged, refused int) string {
	parts := []string{strconv.Itoa(created) + " created", strconv.Itoa(changed) + " changed", strconv.Itoa(unchanged) + " unchanged"}
	if refused > 0 {
		parts = append(parts, strconv.Itoa(refused)+" refused")
	}
	return strings.Join(parts, ", ")
}
