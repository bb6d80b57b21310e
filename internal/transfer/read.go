package transfer

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/reading"
)

// isReason tells text that says why there is no value ("TBC", "Exempt under
// Section 43") from a value that was mistyped ("31/02/2020").
func isReason(s string) bool {
	return !strings.ContainsFunc(s, unicode.IsDigit) || len(strings.Fields(s)) >= 3 && strings.ContainsFunc(s, unicode.IsLetter)
}

// isExemption tells the words by which a public body withholds a value.
func isExemption(s string) bool {
	return strings.HasPrefix(strings.ToLower(s), "exempt") || strings.HasPrefix(strings.ToLower(s), "data withheld")
}

// reader reads the cells of a table by a plan whose columns are settled.
type reader struct {
	table   *table
	plan    Plan
	kinds   map[string]Field
	fields  []Field
	names   *namer
	filled  map[int]bool              // columns with any value
	unrated []string                  // texts in columns of ratings that are none
	values  map[string]map[string]int // by field: values that stand for something, with their rows
	scale   string                    // of the ratings in the file
	today   clock.Day
	errors  []Refusal       // of columns as a whole
	notes   []string        // what was settled without asking
	rows    int             // in the file
	asked   map[string]bool // columns whose dates have to be asked for
	seen    map[string]*occurrences
	like    map[uint64]int // by a hash of each record, with its id as fold.ID gives it: the first row
	// counted tells that seen knows all rows already.
	counted bool
}

// newReader settles what a column's values say together: the order of day and
// month, the decimal sign, the scale of the ratings. An order that the values
// do not settle is asked for: the column is refused.
func newReader(t *table, p Plan, fields []Field, today clock.Day) (*reader, error) {
	r := &reader{table: t, plan: p, kinds: map[string]Field{}, today: today, scale: "3", seen: map[string]*occurrences{}, asked: map[string]bool{}, fields: fields, names: newNamer(fields), filled: map[int]bool{}, like: map[uint64]int{}, values: map[string]map[string]int{}}
	for _, f := range fields {
		r.kinds[f.ID] = f
	}
	r.plan.Columns = make([]Column, len(t.headers))
	for i, h := range t.headers {
		r.plan.Columns[i] = Column{Header: h}
		for _, c := range p.Columns {
			if c.Header == h {
				r.plan.Columns[i] = c
			}
		}
	}
	if err := r.settle(); err != nil || p.Repeated != RefuseAll {
		return r, err
	}
	return r, r.count()
}

func (r *reader) settle() error {
	dates, monies := make([]reading.Evidence, len(r.plan.Columns)), make([]reading.Marks, len(r.plan.Columns))
	var left sift
	for e, err := range r.records(&left) {
		if err != nil {
			return err
		}
		if r.rows++; e.odd != "" {
			continue
		}
		for i, c := range r.plan.Columns {
			if e.cells[i] != "" {
				r.filled[i] = true
			}
			if f := r.kinds[c.Field]; f.Options != nil {
				r.tally(f, e.cells[i])
			}
			switch r.kinds[c.Field].Kind {
			case Date, EndDate, AsAt:
				dates[i].Add(e.cells[i])
			case Money, Number:
				monies[i].Add(e.cells[i])
			case Rating:
				r.rates(c, e.cells[i])
				if reading.Scale([]string{e.cells[i]}) == "5" {
					r.scale = "5"
				}
			default: // the other kinds need no settling
			}
		}
	}
	r.notes = append(r.proposed(), left.notes(r.plan)...)
	if len(r.unrated) > 0 {
		r.notes = append(r.notes, "No rating, and kept as the reason why there is none: "+Quoted(r.unrated)+".")
	}
	r.settleDates(dates)
	for i := range r.plan.Columns {
		c := &r.plan.Columns[i]
		switch r.kinds[c.Field].Kind {
		case Money, Number:
			if c.Unit == 0 {
				c.Unit = reading.Ones
			}
			c.currency = cmp.Or(currencyIn(c.Header), currencyIn(r.plan.UnitSays))
			if c.Decimal == 0 {
				r.settleDecimal(c, monies[i])
			}
		default: // the other kinds need no settling
		}
	}
	return nil
}

// rates notes a text in a column of ratings that is none that Cairn knows.
func (r *reader) rates(c Column, cell string) {
	if _, ok := reading.Rating(cell); ok || !strings.ContainsFunc(cell, unicode.IsLetter) || isExemption(cell) || len(r.unrated) >= mostAsked || strings.Contains(headerKey(c.Header), "cio") {
		return
	}
	if !slices.Contains(r.unrated, cell) {
		r.unrated = append(r.unrated, cell)
	}
}

// settleDecimal settles the decimal sign of a column of numbers. Points before three
// digits group thousands where a semicolon stands between cells, since there the comma
// is the decimal sign; elsewhere they are decimals. Of money, both is said.
func (r *reader) settleDecimal(c *Column, m reading.Marks) {
	if c.Decimal = m.Decimal(); !m.Dots() || r.kinds[c.Field].Kind != Money {
		return
	}
	says := "as decimals: 1.234 is a little more than one. If the point groups thousands, take it out of the file"
	if r.table.file.Semicolons() {
		c.Decimal, says = reading.Comma, "as groups of thousands: 1.234 is more than a thousand. If they are decimals, write them with a comma"
	} else if c.Unit > reading.Ones {
		return // 1.234 million
	}
	r.notes = append(r.notes, fmt.Sprintf("The amounts of “%s” have three digits after a point. They are read %s.", clippedText(c.Header), says))
}

// settleDates settles the order of day and month of each column: by what was
// said of it, else by its own values, else by the other date columns, if those
// that are settled agree. A column that contradicts itself settles nothing and
// is asked for.
func (r *reader) settleDates(dates []reading.Evidence) {
	orders := map[reading.Order][]string{}
	var open []*Column
	for i := range r.plan.Columns {
		c := &r.plan.Columns[i]
		if k := r.kinds[c.Field].Kind; k != Date && k != EndDate && k != AsAt {
			continue
		}
		if c.Order == reading.Unsettled {
			c.Order = dates[i].Order()
		}
		if c.Order != reading.Unsettled || dates[i].Mixed() {
			orders[c.Order] = append(orders[c.Order], c.Header)
		}
		if c.Order == reading.Unsettled && dates[i].Ambiguous {
			open = append(open, c)
		}
	}
	for _, c := range open {
		for order, by := range orders {
			if len(orders) == 1 && order != reading.Unsettled {
				c.Order = order
				r.notes = append(r.notes, fmt.Sprintf("The dates of “%s” could be read either way. They are read as %s, because those of “%s” are. If that is wrong, say it beside the column.", c.Header, map[reading.Order]string{reading.DayFirst: "day first", reading.MonthFirst: "month first"}[order], by[0]))
			}
		}
		if c.Order == reading.Unsettled {
			r.asked[c.Header] = true
			r.errors = append(r.errors, Refusal{Column: c.Header, Message: "The dates of this column can be read as day/month or as month/day. Say which: beside the column, or as dates dmy or mdy."})
		}
	}
}

// record reads one row; what cannot be read is refused by cell.
func (r *reader) record(e entry) (rec Record, bad []Refusal) {
	if e.odd != "" {
		bad = append(bad, Refusal{Row: e.place, Message: e.odd})
	}
	if e.odd != "" && !e.beyond { // its cells belong to nobody knows which columns
		return Record{AsAt: cmp.Or(r.plan.AsAt, r.today), Place: e.place}, bad
	}
	rec = Record{AsAt: r.plan.AsAt, Values: map[string]Value{}, People: map[string][]string{}, Place: e.place}
	for i, c := range r.plan.Columns {
		f, mapped := r.kinds[c.Field]
		if !mapped || r.asked[c.Header] {
			continue
		}
		if why := e.bad[i]; why != "" {
			bad = append(bad, Refusal{Row: e.place, Column: c.Header, Message: why})
		} else if err := r.cell(&rec, f, c, e.cells[i]); err != nil {
			bad = append(bad, Refusal{Row: e.place, Column: c.Header, Message: upper(err.Error()) + "."})
		}
	}
	if rec.AsAt == "" || rec.AsAt > r.today {
		rec.AsAt = r.today
	}
	if _, stated := rec.Values["rating_scale"]; !stated && rec.Values["rating"].Text != "" {
		rec.Values["rating_scale"] = Value{Text: r.scale}
	}
	if rec.Values["name"].Text == "" && rec.SourceID != "" {
		rec.Values["name"] = Value{Text: rec.SourceID}
	}
	r.complete(&rec)
	return rec, bad
}

// repeats tells of a row that speaks of the same record and date as another:
// which row that is, and in how many rows the record is.
func (r *reader) repeats(e entry, rec Record) (first int, rows int) {
	key := keyOf(rec)
	for _, f := range r.fields {
		if f.Key {
			key += "\x00" + fold.Key(rec.Values[f.ID].Text)
		}
	}
	o := r.seen[key]
	if o == nil {
		o = &occurrences{first: e.place}
		r.seen[key] = o
	}
	if !r.counted {
		o.rows++
	}
	return o.first, o.rows
}

var hashed = maphash.MakeSeed()

// likeRow finds an earlier row of the same name and unit whose id is the same but for
// the way in which it is written: "P-007" and "p-7" would become one record.
func (r *reader) likeRow(e entry, rec Record) (first int) {
	if rec.SourceID == "" || rec.Known != "" {
		return e.place
	}
	key := fold.ID(rec.SourceID) + "\x00" + fold.Key(rec.Values["name"].Text) + "\x00" + fold.Key(rec.Values["org_unit"].Text) + "\x00" + rec.AsAt
	for _, f := range r.fields {
		if f.Key {
			key += "\x00" + fold.Key(rec.Values[f.ID].Text)
		}
	}
	short := maphash.String(hashed, key) // of 200,000 rows
	if _, seen := r.like[short]; !seen {
		r.like[short] = e.place
	}
	return r.like[short]
}

// occurrences are the rows of one record and date.
type occurrences struct{ first, rows int }

func keyOf(rec Record) string {
	key := "id\x00" + rec.SourceID
	if rec.SourceID == "" {
		key = fold.Key(rec.Values["name"].Text) + "\x00" + fold.Key(rec.Values["org_unit"].Text)
	}
	if rec.Known != "" {
		key = "known\x00" + rec.Known
	}
	return key + "\x00" + rec.AsAt
}

// count reads all rows before the first is put: that is how the first of several
// can be refused with the others.
func (r *reader) count() error {
	for e, err := range r.records(nil) {
		if err != nil {
			return err
		}
		if e.odd != "" {
			continue
		}
		rec, _ := r.record(e)
		r.repeats(e, rec)
	}
	r.counted = true
	return nil
}

// repeated decides about a row by what the plan says of repeated ones.
func (r *reader) repeated(e entry, rec Record) (bad []Refusal, leftOut bool) {
	first, rows := r.repeats(e, rec)
	if like := r.likeRow(e, rec); first == e.place && like != e.place {
		first = like
	}
	switch {
	case first == e.place && (r.plan.Repeated != RefuseAll || rows == 1):
		return nil, false
	case r.plan.Repeated == FirstWins:
		return nil, true
	case first == e.place:
		return []Refusal{{Row: e.place, Message: fmt.Sprintf("This record is in %d rows, of which this is the first.", rows)}}, false
	}
	return []Refusal{{Row: e.place, Message: "This is the same record as in " + r.plan.place(first) + ". If each row is of another date, take the column that says so for As at; otherwise say which row holds."}}, false
}

func (r *reader) cell(rec *Record, f Field, c Column, cell string) error {
	if f.Kind != Text {
		cell = strings.TrimSpace(cell)
	}
	v := Value{Text: cell}
	var err error
	if f.Options != nil {
		cell = strings.TrimSpace(cell)
		is, _ := r.stands(f, cell)
		rec.Values[f.ID] = Value{Text: is, Reason: cell}
		return nil
	}
	switch f.Kind {
	case SourceID:
		rec.SourceID = cell
		return nil
	case Known:
		rec.Known = cell
		return nil
	case Parent:
		rec.Programme = cell
		return nil
	case Person:
		rec.People[f.ID] = names(cell)
		return nil
	case AsAt:
		if r.plan.AsAt == "" && cell != "" {
			rec.AsAt, err = reading.AsAt(cell, c.Order)
		}
		return err
	case Date, EndDate, Money, Number, Rating:
		if v, err = r.typed(rec, f, c, cell); err != nil {
			return err
		}
		if old := rec.Values[f.ID]; old.Text != "" || v.Text == "" && old.Reason != "" {
			return nil // the other of two columns has said it
		}
	case Currency:
		if v = currency(cell); v.Text == "" && rec.Values[f.ID].Text != "" {
			return nil
		}
	case Scale, Text, Choice, Switch:
	}
	rec.Values[f.ID] = v
	return nil
}

// currency reads a code or a sign. What is neither says why there is none: sums
// are kept apart by currency, and "pounds" beside "GBP" would be two.
func currency(cell string) Value {
	if a, err := reading.Money(cell+"1", reading.Point, reading.Ones); err == nil && a.Currency != "" {
		return Value{Text: a.Currency}
	}
	if code := strings.ToUpper(cell); len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return Value{Text: code}
	}
	return Value{Reason: cell}
}

func (r *reader) typed(rec *Record, f Field, c Column, cell string) (v Value, err error) {
	if cell == "" {
		return v, nil
	}
	switch f.Kind {
	case Rating:
		if strings.Contains(headerKey(c.Header), "cio") {
			cell = reading.RiskRating(cell)
		}
		if rating, ok := reading.Rating(cell); ok {
			return Value{Text: rating}, nil
		}
		return Value{Reason: cell}, nil
	case Money:
		var a reading.Amount
		if a, err = reading.Money(cell, c.Decimal, c.Unit); err == nil {
			if a.Currency == "" { // "$" may be one of many
				a.Currency = c.currency
			}
			if _, said := rec.Values["currency"]; a.Currency != "" && !said {
				rec.Values["currency"] = Value{Text: a.Currency}
			}
			return Value{Text: strconv.FormatInt(a.Minor, 10)}, nil
		}
	case Number:
		var n string
		if n, err = reading.Number(cell, c.Decimal); err == nil {
			return Value{Text: n}, nil
		}
	default:
		if r.table.file.Since1904() {
			cell = reading.Serial1904(cell)
		}
		var d clock.Day
		if d, err = reading.Date(cell, c.Order, f.Kind == EndDate); err == nil {
			return Value{Text: d}, nil
		}
	}
	if isReason(cell) {
		return Value{Reason: cell}, nil
	}
	return v, err
}

// names splits a cell that names several people.
func names(cell string) (out []string) {
	for _, n := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '\n' }) {
		if n = strings.Join(strings.Fields(n), " "); n != "" && strings.ContainsFunc(n, unicode.IsLetter) {
			out = append(out, n)
		}
	}
	return out
}

func upper(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// refusals turns a sink's error into refusals of a row, by column.
func (r *reader) refusals(e entry, err error) (out []Refusal) {
	var one *errs.Error
	for _, f := range errs.FieldsOf(err) {
		column := f.Name
		for _, c := range r.plan.Columns {
			if c.Field == f.Name {
				column = c.Header
			}
		}
		out = append(out, Refusal{Row: e.place, Column: column, Message: f.Message})
	}
	if len(out) == 0 {
		one, _ = err.(*errs.Error) //nolint:errorlint // refusals is called with errors that a sink has just made
		message := "This row cannot be taken."
		if one != nil && one.Message != "" {
			message = one.Message
		}
		out = append(out, Refusal{Row: e.place, Message: message})
	}
	return out
}
