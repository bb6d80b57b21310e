// Package activity is the record of everything that changed: one entry per
// change, append-only, chained, and the only source of audit, feeds and
// evidence. An entry holds ids and facts, never names or free text.
package activity

import (
	"encoding/json"
	"time"
)

// RoleInWork is what a person was to one piece of work, not to the project around it.
type RoleInWork string

// The roles in the work, lowest first.
const (
	Observed    RoleInWork = "observed"
	Supported   RoleInWork = "supported"
	Contributed RoleInWork = "contributed"
	Deputised   RoleInWork = "deputised"
	Led         RoleInWork = "led"
)

// Participant is a person who took part in what happened.
type Participant struct {
	Person string     `json:"person"`
	Role   RoleInWork `json:"role"`
	For    string     `json:"for,omitempty"` // whom they deputised for
}

// Meta is what every event says about itself.
type Meta struct {
	Verb         string // stable name, "report.submitted"
	Version      int    // of the payload's shape
	SubjectKind  string
	SubjectID    string
	Project      string // node of the register whose visibility the entry has; empty for none
	Audience     string // id of the only person who may read it; empty for the project's readers
	Participants []Participant
	Anonymous    bool // no actor is stored
}

// Event is a fact of a feature: a struct whose JSON form is the payload.
type Event interface{ Activity() Meta }

// Entry is an event as it stands in the record.
type Entry struct {
	Seq          int64
	ID           string
	At           time.Time
	Verb         string
	Version      int
	Actor        string // empty for the operator, for jobs and for anonymous posts
	SubjectKind  string
	SubjectID    string
	Project      string
	Audience     string
	Participants []Participant
	Facts        json.RawMessage // the event; nil when it was erased
}

// payload is what is digested and stored: the event with its participants.
type payload struct {
	Event        json.RawMessage `json:"event"`
	Participants []Participant   `json:"participants,omitempty"`
}
