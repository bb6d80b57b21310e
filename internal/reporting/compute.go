package reporting

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"cairn/internal/kit/clock"
)

// The written thresholds. A limit is inclusive: reached is not broken.
const (
	endAmberPct, endRedPct               = 8, 15  // slip of the end, in percent of the whole length
	milestoneAmberDays, milestoneRedDays = 10, 30 // slip of the next milestone
	costAmberPct, costRedPct             = 5, 10  // forecast over the approved budget
)

// Thresholds are the rules in words, for the page beside every computed rating.
var Thresholds = []string{
	fmt.Sprintf("Dates: amber when the end moved by more than %d%% of the whole length, red beyond %d%%.", endAmberPct, endRedPct),
	fmt.Sprintf("Dates: amber when the next milestone is more than %d days later than its baseline, red beyond %d days.", milestoneAmberDays, milestoneRedDays),
	fmt.Sprintf("Money: amber when the forecast is more than %d%% over the budget, red beyond %d%%.", costAmberPct, costRedPct),
	"Overall is the worse of the two. What the record does not know is not assessed, and not assessed is not green.",
}

// Fact is one comparison behind a computed rating.
type Fact struct {
	Dimension string `json:"dimension"` // schedule or cost
	Rating    string `json:"rating"`
	Label     string `json:"label"`
	Value     string `json:"value"`
	Limit     string `json:"limit"`
}

// Computed is what Cairn computes from the record, with the facts behind it. An
// empty rating is "not assessed".
type Computed struct {
	Schedule string `json:"schedule,omitempty"`
	Cost     string `json:"cost,omitempty"`
	Overall  string `json:"overall,omitempty"`
	Facts    []Fact `json:"facts,omitempty"`
}

// Compute rates dates and money of a report by the written thresholds.
func Compute(b Body) (c Computed) {
	if f, ok := endSlip(b); ok {
		c.add(f)
	}
	if f, ok := milestoneSlip(b); ok {
		c.add(f)
	}
	if f, ok := costOver(b); ok {
		c.add(f)
	}
	for _, f := range c.Facts {
		if f.Dimension == "schedule" {
			c.Schedule = worse(c.Schedule, f.Rating)
		} else {
			c.Cost = worse(c.Cost, f.Rating)
		}
	}
	c.Overall = worse(c.Schedule, c.Cost)
	return c
}

func (c *Computed) add(f Fact) { c.Facts = append(c.Facts, f) }

// worse gives the worse of two ratings; none is no rating.
func worse(a, b string) string {
	for _, r := range Declarable {
		if a == r || b == r {
			return r
		}
	}
	return ""
}

func endSlip(b Body) (f Fact, ok bool) {
	end := b.ForecastEnd
	if end == "" {
		end = b.Facts.ForecastEnd
	}
	length, okL := clock.DaysBetween(b.Facts.Start, b.Facts.BaselineEnd)
	slip, okS := clock.DaysBetween(b.Facts.BaselineEnd, end)
	if !okL || !okS || length <= 0 {
		return f, false
	}
	rating := rate(slip*100, endAmberPct*length, endRedPct*length)
	return Fact{
		Dimension: "schedule", Label: "End against baseline", Rating: rating,
		Value: fmt.Sprintf("%s (%s of %s)", signedDays(slip), percent(float64(slip*100/length), ""), days(length)), Limit: percent(float64(broken(rating, endAmberPct, endRedPct)), ""),
	}, true
}

func milestoneSlip(b Body) (f Fact, ok bool) {
	slip, ok := clock.DaysBetween(b.MilestoneBaseline, b.MilestoneForecast)
	if !ok {
		return f, false
	}
	label := "Next milestone against baseline"
	if b.Milestone != "" {
		label = b.Milestone + " against baseline"
	}
	rating := rate(slip, milestoneAmberDays, milestoneRedDays)
	return Fact{Dimension: "schedule", Label: label, Rating: rating, Value: signedDays(slip), Limit: days(broken(rating, milestoneAmberDays, milestoneRedDays))}, true
}

func costOver(b Body) (f Fact, ok bool) {
	forecast := b.Forecast
	if forecast == nil {
		forecast = b.Facts.Forecast
	}
	if forecast == nil || b.Facts.Budget == nil || *b.Facts.Budget <= 0 {
		return f, false
	}
	over := float64(*forecast-*b.Facts.Budget) * 100 / float64(*b.Facts.Budget)
	rating := "green"
	switch {
	case over > costRedPct:
		rating = "red"
	case over > costAmberPct:
		rating = "amber"
	}
	return Fact{Dimension: "cost", Label: "Forecast over budget", Rating: rating, Value: percent(over, "+"), Limit: percent(float64(broken(rating, costAmberPct, costRedPct)), "+")}, true
}

// broken is the limit that a rating speaks of: the red one for red, else the amber one.
func broken(rating string, amber, red int) int {
	if rating == "red" {
		return red
	}
	return amber
}

// percent writes a share with one decimal where it has one; plus is the sign of a rise.
func percent(v float64, plus string) string {
	s := strings.TrimSuffix(strconv.FormatFloat(math.Abs(v), 'f', 1, 64), ".0") + "%"
	switch {
	case s == "0%":
		return s
	case v < 0:
		return "−" + s
	}
	return plus + s
}

func rate(value, amber, red int) string {
	switch {
	case value > red:
		return "red"
	case value > amber:
		return "amber"
	}
	return "green"
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

func signedDays(n int) string {
	switch {
	case n > 0:
		return "+" + days(n)
	case n < 0:
		return "−" + days(-n)
	}
	return "on time"
}
