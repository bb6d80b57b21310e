package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// said is one statement as the story keeps it: by which batch, or by hand.
type said struct {
	batch string
	asAt  clock.Day
	facts map[portfolio.Field]string
}

// subject is a project of the story.
type subject struct {
	id     string
	in     bool
	by     string // the import that brought it in, the last time
	said   []said // those that stand, in order of their saying
	secret bool
	marks  []marked // by bulk edits that stand, in order
}

type marked struct {
	batch   string
	was, to bool
}

// taken is an import or a bulk edit of the story.
type taken struct {
	id       string
	imported bool
	held     map[string]bool // the rows of the file
	undone   bool
}

// story is one random row of imports, bulk edits, changes by hand and undos, all
// through the services, and what the law of undo says of it.
type story struct {
	a       *App
	c       *clock.Manual
	source  string
	file    int
	batches []*taken
	all     map[string]*subject // by the source's id
}

var storyFields = []portfolio.Field{portfolio.Status, portfolio.Phase}

// holds gives the value that holds today, and the batch that said it, without the
// code under test: the latest date wins, then the last word.
func (s *subject) holds(f portfolio.Field, without string) (value, batch string) {
	list := slices.Clone(s.said)
	slices.SortStableFunc(list, func(a, b said) int { return cmp.Compare(a.asAt, b.asAt) })
	for _, one := range list {
		if v, ok := one.facts[f]; ok && (without == "" || one.batch != without) {
			value, batch = v, one.batch
		}
	}
	return value, batch
}

// wrote is the last word of a batch on a field.
func (s *subject) wrote(f portfolio.Field, batch string) (value string, ok bool) {
	for _, one := range s.said {
		if v, is := one.facts[f]; is && one.batch == batch {
			value, ok = v, true
		}
	}
	return value, ok
}

func drawValue(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "one", "two", "three"}).Draw(t, "value")
}

func drawDay(t *rapid.T) clock.Day {
	return clock.AddDays("2025-06-01", rapid.IntRange(0, 9).Draw(t, "week")*7+3)
}

// imports brings in a file that is newer than the one before. A statement for each
// of its rows is made, since no file has said it for that day.
func (s *story) imports(t *testing.T, rt *rapid.T) {
	s.file++
	b := &taken{imported: true, held: map[string]bool{}}
	asAt := clock.AddDays("2025-06-01", s.file*7)
	text := "id,name,department,status,phase\n"
	facts := map[string]map[portfolio.Field]string{}
	for _, id := range []string{"1", "2", "3"} {
		if rapid.IntRange(0, 2).Draw(rt, "row") == 0 {
			continue
		}
		b.held[id] = true
		facts[id] = map[portfolio.Field]string{portfolio.Status: drawValue(rt), portfolio.Phase: drawValue(rt)}
		text += fmt.Sprintf("%s,%s %s,X,%s,%s\n", id, s.source, id, facts[id][portfolio.Status], facts[id][portfolio.Phase])
	}
	rep := bring(t, s.a, "r.csv", text, s.source, asAt, nil)
	if b.id = rep.ID; rep.ID == "" {
		if len(b.held) > 0 || rep.Vanished > 0 {
			rt.Fatalf("nothing was to be done for %q: %+v", text, rep)
		}
		return
	}
	s.batches = append(s.batches, b)
	ids := s.ids(rt)
	for id := range b.held {
		one := s.all[id]
		if one == nil {
			one = &subject{id: ids[id]}
			s.all[id] = one
		}
		if !one.in {
			one.in, one.by = true, rep.ID
		}
		one.said = append(one.said, said{rep.ID, asAt, facts[id]})
	}
}

// ids are the projects of the source by its own ids.
func (s *story) ids(rt *rapid.T) map[string]string {
	out := map[string]string{}
	for _, p := range s.list(rt) {
		out[strings.TrimPrefix(p.Facts.Text(portfolio.Name), s.source+" ")] = p.ID
	}
	return out
}

func (s *story) list(rt *rapid.T) []portfolio.Project {
	page, err := s.a.Portfolio.List(context.Background(), operator, portfolio.Filter{Find: s.source, Limit: 200})
	if err != nil {
		rt.Fatal(err)
	}
	return page.Projects
}

// statements counts what is stated of a project, told apart by nothing else.
func (s *story) statements(rt *rapid.T, project string) (n int) {
	if err := s.a.Store.Read.QueryRowContext(context.Background(), `SELECT COUNT(*) FROM project_statement WHERE project_id = $1`, project).Scan(&n); err != nil {
		rt.Fatal(err)
	}
	return n
}

func (s *story) bulk(rt *rapid.T) {
	e := portfolio.Bulk{AsAt: drawDay(rt), Field: rapid.SampledFrom(append(slices.Clone(storyFields), portfolio.Confidential)).Draw(rt, "field"), Value: drawValue(rt)}
	if e.Field == portfolio.Confidential {
		e.Value = rapid.SampledFrom([]string{"yes", "no"}).Draw(rt, "secret")
	}
	before := map[string]int{}
	for _, id := range []string{"1", "2", "3"} {
		if one := s.all[id]; one != nil && rapid.Bool().Draw(rt, "chosen") {
			e.Projects = append(e.Projects, one.id)
			before[id] = s.statements(rt, one.id)
		}
	}
	id, err := s.a.Portfolio.ApplyBulk(context.Background(), operator, e)
	if errs.Is(err, errs.Invalid) {
		return // nothing would change
	}
	if err != nil {
		rt.Fatal(err)
	}
	s.batches = append(s.batches, &taken{id: id})
	for name, n := range before {
		one := s.all[name]
		switch to := e.Value == "yes"; {
		case e.Field == portfolio.Confidential && one.in && one.secret != to:
			one.marks = append(one.marks, marked{id, one.secret, to})
			one.secret = to
		case s.statements(rt, one.id) > n:
			one.said = append(one.said, said{id, e.AsAt, map[portfolio.Field]string{e.Field: e.Value}})
		}
	}
}

// byHand changes a project by its form.
func (s *story) byHand(rt *rapid.T) {
	one := s.all[rapid.SampledFrom([]string{"1", "2", "3"}).Draw(rt, "project")]
	if one == nil {
		return
	}
	ctx := context.Background()
	if rapid.IntRange(0, 3).Draw(rt, "mark") == 0 {
		if one.in {
			if err := s.a.Portfolio.Mark(ctx, operator, one.id, !one.secret); err != nil {
				rt.Fatal(err)
			}
			one.secret = !one.secret
		}
		return
	}
	d, err := s.a.Portfolio.Project(ctx, operator, one.id, portfolio.When{})
	if err != nil {
		rt.Fatal(err)
	}
	f, v, asAt, n := rapid.SampledFrom(storyFields).Draw(rt, "field"), drawValue(rt), drawDay(rt), s.statements(rt, one.id)
	err = s.a.Portfolio.ChangeProject(ctx, operator, one.id, d.Version, asAt, portfolio.Facts{f: {Text: v}})
	if one.in != (err == nil) {
		rt.Fatalf("in the register %t, changed by hand: %v", one.in, err)
	}
	if s.statements(rt, one.id) > n {
		one.said = append(one.said, said{"", asAt, map[portfolio.Field]string{f: v}})
	}
}

// undo takes a batch back and holds the services to what they say they would do.
func (s *story) undo(rt *rapid.T) {
	if len(s.batches) == 0 {
		return
	}
	b := rapid.SampledFrom(s.batches).Draw(rt, "batch")
	ctx := context.Background()
	var diff transfer.Changes
	var err error
	if b.imported {
		var shown transfer.Shown
		shown, err = s.a.Transfer.UndoPreview(ctx, operator, b.id, "")
		diff = shown.Diff
	} else {
		var e portfolio.BulkEdit
		e, err = s.a.Portfolio.UndoBulkPreview(ctx, operator, b.id, "")
		diff = s.asTransfer(e.Diff)
	}
	if err != nil {
		rt.Fatal(err)
	}
	if !b.undone {
		if want, got := s.expected(b), lines(diff); want != got {
			rt.Fatalf("the undo says it does\n%sthe law is\n%s", got, want)
		}
	}
	if b.imported {
		_, err = s.a.Transfer.Undo(ctx, operator, b.id)
	} else {
		_, err = s.a.Portfolio.UndoBulk(ctx, operator, b.id)
	}
	if b.undone != errs.Is(err, errs.Conflict) || !b.undone && err != nil {
		rt.Fatalf("undone before %t, now %v", b.undone, err)
	}
	if b.undone = true; err == nil {
		s.takeBack(b)
	}
}

// asTransfer gives the diff of a bulk edit the shape of that of an import.
func (s *story) asTransfer(d portfolio.Changes) (out transfer.Changes) {
	for _, c := range d.Rows {
		out.Rows = append(out.Rows, transfer.Change{Record: c.Project, Label: c.Label, Before: transfer.Value{Text: c.Before.Text}, After: transfer.Value{Text: c.After.Text}, Outcome: string(c.Outcome)})
	}
	return out
}

// lines are the parts of a diff that the law speaks of.
func lines(d transfer.Changes) string {
	var out []string
	for _, c := range d.Rows {
		switch c.Label {
		case "Status", "Phase", "Confidential":
			out = append(out, fmt.Sprintf("%s %s %s %q %q\n", c.Record, c.Label, c.Outcome, c.Before.Text, c.After.Text))
		case "Project":
			out = append(out, fmt.Sprintf("%s %s\n", c.Record, c.Outcome))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "")
}

// expected is what the law says that an undo lists: what the batch wrote and still
// holds goes back to what would stand without it; what somebody else said later
// stays and is listed, if it is another value; what the import brought is withdrawn.
func (s *story) expected(b *taken) string {
	var out []string
	for _, one := range s.all {
		switch {
		case b.imported && one.in && one.by == b.id:
			out = append(out, one.id+" withdrawn\n")
			continue
		case !one.in:
			continue
		}
		for label, f := range map[string]portfolio.Field{"Status": portfolio.Status, "Phase": portfolio.Phase} {
			wrote, ok := one.wrote(f, b.id)
			now, by := one.holds(f, "")
			then, _ := one.holds(f, b.id)
			switch {
			case ok && by == b.id && now != then:
				out = append(out, fmt.Sprintf("%s %s put back %q %q\n", one.id, label, now, then))
			case ok && by != b.id && now != wrote:
				out = append(out, fmt.Sprintf("%s %s left as it is %q %q\n", one.id, label, wrote, now))
			}
		}
		for i, m := range one.marks {
			switch last := i == len(one.marks)-1; {
			case m.batch == b.id && last && one.secret == m.to:
				out = append(out, fmt.Sprintf("%s Confidential put back %q %q\n", one.id, yesNo(m.to), yesNo(m.was)))
			case m.batch == b.id && one.secret != m.to:
				out = append(out, fmt.Sprintf("%s Confidential left as it is %q %q\n", one.id, yesNo(m.to), yesNo(one.secret)))
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, "")
}

func yesNo(b bool) string { return map[bool]string{true: "yes", false: "no"}[b] }

// takeBack does to the story what the undo did.
func (s *story) takeBack(b *taken) {
	for _, one := range s.all {
		for i := len(one.marks) - 1; i >= 0; i-- {
			if m := one.marks[i]; m.batch == b.id {
				if one.in && i == len(one.marks)-1 && one.secret == m.to {
					one.secret = m.was
				}
				one.marks = slices.Delete(one.marks, i, i+1)
			}
		}
		one.said = slices.DeleteFunc(one.said, func(x said) bool { return x.batch == b.id })
		if b.imported && one.in && one.by == b.id {
			one.in = false
		}
	}
}

// gone tells whether a project is flagged: the newest file that stands lacks it.
func (s *story) gone(id string) bool {
	for _, b := range slices.Backward(s.batches) {
		if b.imported && !b.undone {
			return !b.held[id]
		}
	}
	return false
}

func (s *story) check(rt *rapid.T) {
	have := map[string]portfolio.Project{}
	for _, p := range s.list(rt) {
		have[p.ID] = p
	}
	for id, one := range s.all {
		p, is := have[one.id]
		if is != one.in {
			rt.Fatalf("project %s: in the register %t, by the law %t", id, is, one.in)
		}
		if _, err := s.a.Portfolio.Project(context.Background(), operator, one.id, portfolio.When{}); err != nil {
			rt.Fatalf("the page of project %s: %v", id, err)
		}
		for _, f := range storyFields {
			if want, _ := one.holds(f, ""); is && p.Facts.Text(f) != want {
				rt.Fatalf("project %s, %s: %q, by the law %q", id, f, p.Facts.Text(f), want)
			}
		}
		if is && (p.Confidential != one.secret || (p.VanishedFrom != "") != s.gone(id)) {
			rt.Fatalf("project %s: confidential %t, by the law %t; gone %q, by the law %t", id, p.Confidential, one.secret, p.VanishedFrom, s.gone(id))
		}
	}
}

func TestUndoAmongOtherWorkKeepsTheLaw(t *testing.T) {
	eachMoving(t, func(t *testing.T, a *App, c *clock.Manual) {
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			s := &story{a: a, c: c, source: fmt.Sprintf("story%dx", n), all: map[string]*subject{}}
			s.imports(t, rt)
			for range rapid.IntRange(2, 8).Draw(rt, "steps") {
				c.Advance(time.Second)
				switch rapid.IntRange(0, 5).Draw(rt, "step") {
				case 0:
					s.imports(t, rt)
				case 1:
					s.byHand(rt)
				case 2, 3:
					s.bulk(rt)
				default:
					s.undo(rt)
				}
				s.check(rt)
			}
		})
		if _, err := activity.Verify(context.Background(), a.Store.Read, nil); err != nil {
			t.Errorf("the record after it all: %v", err)
		}
	})
}
