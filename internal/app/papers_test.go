package app

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cairn/internal/career"
	"cairn/internal/career/paper"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/transfer/sheet"
)

// drafted turns the partner's career on, keeps their piece with its names left out,
// enters a project of their own, and takes both into an application.
func drafted(t *testing.T, ctx context.Context, o *office) (group string, d career.Draft) {
	t.Helper()
	check(t, o.CatchUp(ctx))
	check(t, o.Career.TurnOn(ctx, o.partner))
	l, err := o.Career.Ledger(ctx, o.partner)
	check(t, err)
	group = l.Groups[0].ID
	check(t, o.Career.Claim(ctx, o.partner, group, 0, career.Claim{State: career.Accepted, Words: "Kept Pump honest for £2m", Hides: []string{career.HideClient, career.HideMoney}}))
	entry, err := o.Career.Enter(ctx, o.partner, led("Managed the quay wall"))
	check(t, err)
	id, _, err := o.Career.Ask(ctx, o.partner, career.Asking{AboutKind: career.AboutEntry, AboutID: entry, Colleague: o.manager.Person})
	check(t, err)
	check(t, o.Career.Answer(ctx, o.manager, id, career.Answer{Says: career.SayConfirm}))
	check(t, o.Career.TakeIn(ctx, o.partner, paper.Application, []string{"group/" + group, "entry/" + entry}))
	d, err = o.Career.DraftOf(ctx, o.partner, paper.Application)
	check(t, err)
	return group, d
}

func lineOf(t *testing.T, d *career.Draft, source string) paper.Line {
	t.Helper()
	for _, l := range d.Paper.Lines {
		if strings.HasPrefix(l.Source, source) {
			return l
		}
	}
	t.Fatalf("no line of %s among %d", source, len(d.Paper.Lines))
	return paper.Line{}
}

// sheetRows reads a worksheet back with the reader of imports.
func sheetRows(t *testing.T, content []byte, name string) (out [][]string) {
	t.Helper()
	f, err := sheet.Open(bytes.NewReader(content), int64(len(content)), "x.xlsx")
	check(t, err)
	for row, err := range f.Rows(name) {
		check(t, err)
		out = append(out, row.Cells)
	}
	return out
}

func TestAnApplicationIsFilledEditedAndTakenAway(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		_, d := drafted(t, ctx, o)
		if len(d.Paper.Lines) != 2 || d.Leaves.MonthsLed() != 18 {
			t.Fatalf("%d lines, %d months", len(d.Paper.Lines), d.Leaves.MonthsLed())
		}
		pump, quay := lineOf(t, &d, "group/"), lineOf(t, &d, "entry/")
		if pump.WhyNot() == "" || quay.WhyNot() != "" || quay.Get("verifier") != "" || d.Leaves.In("entry")[0].Get("verifier")+d.Leaves.In("entry")[1].Get("verifier") != "manager" || strings.Contains(pump.Get("title")+pump.Get("role"), "Pump") {
			t.Errorf("%+v\n%+v", pump.Values, quay.Values)
		}
		put := func(l paper.Line) error {
			_, err := o.Career.PutLine(ctx, o.partner, paper.Application, l)
			return err
		}
		quay.Values["objective"] = strings.Repeat("ö", 500)
		if err := put(quay); !errs.Is(err, errs.Invalid) || errs.FieldsOf(err)[0].Name != "objective" {
			t.Errorf("over the limit: %v", err)
		}
		quay.Values["objective"], quay.Values["title"] = "To hold the water", "=Quay(wall)"
		check(t, put(quay))
		if err := put(quay); !errs.Is(err, errs.Conflict) {
			t.Errorf("of a version that is gone: %v", err)
		}
		pump.Values["outcome"], pump.Values["role_in_work"] = "PUMP ran, for 3 million EUR", "led"
		check(t, put(pump))
		check(t, o.Career.SetPaper(ctx, o.partner, paper.Application, 1, map[string]string{"name": "P. Artner", "limit": "300"}))
		for _, version := range []int64{0, 1} {
			if err := o.Career.SetPaper(ctx, o.partner, paper.Application, version, map[string]string{"limit": "300"}); !errs.Is(err, errs.Conflict) {
				t.Errorf("version %d: %v", version, err)
			}
		}
		f, err := o.Career.TakeAway(ctx, o.partner, paper.Application, paper.XLSX)
		check(t, err)
		entries, months := sheetRows(t, f.Content, "Entries"), sheetRows(t, f.Content, "Months")
		if len(entries) != 3 || months[1][1] != "18" {
			t.Fatalf("%q %q", entries, months)
		}
		all := strings.Join(append(entries[1], entries[2]...), "|")
		for _, want := range []string{"=Quay(wall)", "To hold the water", "A project ran, for an amount", "support"} {
			if !strings.Contains(all, want) {
				t.Errorf("no %q in %s", want, all)
			}
		}
		if strings.Contains(strings.ToLower(all), "pump") {
			t.Errorf("a name that is left out leaves: %s", all)
		}
		if f, err = o.Career.TakeAway(ctx, o.partner, paper.Application, paper.PDF); err != nil || !bytes.HasPrefix(f.Content, []byte("%PDF-")) {
			t.Errorf("as PDF: %v", err)
		}
		for kind, format := range map[paper.Kind]paper.Format{paper.Application: "docx", paper.Matrix: paper.XLSX, "poem": paper.PDF} {
			if _, err := o.Career.TakeAway(ctx, o.partner, kind, format); err == nil || errs.Is(err, errs.Internal) {
				t.Errorf("%s as %s: %v", kind, format, err)
			}
		}
		recorded(t, o)
	})
}

// recorded holds the record to what it may say: that something was taken away, to its
// person alone, and none of its words.
func recorded(t *testing.T, o *office) {
	t.Helper()
	list := column(t, o.Store, `SELECT a.verb || ' ' || a.audience || ' ' || p.payload FROM activity a JOIN activity_payload p ON p.seq = a.seq WHERE a.verb LIKE 'career.document_%' ORDER BY a.seq`)
	away := 0
	for _, e := range list {
		if strings.HasPrefix(e, "career.document_exported ") {
			away++
		}
		if !strings.Contains(e, " "+o.partner.Person+" ") || strings.Contains(e, "Quay") || strings.Contains(e, "water") {
			t.Errorf("the record says %s", e)
		}
	}
	if away != 2 {
		t.Errorf("%d times taken away in %q", away, list)
	}
}

func TestWhatWasDroppedOrIsTooLongDoesNotLeave(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		group, d := drafted(t, ctx, o)
		check(t, o.Career.SetPaper(ctx, o.partner, paper.Application, d.Paper.Version, map[string]string{"limit": "10"}))
		if _, err := o.Career.TakeAway(ctx, o.partner, paper.Application, paper.PDF); !errs.Is(err, errs.Invalid) || len(errs.FieldsOf(err)) != 2 {
			t.Errorf("too long for its receiver: %v", err)
		}
		check(t, o.Career.SetPaper(ctx, o.partner, paper.Application, 2, map[string]string{"limit": "500"}))
		check(t, o.Career.Claim(ctx, o.partner, group, 1, career.Claim{State: career.Dropped}))
		f, err := o.Career.TakeAway(ctx, o.partner, paper.Application, paper.XLSX)
		check(t, err)
		if rows := sheetRows(t, f.Content, "Entries"); len(rows) != 2 || strings.Contains(strings.Join(rows[1], "|"), "honest") {
			t.Errorf("%q", rows)
		}
		if err := o.Career.TakeIn(ctx, o.partner, paper.Matrix, []string{"group/" + group}); !errs.Is(err, errs.Invalid) {
			t.Errorf("what was dropped is taken in: %v", err)
		}
		check(t, o.Career.TurnOff(ctx, o.partner))
		if n := column(t, o.Store, `SELECT id FROM career_paper_line UNION ALL SELECT kind FROM career_paper`); len(n) != 0 {
			t.Errorf("turned off, %d rows of drafts are left", len(n))
		}
		if d, err = o.Career.DraftOf(ctx, o.partner, paper.Application); err != nil || d.On {
			t.Errorf("off: %v", err)
		}
	})
}

func TestAMatrixAndACVFromTheSameEvidence(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		_, d := drafted(t, ctx, o)
		check(t, o.Career.StatePast(ctx, o.partner, []career.Past{{Organisation: "Dike board", Post: "Reeve", From: "2015-01-01", To: "2019-12-31", Projects: 2, Scale: "light", Role: "led"}}))
		sources := []string{lineOf(t, &d, "group/").Source, lineOf(t, &d, "entry/").Source}
		for _, kind := range []paper.Kind{paper.Matrix, paper.CV} {
			list, err := o.Career.DraftOf(ctx, o.partner, kind)
			check(t, err)
			if len(list.Pieces) != 3 {
				t.Fatalf("%s is offered %d pieces", kind, len(list.Pieces))
			}
			check(t, o.Career.TakeIn(ctx, o.partner, kind, append(sources, list.Pieces[2].Source)))
			check(t, o.Career.TakeIn(ctx, o.partner, kind, sources)) // again: nothing
		}
		m, err := o.Career.DraftOf(ctx, o.partner, paper.Matrix)
		check(t, err)
		if got := len(m.Leaves.In("evidence")); got != 3 {
			t.Errorf("%d pieces of evidence", got)
		}
		numbered, _ := m.Leaves.Numbered()
		if len(m.Leaves.In("competency")) == 0 || len(numbered) == 0 {
			t.Error("no competency refers to anything")
		}
		c := *m.Paper.In("competency")[0]
		c.Values["evidence"] = c.ID
		if _, err := o.Career.PutLine(ctx, o.partner, paper.Matrix, c); !errs.Is(err, errs.Invalid) {
			t.Errorf("a competency as its own evidence: %v", err)
		}
		cv, err := o.Career.DraftOf(ctx, o.partner, paper.CV)
		check(t, err)
		if w := cv.Leaves.In("work"); len(w) != 2 && len(w) != 1 || w[len(w)-1].Get("organisation") != "Dike board" {
			t.Errorf("%d posts", len(w))
		}
		f, err := o.Career.TakeAway(ctx, o.partner, paper.CV, paper.JSON)
		check(t, err)
		if !strings.Contains(string(f.Content), "Managed the quay wall") || strings.Contains(string(f.Content), "Pump") {
			t.Errorf("%s", f.Content)
		}
	})
}

// A draft is its person's alone, by page and by API, and bad input is refused by field
// with what was typed.
func TestDraftsByPageAndAPI(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		_, d := drafted(t, ctx, o)
		line := lineOf(t, &d, "entry/")
		_, entry, _ := strings.Cut(line.Source, "/")
		other, _, err := o.Career.Ask(ctx, o.partner, career.Asking{AboutKind: career.AboutEntry, AboutID: entry, Colleague: o.head.Person, Wording: "Was there, and helpful"})
		check(t, err)
		check(t, o.Career.Answer(ctx, o.head, other, career.Answer{Says: career.SayConfirm}))
		d, err = o.Career.DraftOf(ctx, o.partner, paper.Application)
		check(t, err)
		if line = lineOf(t, &d, "entry/"); line.Basis() != "attested by manager, head (in other words)" {
			t.Errorf("confirmed in other words than stand there: %s", line.Basis())
		}
		base, _ := o.api(t)
		site := o.Handler()
		for name, who := range map[string]authz.Actor{"head": o.head, "administrator": o.adm, "manager": o.manager} {
			check(t, o.Career.TurnOn(ctx, who))
			if _, err := o.Career.PutLine(ctx, who, paper.Application, line); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s words it: %v", name, err)
			}
			session := o.session(t, who)
			for _, at := range []string{"/lines/" + line.ID, "/file?format=pdf"} {
				if got := o.get(site, session, "/career/documents/application"+at); got.Code != http.StatusNotFound {
					t.Errorf("%s reads %s: %d", name, at, got.Code)
				}
			}
			if got := callAPI(t, base, o.token(t, who), http.MethodGet, "/evidence-documents/application", "", ""); got.code != http.StatusNotFound {
				t.Errorf("%s reads it by the API: %d", name, got.code)
			}
		}
		mine, token := o.session(t, o.partner), o.token(t, o.partner)
		typed := url.Values{"version": {"1"}, "title": {"Quay"}, "from": {"2024-05"}, "to": {"2024-04"}, "objective": {"What I typed stays"}}
		form := httptest.NewRequestWithContext(ctx, http.MethodPost, "/career/documents/application/lines/"+line.ID, strings.NewReader(typed.Encode()))
		form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := ask(site, form, mine); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), "What I typed stays") || !strings.Contains(got.Body.String(), "to-error") {
			t.Errorf("reversed: %d", got.Code)
		}
		for at, want := range map[string]int{
			"/career/documents": 200, "/career/documents/application": 200, "/career/documents/matrix": 200, "/career/documents/poem": 404, "/career/documents/application/pieces": 200,
			"/career/documents/application/lines/new?section=entry": 200, "/career/documents/application/lines/new?section=verse": 404, "/career/documents/matrix/lines/new?section=entry": 404,
			"/career/documents/application/lines/nothing": 404, "/career/documents/application/file?format=docx": 422, "/career/documents/cv/file?format=pdf": 404, "/career/documents/application/file?format=xlsx": 200,
		} {
			if got := o.get(site, mine, at); got.Code != want {
				t.Errorf("%s: %d, want %d", at, got.Code, want)
			}
		}
		got := callAPI(t, base, token, http.MethodPut, "/evidence-documents/application/lines/"+line.ID, `{"fields":{"title":"Quay","from":"2024-05","to":"2024-04"}}`, `"1"`)
		if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "/fields/to") {
			t.Errorf("%d %s", got.code, got.body)
		}
		if got := callAPI(t, base, token, http.MethodPut, "/evidence-documents/application/lines/"+line.ID, `{"fields":{"title":"Quay"}}`, ""); got.code != http.StatusPreconditionRequired {
			t.Errorf("without a version: %d", got.code)
		}
		if got := callAPI(t, base, token, http.MethodGet, "/evidence-documents/application/file?format=xlsx", "", ""); got.code != http.StatusOK || !strings.HasPrefix(got.body, "PK") {
			t.Errorf("the file by the API: %d", got.code)
		}
	})
}
