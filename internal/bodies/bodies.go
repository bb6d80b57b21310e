// Package bodies is how a portfolio, programme or project is governed: governing
// bodies with their members and deputies, their meetings and those of projects,
// and one register of decisions.
package bodies

import (
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	SeeBodies        = authz.Action("bodies.see_bodies")
	FoundBody        = authz.Action("bodies.found_body")
	ChangeBody       = authz.Action("bodies.change_body")
	NameDeputy       = authz.Action("bodies.name_deputy")
	SeeMeetings      = authz.Action("bodies.see_meetings")
	CallMeeting      = authz.Action("bodies.call_meeting")
	RunMeeting       = authz.Action("bodies.run_meeting")
	ConfirmOfBody    = authz.Action("bodies.confirm_minutes_of_body")
	ConfirmOfProject = authz.Action("bodies.confirm_minutes_of_project")
	OfferSeat        = authz.Action("bodies.offer_seat")
	AnswerOffer      = authz.Action("bodies.answer_offer")
	ConfirmDeputy    = authz.Action("bodies.confirm_deputising")
	SeeDecisions     = authz.Action("bodies.see_decisions")
	RecordDecision   = authz.Action("bodies.record_decision")
	CarryOutDecision = authz.Action("bodies.carry_out_decision")
)

var (
	pmo     = []authz.Role{authz.PMOMember, authz.HeadOfPMO, authz.Operator}
	leaders = []authz.NodeRole{authz.Sponsor, authz.ProjectManager}
)

// Rules is this feature's part of the policy table. "Own" is here: held by the
// chair, the deputy chair or the secretariat of the body that it belongs to, or
// by the member whose seat it is.
var Rules = []authz.Rule{
	{Action: SeeBodies, Says: "See governing bodies, without those of confidential projects of others", Roles: authz.SignedInRoles},
	{Action: FoundBody, Says: "Set a governing body up", Roles: pmo, OnNode: leaders},
	{Action: ChangeBody, Says: "Change a governing body, its terms of reference and its members; chair and secretariat too", Roles: pmo, OnNode: []authz.NodeRole{authz.Sponsor}, Owner: true},
	{Action: NameDeputy, Says: "Name a deputy for a member; the member, chair and secretariat too", Roles: pmo, OnNode: []authz.NodeRole{authz.Sponsor}, Owner: true},
	{Action: SeeMeetings, Says: "See meetings, without those of confidential projects of others", Roles: authz.SignedInRoles},
	{Action: CallMeeting, Says: "Call a meeting; chair and secretariat too", Roles: pmo, OnNode: leaders, Owner: true},
	{Action: RunMeeting, Says: "Say who was there, write minutes, note decisions and actions; chair and secretariat too", Roles: pmo, OnNode: leaders, Owner: true},
	{Action: ConfirmOfBody, Says: "Confirm the minutes of a governing body: its chair or deputy chair, or who was in the chair", Owner: true},
	{Action: ConfirmOfProject, Says: "Confirm the minutes of a meeting of a project", OnNode: leaders},
	{Action: OfferSeat, Says: "Offer one's own seat at a meeting to a deputy, and take the offer back", Owner: true},
	{Action: AnswerOffer, Says: "Accept or decline to deputise", Owner: true},
	{Action: ConfirmDeputy, Says: "Confirm that a deputy stood in: who was stood in for, or the chair", Owner: true},
	{Action: SeeDecisions, Says: "See decisions, without those of confidential projects of others", Roles: authz.SignedInRoles},
	{Action: RecordDecision, Says: "Ask for a decision, record one, supersede one; chair and secretariat too", Roles: pmo, OnNode: leaders, Owner: true},
	{Action: CarryOutDecision, Says: "Say that a decision is carried out; who carries it out too", Roles: pmo, OnNode: leaders, Owner: true},
}

// BodyKind is what a governing body is.
type BodyKind string

// The kinds of governing body.
const (
	PortfolioBoard BodyKind = "portfolio_board"
	SteeringGroup  BodyKind = "steering_group"
	ProjectBoard   BodyKind = "project_board"
	ReviewGroup    BodyKind = "review_group"
)

// Word is a value with its word.
type Word[T ~string] struct {
	Value T
	Label string
}

func labelled[T ~string](list []Word[T], v T) string {
	for _, w := range list {
		if w.Value == v {
			return w.Label
		}
	}
	return string(v)
}

func known[T ~string](list []Word[T], v T) bool {
	return slices.ContainsFunc(list, func(w Word[T]) bool { return w.Value == v })
}

// BodyKinds are all kinds of governing body.
var BodyKinds = []Word[BodyKind]{
	{PortfolioBoard, "Portfolio board"}, {SteeringGroup, "Steering group"}, {ProjectBoard, "Project board"}, {ReviewGroup, "Review group"},
}

// Label is the kind in the reader's words.
func (k BodyKind) Label() string { return labelled(BodyKinds, k) }

// SeatKind is what a person is in a governing body.
type SeatKind string

// The kinds of seat. The secretariat runs the meetings and has no vote.
const (
	Chair       SeatKind = "chair"
	DeputyChair SeatKind = "deputy_chair"
	Member      SeatKind = "member"
	Secretariat SeatKind = "secretariat"
)

// SeatKinds are all kinds of seat.
var SeatKinds = []Word[SeatKind]{{Chair, "Chair"}, {DeputyChair, "Deputy chair"}, {Member, "Member"}, {Secretariat, "Secretariat"}}

// Label is the kind in the reader's words.
func (k SeatKind) Label() string { return labelled(SeatKinds, k) }

// Counts reports whether the seat counts for the quorum.
func (k SeatKind) Counts() bool { return k == Chair || k == DeputyChair || k == Member }

// Side is whose interest a member speaks for.
type Side string

// The sides of a project board, after common usage; none is the empty one.
const (
	Business Side = "business"
	Receiver Side = "receiver"
	Supplier Side = "supplier"
)

// Sides are all sides.
var Sides = []Word[Side]{{"", "None"}, {Business, "Business"}, {Receiver, "Receiver"}, {Supplier, "Supplier"}}

// Label is the side in the reader's words.
func (s Side) Label() string { return labelled(Sides, s) }

// Quorum is how many members a meeting needs to decide anything. The larger of
// the two holds; both 0 is no rule.
type Quorum struct {
	Count int // members
	Share int // percent of the members, rounded up
}

// Needs is how many of the members have to be there, in person or by a deputy.
func (q Quorum) Needs(members int) int { return max(q.Count, (members*q.Share+99)/100) }

// Body is a governing body.
type Body struct {
	ID, Name       string
	Kind           BodyKind
	Node, NodeName string // the portfolio, programme or project that it governs; empty for none
	NodeKind       string // portfolio, programme or project
	Quorum         Quorum
	EndedOn        clock.Day // empty while it lasts
	Version        int64
	ChairName      string // today's; in a list
	Seats          int    // today's; in a list
}

// Terms are terms of reference as they were approved on a day.
type Terms struct {
	Number     int
	Words      string
	ApprovedOn clock.Day
	ByName     string
	At         int64 // microseconds UTC
}

// Seat is who sits in a governing body, and for how long.
type Seat struct {
	ID, Body     string
	Person, Name string
	Kind         SeatKind
	Side         Side
	From, To     clock.Day // To is empty while it lasts
	Deputies     []Deputy
	Version      int64
}

// On reports whether the seat is held on a day.
func (s Seat) On(day clock.Day) bool { return s.From <= day && (s.To == "" || s.To >= day) }

// Deputy is who may stand in for a member, and how far their authority goes.
type Deputy struct {
	ID, Seat     string
	Person, Name string
	Authority    string
	From, To     clock.Day
}

const maxName, maxWords, maxTerms = 200, 4000, 20000

func (b Body) check() error {
	var c errs.Check
	c.That(b.Name != "", "name", "Give the body a name.")
	c.Fits("name", b.Name, maxName)
	c.That(known(BodyKinds, b.Kind), "kind", "Choose what kind of body it is.")
	c.That(b.Quorum.Count >= 0 && b.Quorum.Count <= 100, "quorum_count", "Say how many members, 0 to 100.")
	c.That(b.Quorum.Share >= 0 && b.Quorum.Share <= 100, "quorum_share", "Say how many in a hundred, 0 to 100.")
	return c.Err()
}

func (s Seat) check() error {
	var c errs.Check
	c.That(s.Person != "", "person", "Name the person.")
	c.That(known(SeatKinds, s.Kind), "seat", "Choose what the person is in the body.")
	c.That(known(Sides, s.Side), "side", "Choose a side, or none.")
	span(&c, s.From, s.To)
	return c.Err()
}

func span(c *errs.Check, from, to clock.Day) {
	c.That(clock.ValidDay(from), "from", "Enter a date such as 2026-11-24.")
	c.That(to == "" || clock.ValidDay(to), "to", "Enter a date such as 2026-11-24.")
	c.That(to == "" || to >= from, "to", "The last day comes before the first.")
}

// Node is what a body can govern.
type Node struct{ ID, Name, Kind string }
