package career

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// Group is what the record proposes as one piece of evidence: the pieces of one kind
// of work, in one role, on one project or at one body.
type Group struct {
	ID          string // says nothing of what it is
	Kind        string
	Role        activity.RoleInWork
	Origin      Origin
	Project     string
	ProjectName string
	Body        string
	BodyName    string
	Tier        string // of the project, in the words of its method
	From, To    clock.Day
	Lasts       bool // one of its pieces goes on
	Months      int  // calendar months covered, each once
	Closed      bool // the project came to its end
	Items       []Item
	Claim       Claim
	Currency    string
	Budget      int64
	Asked       []Attestation
	around      []string // names of the people around it, if the person hides names
}

// The states of a proposal.
const (
	Proposed = ""
	Accepted = "accepted"
	Dropped  = "dropped"
)

// What a wording can hide when it leaves.
const (
	HideClient = "client" // the names of projects and bodies
	HideMoney  = "money"
	HideNames  = "names" // of people: they are in no wording that Cairn makes
)

// Hides are they in the order in which they are offered.
var Hides = []string{HideClient, HideMoney, HideNames}

// Claim is what a person made of a proposal.
type Claim struct {
	State   string
	Words   string // the person's own; empty for Cairn's
	Leaves  string // what leaves, if it is not Words with what is hidden taken out
	Hides   []string
	Version int64
}

// Hidden reports whether something is hidden when the wording leaves.
func (c Claim) Hidden(what string) bool { return slices.Contains(c.Hides, what) }

// groupOf names the group that an item belongs to.
func groupOf(it *Item) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{it.Kind, string(it.Role), string(it.Origin), it.Project, it.Body}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

const maxClaimWords = 2000

func (c Claim) check() error {
	var e errs.Check
	e.That(c.State == Accepted || c.State == Dropped || c.State == Proposed, "state", "Choose to keep or to drop it.")
	e.Fits("words", c.Words, maxClaimWords)
	e.Fits("leaves", c.Leaves, maxClaimWords)
	for _, h := range c.Hides {
		e.That(slices.Contains(Hides, h), "hides", "Hide the client, money or names.")
	}
	return e.Err()
}

// Keeping is the event of what a person does with their evidence: keep, word, redact,
// drop, enter, take back. It is the same for all of these, and only they may read it:
// not even the record can tell what somebody dropped.
type Keeping struct {
	Person string `json:"person"`
}

// Activity implements activity.Event.
func (e Keeping) Activity() activity.Meta {
	return activity.Meta{Verb: "evidence.kept", Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}

// groupsOf puts items together; the youngest group comes first. What lasts, lasts to
// today.
func groupsOf(items []Item, today clock.Day) []Group {
	at := map[string]int{}
	var out []Group
	for i := range items {
		it := &items[i]
		if it.Origin == OwnWord {
			continue
		}
		id := groupOf(it)
		n, known := at[id]
		if !known {
			n = len(out)
			at[id] = n
			out = append(out, Group{ID: id, Kind: it.Kind, Role: it.Role, Origin: it.Origin, Project: it.Project, ProjectName: it.ProjectName, Body: it.Body, BodyName: it.BodyName, From: it.From, Closed: it.Closed})
		}
		out[n].add(it, today)
	}
	for n := range out {
		out[n].Months = monthsOf(out[n].Items, out[n].To)
	}
	slices.SortStableFunc(out, func(a, b Group) int {
		if a.To != b.To {
			return strings.Compare(b.To, a.To)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

func (g *Group) add(it *Item, today clock.Day) {
	g.Items = append(g.Items, *it)
	if it.From != "" && (g.From == "" || it.From < g.From) {
		g.From = it.From
	}
	if it.To == "" {
		g.Lasts, g.To = true, today
	}
	g.To = max(g.To, it.To, it.From)
	if it.Tier != "" {
		g.Tier = it.Tier
	}
}

// monthsOf counts the calendar months that pieces cover, overlapping ones once. What
// lasts is counted to the last day that is known of.
func monthsOf(items []Item, last clock.Day) int {
	months := map[string]bool{}
	for _, it := range items {
		if len(it.From) < len("2006-01") {
			continue
		}
		to := it.To
		if to == "" {
			to = last
		}
		end := date(to)
		for m := date(it.From[:7] + "-01"); !m.After(end); m = m.AddDate(0, 1, 0) {
			months[m.Format("2006-01")] = true
		}
	}
	return len(months)
}
