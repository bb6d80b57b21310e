package transferweb

import (
	"cmp"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
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
	Waiting []transfer.Upload
	Past    []transfer.Past
	Next    string
	Errors  []ui.FieldError
	New     bool
}

// perPage is how many imports a page holds.
const perPage = 50

func (w *Web) list(r *web.Req) error {
	before, err := web.ParsePlace("before", r.Query("before"))
	if err != nil {
		return err
	}
	past, err := w.files.Imports(r.Context(), r.Who(), transfer.AnyKind, before, perPage+1)
	if err != nil {
		return err
	}
	v := listView{Past: past}
	if before == "" {
		if v.Waiting, err = w.files.Uploads(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	if len(past) > perPage {
		v.Past = past[:perPage]
		v.Next = "/imports?before=" + past[perPage-1].ID
	}
	return r.Render(r.Page("Imports", "imports"), importsPage(v))
}

func (w *Web) newPage(r *web.Req) error { return w.showNew(r, http.StatusOK, nil) }

func (w *Web) showNew(r *web.Req, status int, bad []ui.FieldError) error {
	if _, err := w.files.Fields(r.Context(), r.Who(), r.Query("kind")); errs.Is(err, errs.Invalid) {
		return errs.Missing("kind of import")
	} else if err != nil {
		return err
	}
	title, crumbs := "Import a file", []ui.Crumb{{Label: "Imports", Href: "/imports"}}
	if isGates(r.Query("kind")) {
		title, crumbs = "Bring in past decisions", append([]ui.Crumb{{Label: "Gates", Href: "/gates"}}, crumbs...)
	}
	p := r.Page(title, "imports")
	p.Crumbs = crumbs
	return r.RenderStatus(status, p, uploadPage(r.Query("kind"), bad))
}

// upload takes the file as it arrives: it is never held whole.
func (w *Web) upload(r *web.Req) error {
	r.R.Body = http.MaxBytesReader(r.W, r.R.Body, sheet.MaxBytes+1<<20)
	name, content, err := filePart(r.R)
	if err != nil {
		return w.showNew(r, http.StatusUnprocessableEntity, []ui.FieldError{{Name: "file", Message: "Choose a file."}})
	}
	id, err := w.files.Stage(r.Context(), r.Who(), r.Query("kind"), name, content, nil)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = errs.OnField("file", "The file has more than %d MB. Split it, or save the one sheet as .csv.", sheet.MaxBytes>>20)
	}
	if errs.Is(err, errs.Invalid) {
		return w.showNew(r, http.StatusUnprocessableEntity, errs.FieldsOf(err))
	}
	if err != nil {
		return err
	}
	return r.Go("/imports/staged/"+id, "")
}

// filePart finds the file among the parts of a form.
func filePart(r *http.Request) (name string, content io.Reader, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, err
	}
	for {
		p, err := parts.NextPart()
		if err != nil {
			return "", nil, err
		}
		if p.FormName() == "file" && p.FileName() != "" {
			return cleanName(p.FileName()), p, nil
		}
	}
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
	transfer.Upload
	Preview transfer.Preview
	Fields  []transfer.Field
	Report  *transfer.Report
	Diff    transfer.Changes
	More    bool // the diff goes on behind what was kept
	Today   string
	Profile string
	Errors  []ui.FieldError
}

// mapping shows a staged file as far as it has come.
func (w *Web) mapping(r *web.Req) error {
	u, err := w.files.Upload(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	switch u.State {
	case transfer.Trying, transfer.Applying:
		return w.showProgress(r, u)
	case transfer.Failed:
		return r.Render(w.stagedPage(r, u), failedPage(u))
	case transfer.Done:
		if u.Import != "" {
			return r.Go("/imports/done/"+u.Import, "")
		}
		return r.Go("/imports", nothingToDo(u.Plan.Kind))
	case transfer.Arriving, transfer.Waiting, transfer.Tried:
	}
	return w.showMapping(r, http.StatusOK, mappingView{Upload: u})
}

func (w *Web) stagedPage(r *web.Req, u transfer.Upload) ui.Page {
	p := r.Page("Import "+u.File, "imports")
	p.Crumbs = []ui.Crumb{{Label: "Imports", Href: "/imports"}}
	return p
}

func (w *Web) showProgress(r *web.Req, u transfer.Upload) error {
	at, err := w.files.Progress(r.Context(), u)
	if err != nil {
		return err
	}
	p := w.stagedPage(r, u)
	p.Refresh = refreshAfter
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Render(p, progressPage(u, at))
}

// refreshAfter is how many seconds a page without script waits before it looks again.
const refreshAfter = 3

// showMapping shows how the columns are read and, if they can be, what each row would do.
func (w *Web) showMapping(r *web.Req, status int, v mappingView) (err error) {
	after, err := web.ParsePlace("after", r.Query("after"))
	if err != nil {
		return err
	}
	v.Today = w.files.Today()
	if v.Fields, err = w.files.Fields(r.Context(), r.Who(), v.Plan.Kind); err != nil {
		return err
	}
	if v.Behind {
		status = v.tried(status, after)
	} else if status, err = w.try(r, &v, status); err != nil {
		return err
	}
	return r.RenderStatus(status, w.stagedPage(r, v.Upload), mappingPage(v))
}

// tried shows what a job has found.
func (v *mappingView) tried(status int, after string) int {
	if v.Trial == nil {
		return status
	}
	v.Preview = v.Trial.Preview
	if len(v.Trial.Errors) > 0 {
		v.Errors = append(v.Errors, v.Trial.Errors...)
		return status
	}
	v.Report, v.Diff, v.More = &v.Trial.Report, v.Trial.Diff(after), v.Trial.More()
	return status
}

// try tries a small file at once.
func (w *Web) try(r *web.Req, v *mappingView, status int) (int, error) {
	src, err := w.files.Open(r.Context(), v.Upload)
	if err != nil {
		return status, err
	}
	if v.Preview, err = transfer.Propose(src.File, v.Plan.Sheet, v.Fields); err != nil {
		return status, err
	}
	v.Preview.Sheets = src.Sheets
	if len(v.Errors) > 0 {
		return status, nil
	}
	plan := v.Plan
	plan.DiffAfter = r.Query("after")
	rep, err := w.files.Run(r.Context(), r.Who(), src, plan, true)
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return http.StatusUnprocessableEntity, nil
	}
	v.Report, v.Diff = &rep, rep.Diff
	return status, err
}

var units = []reading.Unit{reading.Ones, reading.Thousands, reading.Millions, reading.Billions}

// readPlan reads the mapping screen: one field per column, in the file's order.
func readPlan(f web.Form, old transfer.Plan) transfer.Plan {
	p := old
	p.Columns = make([]transfer.Column, len(old.Columns))
	for i, c := range old.Columns {
		n := strconv.Itoa(i)
		c.Field = f.Text("field-" + n)
		c.Order = reading.Order(f.Text("order-" + n))
		if u, err := strconv.ParseInt(f.Text("unit-"+n), 10, 64); err == nil && slices.Contains(units, reading.Unit(u)) {
			c.Unit = reading.Unit(u)
		}
		p.Columns[i] = c
	}
	p.Values, p.Switches = readValues(f, old.Values), nil
	for name := range f.Values {
		if id, ok := strings.CutPrefix(name, "switch-"); ok && f.Yes(name) {
			p.Switches = append(p.Switches, id)
		}
	}
	slices.Sort(p.Switches)
	if s := f.Text("source"); s != "" {
		p.Source = s
	}
	p.AsAt = f.Text("as_at")
	p.Repeated = transfer.RefuseLater
	if r := transfer.Repeated(f.Text("repeated")); r == transfer.FirstWins || r == transfer.RefuseAll {
		p.Repeated = r
	}
	return p
}

// readValues reads what values of the file stand for: "is-N" for the value
// "of-N" of the field "for-N". What is asked no more is kept.
func readValues(f web.Form, old map[string]map[string]string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for field, values := range old {
		out[field] = maps.Clone(values)
	}
	for n := 0; f.Values["for-"+strconv.Itoa(n)] != nil; n++ {
		at := strconv.Itoa(n)
		field := f.Text("for-" + at)
		if out[field] == nil {
			out[field] = map[string]string{}
		}
		out[field][f.Text("of-"+at)] = f.Text("is-" + at)
	}
	if len(out) == 0 {
		return nil
	}
	return out
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
	v := mappingView{Upload: u}
	if name := f.Text("sheet"); name != "" && name != u.Plan.Sheet {
		v.Plan, err = w.files.Turn(r.Context(), r.Who(), u, name)
		return w.again(r, v, err)
	}
	v.Plan, v.Profile = readPlan(f, u.Plan), f.Text("profile")
	if err = w.files.Replan(r.Context(), r.Who(), u, v.Plan); err == nil && v.Profile != "" {
		err = w.files.KeepProfile(r.Context(), r.Who(), v.Profile, transfer.AnyVersion, v.Plan)
	}
	return w.again(r, v, err)
}

// again shows a staged file after something about it was changed: what was wrong
// with that; what it would do now; or, of a large one, how far its job has come.
func (w *Web) again(r *web.Req, v mappingView, err error) error {
	switch {
	case errs.Is(err, errs.Invalid):
		v.Errors = errs.FieldsOf(err)
		return w.showMapping(r, http.StatusUnprocessableEntity, v)
	case err != nil:
		return err
	case v.Behind:
		return r.Go("/imports/staged/"+v.ID, "")
	}
	return w.showMapping(r, http.StatusOK, v)
}

func (w *Web) apply(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	u, rep, err := w.files.Apply(r.Context(), r.Who(), r.Path("id"), f.Yes("good_only"))
	if errs.Is(err, errs.Invalid) {
		return w.showMapping(r, http.StatusUnprocessableEntity, mappingView{Upload: u, Errors: errs.FieldsOf(err)})
	}
	switch {
	case err != nil:
		return err
	case rep.ID != "":
		did := summary(rep.Created, rep.Changed, rep.Unchanged, rep.RefusedRows)
		if isGates(u.Plan.Kind) {
			did = gateCounts(&rep)
		}
		return r.Go("/imports/done/"+rep.ID, u.File+" is in: "+did+".")
	case u.State == transfer.Waiting && !rep.Applied:
		return w.showMapping(r, http.StatusUnprocessableEntity, mappingView{Upload: u})
	case u.State == transfer.Waiting:
		return r.Go("/imports/staged/"+u.ID, nothingToDo(u.Plan.Kind))
	}
	return r.Go("/imports/staged/"+u.ID, "") // it is in, or on its way
}

// fix takes corrections of single cells; without any it tries the file again.
func (w *Web) fix(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	u, err := w.files.Upload(r.Context(), r.Who(), r.Path("id"))
	if err != nil {
		return err
	}
	to := "/imports/staged/" + u.ID + "#needs"
	if f.Yes("forget") {
		if err := w.files.Uncorrect(r.Context(), r.Who(), u.ID); err != nil {
			return err
		}
		return r.Go(to, "Your corrections are taken back.")
	}
	fixes := readFixes(f, u.Plan)
	if len(fixes) == 0 && u.State != transfer.Failed {
		return r.Go(to, "No cell was changed.")
	}
	err = w.files.Correct(r.Context(), r.Who(), u.ID, fixes)
	if errs.Is(err, errs.Invalid) {
		return w.showMapping(r, http.StatusUnprocessableEntity, mappingView{Upload: u, Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.Go(to, "")
}

// readFixes reads what was typed over refused cells: "cell-ROW-COLUMN" beside
// "was-ROW-COLUMN", which it is only worth if it differs from.
func readFixes(f web.Form, p transfer.Plan) (out []transfer.Fix) {
	for name := range f.Values {
		place, ok := strings.CutPrefix(name, "cell-")
		if !ok || f.Text(name) == f.Text("was-"+place) {
			continue
		}
		row, column, _ := strings.Cut(place, "-")
		n, errRow := strconv.Atoi(row)
		at, errColumn := strconv.Atoi(column)
		if errRow == nil && errColumn == nil && at >= 0 && at < len(p.Columns) {
			out = append(out, transfer.Fix{Row: n, Column: p.Columns[at].Header, Value: f.Text(name)})
		}
	}
	slices.SortFunc(out, func(a, b transfer.Fix) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column)) })
	return out
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
	b, err := w.files.Refused(r.Context(), r.Who(), u)
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
