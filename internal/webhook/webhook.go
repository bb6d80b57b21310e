// Package webhook tells other systems what happened: entries of the activity
// record, each to the addresses that asked for it, signed, in order, and never
// more than the person who registered the address may see.
package webhook

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	RegisterHook = authz.Action("webhook.register")
	OwnHook      = authz.Action("webhook.own")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: RegisterHook, Says: "Register an address that is told of what one may see", Roles: []authz.Role{authz.HeadOfPMO, authz.Administrator}},
	{Action: OwnHook, Says: "See, pause and remove the webhooks that one registered, and send again", Owner: true, Private: true},
}

// KeepTables are the tables of this feature that hold no changes of state.
var KeepTables = []string{"webhook_delivery"}

// Hook is an address that is told.
type Hook struct {
	ID, Owner string
	Address   string
	Verbs     []string // none is all
	Made      int64    // microseconds UTC
	Paused    int64    // microseconds UTC; 0 while it runs
	Why       string   // it is paused
	Version   int64
	Waiting   int // deliveries under way or held
	Failed    int
	Delivered int
}

// State is what became of a delivery.
type State string

// The states of a delivery.
const (
	Waiting   State = "waiting"   // will be tried, or tried again
	Held      State = "held"      // the webhook is paused
	Delivered State = "delivered" // the address answered with 2xx
	Failed    State = "failed"    // the last try has failed
	Withheld  State = "withheld"  // its owner may not see it any more
)

// Delivery is one entry of the record on its way to one address.
type Delivery struct {
	ID, Hook    string
	Seq         int64
	Verb        string
	State       State
	Tries       int
	Status      int    // of the last answer; 0 for none
	Error       string // of the last try
	Made, Tried int64  // microseconds UTC
}

// New is what somebody registers.
type New struct {
	Address string
	Verbs   []string
}

const (
	mostHooks   = 20 // of one person
	mostAddress = 500
	mostVerbs   = 50
)

var verbShape = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)

// check refuses what can never be delivered to; the address that a name stands
// for is checked again when it is dialled.
func (n New) check(allowed []netip.Prefix) error {
	var c errs.Check
	u, err := url.Parse(n.Address)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(n.Address) > mostAddress:
		c.Add("address", "Enter an address such as https://example.org/cairn, without a name or password in it.")
	case u.Scheme == "http" && len(allowed) == 0, u.Scheme != "http" && u.Scheme != "https":
		c.Add("address", "Use https. What is sent would be readable on its way otherwise.")
	case !portWorks(u):
		c.Add("address", "Use a port from 1 to 65535, or none for the usual one.")
	default:
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !MayReach(ip, allowed) {
			c.Add("address", "This address is private. Cairn delivers there only if its operator allows the network.")
		}
	}
	c.That(len(n.Verbs) <= mostVerbs, "verbs", "Name at most %d verbs, or none for all.", mostVerbs)
	for _, v := range n.Verbs {
		c.That(verbShape.MatchString(v), "verbs", "Write verbs such as report.submitted, one a line.")
	}
	return c.Err()
}

// portWorks reports whether something can listen at the address's port.
func portWorks(u *url.URL) bool {
	if strings.HasSuffix(u.Host, ":") {
		return false
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return u.Port() == "" || err == nil && n > 0
}

// special are networks that no stranger's server lives in: shared, protocol,
// documentation and benchmark ranges (RFC 6890) beside those that netip knows,
// and the ranges that wrap an IPv4 address.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("100::/64"),
}

// MayReach reports whether something may be delivered to an address: a public
// one, or one in a network that the operator allows.
func MayReach(ip netip.Addr, allowed []netip.Prefix) bool {
	ip = ip.Unmap().WithZone("")
	in := func(p netip.Prefix) bool { return p.Contains(ip) }
	if slices.ContainsFunc(allowed, in) {
		return true
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() && !slices.ContainsFunc(special, in)
}

// wants reports whether a hook asked for an entry, and whether its kind may be
// told to its owner's role at all: a private entry never is, and what happens to
// accounts is the administrator's.
func (h Hook) wants(e activity.Entry, role authz.Role) bool {
	if e.Audience != "" || len(h.Verbs) > 0 && !slices.Contains(h.Verbs, e.Verb) {
		return false
	}
	noun, _, _ := strings.Cut(e.Verb, ".")
	return role == authz.Administrator || !slices.Contains([]string{"account", "password", "token", "webhook"}, noun)
}

// Changed is the event of a webhook: ids alone, never its address.
type Changed struct {
	Hook     string `json:"webhook"`
	Delivery string `json:"delivery,omitempty"`
	What     string `json:"-"`
}

// Activity implements activity.Event.
func (e Changed) Activity() activity.Meta {
	return activity.Meta{Verb: e.What, Version: 1, SubjectKind: "webhook", SubjectID: e.Hook}
}

// The verbs of Changed.
const (
	registered = "webhook.registered"
	removed    = "webhook.removed"
	paused     = "webhook.paused"
	resumed    = "webhook.resumed"
	sentAgain  = "webhook.sent_again"
)
