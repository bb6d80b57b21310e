// Package governance asks each project for the least that is enough and computes
// from the record what is missing: methods in versions, the dial that gives a
// tier, the controls that a tier asks for with their evidence, gaps, waivers and
// findings, what a control costs those who live with it, and gates with
// conditions.
package governance

import (
	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// The actions of this feature.
const (
	SeeMethods     = authz.Action("governance.see_methods")
	WriteMethods   = authz.Action("governance.write_methods")
	PublishMethods = authz.Action("governance.publish_methods")
	SeeGovernance  = authz.Action("governance.see")
	AnswerDial     = authz.Action("governance.answer_dial")
	OpineTier      = authz.Action("governance.opine_tier")
	OverrideTier   = authz.Action("governance.override_tier")
	MoveProjects   = authz.Action("governance.move_projects")
	SpeakOfControl = authz.Action("governance.speak_of_control")
	AssessControl  = authz.Action("governance.assess_control")
	RaiseFinding   = authz.Action("governance.raise_finding")
	CloseFinding   = authz.Action("governance.close_finding")
	AskWaiver      = authz.Action("governance.ask_waiver")
	DecideWaiver   = authz.Action("governance.decide_waiver")
	AnswerControl  = authz.Action("governance.answer_control")
	SeeUse         = authz.Action("governance.see_use")
	ProposeChange  = authz.Action("governance.propose_change")
)

var pmo = []authz.Role{authz.PMOMember, authz.HeadOfPMO, authz.Operator}

var head = []authz.Role{authz.HeadOfPMO, authz.Operator}

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeeMethods, Says: "See the methods, their versions and what changed", Roles: authz.SignedInRoles},
	{Action: WriteMethods, Says: "Draft a version of a method and try it on the projects that run", Roles: pmo},
	{Action: PublishMethods, Says: "Publish a version of a method", Roles: head},
	{Action: SeeGovernance, Says: "See what is asked of a project and where it is missing", Roles: authz.SignedInRoles},
	{Action: AnswerDial, Says: "Answer the questions that give a project its tier", Roles: pmo, OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor}},
	{Action: OverrideTier, Says: "Set another tier than the dial gave, within the authority of the method", Roles: pmo, OnNode: []authz.NodeRole{authz.Sponsor}},
	{Action: OpineTier, Says: "Say what one thinks of a lower tier, where the method wants to hear one's role", Roles: authz.SignedInRoles},
	{Action: MoveProjects, Says: "Move a project to another version of its method", Roles: pmo},
	{Action: SpeakOfControl, Says: "Note that something of the work took place, or attest what a control accepts", Roles: pmo, OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor, authz.Team}},
	{Action: AssessControl, Says: "Assess a control where judgement is needed", Roles: pmo},
	{Action: RaiseFinding, Says: "Record a finding", Roles: pmo},
	{Action: CloseFinding, Says: "Close a finding, with a re-test", Roles: pmo},
	{Action: AskWaiver, Says: "Ask for a control to be waived", Roles: pmo, OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor}},
	{Action: DecideWaiver, Says: "Grant or refuse a waiver, within the authority of the method, and never one's own", Roles: authz.SignedInRoles},
	{Action: AnswerControl, Says: "Say whether a control helped, and what it cost in minutes", OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor, authz.Team}},
	{Action: SeeUse, Says: "See what controls give and cost, from five people on", Roles: authz.SignedInRoles},
	{Action: ProposeChange, Says: "Propose that a control is changed or retired", Roles: authz.SignedInRoles},
}

// KeepTables are the tables that hold no change of state: what is computed from
// the record, and drafts.
var KeepTables = []string{"control_segment", "control_tally", "control_tallied", "control_stale", "method_draft"}

// Lasting is the day on which what has no end ends.
const Lasting clock.Day = "9999-12-31"

// Governed is which version, tier and phase hold for a project for a time. From
// is included, To is not.
type Governed struct {
	ID, Project string
	From, To    clock.Day
	Version     string // id of the version of the method
	Dial        string // id of the answers; empty when it was set without
	Tier        method.Tier
	Involves    []string
	Phase       string // id in the method
	Why         string // answered, overridden, moved, phase, imported
	By          string
	At          int64 // microseconds
}

// The reasons of a new row of Governed.
const (
	WhyAnswered   = "answered"
	WhyOverridden = "overridden"
	WhyMoved      = "moved"
	WhyPhase      = "phase"
	WhyImported   = "imported" // a file of past decisions named the method
)

// On reports whether the row holds on a day.
func (g Governed) On(day clock.Day) bool { return g.From <= day && day < g.To }

// Version is a published version of a method.
type Version struct {
	ID, Method  string
	Number      int
	Name        string
	SHA256      string
	BasedOn     string // id of a version; empty for the first
	Changes     string // what changed and why, in words
	Reasons     []Reason
	PublishedBy string
	ByName      string
	At          int64 // microseconds
	Projects    int   // that follow it now and are seen by the reader
}

// Reason is what stands behind a change of a method.
type Reason struct {
	Kind  string `json:"kind"` // finding, proposal, lesson
	ID    string `json:"id"`
	Words string `json:"words"`
}
