// Package mail sends what Cairn has to say to somebody who is not looking at it:
// invitations, links, reminders. A message is queued in the transaction of what it
// tells of, and sent later, tried again with growing pauses. There is nothing in
// it that reports back: no pictures, no links but the one that it is about.
package mail

import (
	"net/mail"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	Manage       = authz.Action("mail.manage")
	OwnReminders = authz.Action("mail.own_reminders")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: Manage, Says: "See which mail was sent or failed, send a test, try again", Roles: []authz.Role{authz.Administrator, authz.Operator}},
	{Action: OwnReminders, Says: "Choose whether reminders come by mail", Owner: true, Private: true},
}

// KeepTables are the tables of this feature; their rows are no changes of state.
var KeepTables = []string{"mail", "mail_reminder"}

// Letter is what a message says, in parts that become plain text and HTML.
type Letter struct {
	Subject    string
	Paragraphs []string
	Link       string // the address that it is about; empty for none
	Does       string // what opening the link leads to: "Choose a password"
	List       []Line // what else it is about, each with its page
	Why        string // why the receiver gets it
}

// Line is one of several things that a letter is about.
type Line struct{ Says, Link string }

// Message is a letter to somebody.
type Message struct {
	Person  string // id; empty for somebody who is not in the directory
	Address string
	Kind    string // what it is, for the list: invitation, link, test
	Letter
}

const maxAddress = 320

func (m Message) check() error {
	var c errs.Check
	a, err := mail.ParseAddress(m.Address)
	c.That(err == nil && a.Name == "" && len(m.Address) <= maxAddress && !strings.ContainsAny(m.Address, "\r\n"), "to", "Enter an address such as name@example.org.")
	return c.Err()
}

// State is where a message stands.
type State string

// The states.
const (
	Queued State = "queued"
	Sent   State = "sent"
	Failed State = "failed" // after its last try
)

// Label is the state in the reader's words.
func (s State) Label() string {
	return map[State]string{Queued: "Waits", Sent: "Sent", Failed: "Given up"}[s]
}

// Row is a message in the list; what it said is not in it.
type Row struct {
	ID, Address, Kind, Subject, Error string
	State                             State
	Tries                             int
	QueuedAt, SentAt                  int64 // microseconds UTC
}

// Chosen is the event of somebody who chooses whether reminders come by mail. Only
// they read it.
type Chosen struct {
	Person string `json:"person"`
	On     bool   `json:"on"`
}

// Activity implements activity.Event.
func (e Chosen) Activity() activity.Meta {
	return activity.Meta{Verb: "mail.reminders_chosen", Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}

// Tested is the event of a test message.
type Tested struct {
	Mail string `json:"mail"`
}

// Activity implements activity.Event.
func (e Tested) Activity() activity.Meta {
	return activity.Meta{Verb: "mail.tested", Version: 1, SubjectKind: "mail", SubjectID: e.Mail}
}
