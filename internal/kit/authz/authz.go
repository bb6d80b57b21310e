// Package authz decides who may do what. Features declare their actions as
// rules of one policy table; grants on portfolios, programmes and projects live
// here too, so that a list can carry its visibility inside SQL.
package authz

import (
	"fmt"
	"slices"
	"sort"
)

// Role is what an account is in the whole instance.
type Role string

// The instance roles. Guest is anybody without an account; Operator is the
// person at the command line, who holds the database file anyway.
const (
	Guest         Role = "guest"
	Member        Role = "member"
	PMOMember     Role = "pmo_member"
	HeadOfPMO     Role = "head_of_pmo"
	Administrator Role = "administrator"
	Operator      Role = "operator"
)

// Accounts are the roles that an account can have.
var Accounts = []Role{Member, PMOMember, HeadOfPMO, Administrator}

// Label is the role in the reader's words.
func (r Role) Label() string {
	switch r {
	case Member:
		return "Member"
	case PMOMember:
		return "PMO member"
	case HeadOfPMO:
		return "Head of PMO"
	case Administrator:
		return "Administrator"
	case Operator:
		return "Operator"
	case Guest:
		return "Guest"
	}
	return string(r)
}

// NodeRole is what a person is on a portfolio, programme or project, and on all
// that lies below it.
type NodeRole string

// The roles on a node of the register.
const (
	Sponsor        NodeRole = "sponsor"
	ProjectManager NodeRole = "project_manager"
	Team           NodeRole = "team"
	Viewer         NodeRole = "viewer"
)

// NodeRoles are all roles on a node.
var NodeRoles = []NodeRole{Sponsor, ProjectManager, Team, Viewer}

// Actor is who acts. The zero Actor is a guest.
type Actor struct {
	Person string // id of the person; empty for guests and the operator
	Role   Role
}

// Nobody is a guest.
func Nobody() Actor { return Actor{Role: Guest} }

// AtCommandLine is the operator.
func AtCommandLine() Actor { return Actor{Role: Operator} }

// SignedIn reports whether the actor is a person with an account.
func (a Actor) SignedIn() bool { return a.Person != "" }

// SeesConfidential reports whether the role alone opens confidential projects.
func (a Actor) SeesConfidential() bool { return a.Role == HeadOfPMO || a.Role == Operator }

// Action names one thing that can be done, as "feature.verb".
type Action string

// Rule says who may do an action. An actor passes with any one of the listed
// grounds. Nothing is allowed that no rule allows.
type Rule struct {
	Action  Action
	Says    string     // one sentence for the authorisation page
	Roles   []Role     // instance roles that may
	OnNode  []NodeRole // roles on the project (or above it) that may
	Owner   bool       // the person whose own thing it is may
	Private bool       // to everybody else the thing does not exist
}

// Policy is the one table of all rules.
type Policy struct{ rules map[Action]Rule }

// NewPolicy puts the features' rules together. An action that is declared
// twice, or that nobody may do, is a mistake of the programmer: it panics.
func NewPolicy(sets ...[]Rule) *Policy {
	p := &Policy{rules: map[Action]Rule{}}
	for _, set := range sets {
		for _, r := range set {
			if _, twice := p.rules[r.Action]; twice {
				panic(fmt.Sprintf("authz: %s is declared twice", r.Action))
			}
			if len(r.Roles) == 0 && len(r.OnNode) == 0 && !r.Owner {
				panic(fmt.Sprintf("authz: nobody may do %s", r.Action))
			}
			p.rules[r.Action] = r
		}
	}
	return p
}

// Rule finds a rule by its action.
func (p *Policy) Rule(a Action) (Rule, bool) {
	r, ok := p.rules[a]
	return r, ok
}

// Rules lists all rules by action, for the authorisation page.
func (p *Policy) Rules() []Rule {
	out := make([]Rule, 0, len(p.rules))
	for _, r := range p.rules {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Action < out[j].Action })
	return out
}

// ByRole reports whether the instance role alone suffices.
func (r Rule) ByRole(role Role) bool { return slices.Contains(r.Roles, role) }

// Everyone lists every role, guests included; SignedInRoles every account and the operator.
var (
	Everyone      = []Role{Guest, Member, PMOMember, HeadOfPMO, Administrator, Operator}
	SignedInRoles = []Role{Member, PMOMember, HeadOfPMO, Administrator, Operator}
)
