package portfolio

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// row is a project with all that a filter can ask about it.
type row struct {
	Project
	node      []string // ids and names of what it lies under, nearest first
	changedAt int64
}

// someProjects fills a register with facts out of a small choice, missing ones included.
func (w *world) someProjects(t *testing.T, n int, seed uint64) (rows []row, programmes []Programme) {
	t.Helper()
	ctx, chance := context.Background(), rand.New(rand.NewPCG(seed, 1))
	folio, err := w.AddPortfolio(ctx, w.head, Portfolio{Name: "All projects"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Rivers", "Digital core"} {
		g, err := w.AddProgramme(ctx, w.head, Programme{Portfolio: folio.ID, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		programmes = append(programmes, g)
	}
	pick := func(list ...string) Value { return text(list[chance.IntN(len(list))]) }
	for _, d := range []FieldInfo{
		{Label: "Sponsor unit", Type: Text},
		{Label: "Score", Type: Number, Sortable: true},
		{Label: "Saving", Type: Money},
		{Label: "Review", Type: Date},
		{Label: "Size", Type: Choice, Choices: []string{"Small", "Large"}, Sortable: true},
		{Label: "Accountant", Type: PersonRef},
	} {
		if _, err := w.DefineField(ctx, w.head, Definition{FieldInfo: d}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		f := Facts{
			"x_sponsor_unit": pick("", "Live", "Ünit"), "x_score": pick("", "-2", "0", "3.5"), "x_saving": pick("", "-100", "300"),
			"x_review": pick("", "2026-11-24", "2027-06-30"), "x_size": pick("", "Small", "Large"), "x_accountant": pick("", "m", "p"),
			Name: text(fmt.Sprintf("%s %d", pick("Pump", "Ünit", "100% a_b", "say \"hi\"").Text, i)), Code: pick("", "P-1", "§", "a or b"),
			Status: pick("Live", "On hold", "Closed", "Cancelled", ""), Phase: pick("", "Deliver", "Plan"), Category: pick("", "me", "İstanbul"), OrgUnit: pick("", "Ünit", "ünit", "it's"),
			Currency: pick("GBP", "EUR"), Rating: pick("", "red", "amber", "green", "amber_red"), RatingScale: pick("", "3"),
			Budget: pick("", "0", "100", "-100", "250"), Forecast: pick("", "100", "300"), Actual: pick("", "50"),
			BaselineEnd: pick("", "2026-11-24", "2027-06-30"), ActualEnd: pick("", "2026-01-01"), BaselineStart: pick("", "2024-02-29"), ForecastStart: pick("", "2025-12-31"),
			Purpose: pick("", "Why: Kovařík – PM", "(x) is empty"), Notes: pick("", strings.Repeat("long ", 60)+"Live"), Parent: pick(folio.ID, programmes[0].ID, programmes[1].ID),
		}
		id := w.add(t, "2026-01-01", f, chance.IntN(5) == 0)
		at := sqldb.Micros(w.clock.Now())
		for _, k := range []Kind{Manager, Partner, Team} {
			if chance.IntN(2) == 0 {
				continue
			}
			a := Assignment{Project: id, Person: pick("m", "p").Text, Kind: k, From: pick("2026-01-01", "2027-01-01").Text, To: pick("", "2026-06-01", "2027-12-31").Text}
			if a.To != "" && a.To < a.From {
				a.To = ""
			}
			if _, err := w.Assign(ctx, w.head, a); err != nil {
				t.Fatal(err)
			}
		}
		d, err := w.Project(ctx, w.head, id, When{})
		if err != nil {
			t.Fatal(err)
		}
		r := row{Project: d.Project, changedAt: at, node: []string{d.Facts.Text(Parent)}}
		if d.Facts.Text(Parent) != folio.ID {
			r.node = append(r.node, folio.ID)
		}
		rows = append(rows, r)
		for n := range chance.IntN(3) {
			last := row{Project: Project{Reported: pick("red", "green").Text, Computed: pick("", "red", "amber").Text}}
			if _, err := w.db.Write.Exec(`INSERT INTO report (project_id, period, number, declared, computed, submitted_by, submitted_at) VALUES ($1, $2, 1, $3, $4, 'h', 1)`,
				id, []string{"2026-09", "2026-10"}[n], last.Reported, last.Computed); err != nil {
				t.Fatal(err)
			}
			rows[len(rows)-1].Reported, rows[len(rows)-1].Computed = last.Reported, last.Computed
		}
		w.clock.Advance(13 * time.Hour)
	}
	return rows, programmes
}

// plain evaluates a filter without a database.
type plain struct {
	today clock.Day
	now   time.Time
	me    string
	names map[string]string // of nodes, by id
	all   Askables
	who   map[string]string // names of people, by id
}

func (p plain) matches(e Expr, r row) bool {
	switch e.Join {
	case All:
		return !slices.ContainsFunc(e.Parts, func(x Expr) bool { return !p.matches(x, r) })
	case Any:
		return slices.ContainsFunc(e.Parts, func(x Expr) bool { return p.matches(x, r) })
	}
	a, _ := p.all.find(e.Cond.Field)
	switch a.Sense {
	case OfNumber:
		return number(e.Cond, r)
	case OfDate:
		return p.date(e.Cond, r)
	case OfMoney:
		return money(e.Cond, r)
	case OfDays:
		days := p.now.Sub(sqldb.Time(r.changedAt)) / (24 * time.Hour)
		return compare(e.Cond, int64(days), func(s string) int64 { n, _ := strconv.ParseInt(s, 10, 64); return n })
	case OfGrade:
		return grade(e.Cond, map[string]string{"rating": r.Facts.Text(Rating), "reported": r.Reported, "computed": r.Computed}[e.Cond.Field])
	case OfNode:
		reach := r.node
		if e.Cond.Op == Is {
			reach = r.node[:1]
		}
		return slices.ContainsFunc(reach, func(id string) bool {
			return id == e.Cond.Values[0] || fold.Key(p.names[id]) == fold.Key(e.Cond.Values[0])
		})
	case OfPerson:
		return p.person(a, e.Cond, r)
	case OfYes:
		is := r.VanishedFrom != ""
		if a.Name == "confidential" {
			is = r.Confidential
		}
		return is == (e.Cond.Values[0] == "yes")
	default: // the others follow
	}
	return words(e.Cond, r.Facts.Text(Field(a.Name)))
}

// inWords tells that a missing value has no row: it contains nothing, not even the empty text.
func inWords(field string) bool {
	return strings.HasPrefix(field, "x_") || field == "purpose" || field == "notes" || field == "rating_note"
}

func words(c Cond, s string) bool {
	key := fold.Key(s)
	is := func(v string) bool { return fold.Key(v) == key }
	switch c.Op {
	case IsEmpty:
		return key == ""
	case IsNotEmpty:
		return key != ""
	case IsNot:
		return !is(c.Values[0])
	case Contains:
		return strings.Contains(key, fold.Key(c.Values[0])) && (key != "" || !inWords(c.Field))
	case StartsWith:
		return strings.HasPrefix(key, fold.Key(c.Values[0])) && (key != "" || !inWords(c.Field))
	default: // the others follow
	}
	return slices.ContainsFunc(c.Values, is)
}

func (p plain) date(c Cond, r row) bool {
	day := r.Facts.Text(Field(c.Field))
	switch c.Field {
	case "start":
		day = r.Facts.Start()
	case "end":
		day = r.Facts.End()
	}
	if c.Op == IsEmpty || day == "" {
		return c.Op == IsEmpty && day == ""
	}
	n := 0
	if c.Op == InNext || c.Op == InLast {
		n, _ = strconv.Atoi(c.Values[0])
	}
	switch c.Op {
	case IsNotEmpty:
		return true
	case Before:
		return day < c.Values[0]
	case After:
		return day > c.Values[0]
	case Between:
		return day >= c.Values[0] && day <= c.Values[1]
	case InNext:
		return day >= p.today && day <= clock.AddDays(p.today, n)
	case InLast:
		return day <= p.today && day >= clock.AddDays(p.today, -n)
	default: // the others follow
	}
	return day == c.Values[0]
}

func money(c Cond, r row) bool {
	n, has := r.Facts.Money(Field(c.Field))
	switch c.Op {
	case IsEmpty:
		return !has
	case IsNotEmpty:
		return has
	default: // the others follow
	}
	return has && compare(c, n, minor)
}

func number(c Cond, r row) bool {
	read := func(s string) int64 {
		f, _ := strconv.ParseFloat(s, 64)
		return int64(f * 10)
	}
	s := r.Facts.Text(Field(c.Field))
	switch c.Op {
	case IsEmpty:
		return s == ""
	case IsNotEmpty:
		return s != ""
	default: // the others follow
	}
	return s != "" && compare(c, read(s), read)
}

func compare(c Cond, n int64, read func(string) int64) bool {
	v := read(c.Values[0])
	switch c.Op {
	case Less:
		return n < v
	case AtMost:
		return n <= v
	case More:
		return n > v
	case AtLeast:
		return n >= v
	case Between:
		return n >= v && n <= read(c.Values[1])
	default: // the others follow
	}
	return n == v
}

func grade(c Cond, rating string) bool {
	switch c.Op {
	case IsEmpty:
		return rating == ""
	case IsNotEmpty:
		return rating != ""
	case WorseThan:
		return rating != "" && rank(rating) < rank(c.Values[0])
	default: // the others follow
	}
	return slices.Contains(c.Values, rating)
}

func (p plain) person(a Askable, c Cond, r row) bool {
	if id := r.Facts.Text(Field(a.Name)); a.words {
		has := id != "" && (len(c.Values) == 0 || isMe(c.Values[0]) && id == p.me || id == c.Values[0] || fold.Key(p.who[id]) == fold.Key(c.Values[0]))
		return has == (c.Op == Is || c.Op == IsNotEmpty)
	}
	has := slices.ContainsFunc(r.People, func(x Assignment) bool {
		if a.kind != "" && x.Kind != a.kind || !x.On(p.today) {
			return false
		}
		if len(c.Values) == 0 {
			return true
		}
		if isMe(c.Values[0]) {
			return x.Person == p.me
		}
		return x.Person == c.Values[0] || x.PersonName == c.Values[0]
	})
	return has == (c.Op == Is || c.Op == IsNotEmpty)
}

func TestFiltersGiveWhatPlainReadingGives(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		rows, programmes := w.someProjects(t, 40, 7)
		p := plain{today: w.Today(), now: w.clock.Now(), me: "m", names: map[string]string{rows[0].node[len(rows[0].node)-1]: "All projects"}}
		for _, g := range programmes {
			p.names[g.ID], p.names[g.Portfolio] = g.Name, "All projects"
		}
		p.who = map[string]string{"m": "Mara Member", "p": "Pia Planner"}
		visible := map[string]bool{}
		page, err := w.List(ctx, w.member, Filter{Limit: maxPage})
		if err != nil {
			t.Fatal(err)
		}
		p.all = page.Fields
		for _, one := range page.Projects {
			visible[one.ID] = true
		}
		if len(visible) == len(rows) || len(visible) < 20 {
			t.Fatalf("the member sees %d of %d", len(visible), len(rows))
		}
		found := 0
		rapid.Check(t, func(t *rapid.T) {
			e := drawExpr(t, p.all, 2)
			var want, got []string
			for _, r := range rows {
				if visible[r.ID] && p.matches(e, r) {
					want = append(want, r.ID)
				}
			}
			page, err := w.List(ctx, w.member, Filter{Where: e.String(), Limit: maxPage})
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			for _, one := range page.Projects {
				got = append(got, one.ID)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) || page.Count != len(want) {
				t.Fatalf("%s: got %d, counted %d, want %d\ngot  %v\nwant %v", e, len(got), page.Count, len(want), got, want)
			}
			found += len(got)
		})
		if found == 0 {
			t.Error("no filter found anything")
		}
	})
}
