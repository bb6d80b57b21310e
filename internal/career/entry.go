package career

import (
	"slices"
	"strconv"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/paper"
	"cairn/internal/career/standing"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
)

// Entry is work elsewhere, or before Cairn, as the person says it: of any kind that
// the framework has.
type Entry struct {
	ID          string
	Kind        string
	Role        activity.RoleInWork
	Words       string
	From, To    clock.Day
	ProjectName string
	Tier        string // of the framework; empty for none
	Finished    bool
	Outside     bool // its sponsor was not in the office
	Pieces      int64
	Hours       int64
	Projects    int64
	People      int64
	Bodies      int64
	About       []string // competencies
	Leaves      string
	Hides       []string
	Version     int64
	Asked       []Attestation
}

// The most that an entry can say, and how many entries there can be.
const (
	maxPieces, maxHours, maxNumber = 1000, 20000, 500
	maxEntries                     = 300
)

func (e Entry) check(by *framework.Framework, today clock.Day) error {
	var c errs.Check
	e.checkWork(&c, by)
	c.That(clock.ValidDay(e.From), "from", "Enter a date such as 2019-04-01, or a month such as 2019-04.")
	c.That(!clock.ValidDay(e.From) || e.From <= today, "from", "This is in the future. Enter what was.")
	c.That(e.To == "" || clock.ValidDay(e.To), "to", "Enter a date such as 2022-03-31, or nothing if it lasts.")
	c.That(!clock.ValidDay(e.To) || e.To <= today, "to", "This is in the future. Leave it empty if it lasts.")
	c.That(e.To == "" || !clock.ValidDay(e.From) || e.To >= e.From, "to", "The end comes before the beginning.")
	for _, n := range []struct {
		name      string
		value     int64
		low, most int64
	}{{"pieces", e.Pieces, 1, maxPieces}, {"hours", e.Hours, 0, maxHours}, {"projects", e.Projects, 0, 200}, {"people", e.People, 0, maxNumber}, {"bodies", e.Bodies, 0, maxNumber}} {
		c.That(n.value >= n.low && n.value <= n.most, n.name, "Enter a number from %d to %d.", n.low, n.most)
	}
	c.That(!e.Finished || e.To != "", "to", "What came to its end has an end date.")
	return c.Err()
}

func (e Entry) checkWork(c *errs.Check, by *framework.Framework) {
	i := slices.IndexFunc(by.ExperienceKinds, func(k framework.Kind) bool { return k.ID == e.Kind })
	c.That(i >= 0, "kind", "Choose a kind of experience.")
	c.That(slices.Contains(Roles, e.Role), "role", "Choose led, deputised, contributed, supported or observed.")
	if i >= 0 && slices.Contains(Roles, e.Role) {
		k := by.ExperienceKinds[i]
		c.That(slices.Contains(k.Roles, string(e.Role)), "role", "This kind of work can be %s.", either(k.Roles))
	}
	c.That(e.Words != "", "words", "Say in a sentence what you did.")
	c.Fits("words", e.Words, maxClaimWords)
	c.Fits("leaves", e.Leaves, maxClaimWords)
	c.Fits("project", e.ProjectName, 200)
	c.That(e.Tier == "" || slices.Contains(Scales, e.Tier), "tier", "Choose light, medium or major.")
	c.That(len(e.About) <= 10, "about", "Choose at most ten competencies.")
	for _, id := range e.About {
		c.That(slices.ContainsFunc(by.Competencies, func(x framework.Competency) bool { return x.ID == id }), "about", "There is no such competency.")
	}
	for _, h := range e.Hides {
		c.That(slices.Contains(Hides, h), "hides", "Hide the client, money or names.")
	}
}

func either(list []string) string {
	out := ""
	for i, s := range list {
		switch {
		case i > 0 && i == len(list)-1:
			out += " or "
		case i > 0:
			out += ", "
		}
		out += s
	}
	return out
}

// LeavesAs is the wording as it leaves: what the person wrote for that, or their
// wording with the names and the money that they hide taken out.
func (e *Entry) LeavesAs() string {
	if e.Leaves != "" {
		return e.Leaves
	}
	h := paper.Hidden{Money: slices.Contains(e.Hides, HideMoney)}
	if slices.Contains(e.Hides, HideClient) {
		h.Names = named(paper.Swap{Name: e.ProjectName, By: "a project"})
	}
	if slices.Contains(e.Hides, HideNames) {
		h.Names = append(h.Names, colleagues(nil, e.Asked)...)
	}
	return h.From(e.Words)
}

// items are the pieces that an entry stands for, on the person's own word. Several
// entries may speak of the same projects, people and bodies: they are taken for the
// same, so that nothing is counted twice, unless the project has a name of its own.
func (e *Entry) items() (out []Item) {
	to := e.To
	line := framework.Evidence{
		Kind: e.Kind, As: string(e.Role), Count: int(e.Pieces), Hours: int(e.Hours), Projects: int(e.Projects), People: int(e.People), Bodies: int(e.Bodies),
		Tier: e.Tier, Finished: e.Finished, OutsideOffice: e.Outside, About: e.About,
	}
	if line.Projects == 0 && e.ProjectName != "" {
		line.Projects = 1
	}
	spread := standing.Spread([]framework.Evidence{line}, "own/", func(framework.Evidence) (time.Time, time.Time) {
		if to == "" {
			return date(e.From), date(e.From)
		}
		return date(e.From), date(to)
	})
	for i, s := range spread {
		switch {
		case e.ProjectName != "":
			s.Project += "/" + fold.Key(e.ProjectName)
		case e.Projects == 0 && s.Project != "": // a piece that is a project
			s.Project += "/" + e.ID
		}
		it := Item{
			Key: "entry/" + e.ID + "/" + strconv.Itoa(i), Kind: s.Kind, Role: e.Role, Origin: OwnWord, Project: s.Project, ProjectName: e.ProjectName, Outside: e.Outside, Scale: e.Tier,
			From: s.From.Format(time.DateOnly), To: s.To.Format(time.DateOnly), SubjectKind: "entry", SubjectID: e.ID, Label: e.Words,
			People: s.People, Bodies: s.Bodies, Hours: s.Hours, About: e.About, Finished: e.Finished,
		}
		if len(spread) == 1 || lasting(e.Kind) { // such work lasts, and is not of a day
			it.From, it.To = e.From, e.To
		}
		out = append(out, it)
	}
	return out
}

// lasting are the kinds of which each piece lasts from the first day to the last.
func lasting(kind string) bool {
	switch kind {
	case "project.managed", "project.supported", "delivery.worked", "programme.managed", "team.led", "budget.held", "secondment.served":
		return true
	}
	return false
}

// Says is an entry's number of pieces in words.
func (e *Entry) Says() string {
	if e.Pieces == 1 {
		return "one piece"
	}
	return strconv.FormatInt(e.Pieces, 10) + " pieces"
}
