package governance

import (
	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// GateMoved is the event of a planned date: set, or moved.
type GateMoved struct {
	Project string    `json:"project"`
	Gate    string    `json:"gate"`
	Was     clock.Day `json:"was,omitempty"`
	Planned clock.Day `json:"planned"`
	By      string    `json:"by"`
}

// Activity implements activity.Event.
func (e GateMoved) Activity() activity.Meta {
	return activity.Meta{
		Verb: "gate.replanned", Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project,
		Participants: withPeople(activity.Participant{Person: e.By, Role: activity.Contributed}),
	}
}

// ReviewEvent is what happens to a review, with who took part and how.
type ReviewEvent struct {
	Review   string                 `json:"review"`
	Project  string                 `json:"project"`
	Gate     string                 `json:"gate"`
	Round    int                    `json:"round"`
	Tier     string                 `json:"tier"`
	Decision string                 `json:"decision,omitempty"`
	Counted  int                    `json:"counted,omitempty"`
	Snapshot string                 `json:"snapshot_sha256,omitempty"`
	What     string                 `json:"-"`
	People   []activity.Participant `json:"-"`
}

// Activity implements activity.Event.
func (e ReviewEvent) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "gate_review", SubjectID: e.Review, Project: e.Project, Participants: withPeople(e.People...)}
}

func (r *Review) event(verb string, people ...activity.Participant) ReviewEvent {
	return ReviewEvent{Review: r.ID, Project: r.Project, Gate: r.Gate, Round: r.Round, Tier: r.Tier.String(), What: verb, People: people}
}

// ConditionEvent is what happens to a condition.
type ConditionEvent struct {
	Condition string                 `json:"condition"`
	Review    string                 `json:"review"`
	Project   string                 `json:"project"`
	Gate      string                 `json:"gate"`
	Due       clock.Day              `json:"due"`
	What      string                 `json:"-"`
	People    []activity.Participant `json:"-"`
}

// Activity implements activity.Event.
func (e ConditionEvent) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "gate_condition", SubjectID: e.Condition, Project: e.Project, Participants: withPeople(e.People...)}
}

func (c *Condition) event(verb string, people ...activity.Participant) ConditionEvent {
	return ConditionEvent{Condition: c.ID, Review: c.Review, Project: c.Project, Gate: c.Gate, Due: c.Due, What: verb, People: people}
}

// withPeople leaves out who is nobody, such as the operator, and names each
// person once, with the first role that is given.
func withPeople(list ...activity.Participant) (out []activity.Participant) {
	seen := map[string]bool{}
	for _, p := range list {
		if p.Person != "" && !seen[p.Person] {
			seen[p.Person] = true
			out = append(out, p)
		}
	}
	return out
}

// tookPart says who took part in a decision, and how: the chair led it, deputies
// stood in for a named member, everybody else who was there contributed, and so
// did the project manager.
func tookPart(r *Review, by string) (out []activity.Participant) {
	as := func(s Seat) activity.Participant {
		if s.Capacity == DeputyFor {
			return activity.Participant{Person: s.Person, Role: activity.Deputised, For: s.For}
		}
		return activity.Participant{Person: s.Person, Role: activity.Contributed}
	}
	for _, s := range r.Seats {
		if s.Person == by && s.Capacity == Chair {
			out = append(out, activity.Participant{Person: by, Role: activity.Led})
		}
	}
	for _, s := range r.Seats {
		heard := s.Present || s.Person == by || s.Capacity == Reviewer || s.Capacity == Adviser || s.Capacity == Presenter || s.Capacity == Facilitator
		if heard && !s.Conflicted() {
			out = append(out, as(s))
		}
	}
	return out
}

// worksOfReview are the pieces of work beside the decision that a review was:
// facilitating, chairing and reviewing it are each a work of its own.
func worksOfReview(r *Review, by string) (out []ReviewEvent) {
	var facilitated, reviewed, chaired []activity.Participant
	for _, s := range r.Seats {
		switch {
		case s.Capacity == Facilitator:
			facilitated = append(facilitated, activity.Participant{Person: s.Person, Role: activity.Led})
		case s.Capacity == Reviewer && !s.Conflicted():
			reviewed = append(reviewed, activity.Participant{Person: s.Person, Role: activity.Contributed})
		case s.Capacity == Chair && s.Person == by:
			chaired = append(chaired, activity.Participant{Person: s.Person, Role: activity.Led})
		case s.Capacity == DeputyFor && s.Person == by:
			chaired = append(chaired, activity.Participant{Person: s.Person, Role: activity.Deputised, For: s.For})
		}
	}
	for _, w := range []struct {
		verb   string
		people []activity.Participant
	}{{"gate.facilitated", facilitated}, {"gate.reviewed", reviewed}, {"gate.chaired", chaired}} {
		if len(w.people) > 0 {
			out = append(out, r.event(w.verb, w.people...))
		}
	}
	return out
}

// PastRecorded is the event of past decisions of a project that a file brought.
// They are nobody's work of today: it has no participants.
type PastRecorded struct {
	Project string         `json:"project"`
	Import  string         `json:"import"`
	Gates   []PastGateFact `json:"gates"`
}

// PastGateFact is one of them.
type PastGateFact struct {
	Gate     string    `json:"gate"`
	Decision string    `json:"decision"`
	On       clock.Day `json:"on"`
}

// Activity implements activity.Event.
func (e PastRecorded) Activity() activity.Meta {
	return activity.Meta{Verb: "gate.past_recorded", Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project}
}

// PastTakenBack is the event of their undo.
type PastTakenBack struct {
	Project string   `json:"project"`
	Import  string   `json:"import"`
	Gates   []string `json:"gates"`
}

// Activity implements activity.Event.
func (e PastTakenBack) Activity() activity.Meta {
	return activity.Meta{Verb: "gate.past_taken_back", Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project}
}
