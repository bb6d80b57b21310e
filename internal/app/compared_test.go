package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"cairn/internal/kit/errs"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// TestAComparisonIsTakenAwayAsAFile holds the file to the page: one row for each
// field of each project, and no cell that a spreadsheet would run.
func TestAComparisonIsTakenAwayAsAFile(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		trap := o.add(t, "=HYPERLINK(1)", false)
		hidden := o.add(t, "Secret weir", true)
		for _, id := range []string{trap, hidden} {
			d, err := o.Portfolio.Project(ctx, o.head, id, portfolio.When{})
			check(t, err)
			check(t, o.Portfolio.ChangeProject(ctx, o.head, id, d.Version, "2026-02-01", portfolio.Facts{
				portfolio.Forecast: {Text: "13200050"}, portfolio.ForecastEnd: {Text: "2026-03-01"}, portfolio.Category: {Text: "+1"},
			}))
		}
		get := func(name string) string { return map[string]string{"from": "2025-06-01", "to": "2026-03-01"}[name] }
		file, err := o.Transfer.ExportCompared(ctx, o.other, transfer.CSV, get)
		check(t, err)
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")))).ReadAll()
		check(t, err)
		page, err := o.Portfolio.Compare(ctx, o.other, o.Portfolio.SpanOf(get))
		check(t, err)
		turns := 0
		for _, m := range page.List {
			turns += max(len(m.Turns), 1)
		}
		if len(rows) != turns+1 || turns < 3 {
			t.Errorf("the file has %d rows, the page %d changes", len(rows)-1, turns)
		}
		if got := strings.Join(rows[0], "|"); got != "Cairn id|Code|Name|Programme|What became of it|Field|On 2025-06-01|On 2026-03-01|Currency" {
			t.Errorf("the header is %q", got)
		}
		seen := map[string]string{}
		for _, row := range rows[1:] {
			for _, cell := range row {
				if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") {
					t.Errorf("a spreadsheet would run %q", cell)
				}
			}
			if strings.Contains(row[2], "Secret") {
				t.Error("a confidential project is in the file of somebody who does not see it")
			}
			seen[row[5]] = row[6] + " > " + row[7] + " " + row[8]
		}
		if seen["Forecast cost"] != "1010.00 > 132000.50 GBP" || seen["Forecast end"] != "2026-01-15 > 2026-03-01 " {
			t.Errorf("the file says %v", seen)
		}
		for _, f := range []transfer.Format{transfer.XLSX, transfer.JSON} {
			if b, err := o.Transfer.ExportCompared(ctx, o.head, f, get); err != nil || len(b) == 0 {
				t.Errorf("%s: %d bytes, %v", f, len(b), err)
			}
		}
		if _, err := o.Transfer.ExportCompared(ctx, o.head, "pdf", get); !errs.Is(err, errs.Invalid) {
			t.Errorf("as pdf: %v", err)
		}
		if _, err := o.Transfer.ExportCompared(ctx, o.head, transfer.CSV, func(string) string { return "soon" }); !errs.Is(err, errs.Invalid) {
			t.Errorf("between soon and soon: %v", err)
		}
	})
}
