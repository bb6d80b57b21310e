package app

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cairn/internal/cpd"
	"cairn/internal/kit/authz"
	"cairn/internal/transfer/sheet"
)

// TestALogIsOnePersonsAloneAndItsFilesHoldNoFormulas holds each role to the pages
// and the API of a log, and its files to their words.
func TestALogIsOnePersonsAloneAndItsFilesHoldNoFormulas(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		owner := o.partner
		year, err := o.CPD.Follow(ctx, owner, "yearly_hours", "2026-01-01")
		check(t, err)
		e, err := o.CPD.Add(ctx, owner, cpd.Entry{
			From: "2026-03-01", To: "2026-03-01", Minutes: 90, Title: `=cmd|' /C calc'!A0`, Provider: "+44 20", Proof: "@SUM(1)", Reflection: "-2+3",
			Places: map[string]string{"yearly_hours": "learning"},
		})
		check(t, err)
		site := o.Handler()
		base, _ := o.api(t)
		for name, who := range map[string]authz.Actor{"owner": owner, "head of PMO": o.head, "administrator": o.adm, "manager": o.manager, "member": o.other} {
			session, token := o.session(t, who), o.token(t, who)
			want := http.StatusNotFound
			if name == "owner" {
				want = http.StatusOK
			}
			for _, at := range []string{"/cpd/entries/" + e.ID, "/cpd/periods/" + year.ID, "/cpd/export?format=csv&period=" + year.ID} {
				if got := o.get(site, session, at); got.Code != want {
					t.Errorf("%s reads %s: %d", name, at, got.Code)
				}
			}
			for _, at := range []string{"/cpd/entries/" + e.ID, "/cpd/export?format=xlsx&period=" + year.ID} {
				if got := callAPI(t, base, token, http.MethodGet, at, "", ""); got.code != want {
					t.Errorf("%s reads %s by the API: %d", name, at, got.code)
				}
			}
			if got := callAPI(t, base, token, http.MethodGet, "/cpd", "", ""); got.code != http.StatusOK || strings.Contains(got.body, "calc") != (name == "owner") {
				t.Errorf("%s reads the log: %d", name, got.code)
			}
		}
		bad := callAPI(t, base, o.token(t, owner), http.MethodPost, "/cpd/entries", `{"title":"A talk","from":"2026-03-02","minutes":-5,"places":{"yearly_hours":"juggling"}}`, "")
		if !strings.Contains(bad.body, `"location":"/minutes"`) || !strings.Contains(bad.body, `"location":"/places/yearly_hours"`) {
			t.Errorf("the places in the body are not named: %s", bad.body)
		}
		f, err := o.CPD.Export(ctx, owner, year.ID, "csv")
		check(t, err)
		for _, bad := range []string{",=cmd", ",\"=cmd", ",+44", ",@SUM", ",-2+3"} {
			if strings.Contains(string(f.Content), bad) {
				t.Errorf("the file has %q:\n%s", bad, f.Content)
			}
		}
		for _, name := range []string{"Body: learning/teaching [2026]", "'Totals'", "😀 a name that is far too long for a worksheet 😀"} {
			own, err := o.CPD.AddScheme(ctx, owner, true, "2026-01-01", cpd.Scheme{Name: name, Unit: "éléments", HoursPerUnit: 1, PeriodMonths: 12, Target: 1, Categories: []cpd.Category{{Name: "Learning"}}})
			check(t, err)
			period, err := o.CPD.Follow(ctx, owner, own.ID, "2026-01-01")
			check(t, err)
			f, err := o.CPD.Export(ctx, owner, period.ID, "xlsx")
			if err != nil {
				t.Fatalf("a scheme that is called %s: %v", name, err)
			}
			book, err := sheet.Open(bytes.NewReader(f.Content), int64(len(f.Content)), f.Name)
			if err != nil || len(book.Sheets) != 2 {
				t.Fatalf("%s: %v", name, err)
			}
			for row, err := range book.Rows(book.Sheets[0].Name) {
				if check(t, err); !slices.Contains(row.Cells, "Éléments") {
					t.Errorf("%s: %v", name, row.Cells)
				}
				break
			}
		}
		if !strings.Contains(string(f.Content), ",1.5,") {
			t.Errorf("the hours are no number:\n%s", f.Content)
		}
	})
}
