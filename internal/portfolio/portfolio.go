// Package portfolio is the register: portfolios, programmes, projects with
// their history, and who is assigned to them.
package portfolio

import (
	"slices"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
)

// The actions of this feature.
const (
	SeeRegister      = authz.Action("portfolio.see_register")
	SeeProject       = authz.Action("portfolio.see_project")
	AddProject       = authz.Action("portfolio.add_project")
	ChangeProject    = authz.Action("portfolio.change_project")
	AssignPeople     = authz.Action("portfolio.assign_people")
	Organise         = authz.Action("portfolio.organise")
	MarkConfidential = authz.Action("portfolio.mark_confidential")
	DefineFields     = authz.Action("portfolio.define_fields")
	GiveRoles        = authz.Action("portfolio.give_roles")
)

var pmo = []authz.Role{authz.PMOMember, authz.HeadOfPMO, authz.Operator}

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeeRegister, Says: "See the register, without confidential projects of others", Roles: authz.SignedInRoles},
	{Action: SeeProject, Says: "See a project that is not confidential, or is one's own", Roles: authz.SignedInRoles},
	{Action: AddProject, Says: "Add a project", Roles: pmo},
	{Action: ChangeProject, Says: "Change the facts of a project", Roles: pmo, OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor}},
	{Action: AssignPeople, Says: "Assign people to a project", Roles: pmo, OnNode: []authz.NodeRole{authz.ProjectManager, authz.Sponsor}},
	{Action: Organise, Says: "Add and rename portfolios and programmes", Roles: pmo},
	{Action: GiveRoles, Says: "Give roles on a portfolio or programme, for all that lies below, confidential projects too", Roles: []authz.Role{authz.HeadOfPMO, authz.Operator}},
	{Action: MarkConfidential, Says: "Mark a project confidential, or open it", Roles: []authz.Role{authz.HeadOfPMO, authz.Operator}},
	{Action: DefineFields, Says: "Define the organisation's own fields of a project", Roles: []authz.Role{authz.HeadOfPMO, authz.Administrator, authz.Operator}},
}

// Kind is what a person is to a project.
type Kind string

// The kinds of assignment.
const (
	Manager Kind = "project_manager"
	Sponsor Kind = "sponsor"
	Partner Kind = "pmo_partner"
	Deputy  Kind = "deputy"
	Support Kind = "support"
	Team    Kind = "team"
)

// Kinds are all kinds of assignment, with their words.
var Kinds = []struct {
	Kind  Kind
	Label string
	Role  activity.RoleInWork // what one usually is to the work
	Grant authz.NodeRole      // what one may do
}{
	{Manager, "Project manager", activity.Led, authz.ProjectManager},
	{Sponsor, "Sponsor", activity.Contributed, authz.Sponsor},
	{Partner, "PMO partner", activity.Supported, authz.Viewer},
	{Deputy, "Deputy", activity.Deputised, authz.ProjectManager},
	{Support, "Support", activity.Supported, authz.Viewer},
	{Team, "Team", activity.Contributed, authz.Team},
}

// Label is the kind in the reader's words.
func (k Kind) Label() string {
	for _, i := range Kinds {
		if i.Kind == k {
			return i.Label
		}
	}
	return string(k)
}

// RolesInWork are what a person can be to a piece of work.
var RolesInWork = []activity.RoleInWork{activity.Led, activity.Deputised, activity.Contributed, activity.Supported, activity.Observed}

// Origin tells how Cairn knows of an assignment.
type Origin string

// The origins: made in Cairn, or read from a file.
const (
	Recorded Origin = "recorded"
	Imported Origin = "imported"
)

// Assignment is a person on a project for a time.
type Assignment struct {
	ID, Project, Person string
	PersonName          string
	Kind                Kind
	For, ForName        string // whom a deputy stands in for
	Role                activity.RoleInWork
	From, To            clock.Day // To is empty while it lasts; From is empty if the source does not say
	Origin              Origin
	Source              string
	Version             int64
}

// On reports whether the assignment holds on a day.
func (a Assignment) On(day clock.Day) bool { return a.From <= day && (a.To == "" || a.To >= day) }

func kindInfo(k Kind) (role activity.RoleInWork, grant authz.NodeRole, ok bool) {
	for _, i := range Kinds {
		if i.Kind == k {
			return i.Role, i.Grant, true
		}
	}
	return "", "", false
}

func validRole(r activity.RoleInWork) bool { return slices.Contains(RolesInWork, r) }

// Portfolio holds programmes and projects.
type Portfolio struct {
	ID, Name, Code, Purpose string
	Version                 int64
}

// Programme is a set of projects within a portfolio.
type Programme struct {
	ID, Portfolio, PortfolioName, Name, Code, Purpose string
	Version                                           int64
}

// Project is a project as it stood at one date, as far as was known at one moment.
type Project struct {
	ID           string
	Facts        Facts
	Programme    string // name of the programme or portfolio above it
	Portfolio    string // name
	Confidential bool
	VanishedFrom string // name of the source in whose newest file it no longer is
	Version      int64
	People       []Assignment // sponsor, project manager and PMO partner of that date, in a list
}

// Who gives the names of the people of one kind, in order of their beginning.
func (p Project) Who(k Kind) []string {
	var out []string
	for _, a := range p.People {
		if a.Kind == k {
			out = append(out, a.PersonName)
		}
	}
	return out
}
