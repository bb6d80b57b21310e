package governance

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
)

// anyDossier draws a record with something of every source.
func anyDossier(t *rapid.T, m *method.Method) *dossier {
	start := method.DayOf(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC))
	on := rapid.Custom(func(t *rapid.T) method.Day { return start + method.Day(rapid.IntRange(0, 300).Draw(t, "day")) })
	d := &dossier{project: "p", rhythm: workdays{week: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}}}
	at := []method.Day{start, method.Forever}
	if rapid.Bool().Draw(t, "moved") {
		at = slices.Insert(at, 1, start+method.Day(rapid.IntRange(1, 200).Draw(t, "moved on")))
	}
	for i := range len(at) - 1 {
		d.governed = append(d.governed, Governed{
			Project: "p", From: iso(at[i]), To: iso(at[i+1]), Version: "v", Tier: rapid.SampledFrom(method.Tiers()).Draw(t, "tier"),
			Involves: []string{"critical_system", "handover", "personal_data", "supplier"}, Phase: rapid.SampledFrom([]string{"plan", "deliver", "handover"}).Draw(t, "phase"),
		})
	}
	money := int64(rapid.IntRange(1, 200).Draw(t, "money")) * 100_000
	d.held = []held{{span: span{from: start, to: method.Forever}, end: on.Draw(t, "end") + 900, budget: &money, forecast: &money, actual: &money}}
	d.tenures = []tenure{{span{from: start, to: on.Draw(t, "left")}, "a", "sponsor"}, {span{from: on.Draw(t, "came"), to: method.Forever}, "b", "project_manager"}}
	for range rapid.IntRange(0, 4).Draw(t, "more") {
		x := on.Draw(t, "on")
		d.acts, d.dialled, d.kinds, d.met = append(d.acts, x), append(d.dialled, x), append(d.kinds, "project"), append(d.met, x)
		d.reports = append(d.reports, reported{time.Unix(int64(x)*86400, 0).UTC().AddDate(0, -1, 0).Format("2006-01"), x})
		d.open = append(d.open, span{from: x, to: x + method.Day(rapid.IntRange(1, 90).Draw(t, "open for"))})
		d.documents = append(d.documents, filed{rapid.SampledFrom(m.Documents).Draw(t, "document").ID, rapid.SampledFrom([]string{method.Draft, method.Approved}).Draw(t, "state"), x})
		c := rapid.SampledFrom(m.Controls).Draw(t, "control").ID
		d.words = append(d.words,
			said{Word{ID: "n", Kind: Noted, Name: rapid.SampledFrom([]string{"check.passed", "check.agreed", "risk.reviewed", "fallback.rehearsed"}).Draw(t, "event"), Detail: rapid.SampledFrom([]string{"", "security", "privacy"}).Draw(t, "of")}, x},
			said{Word{ID: "a", Kind: Assessed, Control: c, Verdict: rapid.SampledFrom([]string{InPlace, Partly, NotApplicable}).Draw(t, "verdict")}, x})
		d.waivers = append(d.waivers, Waiver{ID: "w", Control: c, State: WaiverGranted, From: iso(x), To: iso(x + 40)})
	}
	slices.Sort(d.acts)
	slices.Sort(d.dialled)
	slices.SortStableFunc(d.words, func(a, b said) int { return int(a.on - b.on) })
	return d
}

// Days on which nothing can turn are not looked at: what is computed that way is
// what looking at every day by itself gives.
func TestSegmentsAreWhatEveryDayGives(t *testing.T) {
	for _, shipped := range method.Shipped() {
		m, err := method.Load(shipped.Text)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(shipped.ID, rapid.MakeCheck(func(t *rapid.T) {
			s, d := NewService(nil), anyDossier(t, m)
			got := stretches{}
			for _, x := range s.segments(d, map[string]*method.Method{"v": m}) {
				got[x.Control] = append(got[x.Control], stretch{from: day(x.From), to: day(x.To), shown: shown{x.State, x.Via, x.Ref}})
			}
			for control, list := range got {
				for _, x := range list {
					for on := x.from; x.state == Waived && on < x.to; on++ {
						if !slices.ContainsFunc(d.waivers, func(w Waiver) bool { return w.Control == control && day(w.From) <= on && on < day(w.To) }) {
							t.Fatalf("%s is waived on %s, when no waiver of it holds: %+v", control, iso(on), d.waivers)
						}
					}
				}
			}
			grace := day(d.governed[0].From) + method.Day(graceDays(m))
			for i := range d.governed[:1] { // what is new in the second row has a grace of its own
				g := &d.governed[i]
				line := timeline{d: d, m: m, g: g, fed: s.fed("v", m), full: d.evidence(0), told: d.told(), needs: s.needs("v", m)}
				for _, c := range s.require("v", m, g.Tier, g.Involves).Controls {
					timing := m.TimingOf(c, g.Tier, g.Phase)
					if timing == method.NotYet || timing == method.Over {
						continue
					}
					for on := day(g.From); on < min(day(g.To), day(g.From)+380); on++ {
						want := line.at(c, timing, on, grace)
						list := got[c.ID]
						n := slices.IndexFunc(list, func(x stretch) bool { return x.from <= on && on < x.to })
						if n < 0 || list[n].shown != want {
							t.Fatalf("%s on %s: %+v, looked at by itself %+v", c.ID, iso(on), list, want)
						}
					}
				}
			}
		}))
	}
}
