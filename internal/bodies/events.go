package bodies

import (
	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// BodyEvent is the event of a governing body, a seat in it or a deputy.
type BodyEvent struct {
	Body   string    `json:"body"`
	Node   string    `json:"node,omitempty"`
	Kind   BodyKind  `json:"kind,omitempty"`
	Person string    `json:"person,omitempty"` // who has the seat
	Deputy string    `json:"deputy,omitempty"`
	Seat   SeatKind  `json:"seat,omitempty"`
	Side   Side      `json:"side,omitempty"`
	From   clock.Day `json:"from,omitempty"`
	To     clock.Day `json:"to,omitempty"`
	By     string    `json:"by,omitempty"`
	What   string    `json:"-"`
}

// Activity implements activity.Event: who sets a body up or changes it led that
// piece of work.
func (e BodyEvent) Activity() activity.Meta {
	m := activity.Meta{Verb: e.What, Version: 1, SubjectKind: "body", SubjectID: e.Body, Project: e.Node}
	if e.By != "" {
		m.Participants = []activity.Participant{{Person: e.By, Role: activity.Led}}
	}
	return m
}

// MeetingEvent is the event of a meeting. That of a held one says who was there
// and what each was to the work of the meeting.
type MeetingEvent struct {
	Meeting string                 `json:"meeting"`
	Kind    MeetingKind            `json:"kind"`
	Body    string                 `json:"body,omitempty"`
	Project string                 `json:"project,omitempty"`
	Node    string                 `json:"-"`
	On      clock.Day              `json:"on"`
	Needed  int                    `json:"quorum_needed,omitempty"`
	Present int                    `json:"quorum_present,omitempty"`
	Quorate *bool                  `json:"quorate,omitempty"` // of a held one
	Number  int                    `json:"number,omitempty"`  // of confirmed minutes
	There   []activity.Participant `json:"-"`
	What    string                 `json:"-"`
}

// Activity implements activity.Event.
func (e MeetingEvent) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "meeting", SubjectID: e.Meeting, Project: e.Node, Participants: e.There}
}

// participants are those who were there, with their role in the work.
func participants(list []Attendee) (out []activity.Participant) {
	for _, a := range list {
		if a.There {
			out = append(out, activity.Participant{Person: a.Person, Role: a.Role, For: a.For})
		}
	}
	return out
}

// OfferEvent is the event of a seat that was offered to a deputy.
type OfferEvent struct {
	Offer   string `json:"offer"`
	Meeting string `json:"meeting"`
	Person  string `json:"person"`
	Deputy  string `json:"deputy"`
	Node    string `json:"-"`
	What    string `json:"-"`
}

// Activity implements activity.Event.
func (e OfferEvent) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "meeting", SubjectID: e.Meeting, Project: e.Node}
}

// DeputisingConfirmed is the event of a deputising that whom it was for, or the
// chair, confirmed.
type DeputisingConfirmed struct {
	Meeting string    `json:"meeting"`
	Body    string    `json:"body,omitempty"`
	Project string    `json:"project,omitempty"`
	Deputy  string    `json:"deputy"`
	For     string    `json:"for"`
	By      string    `json:"by"`
	On      clock.Day `json:"on"`
	Node    string    `json:"-"`
}

// Activity implements activity.Event.
func (e DeputisingConfirmed) Activity() activity.Meta {
	return activity.Meta{
		Verb: "deputising.confirmed", Version: 1, SubjectKind: "meeting", SubjectID: e.Meeting, Project: e.Node,
		Participants: []activity.Participant{{Person: e.Deputy, Role: activity.Deputised, For: e.For}},
	}
}

// DecisionEvent is the event of a decision: who decided and who carries it out,
// never what it says.
type DecisionEvent struct {
	Decision   string     `json:"decision"`
	Project    string     `json:"project,omitempty"`
	Node       string     `json:"-"`
	Body       string     `json:"body,omitempty"`
	Person     string     `json:"person,omitempty"`
	On         clock.Day  `json:"on,omitempty"`
	OriginKind OriginKind `json:"origin_kind"`
	Origin     string     `json:"origin,omitempty"`
	Owner      string     `json:"owner,omitempty"`
	Due        clock.Day  `json:"due,omitempty"`
	Supersedes string     `json:"supersedes,omitempty"`
	By         string     `json:"by,omitempty"` // who recorded it
	What       string     `json:"-"`
}

// Activity implements activity.Event: who decided led it, who wrote it down
// supported it; who carried it out led that.
func (e DecisionEvent) Activity() activity.Meta {
	m := activity.Meta{Verb: e.What, Version: 1, SubjectKind: "decision", SubjectID: e.Decision, Project: e.Node}
	leads := e.Person
	if e.What == decisionCarried {
		leads = e.Owner
	}
	if leads != "" && e.What != decisionAsked {
		m.Participants = append(m.Participants, activity.Participant{Person: leads, Role: activity.Led})
	}
	if e.By != "" && (e.By != leads || e.What == decisionAsked) {
		m.Participants = append(m.Participants, activity.Participant{Person: e.By, Role: activity.Supported})
	}
	return m
}

// The verbs of decisions.
const (
	decisionAsked      = "decision.asked"
	decisionTaken      = "decision.taken"
	decisionSuperseded = "decision.superseded"
	decisionCarried    = "decision.carried_out"
)
