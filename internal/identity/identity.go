// Package identity knows people, with or without an account: sign-in,
// invitations, roles, sessions and API tokens.
package identity

import (
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// Person is somebody whom the record names.
type Person struct {
	ID, Name, Email   string
	JobTitle, OrgUnit string
	LeftOn            string // ISO date; empty while they are here
	Version           int64
	HasAccount        bool
	Role              authz.Role // of the account
	Active            bool       // the account can sign in
	Invited           bool       // there is an account without a password
	Erased            bool       // nothing of them is left; what refers to them stays
}

// The actions of this feature.
const (
	SeePeople      = authz.Action("identity.see_people")
	AddPeople      = authz.Action("identity.add_people")
	ManageAccounts = authz.Action("identity.manage_accounts")
	OwnAccount     = authz.Action("identity.own_account")
	UseLink        = authz.Action("identity.use_link")
	SeeHeld        = authz.Action("identity.see_held")
	ErasePerson    = authz.Action("identity.erase_person")
	MergePeople    = authz.Action("identity.merge_people")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeePeople, Says: "See the names of people", Roles: authz.SignedInRoles},
	{Action: AddPeople, Says: "Add people without an account", Roles: []authz.Role{authz.PMOMember, authz.HeadOfPMO, authz.Administrator, authz.Operator}},
	{Action: ManageAccounts, Says: "Invite, change roles, deactivate, make reset links", Roles: []authz.Role{authz.Administrator, authz.Operator}},
	{Action: SeeHeld, Says: "See what is held about a person and what an erasure would do; how much of a career, the person alone", Roles: []authz.Role{authz.Administrator, authz.Operator}, Owner: true, Private: true},
	{Action: ErasePerson, Says: "Erase a person", Roles: []authz.Role{authz.Administrator, authz.Operator}},
	{Action: MergePeople, Says: "Merge two entries of one person, and take that back", Roles: []authz.Role{authz.HeadOfPMO, authz.Administrator, authz.Operator}},
	{Action: OwnAccount, Says: "Change the own password, tokens and sessions, take the own data away, ask to be erased", Owner: true, Private: true},
	{Action: UseLink, Says: "Use a one-time link", Roles: authz.Everyone},
}

// Lifetimes of what a person is given.
const (
	LinkLife    = 7 * 24 * time.Hour
	SessionIdle = 14 * 24 * time.Hour
	SessionLife = 30 * 24 * time.Hour
	seenEvery   = 5 * time.Minute // how often a session's last use is written
)

// The shortest and longest password, in characters (NIST SP 800-63B asks for
// at least eight; longer than this only costs time).
const minPassword, maxPassword = 10, 200

func checkPassword(pw string, c *errs.Check) {
	n := utf8.RuneCountInString(pw)
	c.That(n >= minPassword, "password", "Use at least %d characters.", minPassword)
	c.That(n <= maxPassword, "password", "Use at most %d characters.", maxPassword)
}

func checkPerson(p Person, c *errs.Check) {
	c.That(p.Name != "", "name", "Enter a name.")
	c.Fits("name", p.Name, 200)
	c.That(len(p.Email) <= 200, "email", "Use at most 200 characters.") // octets, as those of an address are counted
	c.Fits("job_title", p.JobTitle, 200)
	c.Fits("org_unit", p.OrgUnit, 200)
	c.That(p.LeftOn == "" || clock.ValidDay(p.LeftOn), "left_on", "Enter a date such as 2026-11-24.")
	if p.Email != "" {
		_, err := mail.ParseAddress(p.Email)
		c.That(err == nil && !strings.ContainsAny(p.Email, " <>"), "email", "Enter an address such as name@example.org.")
	}
}

func validRole(r authz.Role) bool {
	for _, a := range authz.Accounts {
		if a == r {
			return true
		}
	}
	return false
}

// Changed is the event of a person or their account: ids and facts, no names.
type Changed struct {
	Person string `json:"person"`
	What   string `json:"-"`
	Role   string `json:"role,omitempty"`
	Token  string `json:"token,omitempty"`
	Other  string `json:"other,omitempty"` // the entry that was merged into this one, or parted from it
}

// Activity implements activity.Event.
func (e Changed) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "person", SubjectID: e.Person}
}

// The verbs of Changed.
const (
	personAdded     = "person.added"
	personChanged   = "person.changed"
	accountInvited  = "account.invited"
	accountRole     = "account.role_changed"
	accountClosed   = "account.deactivated"
	accountOpened   = "account.activated"
	passwordSet     = "password.set"
	passwordChanged = "password.changed"
	resetMade       = "password.reset_link_made"
	tokenMade       = "token.made"
	tokenRevoked    = "token.revoked"
	sessionsEnded   = "sessions.ended"
	erasureAsked    = "person.erasure_asked"
	erasureDropped  = "person.erasure_withdrawn"
	personErased    = "person.erased"
	personMerged    = "person.merged"
	personParted    = "person.parted"
)
