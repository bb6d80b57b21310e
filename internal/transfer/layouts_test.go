package transfer

import (
	"strings"
	"testing"

	"cairn/internal/kit/reading"
)

var columns = []Field{
	{ID: "source_id", Label: "Id", Kind: SourceID, Words: []string{"project id"}},
	{ID: "name", Label: "Name", Kind: Text, Words: []string{"project name", "project"}},
	{ID: "status", Label: "Status", Kind: Text},
	{ID: "baseline_start", Label: "Baseline start", Kind: Date},
	{ID: "start", Label: "Forecast start", Kind: Date, Words: []string{"start", "start date"}},
	{ID: "end", Label: "Forecast end", Kind: EndDate, Words: []string{"end", "finish"}},
	{ID: "budget", Label: "Budget", Kind: Money, Words: []string{"whole life cost", "cost"}},
	{ID: "forecast", Label: "Forecast cost", Kind: Money, Words: []string{"forecast"}},
	{ID: "rating", Label: "Rating", Kind: Rating, Words: []string{"rag rating", "rag"}},
}

// readAll gives the records of a file by its proposed plan, with what is said of it.
func readAll(t *testing.T, content string) (records []Record, refused []Refusal, notes []string, plan Plan) {
	t.Helper()
	src, err := Read(strings.NewReader(content), int64(len(content)), "f.csv")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Propose(src.File, "", columns)
	if err != nil {
		t.Fatal(err)
	}
	table, err := newTable(src.File, p.Plan)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newReader(table, p.Plan, columns, "2026-11-28")
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range r.records(nil) {
		if err != nil {
			t.Fatal(err)
		}
		rec, bad := r.record(e)
		if refused = append(refused, bad...); bad == nil {
			records = append(records, rec)
		}
	}
	return records, refused, r.notes, r.plan
}

func said(list []string, words ...string) bool {
	all := strings.Join(list, "\n")
	for _, w := range words {
		if !strings.Contains(all, w) {
			return false
		}
	}
	return true
}

// TestRowsThatAreNoRecordsAreLeftOutAndNamed reads a return as departments publish it:
// sections, totals, the header again, notes at the foot.
func TestRowsThatAreNoRecordsAreLeftOutAndNamed(t *testing.T) {
	records, refused, notes, _ := readAll(t, "Quarterly return\n\nProject ID,Project name,Start,Cost (£m),RAG\nRoads,,,,\nP1,Road,2024-01-31,1.5,Green\nP2,Total Place,2024-02-28,2,Red\nSub-total,,,3.5,\n"+
		"Project ID,Project name,Start,Cost (£m),RAG\nP3,Wall,2024-03-31,1,Amber\n,Grand total,,4.5,\n1. Costs include inflation,,,,\n")
	if len(records) != 3 || refused != nil || records[1].Values["name"].Text != "Total Place" {
		t.Errorf("%d records, %+v", len(records), refused)
	}
	if !said(notes, "row 4 (“Roads”)", "row 7 (“Sub-total”)", "row 8 (the header again)", "(“Grand total”)", "(“1. Costs include inflation”)") {
		t.Errorf("notes: %q", notes)
	}
}

// TestARowWithFewColumnsIsARecord holds that a short table is not sifted for headings.
func TestARowWithFewColumnsIsARecord(t *testing.T) {
	if records, _, _, _ := readAll(t, "Project name,Cost,RAG\nRoad,,\nWall,2,Red\n"); len(records) != 2 {
		t.Errorf("%d records", len(records))
	}
	records, _, notes, _ := readAll(t, "Project ID,Project name,Start,Cost,RAG\nP1,Road,2024-01-31,1,Green\nP2,,,,\n,Only an idea,,,\n")
	if len(records) != 3 || records[2].Values["name"].Text != "Only an idea" {
		t.Errorf("%d records, %q", len(records), notes)
	}
}

func TestAnotherTableBeneathIsRefused(t *testing.T) {
	records, refused, _, _ := readAll(t, "Project ID,Project name,Start,Cost,RAG\nP1,Road,2024-01-31,1,Green\n\nClosed\nProject ID,Project name,Cost,Benefits,Finish\nC1,Dam,3,yes,2020-01-31\nC2,Lock,4,no,2020-01-31\n")
	if len(records) != 1 || len(refused) != 3 || !strings.Contains(refused[2].Message, "Another table begins in row 5") {
		t.Errorf("%d records, %+v", len(records), refused)
	}
}

func TestTextRightOfTheLastHeaderIsRefusedInText(t *testing.T) {
	records, refused, _, _ := readAll(t, "Project ID,Project name,Cost\nP1,Road, bridge,2\nP2,Wall,2\n")
	if len(records) != 1 || len(refused) == 0 || !strings.Contains(refused[0].Message, "has 4 cells, and the header 3") {
		t.Errorf("%d records, %+v", len(records), refused)
	}
}

// TestHeadersInSeveralRows reads groups above names, units beneath them, broken lines
// and footnotes; what a column counts in is never lost.
func TestHeadersInSeveralRows(t *testing.T) {
	for content, want := range map[string]string{
		"Project,,Dates,,Cost (£m),\nID,Name,Start,Finish,Budget,Forecast\nP1,Road,2024-01-31,2025-01-31,1.5,2\n":             "source_id name start end budget*1000000 forecast*1000000",
		"Project ID,Project name,Baseline,Forecast,\n,,Start,Start,End\nP1,Road,2024-01-31,2024-02-29,2025-01-31\n":           "source_id name baseline_start start end",
		"Project ID,Project name,Budget,Start\n,,$000,dd/mm/yyyy\nP1,Road,1500,2024-01-31\n":                                  "source_id name budget*1000 start",
		"\"Project\nID\",\"Project\nname\",\"Whole life\ncost (£'000)\",\"Start\ndate\"\nP1,Road,1500,2024-01-31\n":           "source_id name budget*1000 start",
		"ProjectID,ProjectName,Budget (£m)\nP1,Road,1.5\n":                                                                    "source_id name budget*1000000",
		"Project ID¹,Project name [note 1],Budget (AUD millions)²,Start date*\nP1,Road,1.5,2024-01-31\n":                      "source_id name budget*1000000 start",
		"All costs are shown in £ million,,,\n\nProject ID,Project name,Budget,Start date\nP1,Road,1.5,2024-01-31\n":          "source_id name budget*1000000 start",
		"Rounded to the nearest thousand,,,\n\nProject ID,Project name,Budget,Start date\nP1,Road,15,2024-01-31\n":            "source_id name budget start",
		"Projects above £5 million in the programme,,,\n\nProject ID,Project name,Budget,Start date\nP1,Road,15,2024-01-31\n": "source_id name budget start",
		"Project ID,Project name,Budget (£000),Forecast cost £bn\nP1,Road,15,0.1\n":                                           "source_id name budget*1000 forecast*1000000000",
	} {
		records, refused, _, plan := readAll(t, content)
		var got []string
		for _, c := range plan.Columns {
			s := c.Field
			if c.Unit > reading.Ones {
				s += "*" + map[reading.Unit]string{reading.Thousands: "1000", reading.Millions: "1000000", reading.Billions: "1000000000"}[c.Unit]
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != want || len(records) != 1 || records[0].Values["name"].Text != "Road" {
			t.Errorf("%q:\n got %s\nwant %s, %+v", content, strings.Join(got, " "), want, refused)
		}
	}
}

// TestWhatWasSettledIsSaid holds that nothing of money and ratings is decided without a word.
func TestWhatWasSettledIsSaid(t *testing.T) {
	records, _, notes, _ := readAll(t, "ID;Project;Budget;RAG\n1;Bridge;1.234;Green\n2;Street;12.500;Red - critical\n")
	if len(records) != 2 || records[0].Values["budget"].Text != "123400" || !said(notes, "groups of thousands", "“Red - critical”") {
		t.Errorf("%+v, %q", records, notes)
	}
	records, _, notes, _ = readAll(t, "ID,Project,Budget\n1,Bridge,1.234\n")
	if len(records) != 1 || records[0].Values["budget"].Text != "123" || !said(notes, "as decimals") {
		t.Errorf("%+v, %q", records, notes)
	}
	records, _, _, _ = readAll(t, "ID,Project,Budget (AUD m)\n1,Bridge,1.5\n")
	if len(records) != 1 || records[0].Values["currency"].Text != "AUD" {
		t.Errorf("%+v", records)
	}
	records, _, notes, _ = readAll(t, "Position as at 30 September 2024,,,\n\nID,Project,Budget,RAG\nP-7,,,\n")
	if len(records) != 1 || records[0].Values["name"].Text != "P-7" || !said(notes, "“as at 30 September 2024”") {
		t.Errorf("%+v, %q", records, notes)
	}
	_, _, notes, _ = readAll(t, "ID,Project,Budget\n1,A,high\n2,B,9 low\n3,C,8 low\n4,D,7 low\n")
	if !said(notes, "“Budget” is not taken") {
		t.Errorf("%q", notes)
	}
}

func TestCurrenciesOfHeaders(t *testing.T) {
	for header, want := range map[string]string{"Budget (£m)": "GBP", "Cost (AUD millions)": "AUD", "GBPm": "GBP", "US$ 000": "USD", "Cost $m": "", "Eurostar": ""} {
		if got := currencyIn(header); got != want {
			t.Errorf("%q names %q", header, got)
		}
	}
}
