// Package mentoring brings two people together with a rhythm: somebody offers, somebody
// asks, both agree, they meet, and each keeps notes for themselves. A question to which
// nobody says yes leaves nothing behind.
package mentoring

import (
	"slices"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	See      = authz.Action("mentoring.see")
	Ask      = authz.Action("mentoring.ask")
	OwnOffer = authz.Action("mentoring.own_offer")
	OwnPair  = authz.Action("mentoring.own_pair")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: See, Says: "See who offers to mentor", Roles: authz.SignedInRoles},
	{Action: Ask, Says: "Ask somebody who offers to mentor", Roles: authz.Accounts},
	{Action: OwnOffer, Says: "Offer to mentor, change that and take it back", Owner: true, Private: true},
	{Action: OwnPair, Says: "Agree to be one of a pair, decline, note meetings with a note for oneself, end it", Owner: true, Private: true},
}

// KeepTables are the tables of this feature whose rows are no changes of state, or
// mostly none: a question of which nothing comes leaves nothing in the record.
var KeepTables = []string{"mentoring_pair", "mentoring_look"}

// Topic is a competency of the framework in force, which an offer can be about.
type Topic struct{ ID, Name string }

// Offer is what somebody offers.
type Offer struct {
	ID, Person, Name string
	Topics           []string // ids of competencies
	Words            string   // what else they offer, or in which way
	Weeks            int      // from one meeting to the next
	Places, Taken    int      // how many at once
	Until            clock.Day
	Version          int64
}

// Open reports whether somebody can ask on a day.
func (o Offer) Open(today clock.Day) bool {
	return (o.Until == "" || o.Until >= today) && o.Taken < o.Places
}

const maxWords, maxTopics, maxPlaces, maxWeeks, maxMinutes = 2000, 10, 10, 26, 480

func (o Offer) check(today clock.Day, known []Topic) error {
	var c errs.Check
	c.That(len(o.Topics) > 0 || o.Words != "", "words", "Choose a topic, or say in your own words what you can help with.")
	c.That(len(o.Topics) <= maxTopics, "topics", "Choose at most %d: what you know best.", maxTopics)
	for _, id := range o.Topics {
		c.That(slices.ContainsFunc(known, func(t Topic) bool { return t.ID == id }), "topics", "There is no such competency in the framework in force.")
	}
	c.Fits("words", o.Words, maxWords)
	checkWeeks(&c, o.Weeks)
	c.That(o.Places >= 1 && o.Places <= maxPlaces, "places", "How many at once? From 1 to %d.", maxPlaces)
	c.That(o.Until == "" || clock.ValidDay(o.Until), "until", "Enter a date such as 2026-11-24, or none.")
	c.That(!clock.ValidDay(o.Until) || o.Until >= today, "until", "This lies in the past already.")
	return c.Err()
}

func checkWeeks(c *errs.Check, weeks int) {
	c.That(weeks >= 1 && weeks <= maxWeeks, "weeks", "Every how many weeks? From 1 to %d.", maxWeeks)
}

// State is how far a pair has come.
type State string

// The states. A pair that does not come about does not stay.
const (
	Asked    State = "asked"    // waits for the mentor
	Proposed State = "proposed" // the mentor would meet in another rhythm; waits for the other
	Agreed   State = "agreed"
	Ended    State = "ended"
)

// Pair is two people who meet, or of whom one has asked.
type Pair struct {
	ID                 string
	Mentor, MentorName string
	Mentee, MenteeName string
	Words              string // what the one who asks is looking for
	Weeks              int
	State              State
	Began, Ended, Last clock.Day // Last is the newest meeting
	Meetings           int
	Version            int64

	mentorAway, menteeAway bool // they cannot sign in
}

// Away is the name of one of the two who cannot sign in, so that they do not meet;
// empty if both can. They may come back: only an erasure ends a pair by itself.
func (p Pair) Away() string {
	switch {
	case p.mentorAway:
		return p.MentorName
	case p.menteeAway:
		return p.MenteeName
	}
	return ""
}

// Other is the name of the one who is not the reader.
func (p Pair) Other(reader string) string {
	if p.Mentor == reader {
		return p.MenteeName
	}
	return p.MentorName
}

// Waits reports whether the pair waits for a person to agree.
func (p Pair) Waits(person string) bool {
	return p.State == Asked && p.Mentor == person || p.State == Proposed && p.Mentee == person
}

// Next is the day on which they meet next by their rhythm; none for a pair that
// does not meet. It is never stored.
func (p Pair) Next() clock.Day {
	if p.State != Agreed || p.mentorAway || p.menteeAway {
		return ""
	}
	return clock.AddDays(max(p.Began, p.Last), 7*p.Weeks)
}

// dueDays is how long before the day a meeting is brought to mind: time to find one.
const dueDays = 3

// Due reports whether the next meeting is to be brought to mind on a day.
func (p Pair) Due(today clock.Day) bool {
	next := p.Next()
	return next != "" && clock.AddDays(next, -dueDays) <= today
}

// Meeting is one that was held.
type Meeting struct {
	ID      string
	On      clock.Day
	Minutes int
	NotedBy string // name
	Note    string // of the reader
}

func (m Meeting) check(p Pair, today clock.Day) error {
	var c errs.Check
	c.That(clock.ValidDay(m.On), "on", "Enter a date such as 2026-11-24.")
	c.That(!clock.ValidDay(m.On) || m.On <= today, "on", "This is to come. Note it when it was held.")
	c.That(!clock.ValidDay(m.On) || m.On >= p.Began, "on", "You agreed on %s; a meeting before that is none of this pair.", p.Began)
	c.That(m.Minutes >= 5 && m.Minutes <= maxMinutes, "minutes", "How many minutes? From 5 to %d.", maxMinutes)
	c.Fits("note", m.Note, maxWords)
	return c.Err()
}

// Offering is the event of an offer: that it is made, changed or taken back.
type Offering struct {
	Offer  string `json:"offer"`
	Person string `json:"person"`
	What   string `json:"-"`
}

// Activity implements activity.Event. It says no participants: to offer is no work.
func (e Offering) Activity() activity.Meta {
	return activity.Meta{Verb: "mentoring." + e.What, Version: 1, SubjectKind: "mentoring_offer", SubjectID: e.Offer}
}

// Between is the event of a pair: that it was agreed or ended, that a meeting was
// held or was noted wrongly. There is one for each of the two, which only they read,
// and none of a question that came to nothing.
type Between struct {
	Pair    string              `json:"pair"`
	Meeting string              `json:"meeting,omitempty"`
	Person  string              `json:"person"`
	Role    activity.RoleInWork `json:"role"`
	On      clock.Day           `json:"on"`
	What    string              `json:"-"`
}

// Activity implements activity.Event. Of a meeting the mentor led it, the other was there.
func (e Between) Activity() activity.Meta {
	m := activity.Meta{Verb: "mentoring." + e.What, Version: 1, SubjectKind: "mentoring_pair", SubjectID: e.Pair, Audience: e.Person}
	if e.Meeting != "" {
		m.SubjectKind, m.SubjectID = "mentoring_meeting", e.Meeting
		m.Participants = []activity.Participant{{Person: e.Person, Role: e.Role}}
	}
	return m
}
