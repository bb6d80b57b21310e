package planner_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"cairn/internal/career/planner"
	"cairn/internal/kit/clock"
)

// hard is what the figures are for: 40 options, 25 roles, hours that follow what an
// option gives, and any-of nearly everywhere.
var hard = shape{options: 40, roles: 25, measures: 40, max: 1, after: 0.25, needs: 5}

func hardOnes(n int) (out []*planner.Instance) {
	for seed := range n {
		out = append(out, random(rand.New(rand.NewPCG(40, uint64(seed))), hard))
	}
	return out
}

// BenchmarkCheapest and BenchmarkMost report what a page waits for: half and 99 of
// 100 questions, beside one look at every node of the instance.
func BenchmarkCheapest(b *testing.B) {
	measure(b, func(in *planner.Instance, n int) (planner.Answer, error) {
		return planner.Cheapest(context.Background(), in, n%len(in.Roles), planner.Limits{}, 3)
	})
}

func BenchmarkMost(b *testing.B) {
	measure(b, func(in *planner.Instance, n int) (planner.Answer, error) {
		return planner.Most(context.Background(), in, everyRole(in), planner.Limits{Hours: 300}, 3)
	})
}

func everyRole(in *planner.Instance) (out []int) {
	for i := range in.Roles {
		out = append(out, i)
	}
	return out
}

var sink bool

func measure(b *testing.B, ask func(*planner.Instance, int) (planner.Answer, error)) {
	b.Helper()
	b.ReportAllocs()
	ins := hardOnes(100)
	var all, read []time.Duration
	proven, most := 0, 0
	now := clock.System().Now
	for n := 0; b.Loop(); n++ {
		in := ins[n%len(ins)]
		began := now()
		a, err := ask(in, n)
		all = append(all, now().Sub(began))
		if err != nil {
			b.Fatal(err)
		}
		if a.Proven {
			proven++
		}
		most = max(most, a.Looked)
		began = now()
		for i := range in.Nodes {
			sink = in.Open(i) != sink
		}
		read = append(read, now().Sub(began))
	}
	report(b, all, read)
	b.ReportMetric(100*float64(proven)/float64(len(all)), "%proven")
	b.ReportMetric(float64(most), "states-most")
}
