package portfolioweb

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// builder is the filter as a form: groups of rows. What was typed stays typed.
type builder struct {
	Join   portfolio.Join
	Groups []builderGroup
	Open   bool
	Deep   bool // the filter has groups within groups, and only its text can say it
}

type builderGroup struct {
	Join portfolio.Join
	Rows []builderRow
}

type builderRow struct {
	Field, Op, Value, Until string
	Wrong                   string
}

// The bounds of the form; the text of a filter goes further.
const maxGroups, maxRows = 6, 12

// build reads the form of the filter. It gives the address to go to when the
// form is whole; else the form is shown with what was typed.
func (w *Web) build(r *web.Req, v *listView, form web.Form) (to string, err error) {
	if v.Page.Fields == nil {
		if v.Page.Fields, err = w.register.Askables(r.Context(), r.Who()); err != nil {
			return "", err
		}
	}
	do := ""
	if form.Values != nil {
		do = form.Text("b_do")
	}
	if do == "" {
		v.Build = builderOf(v.Page.Filter)
		v.Build.Open = v.Query.Get("open") == "filter" || errs.Is(fieldErr(v.Errors, "where"), errs.Invalid)
		return "", nil
	}
	b := typedBuilder(form.Values)
	if do != "show" {
		b.act(do)
		b.Open = true
		v.Build = b
		return "", nil
	}
	e, bad := b.expr(v.Page.Fields)
	if bad != nil {
		b.Open = true
		v.Build, v.Errors = b, bad
		return "", nil
	}
	return v.with("where", e.String()), nil
}

func fieldErr(list []ui.FieldError, name string) error {
	if m := ui.ErrorAt(list, name); m != "" {
		return errs.OnField(name, "%s", m)
	}
	return nil
}

func joinOf(s string) portfolio.Join {
	if s == string(portfolio.Any) {
		return portfolio.Any
	}
	return portfolio.All
}

// typedBuilder reads the boxes of the form.
func typedBuilder(q url.Values) builder {
	b := builder{Join: joinOf(q.Get("b_join"))}
	for g := range maxGroups {
		name := "b_g" + strconv.Itoa(g)
		if !q.Has(name) {
			break
		}
		group := builderGroup{Join: joinOf(q.Get(name))}
		for i := range maxRows {
			at := box(g, i)
			if !q.Has("b_f" + at) {
				break
			}
			group.Rows = append(group.Rows, builderRow{Field: q.Get("b_f" + at), Op: q.Get("b_o" + at), Value: q.Get("b_v" + at), Until: q.Get("b_u" + at)})
		}
		b.Groups = append(b.Groups, group)
	}
	return b
}

// box numbers the boxes of a row.
func box(group, row int) string { return strconv.Itoa(group) + "." + strconv.Itoa(row) }

// act adds or removes what a button says.
func (b *builder) act(do string) {
	what, at, _ := strings.Cut(do, ".")
	g, row, _ := strings.Cut(at, ".")
	i, err := strconv.Atoi(g)
	if err != nil || i < 0 || i >= len(b.Groups) {
		if what == "group" && len(b.Groups) < maxGroups {
			b.Groups = append(b.Groups, builderGroup{Join: portfolio.Any, Rows: make([]builderRow, 1)})
		}
		return
	}
	group := &b.Groups[i]
	switch what {
	case "add":
		if len(group.Rows) < maxRows {
			group.Rows = append(group.Rows, builderRow{})
		}
	case "remove":
		if n, err := strconv.Atoi(row); err == nil && n >= 0 && n < len(group.Rows) {
			group.Rows = slices.Delete(group.Rows, n, n+1)
		}
		if len(group.Rows) == 0 {
			b.Groups = slices.Delete(b.Groups, i, i+1)
		}
		if len(b.Groups) == 0 {
			b.Groups = emptyGroups()
		}
	}
}

func emptyGroups() []builderGroup {
	return []builderGroup{{Join: portfolio.All, Rows: make([]builderRow, 1)}}
}

// expr is the filter that the form says; rows without a field say nothing. The
// errors stand at their rows.
func (b *builder) expr(fields portfolio.Askables) (portfolio.Expr, []ui.FieldError) {
	var groups []portfolio.Expr
	var c errs.Check
	for g := range b.Groups {
		var parts []portfolio.Expr
		for i := range b.Groups[g].Rows {
			row := &b.Groups[g].Rows[i]
			if row.Field == "" && row.Value == "" {
				continue
			}
			one, wrong := row.cond(fields)
			if wrong != "" {
				row.Wrong = wrong
				c.Add("b_v"+box(g, i), "%s", wrong)
				continue
			}
			parts = append(parts, portfolio.Expr{Cond: one})
		}
		groups = append(groups, portfolio.Group(b.Groups[g].Join, parts...))
	}
	return portfolio.Group(b.Join, groups...), errs.FieldsOf(c.Err())
}

func (row builderRow) cond(fields portfolio.Askables) (portfolio.Cond, string) {
	op := portfolio.Op(row.Op)
	var values []string
	switch op {
	case portfolio.IsEmpty, portfolio.IsNotEmpty:
	case portfolio.Between:
		values = []string{row.Value, row.Until}
	case portfolio.AnyOf:
		values = listed(row.Value)
	default:
		values = []string{row.Value}
	}
	return fields.Ask(row.Field, op, values)
}

// listed cuts a list at its commas; quotation marks hold one together.
func listed(s string) (out []string) {
	var b strings.Builder
	quoted := false
	for _, r := range s + "," {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			if t := strings.TrimSpace(b.String()); t != "" {
				out = append(out, t)
			}
			b.Reset()
		default:
			b.WriteRune(r)
		}
	}
	return out
}

// builderOf is the form of a filter, if a form can say it.
func builderOf(e portfolio.Expr) builder {
	b := builder{Join: portfolio.All}
	switch {
	case e.None():
		b.Groups = emptyGroups()
		return b
	case e.Join == "":
		e = portfolio.Expr{Join: portfolio.All, Parts: []portfolio.Expr{e}}
	}
	b.Join = e.Join
	var loose []builderRow
	flush := func() {
		if len(loose) > 0 {
			b.Groups = append(b.Groups, builderGroup{Join: e.Join, Rows: loose})
		}
		loose = nil
	}
	for _, p := range e.Parts {
		if p.Join == "" {
			loose = append(loose, rowOf(p.Cond))
			continue
		}
		flush()
		g := builderGroup{Join: p.Join}
		for _, inner := range p.Parts {
			b.Deep = b.Deep || inner.Join != ""
			g.Rows = append(g.Rows, rowOf(inner.Cond))
		}
		b.Groups = append(b.Groups, g)
	}
	flush()
	b.Deep = b.Deep || len(b.Groups) > maxGroups || slices.ContainsFunc(b.Groups, func(g builderGroup) bool { return len(g.Rows) > maxRows })
	return b
}

func rowOf(c portfolio.Cond) builderRow {
	r := builderRow{Field: c.Field, Op: string(c.Op)}
	switch {
	case c.Op == portfolio.AnyOf:
		quoted := slices.Clone(c.Values)
		for i, v := range quoted {
			if strings.Contains(v, ",") {
				quoted[i] = `"` + v + `"`
			}
		}
		r.Value = strings.Join(quoted, ", ")
	case len(c.Values) > 1:
		r.Value, r.Until = c.Values[0], c.Values[1]
	case len(c.Values) == 1:
		r.Value = c.Values[0]
	}
	return r
}

// ops are the operators that a row offers: those of its field, or all.
func (row builderRow) ops(fields portfolio.Askables) []portfolio.Op {
	for _, a := range fields {
		if a.Name == row.Field {
			return a.Ops()
		}
	}
	return portfolio.AllOps()
}

// choices are what can stand as a value of a row, to choose from.
func (v listView) choices(field string) (out []string) {
	for _, a := range v.Page.Fields {
		if a.Name != field {
			continue
		}
		switch a.Sense {
		case portfolio.OfPerson:
			return []string{"me"}
		case portfolio.OfYes:
			return []string{"yes", "no"}
		case portfolio.OfNode:
			for _, o := range v.Tree.Portfolios {
				out = append(out, o.Name)
			}
			for _, o := range v.Tree.Programmes {
				out = append(out, o.Name)
			}
			return out
		case portfolio.OfText, portfolio.OfDate, portfolio.OfMoney, portfolio.OfNumber, portfolio.OfDays, portfolio.OfGrade:
		}
		if field == "status" {
			return portfolio.Statuses
		}
		return a.Choices
	}
	return nil
}
