package planner_test

import (
	"slices"
	"testing"
	"time"
)

// report says half and 99 of 100 in milliseconds, and how often the smaller work fits
// into the larger.
func report(b *testing.B, all, read []time.Duration) {
	b.Helper()
	slices.Sort(all)
	slices.Sort(read)
	at := func(list []time.Duration, percent int) float64 {
		return float64(list[(len(list)-1)*percent/100].Microseconds()) / 1000
	}
	b.ReportMetric(at(all, 50), "p50-ms")
	b.ReportMetric(at(all, 99), "p99-ms")
	b.ReportMetric(at(all, 50)/max(at(read, 50), 0.001), "x-reading")
}
