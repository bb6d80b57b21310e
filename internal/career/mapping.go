package career

import (
	"slices"

	"cairn/internal/kit/activity"
)

// mapped says what an entry of the record is as experience. Only what the entry
// truly says is here: who merely sat in a body, or asked for a decision, has left
// no more behind than that.
type mapped struct {
	verb string // of the entry
	kind string // of the experience; empty takes it back
	key  string // of the piece; with what the entry is about it names one
	of   string // which id makes the key whole: subject, project
	// as gives the role in this work for the role that the entry says; a role that is
	// not there is none.
	as   map[activity.RoleInWork]activity.RoleInWork
	when func(facts) bool // nil is always
}

// same keeps the roles in the work as the entry says them.
func same(roles ...activity.RoleInWork) map[activity.RoleInWork]activity.RoleInWork {
	out := map[activity.RoleInWork]activity.RoleInWork{}
	for _, r := range roles {
		out[r] = r
	}
	return out
}

func ofBody(f facts) bool { return f.Body != "" }
func ofTeam(f facts) bool { return f.Body == "" && f.Project != "" }

// mappings is the table, by verb. Assignments have one of their own, by what the
// person is to the project.
var mappings = []mapped{
	// A report is a piece for each month of a project, however often it is corrected.
	{verb: "report.submitted", kind: "report.submitted", key: "report", of: "period", as: same(Roles...)},
	{verb: "report.corrected", kind: "report.submitted", key: "report", of: "period", as: same(Roles...)},

	{verb: "gate.facilitated", kind: "gate.facilitated", key: "facilitated", of: "subject", as: same(activity.Led, activity.Deputised, activity.Supported)},
	{verb: "gate.reviewed", kind: "gate.reviewed", key: "reviewed", of: "subject", as: same(activity.Led, activity.Contributed)},
	{verb: "gate.chaired", kind: "gate.chaired", key: "chaired", of: "subject", as: same(activity.Led, activity.Deputised)},
	// Who closed a condition saw that it was so; its owner made it so. A condition
	// that was waived was not followed to its end.
	{verb: "condition.closed", kind: "condition.followed", key: "condition", of: "subject", as: same(activity.Led, activity.Contributed)},
	// A judgement is an assessment; what somebody attests or notes is the evidence for one.
	{verb: "control.assessed", kind: "control.assessed", key: "control", of: "subject", as: same(activity.Led)},
	{verb: "control.attested", kind: "control.assessed", key: "control", of: "subject", as: map[activity.RoleInWork]activity.RoleInWork{activity.Contributed: activity.Supported}},
	{verb: "control.noted", kind: "control.assessed", key: "control", of: "subject", as: map[activity.RoleInWork]activity.RoleInWork{activity.Contributed: activity.Supported}},
	{verb: "control.taken_back", key: "control", of: "subject"},
	// A finding is closed by a re-test.
	{verb: "finding.closed", kind: "finding.closed", key: "finding", of: "subject", as: same(activity.Led)},
	// Governance is fitted to a project once, however often its dial is answered.
	{verb: "dial.answered", kind: "project.tailored", key: "dial", of: "project", as: same(activity.Contributed)},
	{verb: "tier.overridden", kind: "project.tailored", key: "override", of: "project", as: same(activity.Led)},
	{verb: "method.published", kind: "method.authored", key: "method", of: "subject", as: same(activity.Led)},
	// Said when the version that takes the proposal up is published, of who publishes it.
	{verb: "proposal.taken_up", kind: "control.improved", key: "proposal", of: "subject", as: same(activity.Led)},

	// The chair of a held sitting led it, the secretariat served at it, a guest saw it.
	// Who deputised has it when that is confirmed, and not before.
	{verb: "meeting.held", kind: "body.chaired", key: "chair", of: "subject", when: ofBody, as: same(activity.Led)},
	{verb: "meeting.held", kind: "body.served", key: "sitting", of: "subject", when: ofBody, as: same(activity.Supported, activity.Observed)},
	{verb: "meeting.held", kind: "team.meeting_run", key: "team", of: "subject", when: ofTeam, as: same(activity.Led)},
	{verb: "meeting.corrected", kind: "body.chaired", key: "chair", of: "subject", when: ofBody, as: same(activity.Led)},
	{verb: "meeting.corrected", kind: "body.served", key: "sitting", of: "subject", when: ofBody, as: same(activity.Supported, activity.Observed)},
	{verb: "meeting.corrected", kind: "team.meeting_run", key: "team", of: "subject", when: ofTeam, as: same(activity.Led, activity.Deputised)},
	{verb: "deputising.confirmed", kind: "body.deputised", key: "deputy", of: "subject", when: ofBody, as: same(activity.Deputised)},
	{verb: "deputising.confirmed", kind: "team.meeting_run", key: "team", of: "subject", when: ofTeam, as: same(activity.Deputised)},

	// One mark is one piece of an answer; the standing counts the answer once. What has
	// no author is nobody's evidence.
	{verb: "answer.helpful", kind: "advice.helped", key: "helped", of: "mark", when: byName, as: same(activity.Contributed)},
	{verb: "answer.mark_taken_back", key: "helped", of: "mark"},
	// A meeting of two is mentoring given by one of them and received by the other.
	{verb: "mentoring.met", kind: "mentoring.given", key: "mentoring", of: "subject", as: same(activity.Led)},
	{verb: "mentoring.met", kind: "mentoring.received", key: "mentoring", of: "subject", as: same(activity.Observed)},
	{verb: "mentoring.not_met", key: "mentoring", of: "subject"},
	{verb: "case.concluded", kind: "case.concluded", key: "case", of: "subject", when: byName, as: same(activity.Led)},
}

func byName(f facts) bool { return f.named }

// byVerb finds the mappings of a verb.
var byVerb = func() map[string][]mapped {
	out := map[string][]mapped{}
	for _, m := range mappings {
		out[m.verb] = append(out[m.verb], m)
	}
	return out
}()

// The verbs of assignments.
const (
	assignmentMade    = "assignment.made"
	assignmentChanged = "assignment.changed"
	assignmentRemoved = "assignment.removed"
	meetingCorrected  = "meeting.corrected"
	// An opportunity that was done says itself which kind of experience it left.
	opportunityDone = "opportunity.done"
)

// Verbs are all verbs of the record that can become experience, each once.
func Verbs() []string {
	out := []string{assignmentMade, assignmentChanged, assignmentRemoved, opportunityDone}
	for v := range byVerb {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// FedKinds are the kinds of experience that the record feeds, each once; what a
// framework has beyond them is entered by the person.
func FedKinds() []string {
	out := []string{"project.managed", "project.supported", "delivery.worked", improvement}
	for _, m := range mappings {
		if m.kind != "" && !slices.Contains(out, m.kind) {
			out = append(out, m.kind)
		}
	}
	slices.Sort(out)
	return out
}

// experience maps a kind of assignment to a kind of experience. A sponsor
// answers for the money and not for the work: that is no experience of a PMO role.
func experience(assignment string, role activity.RoleInWork) (kind string, as activity.RoleInWork, ok bool) {
	switch assignment {
	case "project_manager", "deputy":
		if role == activity.Supported {
			return "project.supported", role, true
		}
		return "project.managed", role, true
	case "pmo_partner":
		if role == activity.Supported {
			role = activity.Contributed // was the named partner of the project
		}
		return "project.supported", atMost(role, activity.Contributed), true
	case "support":
		return "project.supported", atMost(role, activity.Contributed), true
	case "team":
		if role == activity.Deputised {
			role = activity.Contributed
		}
		return "delivery.worked", role, true
	}
	return "", role, false
}

// atMost caps a role in the work at the highest that its kind can have.
func atMost(role, most activity.RoleInWork) activity.RoleInWork {
	if role == activity.Led || role == activity.Deputised {
		return most
	}
	return role
}
