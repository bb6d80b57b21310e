package portfolio

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// told is a statement as the model keeps it: in order, never changed, retracted at a moment.
type told struct {
	batch     string
	asAt      clock.Day
	at        int64
	facts     Facts
	retracted int64
}

// modelled is a project as the model has it.
type modelled struct {
	id     string
	told   []told
	stands []standsFrom // in order of time
}

type standsFrom struct {
	at int64
	in bool
}

// facts resolves without any of the code under test: the latest date wins, then the last word.
func (m *modelled) facts(day clock.Day, at int64) (Facts, bool) {
	in := false
	for _, s := range m.stands {
		if s.at <= at {
			in = s.in
		}
	}
	out, since, any := Facts{}, map[Field]clock.Day{}, false
	for _, s := range m.told {
		if s.at > at || s.retracted != 0 && s.retracted <= at || s.asAt > day {
			continue
		}
		any = true
		for f, v := range s.facts {
			if s.asAt >= since[f] {
				out[f], since[f] = v, s.asAt
			}
		}
	}
	return out, in && any
}

// play is one random story of imports, changes by hand, and undos.
type play struct {
	w        *world
	source   string
	projects map[string]*modelled // by id in the source
	batches  []string
	undone   map[string]bool
	moments  []int64
}

func (p *play) now() int64 { return sqldb.Micros(p.w.clock.Now()) }

func (p *play) tick() {
	p.moments = append(p.moments, p.now())
	p.w.clock.Advance(time.Second)
}

func draw(t *rapid.T) (clock.Day, Facts) {
	facts := Facts{}
	for _, f := range []Field{Budget, Phase, Status} {
		if rapid.Bool().Draw(t, "states") {
			facts[f] = text(rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "value"))
		}
	}
	return clock.AddDays("2026-01-01", rapid.IntRange(0, 4).Draw(t, "day")*7), facts
}

// imports states random rows as one batch.
func (p *play) imports(t *rapid.T) {
	batch := fmt.Sprintf("%s-b%d", p.source, len(p.batches))
	asAt, _ := draw(t)
	known := map[string]string{}
	err := p.w.unit.Do(context.Background(), p.w.head, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AddProject, authz.Instance); err != nil {
			return err
		}
		tx.Record(NodeRenamed{Node: "n", Kind: "portfolio"}) // stands for the import's own entry
		for _, id := range []string{"1", "2", "3"} {
			if !rapid.Bool().Draw(t, "row") {
				continue
			}
			_, facts := draw(t)
			facts[Name] = text(p.source + " " + id)
			puts, err := p.w.PutIn(ctx, tx, p.source, batch, []Incoming{{SourceID: id, AsAt: asAt, Facts: facts}})
			if err != nil {
				return err
			}
			out := puts[0]
			known[id] = out.Project
			m := p.projects[id]
			switch {
			case m == nil:
				m = &modelled{id: out.Project}
				p.projects[id] = m
			case m.id != out.Project:
				t.Fatalf("row %s became %s, was %s", id, out.Project, m.id)
			}
			if n := len(m.stands); n == 0 || !m.stands[n-1].in {
				if !out.Created {
					t.Fatalf("row %s was not counted as created", id)
				}
				m.stands = append(m.stands, standsFrom{p.now(), true})
			}
			if out.Stated {
				m.told = append(m.told, told{batch: batch, asAt: asAt, at: p.now(), facts: facts})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p.batches = append(p.batches, batch)
}

func (p *play) byHand(t *rapid.T) {
	for _, id := range []string{"3", "1", "2"} {
		m := p.projects[id]
		if m == nil || rapid.Bool().Draw(t, "another") {
			continue
		}
		asAt, facts := draw(t)
		facts[Name] = text(p.source + " " + id)
		d, err := p.w.Project(context.Background(), p.w.head, m.id, When{})
		if err != nil {
			t.Fatal(err)
		}
		err = p.w.ChangeProject(context.Background(), p.w.head, m.id, d.Version, asAt, facts)
		in := m.stands[len(m.stands)-1].in
		if in != (err == nil) || !in && errs.KindOf(err) != errs.Conflict {
			t.Fatalf("in the register %t, change by hand: %v", in, err)
		}
		if in {
			m.told = append(m.told, told{asAt: asAt, at: p.now(), facts: facts})
		}
		return
	}
}

func (p *play) undo(t *rapid.T) {
	if len(p.batches) == 0 {
		return
	}
	batch := rapid.SampledFrom(p.batches).Draw(t, "batch")
	err := p.w.unit.Do(context.Background(), p.w.head, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AddProject, authz.Instance); err != nil {
			return err
		}
		tx.Record(NodeRenamed{Node: "n", Kind: "portfolio"})
		_, err := p.w.UndoBatchIn(ctx, tx, batch)
		return err
	})
	if p.undone[batch] {
		if errs.KindOf(err) != errs.Conflict {
			t.Fatalf("undone twice: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	p.undone[batch] = true
	for _, m := range p.projects {
		brought := false // by this batch, at the last time that it came
		for i := range m.told {
			if s := &m.told[i]; s.batch == batch && s.retracted == 0 {
				brought = brought || s.at == m.stands[len(m.stands)-1].at
				s.retracted = p.now()
			}
		}
		if brought && m.stands[len(m.stands)-1].in {
			m.stands = append(m.stands, standsFrom{p.now(), false})
		}
	}
}

// check compares the register with the model, now and as known at each moment before.
func (p *play) check(t *rapid.T) {
	for _, day := range []clock.Day{"2026-01-10", "2026-03-16"} {
		for i, moment := range append(append([]int64{}, p.moments...), 0) {
			if i < len(p.moments)-3 && i%3 != 0 {
				continue
			}
			page, err := p.w.List(context.Background(), p.w.head, Filter{Find: p.source, When: When{AsAt: day, KnownAt: moment}, Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			have := map[string]Facts{}
			for _, one := range page.Projects {
				have[one.ID] = one.Facts
			}
			if moment == 0 {
				moment = p.now()
			}
			for id, m := range p.projects {
				want, in := m.facts(day, moment)
				got, is := have[m.id]
				if in != is {
					t.Fatalf("project %s as at %s, known at %d: in the list %t, in the model %t", id, day, moment, is, in)
				}
				for _, f := range []Field{Name, Budget, Phase, Status} {
					if in && got.Text(f) != want.Text(f) {
						t.Fatalf("project %s, %s as at %s, known at %d: %q, want %q", id, f, day, moment, got.Text(f), want.Text(f))
					}
				}
			}
		}
	}
}

func TestUndoIsResolutionWithoutTheBatch(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w, n := newWorld(t, db), 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			p := &play{w: w, source: fmt.Sprintf("src%dx", n), projects: map[string]*modelled{}, undone: map[string]bool{}}
			p.imports(t)
			p.tick()
			for range rapid.IntRange(1, 6).Draw(t, "steps") {
				switch rapid.IntRange(0, 3).Draw(t, "step") {
				case 0:
					p.imports(t)
				case 1:
					p.byHand(t)
				default:
					p.undo(t)
				}
				p.tick()
			}
			p.check(t)
		})
		if _, err := activity.Verify(context.Background(), db.Read, nil); err != nil {
			t.Errorf("the record after it all: %v", err)
		}
	})
}
