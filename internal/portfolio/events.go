package portfolio

import (
	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// NodeAdded is the event of a new portfolio or programme.
type NodeAdded struct {
	Node   string `json:"node"`
	Parent string `json:"parent,omitempty"`
}

// Activity implements activity.Event.
func (e NodeAdded) Activity() activity.Meta {
	kind := "programme"
	if e.Parent == "" {
		kind = "portfolio"
	}
	return activity.Meta{Verb: kind + ".added", Version: 1, SubjectKind: kind, SubjectID: e.Node, Project: e.Node}
}

// NodeRenamed is the event of a changed portfolio or programme.
type NodeRenamed struct {
	Node string `json:"node"`
	Kind string `json:"kind"`
}

// Activity implements activity.Event.
func (e NodeRenamed) Activity() activity.Meta {
	return activity.Meta{Verb: e.Kind + ".changed", Version: 1, SubjectKind: e.Kind, SubjectID: e.Node, Project: e.Node}
}

// ProjectStated is the event of facts stated about a project: which fields, and
// for which date; never the texts.
type ProjectStated struct {
	Project string    `json:"project"`
	AsAt    clock.Day `json:"as_at"`
	Fields  []Field   `json:"fields,omitempty"`
	New     bool      `json:"new,omitempty"`
	Source  string    `json:"source,omitempty"`
	Batch   string    `json:"batch,omitempty"`
	Undo    bool      `json:"undo,omitempty"` // the batch's statements were retracted
}

// Activity implements activity.Event.
func (e ProjectStated) Activity() activity.Meta {
	verb := "project.changed"
	if e.New {
		verb = "project.added"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project}
}

// ProjectMarked is the event of a project that became confidential or open.
type ProjectMarked struct {
	Project      string `json:"project"`
	Confidential bool   `json:"confidential"`
}

// Activity implements activity.Event.
func (e ProjectMarked) Activity() activity.Meta {
	verb := "project.opened"
	if e.Confidential {
		verb = "project.marked_confidential"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project}
}

// ProjectVanished is the event of a project that the newest file of its source
// no longer holds, or holds again.
type ProjectVanished struct {
	Project string `json:"project"`
	Source  string `json:"source"`
	Back    bool   `json:"back,omitempty"`
}

// Activity implements activity.Event.
func (e ProjectVanished) Activity() activity.Meta {
	verb := "project.vanished"
	if e.Back {
		verb = "project.reappeared"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project}
}

// ProjectWithdrawn is the event of a project whose import was undone, or which
// came in again.
type ProjectWithdrawn struct {
	Project string `json:"project"`
	Batch   string `json:"batch"`
	Back    bool   `json:"back,omitempty"`
}

// Activity implements activity.Event.
func (e ProjectWithdrawn) Activity() activity.Meta {
	verb := "project.withdrawn"
	if e.Back {
		verb = "project.returned"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "project", SubjectID: e.Project, Project: e.Project}
}

// BulkEdited is the event of one change to many projects, or of its undo.
type BulkEdited struct {
	Edit     string    `json:"edit"`
	Field    string    `json:"field"`
	AsAt     clock.Day `json:"as_at"`
	Changed  int       `json:"changed"`
	Restored int       `json:"restored,omitempty"`
	Kept     int       `json:"kept,omitempty"`
	Undo     bool      `json:"undo,omitempty"`
	Person   string    `json:"person,omitempty"`
}

// Activity implements activity.Event.
func (e BulkEdited) Activity() activity.Meta {
	m := activity.Meta{Verb: "bulk_edit.applied", Version: 1, SubjectKind: "bulk_edit", SubjectID: e.Edit}
	if e.Undo {
		m.Verb = "bulk_edit.undone"
	}
	if e.Person != "" {
		m.Participants = []activity.Participant{{Person: e.Person, Role: activity.Led}}
	}
	return m
}

// PersonAssigned is the event of an assignment that was made, changed or ended.
type PersonAssigned struct {
	Assignment string              `json:"assignment"`
	Project    string              `json:"project"`
	Person     string              `json:"person"`
	Kind       Kind                `json:"kind"`
	Role       activity.RoleInWork `json:"role"`
	For        string              `json:"for,omitempty"`
	From       clock.Day           `json:"from,omitempty"`
	To         clock.Day           `json:"to,omitempty"`
	Origin     Origin              `json:"origin"`
	What       string              `json:"-"`
}

// Activity implements activity.Event.
func (e PersonAssigned) Activity() activity.Meta {
	return activity.Meta{
		Verb: e.What, Version: 1, SubjectKind: "assignment", SubjectID: e.Assignment, Project: e.Project,
		Participants: []activity.Participant{{Person: e.Person, Role: e.Role, For: e.For}},
	}
}

// The verbs of PersonAssigned.
const (
	VerbAssigned         = "assignment.made"
	VerbAssignmentChange = "assignment.changed"
	VerbAssignmentGone   = "assignment.removed"
)

func assigned(a Assignment, what string) PersonAssigned {
	return PersonAssigned{
		Assignment: a.ID, Project: a.Project, Person: a.Person, Kind: a.Kind, Role: a.Role, For: a.For,
		From: a.From, To: a.To, Origin: a.Origin, What: what,
	}
}

// The verbs of ViewKept.
const (
	VerbViewAdded   = "view.added"
	VerbViewChanged = "view.changed"
	VerbViewDeleted = "view.deleted"
)

// ViewKept is the event of a kept list that was made, changed or deleted: never
// its name or its filter. One that is not shared is its owner's alone.
type ViewKept struct {
	View   string `json:"view"`
	Owner  string `json:"owner"`
	Shared bool   `json:"shared,omitempty"`
	What   string `json:"-"`
}

// Activity implements activity.Event.
func (e ViewKept) Activity() activity.Meta {
	m := activity.Meta{Verb: e.What, Version: 1, SubjectKind: "view", SubjectID: e.View}
	if !e.Shared {
		m.Audience = e.Owner
	}
	return m
}
