package transfer_test

import (
	"strings"
	"testing"

	"cairn/internal/kit/errs"
	"cairn/internal/transfer"
)

var someFields = []transfer.Field{
	{ID: "source_id", Label: "Id", Kind: transfer.SourceID},
	{ID: "name", Label: "Name", Kind: transfer.Text, Words: []string{"project name"}},
	{ID: "rating", Label: "Rating", Kind: transfer.Rating, Words: []string{"rag rating"}},
	{ID: "start", Label: "Start", Kind: transfer.Date},
	{ID: "budget", Label: "Budget", Kind: transfer.Money, Words: []string{"whole life costs"}},
	{ID: "note", Label: "Note", Kind: transfer.Text, Words: []string{"departmental commentary"}},
}

func propose(t testing.TB, content string) (transfer.Preview, error) {
	t.Helper()
	src, err := transfer.Read(strings.NewReader(content), int64(len(content)), "f.csv")
	if err != nil {
		return transfer.Preview{}, err
	}
	return transfer.Propose(src.File, "", someFields)
}

func fieldsOf(p transfer.Preview) string {
	var out []string
	for _, c := range p.Plan.Columns {
		out = append(out, c.Header+"="+c.Field)
	}
	return strings.Join(out, ", ")
}

func TestLayoutsOfPublishedFiles(t *testing.T) {
	for content, want := range map[string]string{
		// A blank first column, and one project per column.
		",,,\n,Project name,Alpha,Beta\n,RAG rating,Amber,Red\n,Start,Q2 1516,2020-01-01\n": "Project name=name, RAG rating=rating, Start=start",
		// A comment on the rating names the rating, and is none.
		"Project name,IPA RAG rating,Departmental commentary on the IPA RAG rating\nA,Red,x\nB,Green,y\nC,Amber,z\n": "Project name=name, IPA RAG rating=rating, Departmental commentary on the IPA RAG rating=note",
		// Three columns of one name, and one that is called like the second of them.
		"Name,Budget,Budget,Budget (2)\nA,1,2,3\n": "Name=name, Budget=budget, Budget (2)=, Budget (2) (2)=",
	} {
		p, err := propose(t, content)
		if err != nil || fieldsOf(p) != want {
			t.Errorf("%q: %v\n got %s\nwant %s", content, err, fieldsOf(p), want)
		}
	}
}

func FuzzPropose(f *testing.F) {
	for _, s := range []string{"name\n", "Name,Name\n1,2\n", ",\n,\n", "a;b;c\n\n\nName;x\n", "\"", "sep=\n", "Name\tBudget (£m)\nA\t1,5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := propose(t, s)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("%v is no clear error", err)
			}
			return
		}
		seen := map[string]bool{}
		for _, c := range p.Plan.Columns {
			if seen[c.Header] {
				t.Errorf("two columns are called %q", c.Header)
			}
			seen[c.Header] = true
		}
	})
}
