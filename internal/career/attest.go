package career

import (
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// The actions of attestation beside one's own career.
const (
	Attest       = authz.Action("career.attest")
	AttestByLink = authz.Action("career.attest_by_link")
)

// Attestation is somebody asked to confirm a piece of evidence, and their answer.
type Attestation struct {
	ID           string
	Person       string // whose evidence it is
	PersonName   string
	AboutKind    string // group, entry
	AboutID      string
	Attester     string // empty for somebody outside, who has a link
	AttesterName string
	Wording      string // what they see, and what they confirmed
	CountsAs     string // of an entry, at the attester's: kind, role in the work, time and size
	Amended      string // their wording, if they would rather confirm that
	Reason       string // of declining
	State        AttestState
	CoversTo     clock.Day // what came later is not confirmed
	Expires      int64     // of a link, microseconds UTC; 0 for a colleague
	AskedAt      int64
	AnsweredAt   int64
	Version      int64
}

// AttestState is how far an attestation has come.
type AttestState string

// The states. An expired link is asked and past its time.
const (
	AttestAsked     AttestState = "asked"
	AttestConfirmed AttestState = "confirmed"
	AttestAmended   AttestState = "amended"  // waits for the person
	AttestDeclined  AttestState = "declined" // seen by the person alone
	AttestWithdrawn AttestState = "withdrawn"
	AttestRefused   AttestState = "refused" // the person did not take the amended wording
	AttestLapsed    AttestState = "lapsed"  // the wording was changed afterwards
)

// Open reports whether the attester can still answer.
func (a Attestation) Open(now time.Time) bool {
	return a.State == AttestAsked && (a.Expires == 0 || now.UnixMicro() < a.Expires)
}

// ByLink reports whether it is somebody outside.
func (a Attestation) ByLink() bool { return a.Attester == "" }

// Counts reports whether it makes evidence attested. A link passes through the hands
// of whoever asks: they could follow it themselves, so that what it confirms is shown
// and weighs no more than their own word.
func (a Attestation) Counts() bool { return a.State == AttestConfirmed && !a.ByLink() }

// The kinds of what can be attested.
const (
	AboutGroup = "group"
	AboutEntry = "entry"
)

// linkLife is how long somebody outside can answer.
const linkLife = 30 * 24 * time.Hour

const maxOpenAsks = 30

// Attested is the event of an attestation: asked, answered, taken or taken back. Only
// the person may read it; a colleague who declines is not told about in the record.
type Attested struct {
	Attestation string `json:"attestation"`
	Person      string `json:"person"`
	Attester    string `json:"attester,omitempty"`
	What        string `json:"-"`
}

// Activity implements activity.Event.
func (e Attested) Activity() activity.Meta {
	return activity.Meta{Verb: "attestation." + e.What, Version: 1, SubjectKind: "attestation", SubjectID: e.Attestation, Audience: e.Person}
}

// RightPerson says who is the one to attest a kind of work, as the framework has it;
// nobody is asked about some.
func RightPerson(by *framework.Framework, kind string) (who string, nobody bool) {
	for _, a := range by.WhoCanAttest {
		for _, k := range a.Kinds {
			if k == kind {
				return a.Who, a.Who == "nobody is asked"
			}
		}
	}
	return "somebody who was there", false
}
