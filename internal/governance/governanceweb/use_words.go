package governanceweb

import (
	"slices"
	"strconv"
	"strings"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/ui"
)

const notJudged = "not judged: fewer than five people"

func minutesOf(b governance.Balance) string {
	if !b.Enough {
		return "–"
	}
	return strconv.FormatFloat(b.MinutesMedian, 'f', -1, 64)
}

// helpedWords says how many of the answers say that it helped.
func helpedWords(b governance.Balance) string {
	if !b.Enough {
		return notJudged
	}
	return strconv.Itoa(b.Helped) + " of " + strconv.Itoa(b.Answers)
}

func hoursWords(u governance.Used) string {
	if !u.All.Enough {
		return "–"
	}
	return strconv.FormatFloat(hours(u), 'f', 1, 64)
}

// useLead is the answer of the page: what all of it costs, and what of that is in
// the way.
func useLead(v useView) string {
	all, heavy, heavyHours := 0.0, 0, 0.0
	for _, u := range v.List {
		all += hours(u)
		if u.All.Enough && 2*u.All.Helped < u.All.Answers {
			heavy, heavyHours = heavy+1, heavyHours+hours(u)
		}
	}
	if v.Judged == 0 {
		return "No control has been answered for by five people yet. Whoever fulfils one is asked once a month, in a click, whether it helped."
	}
	out := strconv.Itoa(v.Judged) + " of " + ui.Count(len(v.List), "control", "controls") + " can be judged; they take about " + strconv.FormatFloat(all, 'f', 0, 64) + " hours a month of project managers’ time."
	if heavy > 0 {
		out += " " + ui.Count(heavy, "of them helps", "of them help") + " fewer than half of those who answer: " + strconv.FormatFloat(heavyHours, 'f', 0, 64) + " hours."
	}
	return out
}

// reviewWords says who owns a control and when it is to be looked at again.
func reviewWords(v usedView) string {
	out := ""
	if role := v.Method.Role(v.Control.Owner); role != nil {
		out = "Owner: " + role.Name + ". "
	}
	if v.ReviewOn == "" || v.Gone > 0 {
		return out
	}
	if v.ReviewDue(v.Today) {
		out += "To be looked at again since "
	} else {
		out += "To be looked at again by "
	}
	out += ui.Date(v.ReviewOn, v.Today)
	if v.Control.ReviewOn == "" {
		out += ", a year after version " + strconv.Itoa(v.Version) + " was published"
	}
	return out + "."
}

func proposesWords(u governance.Used) string {
	switch u.Proposes {
	case governance.ToRetire:
		return "Retire it? " + u.Because
	case governance.ToChange:
		return "Change it? " + u.Because
	}
	return ""
}

func kindOf(p governance.Proposal) string {
	if p.Kind == governance.ToRetire {
		return "Retire it"
	}
	return "Change it"
}

func proposalState(p governance.Proposal) string {
	switch p.State {
	case governance.Proposed:
		return "waits for the PMO"
	case governance.TakenUp:
		return "taken up by version " + strconv.Itoa(p.Number)
	case governance.Declined:
		return "declined by " + p.DecidedByName + ": " + p.DecidedWords
	}
	return "withdrawn"
}

// accepted lists what shows a control, in words.
func accepted(m *method.Method, c *method.Control) (out []string) {
	v := sheafView{}
	v.Sheaf.Method = m
	for _, a := range c.Accepts {
		out = append(out, acceptWords(v, a))
	}
	return out
}

// untold counts the answers that no tier shows.
func untold(u governance.Used) int {
	n := u.All.Answers
	for _, b := range u.ByTier {
		n -= b.Answers
	}
	return n
}

// byTier lists the balances of the tiers that can be told, the least first.
func byTier(u governance.Used) (out []namedBalance) {
	for _, t := range method.Tiers() {
		if b, ok := u.ByTier[t]; ok {
			out = append(out, namedBalance{"Tier " + t.String(), b})
		}
	}
	return out
}

func byQuarter(u governance.Used) (out []namedBalance) {
	for _, b := range u.Quarters {
		name := ui.Month(b.From + "-01")
		if b.To != b.From {
			name += " to " + ui.Month(b.To+"-01")
		}
		out = append(out, namedBalance{name, b})
	}
	return out
}

type namedBalance struct {
	Name string
	governance.Balance
}

// estimateWords says what the method estimates, by tier.
func estimateWords(c *method.Control) string {
	var out []string
	for _, t := range method.Tiers() {
		if n := c.Minutes.At(t); n > 0 {
			out = append(out, t.String()+" "+strconv.Itoa(n))
		}
	}
	if len(out) == 0 {
		return "none estimated"
	}
	return strings.Join(out, ", ") + " minutes " + rhythmWords(c.Rhythm)
}

func commentSign(c governance.Comment) string {
	var out []string
	if c.By != "" {
		out = append(out, c.By)
	}
	if c.Tier != method.NoTier {
		out = append(out, "tier "+c.Tier.String())
	}
	if len(out) == 0 {
		return "not signed"
	}
	return strings.Join(out, ", ")
}

// mark is a control in the chart of value against burden.
type mark struct {
	X, Y, LabelX, LabelY int
	Anchor, Name         string
	Proposed             bool
}

// The drawing's area in pixels.
const (
	chartLeft, chartTop, chartWide, chartHigh = 44, 26, 540, 300
)

// marks places the controls that can be judged; labels stand where they fit.
func marks(list []governance.Used) (out []mark, most int) {
	most = 30
	for _, u := range list {
		for u.All.Enough && float64(most) < u.All.MinutesMedian {
			most += 30
		}
	}
	for _, u := range list {
		if !u.All.Enough {
			continue
		}
		m := mark{Name: u.Control.Name, Proposed: u.Proposes != "" || openProposal(u), Anchor: "start"}
		m.X = chartLeft + int(u.All.MinutesMedian*chartWide)/most
		m.Y = chartTop + chartHigh - u.All.Helped*chartHigh/u.All.Answers
		m.LabelX, m.LabelY = m.X+9, m.Y+4
		if m.X > chartLeft+chartWide/2 {
			m.Anchor, m.LabelX = "end", m.X-9
		}
		for slices.ContainsFunc(out, m.covers) {
			m.LabelY += 15
		}
		out = append(out, m)
	}
	return out, most
}

// covers reports whether the labels of two marks would lie on each other, with
// about eight pixels for a letter.
func (m mark) covers(o mark) bool {
	from, to := m.span()
	low, high := o.span()
	return m.LabelY-o.LabelY < 15 && o.LabelY-m.LabelY < 15 && from < high && low < to
}

func (m mark) span() (from, to int) {
	wide := 8 * len([]rune(m.Name))
	if m.Anchor == "end" {
		return m.LabelX - wide, m.LabelX
	}
	return m.LabelX, m.LabelX + wide
}

// ticks are the numbers along the axis of minutes.
func ticks(most int) (out []tick) {
	step := max(10, most/6/10*10)
	for n := 0; n <= most; n += step {
		out = append(out, tick{n, chartLeft + n*chartWide/most})
	}
	return out
}

type tick struct{ N, At int }
