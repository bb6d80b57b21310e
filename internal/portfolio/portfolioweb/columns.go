package portfolioweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// column is a column of the register beside the name.
type column struct {
	Name, Label, Head string
	Info              portfolio.FieldInfo
	Kind              portfolio.Kind // of the people in it
	Sort              string         // empty if lists do not sort by it
	Num               bool
}

// usual are the columns of a reader who chose none.
const usual = "programme,phase,status,rating,end,pmo_partner,budget,forecast"

// everyColumn lists what can be chosen: the facts, the people, the custom fields.
func everyColumn(fields portfolio.Askables) (out []column) {
	add := func(i portfolio.FieldInfo) {
		c := column{Name: string(i.Field), Label: i.Label, Head: i.Label, Info: i}
		if _, ok := portfolio.Sorts[c.Name]; ok || i.Sortable && i.Custom {
			c.Sort = c.Name
		}
		switch i.Type {
		case portfolio.Money:
			c.Head, c.Num = i.Label, true
			if !i.Custom { // how large the organisation's own amounts are nobody knows: they stand in full
				c.Head = strings.TrimSuffix(i.Label, " cost") + " m"
			}
		case portfolio.Date, portfolio.Number:
			c.Num = true
		case portfolio.Text, portfolio.LongText, portfolio.OfRating, portfolio.OfScale, portfolio.Node, portfolio.Choice, portfolio.PersonRef:
		}
		out = append(out, c)
	}
	out = append(out, column{Name: "programme", Label: "Programme", Head: "Programme"})
	for _, i := range portfolio.Fields {
		switch i.Field {
		case portfolio.Name, portfolio.Parent:
		default:
			add(i)
		}
	}
	out = append(out,
		column{Name: "start", Label: "Start (best known)", Head: "Start", Num: true},
		column{Name: "end", Label: "End (best known)", Head: "End", Sort: "end", Num: true})
	for _, k := range []portfolio.Kind{portfolio.Sponsor, portfolio.Manager, portfolio.Partner} {
		out = append(out, column{Name: string(k), Label: k.Label(), Head: k.Label(), Kind: k})
	}
	for _, i := range fields.Custom() {
		add(i)
	}
	return out
}

// columns puts the columns of a page together: those of the address, else those
// that the reader keeps, else the usual ones.
func (w *Web) columns(r *web.Req, v *listView) error {
	v.Every = everyColumn(v.Page.Fields)
	if names := v.Query.Get("cols"); names != "" {
		v.Columns = chosen(v.Every, names)
		return nil
	}
	names, err := w.register.Columns(r.Context(), r.Who())
	v.Columns = slices.DeleteFunc(chosen(v.Every, or(names, usual)), func(c column) bool {
		return c.Name == v.Filter.Group // the heads of the groups say it
	})
	return err
}

// chosen are the named columns in their order; what is no column is left out.
func chosen(all []column, names string) (out []column) {
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(all, func(c column) bool { return c.Name == strings.TrimSpace(name) })
		if i >= 0 && !slices.ContainsFunc(out, func(c column) bool { return c.Name == all[i].Name }) {
			out = append(out, all[i])
		}
	}
	return out
}

// columnNames is the form of the columns in an address.
func columnNames(list []column) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Name
	}
	return strings.Join(out, ",")
}

// others are the columns that were not chosen.
func (v listView) others() (out []column) {
	for _, c := range v.Every {
		if !v.has(c.Name) {
			out = append(out, c)
		}
	}
	return out
}

func (v listView) has(name string) bool {
	return slices.ContainsFunc(v.Columns, func(c column) bool { return c.Name == name })
}

// columnsHref turns what the columns' form says into the address of the list:
// the ticked ones in their order, one of them moved if a button says so.
func columnsHref(q url.Values) (string, bool) {
	do := q.Get("b_cols")
	if do == "" {
		return "", false
	}
	list := q["b_col[]"]
	what, name, _ := strings.Cut(do, ".")
	if i := slices.Index(list, name); i >= 0 {
		switch {
		case what == "up" && i > 0:
			list[i-1], list[i] = list[i], list[i-1]
		case what == "down" && i < len(list)-1:
			list[i], list[i+1] = list[i+1], list[i]
		}
	}
	v := listView{Query: q}
	out := v.query("cols", strings.Join(list, ","))
	if what == "up" || what == "down" {
		out.Set("open", "columns")
	}
	return "/projects?" + out.Encode(), true
}

// keepColumns remembers the columns of the page for the person.
func (w *Web) keepColumns(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := w.register.KeepColumns(r.Context(), r.Who(), f.Text("cols")); err != nil {
		return err
	}
	return r.Go(backTo(f.Text("back")), "These are your columns from now on.")
}

// backTo is an address of the list; anything else leads to the whole list.
func backTo(query string) string {
	if q, err := url.ParseQuery(query); err == nil && len(q) > 0 {
		return "/projects?" + q.Encode()
	}
	return "/projects"
}

// text is the cell of a column as words.
func (c column) text(p portfolio.Project, v listView) string {
	switch c.Name {
	case "programme":
		return or(p.Programme, ui.None)
	case "start":
		return ui.Date(p.Facts.Start(), v.Today)
	case "end":
		return ui.Date(p.Facts.End(), v.Today)
	}
	switch {
	case c.Kind != "":
		return or(strings.Join(p.Who(c.Kind), ", "), nobody(p))
	case c.Info.Type == portfolio.Money && !c.Info.Custom:
		return v.millions(p.Facts, c.Info.Field)
	case c.Info.Type == portfolio.Date:
		return ui.Date(p.Facts.Text(c.Info.Field), v.Today)
	case p.Facts.Text(c.Info.Field) == "":
		return ui.None
	}
	return clipped(shown(p.Facts, c.Info, v.Page.Names))
}

// millions is an amount as its column has it, with its currency where the page
// has several. What is not nothing is never written as nothing.
func (v listView) millions(f portfolio.Facts, name portfolio.Field) string {
	n, ok := f.Money(name)
	if !ok {
		return ui.None
	}
	symbol := ""
	if v.mixed() {
		symbol = ui.Symbol(f.Text(portfolio.Currency))
	}
	switch s := ui.Millions(n); {
	case n > 0 && s == "0.00":
		return symbol + "<0.01"
	case n < 0 && s == "−0.00":
		return symbol + ">−0.01"
	case n < 0:
		return "−" + symbol + strings.TrimPrefix(s, "−")
	default:
		return symbol + s
	}
}

// mixed reports whether the amounts of the page are in several currencies.
func (v listView) mixed() bool {
	seen := map[string]bool{}
	for _, p := range v.Page.Projects {
		if p.Facts.HasMoney() {
			seen[p.Facts.Text(portfolio.Currency)] = true
		}
	}
	return len(seen) > 1
}

// clipped keeps a long text to the length of a cell; the page of the project has the whole.
func clipped(s string) string {
	const most = 140
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// class is how a cell of the column looks.
func (c column) class() string {
	switch {
	case c.Num:
		return "num nowrap"
	case c.Kind != "":
		return "muted"
	}
	return "muted"
}

// total is the sum of a money column in millions; empty for the others.
func (c column) total(t portfolio.Total) string {
	sum, with := int64(0), 0
	switch c.Info.Field {
	case portfolio.Budget:
		sum, with = t.Budget, t.WithBudget
	case portfolio.Forecast:
		sum, with = t.Forecast, t.WithForecast
	case portfolio.Actual:
		sum, with = t.Cost, t.WithCost
	default:
		return ""
	}
	if with == 0 {
		return ui.None
	}
	return ui.Millions(sum)
}

// pageTotals sums up the rows of the page.
func (v listView) pageTotals() (out []portfolio.Total) {
	for _, p := range v.Page.Projects {
		out = portfolio.Summed(out, p)
	}
	return out
}

// covers says over how many of how many the sums are, where some are missing.
func covers(t portfolio.Total) string {
	var parts []string
	for _, c := range []struct {
		what string
		with int
	}{{"budget", t.WithBudget}, {"forecast", t.WithForecast}} {
		if c.with > 0 && c.with < t.Projects {
			parts = append(parts, c.what+" over "+ui.Grouped(int64(c.with)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " · " + strings.Join(parts, ", ") + " of " + ui.Grouped(int64(t.Projects))
}

// inCurrency names the currency where there is more than one.
func inCurrency(list []portfolio.Total, t portfolio.Total) string {
	if len(list) < 2 {
		return ""
	}
	return " in " + or(t.Currency, "no stated currency") + ", " + ui.Count(t.Projects, "project", "projects")
}

func colspan(n int) string { return strconv.Itoa(n) }

// firstTotal is the place of the first column with a sum; len if there is none.
func (v listView) firstTotal() int {
	for i, c := range v.Columns {
		if c.total(portfolio.Total{WithBudget: 1, WithForecast: 1, WithCost: 1}) != "" {
			return i
		}
	}
	return len(v.Columns)
}

// nobody says that a post is empty: to be filled while the project goes on.
func nobody(p portfolio.Project) string {
	if p.Facts.Closed() {
		return ui.None
	}
	return "nobody yet"
}
