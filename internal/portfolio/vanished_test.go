package portfolio

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// broughtFile is a file of a source as the model keeps it.
type broughtFile struct {
	batch, source string
	asAt          clock.Day
	whole, undone bool
	holds         map[string]bool // by project
}

// sources is one random story of files of two sources, of edits and of undos in any order.
type sources struct {
	w        *world
	name     string
	files    []*broughtFile    // in order of their coming
	projects map[string]string // by the sources' id, the last that had it
}

// gone is the rule, without the code under test: a source no longer holds a project
// if its newest whole file that stands lacks it, and no newer one that is not whole
// holds it. Of several sources the one whose file is the newest says so.
func (s *sources) gone(project string) (from string) {
	newest := func(source string, holds bool) int { // in order of date, then of coming; -1 for none
		best := -1
		for i, f := range s.files {
			counts := !f.undone && f.source == source && (holds && f.holds[project] || !holds && f.whole)
			if counts && (best < 0 || f.asAt >= s.files[best].asAt) {
				best = i
			}
		}
		return best
	}
	after := func(a, b int) bool {
		return b < 0 || s.files[a].asAt > s.files[b].asAt || s.files[a].asAt == s.files[b].asAt && a > b
	}
	said := -1
	for _, source := range []string{"one", "two"} {
		held, looked := newest(source, true), newest(source, false)
		if held >= 0 && looked >= 0 && after(looked, held) && after(looked, said) {
			said, from = looked, s.name+source
		}
	}
	return from
}

func (s *sources) do(t *rapid.T, what func(ctx context.Context, tx *work.Tx) error) {
	err := s.w.unit.Do(context.Background(), s.w.head, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AddProject, authz.Instance); err != nil {
			return err
		}
		tx.Record(NodeRenamed{Node: "n", Kind: "portfolio"}) // stands for the import's own entry
		return what(ctx, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *sources) brings(t *rapid.T) {
	f := &broughtFile{source: rapid.SampledFrom([]string{"one", "one", "two"}).Draw(t, "source"), holds: map[string]bool{}}
	f.asAt = clock.AddDays("2026-01-01", rapid.IntRange(0, 2).Draw(t, "week")*7)
	f.whole = rapid.IntRange(0, 4).Draw(t, "whole") > 0
	before, was := s.flags(t), maps.Clone(s.projects)
	var rows []Incoming
	for _, id := range []string{"1", "2", "3"} {
		if rapid.Bool().Draw(t, "row") {
			rows = append(rows, Incoming{SourceID: id, AsAt: f.asAt, Facts: Facts{Name: text(s.name + id), Phase: text(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "phase"))}})
		}
	}
	var moved int
	s.do(t, func(ctx context.Context, tx *work.Tx) error {
		f.batch = tx.NewID()
		puts, err := s.w.PutIn(ctx, tx, s.name+f.source, f.batch, rows)
		if err != nil {
			return err
		}
		for i, p := range puts {
			s.projects[rows[i].SourceID] = p.Project
			f.holds[p.Project] = true
		}
		_, moved, err = s.w.FlagVanishedIn(ctx, tx, s.name+f.source, f.batch, f.asAt, f.whole, f.holds)
		return err
	})
	s.files = append(s.files, f)
	changed := 0
	for id, flag := range s.flags(t) {
		if old, there := before[id]; there && old != flag && was[id] == s.projects[id] {
			changed++
		}
	}
	if moved < changed { // more if one that was withdrawn came back
		t.Fatalf("%d flags moved and %d were counted", changed, moved)
	}
}

func (s *sources) edits(t *rapid.T) {
	for id := range s.flags(t) {
		d, err := s.w.Project(context.Background(), s.w.head, s.projects[id], When{})
		if err == nil {
			err = s.w.ChangeProject(context.Background(), s.w.head, d.ID, d.Version, "2026-02-01", Facts{Phase: text("by hand")})
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
}

// undoes takes one back and holds it to what the page before said of the flags.
func (s *sources) undoes(t *rapid.T) {
	f := rapid.SampledFrom(s.files).Draw(t, "file")
	if f.undone {
		return
	}
	lines := func() string {
		out := ""
		err := s.w.unit.View(context.Background(), s.w.head, func(ctx context.Context, v *work.View) error {
			if err := v.May(ctx, AddProject, authz.Instance); err != nil {
				return err
			}
			c, err := s.w.UndoChanges(ctx, v, f.batch, "")
			for _, c := range c.Rows {
				if c.Label == "Gone from" && c.Outcome == PutBack {
					out += fmt.Sprintln(c.Project, c.Before.Text, c.After.Text)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	before, says := s.flags(t), lines()
	s.do(t, func(ctx context.Context, tx *work.Tx) error {
		_, err := s.w.UndoBatchIn(ctx, tx, f.batch)
		return err
	})
	f.undone = true
	does, after := "", s.flags(t)
	ids := map[string]string{}
	for id, project := range s.projects {
		ids[project] = id
	}
	for _, project := range slices.Sorted(maps.Keys(ids)) {
		if now, there := after[ids[project]]; there && now != before[ids[project]] {
			does += fmt.Sprintln(project, before[ids[project]], now)
		}
	}
	if says != does || lines() != does {
		t.Fatalf("the page said\n%sthe undo did\n%sand the page then says\n%s", says, does, lines())
	}
}

// flags are those of the projects in the register.
func (s *sources) flags(t *rapid.T) map[string]string {
	page, err := s.w.List(context.Background(), s.w.head, Filter{Find: s.name, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for id, project := range s.projects {
		for _, p := range page.Projects {
			if p.ID == project {
				out[id] = p.VanishedFrom
			}
		}
	}
	return out
}

func TestWhatIsGoneIsWhatTheFilesSayThatStand(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w, n := newWorld(t, db), 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			s := &sources{w: w, name: fmt.Sprintf("s%dx", n), projects: map[string]string{}}
			s.brings(t)
			for range rapid.IntRange(2, 9).Draw(t, "steps") {
				w.clock.Advance(time.Second)
				switch rapid.IntRange(0, 6).Draw(t, "step") {
				case 0, 1, 2:
					s.brings(t)
				case 3:
					s.edits(t)
				default:
					s.undoes(t)
				}
				for id, flag := range s.flags(t) {
					if want := s.gone(s.projects[id]); flag != want {
						t.Fatalf("project %s: gone from %q, want %q", id, flag, want)
					}
				}
			}
		})
	})
}
