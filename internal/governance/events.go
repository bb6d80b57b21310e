package governance

import (
	"cairn/internal/governance/method"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// MethodPublished is an event.
type MethodPublished struct {
	Version string `json:"version"`
	Method  string `json:"method"`
	Number  int    `json:"number"`
	SHA256  string `json:"sha256"`
	By      string `json:"by"`
}

// Activity implements activity.Event.
func (e MethodPublished) Activity() activity.Meta {
	return activity.Meta{Verb: "method.published", Version: 1, SubjectKind: "method", SubjectID: e.Version, Participants: took(e.By, activity.Led)}
}

// DialAnswered is an event: the dial was answered, or confirmed before a gate.
type DialAnswered struct {
	Dial     string      `json:"dial"`
	Project  string      `json:"project"`
	Version  string      `json:"version"`
	Tier     method.Tier `json:"tier"`
	Points   int         `json:"points"`
	Confirms string      `json:"confirms,omitempty"` // id of the answers that still hold
	By       string      `json:"by"`
}

// Activity implements activity.Event.
func (e DialAnswered) Activity() activity.Meta {
	verb := "dial.answered"
	if e.Confirms != "" {
		verb = "dial.confirmed"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "dial", SubjectID: e.Dial, Project: e.Project, Participants: took(e.By, activity.Contributed)}
}

// TierOverridden is an event.
type TierOverridden struct {
	Override string      `json:"override"`
	Project  string      `json:"project"`
	Dialled  method.Tier `json:"dialled"`
	Tier     method.Tier `json:"tier"`
	By       string      `json:"by"`
}

// Activity implements activity.Event.
func (e TierOverridden) Activity() activity.Meta {
	return activity.Meta{Verb: "tier.overridden", Version: 1, SubjectKind: "tier_override", SubjectID: e.Override, Project: e.Project, Participants: took(e.By, activity.Led)}
}

// TierOpined is an event: somebody said what they think of a lower tier.
type TierOpined struct {
	Dial    string `json:"dial"`
	Project string `json:"project"`
	Role    string `json:"role"`
	Agrees  bool   `json:"agrees"`
	By      string `json:"by"`
}

// Activity implements activity.Event.
func (e TierOpined) Activity() activity.Meta {
	return activity.Meta{Verb: "tier.opined", Version: 1, SubjectKind: "dial", SubjectID: e.Dial, Project: e.Project, Participants: took(e.By, activity.Contributed)}
}

// Moved is an event: a project follows another version of a method, or another
// phase of it.
type Moved struct {
	Project string `json:"project"`
	From    string `json:"from"`
	To      string `json:"to"`
	Why     string `json:"why"` // moved, phase
	By      string `json:"by"`
}

// Activity implements activity.Event.
func (e Moved) Activity() activity.Meta {
	return activity.Meta{Verb: "project." + map[bool]string{true: "phase_changed", false: "method_changed"}[e.Why == WhyPhase], Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project, Participants: took(e.By, activity.Supported)}
}

// Spoken is an event: somebody's word about a control.
type Spoken struct {
	Word    string    `json:"word"`
	Project string    `json:"project"`
	Control string    `json:"control"`
	Kind    string    `json:"kind"`
	Name    string    `json:"name,omitempty"`
	Verdict string    `json:"verdict,omitempty"`
	On      clock.Day `json:"on"`
	By      string    `json:"by"`
	Back    bool      `json:"taken_back,omitempty"`
}

// Activity implements activity.Event.
func (e Spoken) Activity() activity.Meta {
	verb, role := "control."+e.Kind, activity.Contributed
	if e.Kind == Assessed {
		role = activity.Led // the assessment is the piece of work
	}
	if e.Back {
		verb = "control.taken_back"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "control_word", SubjectID: e.Word, Project: e.Project, Participants: took(e.By, role)}
}

// WaiverChanged is an event: asked, agreed, granted, refused, ended.
type WaiverChanged struct {
	Waiver  string    `json:"waiver"`
	Project string    `json:"project"`
	Control string    `json:"control"`
	State   string    `json:"state"`
	Until   clock.Day `json:"until,omitempty"`
	By      string    `json:"by"`
}

// Activity implements activity.Event.
func (e WaiverChanged) Activity() activity.Meta {
	return activity.Meta{Verb: "waiver." + e.State, Version: 1, SubjectKind: "waiver", SubjectID: e.Waiver, Project: e.Project, Participants: took(e.By, activity.Contributed)}
}

// FindingChanged is an event: raised, closed.
type FindingChanged struct {
	Finding string `json:"finding"`
	Project string `json:"project"`
	Control string `json:"control"`
	State   string `json:"state"`
	By      string `json:"by"`
}

// Activity implements activity.Event.
func (e FindingChanged) Activity() activity.Meta {
	return activity.Meta{Verb: "finding." + e.State, Version: 1, SubjectKind: "finding", SubjectID: e.Finding, Project: e.Project, Participants: took(e.By, activity.Led)}
}

// UseAnswered is an event that only its writer may read: whether a control helped
// is never told by person.
type UseAnswered struct {
	Control string `json:"control"`
	Project string `json:"project"`
	By      string `json:"by"`
}

// Activity implements activity.Event.
func (e UseAnswered) Activity() activity.Meta {
	return activity.Meta{Verb: "control.answered", Version: 1, SubjectKind: "control", SubjectID: e.Control, Audience: e.By}
}

// ProposalChanged is an event: proposed, taken_up, declined, withdrawn.
type ProposalChanged struct {
	Proposal string `json:"proposal"`
	Control  string `json:"control"`
	Kind     string `json:"kind"`
	State    string `json:"state"`
	By       string `json:"by"`
}

// Activity implements activity.Event.
func (e ProposalChanged) Activity() activity.Meta {
	return activity.Meta{Verb: "proposal." + e.State, Version: 1, SubjectKind: "control_proposal", SubjectID: e.Proposal, Participants: took(e.By, activity.Led)}
}

// took is the one who took part; nobody at the command line.
func took(person string, role activity.RoleInWork) []activity.Participant {
	if person == "" {
		return nil
	}
	return []activity.Participant{{Person: person, Role: role}}
}
