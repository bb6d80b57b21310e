package governanceweb

import (
	"context"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type reviewJSON struct {
	ID         string            `json:"id"`
	Project    string            `json:"project"`
	Gate       string            `json:"gate"`
	Name       string            `json:"name"`
	Round      int               `json:"round"`
	Tier       string            `json:"tier" enum:"S,M,L,XL"`
	Form       string            `json:"form" enum:"review,note"`
	State      string            `json:"state" enum:"open,decided"`
	Who        string            `json:"who" doc:"The role that decides."`
	Amount     int64             `json:"amount" doc:"Forecast cost at the end, whole units: with the tier it says who decides."`
	Currency   string            `json:"currency,omitempty"`
	Because    string            `json:"because,omitempty" doc:"What is special about who decides."`
	Quorum     int               `json:"quorum"`
	Counted    int               `json:"counted" doc:"Who count now."`
	Reviewers  int               `json:"reviewers" doc:"How many findings of reviewers are needed."`
	Adds       []string          `json:"adds" nullable:"false" doc:"Roles whose opinion is needed before."`
	MeetsOn    string            `json:"meets_on,omitempty"`
	Criteria   []criterionJSON   `json:"criteria" nullable:"false"`
	Seats      []reviewSeatJSON  `json:"seats" nullable:"false"`
	Choices    []choiceJSON      `json:"choices,omitempty" doc:"What can be decided once each unmet must has its condition."`
	Decision   *gateDecisionJSON `json:"decision,omitempty"`
	Conditions []conditionJSON   `json:"conditions" nullable:"false"`
	Version    int64             `json:"version"`
}

type criterionJSON struct {
	ID       string        `json:"id"`
	Text     string        `json:"text"`
	Judge    string        `json:"judge" doc:"What only a person can say."`
	Must     bool          `json:"must"`
	KnockOut bool          `json:"knock_out"`
	Shown    bool          `json:"shown" doc:"The record shows evidence, and nothing is missing."`
	Gap      bool          `json:"gap" doc:"Something that is asked is not in the record."`
	Opinions []opinionJSON `json:"opinions" nullable:"false"`
	Verdict  string        `json:"verdict,omitempty" doc:"Of the decision."`
}

type opinionJSON struct {
	Person  string `json:"person"`
	Verdict string `json:"verdict" enum:"met,partly,not,unknown"`
	Words   string `json:"words,omitempty"`
}

type reviewSeatJSON struct {
	Person    string `json:"person"`
	Name      string `json:"name"`
	Capacity  string `json:"capacity" enum:"chair,member,deputy,reviewer,adviser,facilitator,presenter"`
	For       string `json:"for,omitempty"`
	Authority string `json:"authority,omitempty"`
	Side      string `json:"side,omitempty"`
	Conflict  string `json:"conflict,omitempty"`
	Present   bool   `json:"present"`
}

type choiceJSON struct {
	Decision string   `json:"decision"`
	Possible bool     `json:"possible"`
	Why      string   `json:"why,omitempty" doc:"What stands in its way."`
	Needs    []string `json:"needs,omitempty"`
}

type reviewInput struct {
	ID string `path:"id" maxLength:"36"`
}

type reviewOutput struct {
	ETag string `header:"ETag"`
	Body reviewJSON
}

type seatInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Person    string `json:"person" maxLength:"200" doc:"The id or the name of one person."`
		Capacity  string `json:"capacity" enum:"chair,member,deputy,reviewer,adviser,facilitator"`
		For       string `json:"for,omitempty" maxLength:"200"`
		Authority string `json:"authority,omitempty" maxLength:"300"`
		Side      string `json:"side,omitempty" maxLength:"60"`
	}
}

type seatPath struct {
	ID       string `path:"id" maxLength:"36"`
	Person   string `path:"person" maxLength:"36"`
	Capacity string `path:"capacity" maxLength:"20"`
}

type presenceInput struct {
	ID     string `path:"id" maxLength:"36"`
	Person string `path:"person" maxLength:"36"`
	Body   struct {
		Present bool `json:"present"`
	}
}

type meetingInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		MeetsOn string `json:"meets_on" maxLength:"10"`
	}
}

type reviewConflictInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Conflict string `json:"conflict" maxLength:"1000"`
	}
}

type opinionsInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Opinions []verdictInput `json:"opinions" maxItems:"60"`
	}
}

type decideInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Decision   string                `json:"decision" enum:"go,conditional-go,hold,recycle,stop"`
		Rationale  string                `json:"rationale" maxLength:"4000"`
		Needs      map[string]string     `json:"needs,omitempty" doc:"What the decision needs: until, keeps_people; what, by; keeps, tells, closes_by."`
		Dissent    string                `json:"dissent,omitempty" maxLength:"4000"`
		Released   string                `json:"released,omitempty" maxLength:"40" doc:"Money that a conditional go releases, such as 250000.00; while a condition is open a part of it may be spent."`
		Verdicts   []verdictInput        `json:"verdicts" maxItems:"60"`
		Conditions []conditionAskedInput `json:"conditions,omitempty" maxItems:"20"`
	}
}

type verdictInput struct {
	Criterion string `json:"criterion,omitempty" maxLength:"60" doc:"Of an opinion it may be left out: then it is about the whole gate."`
	Verdict   string `json:"verdict" enum:"met,partly,not,unknown"`
	Words     string `json:"words,omitempty" maxLength:"4000"`
}

type conditionAskedInput struct {
	Criterion string `json:"criterion,omitempty" maxLength:"60"`
	Words     string `json:"words" maxLength:"4000"`
	Owner     string `json:"owner" maxLength:"200" doc:"The id or the name of one person."`
	Due       string `json:"due" maxLength:"10"`
	Proof     string `json:"proof" maxLength:"4000"`
}

func (w *Web) reviewOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getGateReview", Method: http.MethodGet, Path: "/gates/reviews/{id}", Tag: "gates", Action: governance.SeeGates, Summary: "Read a review: its frozen criteria, who takes part, what was said and decided"}, w.apiReview),
		web.Op(web.Spec{ID: "moveGateMeeting", Method: http.MethodPut, Path: "/gates/reviews/{id}/meeting", Tag: "gates", Action: governance.SeatReview, Summary: "Set the day of the meeting"}, w.apiMeet),
		web.Op(web.Spec{ID: "seatInReview", Method: http.MethodPost, Path: "/gates/reviews/{id}/seats", Tag: "gates", Action: governance.SeatReview, Summary: "Name somebody who takes part in a review", Status: http.StatusCreated}, w.apiSeat),
		web.Op(web.Spec{ID: "unseatInReview", Method: http.MethodDelete, Path: "/gates/reviews/{id}/seats/{person}/{capacity}", Tag: "gates", Action: governance.SeatReview, Summary: "Take a seat away"}, w.apiUnseat),
		web.Op(web.Spec{ID: "markPresence", Method: http.MethodPut, Path: "/gates/reviews/{id}/presence/{person}", Tag: "gates", Action: governance.SeatReview, Summary: "Mark who is there on the day"}, w.apiPresent),
		web.Op(web.Spec{ID: "declareConflict", Method: http.MethodPost, Path: "/gates/reviews/{id}/conflict", Tag: "gates", Action: governance.GiveOpinion, Summary: "Declare a conflict of interest of one's own"}, w.apiConflict),
		web.Op(web.Spec{ID: "giveGateOpinion", Method: http.MethodPost, Path: "/gates/reviews/{id}/opinions", Tag: "gates", Action: governance.GiveOpinion, Summary: "Say of criteria whether they are met"}, w.apiGateOpine),
		web.Op(web.Spec{ID: "decideGate", Method: http.MethodPost, Path: "/gates/reviews/{id}/decision", Tag: "gates", Action: governance.DecideGate, Summary: "Decide a gate, for good", Details: "If-Match is the version of the review that the decision is based on. What the method does not allow now is refused by naming what stands in its way."}, w.apiDecide),
	}
}

func reviewToJSON(sh *governance.ReviewSheet) reviewJSON {
	out := reviewJSON{
		ID: sh.ID, Project: sh.Project, Gate: sh.Gate, Name: sh.Frozen.Name, Round: sh.Round, Tier: sh.Tier.String(), Form: string(sh.Form), State: sh.State, Who: sh.Who, Amount: sh.Amount, Currency: sh.Currency, Because: sh.Frozen.Row,
		Quorum: sh.Count.Needed, Counted: sh.Count.Counted, Reviewers: sh.Review.Reviewers, Adds: append([]string{}, sh.Frozen.Adds...), MeetsOn: sh.MeetsOn,
		Criteria: []criterionJSON{}, Seats: []reviewSeatJSON{}, Conditions: []conditionJSON{}, Version: sh.Version,
	}
	for i, c := range sh.Frozen.Criteria {
		j := criterionJSON{ID: c.ID, Text: c.Text, Judge: c.Judge, Must: c.Must, KnockOut: c.KnockOut, Opinions: []opinionJSON{}}
		if i < len(sh.Criteria) {
			j.Shown, j.Gap = sh.Criteria[i].Seen(), sh.Criteria[i].Gap()
		}
		for _, o := range sh.Said {
			if o.Criterion == c.ID {
				j.Opinions = append(j.Opinions, opinionJSON{o.Name, o.Verdict, o.Words})
			}
		}
		out.Criteria = append(out.Criteria, j)
	}
	for _, s := range sh.Seats {
		out.Seats = append(out.Seats, reviewSeatJSON{s.Person, s.Name, string(s.Capacity), s.For, s.Authority, s.Side, s.Conflict, s.Present})
	}
	for i := range sh.Conditions {
		out.Conditions = append(out.Conditions, conditionToJSON(&sh.Conditions[i]))
	}
	if sh.Decision == nil {
		for _, c := range sh.Choices {
			out.Choices = append(out.Choices, choiceJSON{c.ID, c.Why == "", c.Why, c.Needs})
		}
		return out
	}
	d := decisionToJSON(sh.Decision)
	out.Decision = &d
	for i := range out.Criteria {
		for _, v := range sh.Decision.Verdicts {
			if v.Criterion == out.Criteria[i].ID {
				out.Criteria[i].Verdict = v.Verdict
			}
		}
	}
	return out
}

func (w *Web) apiReview(ctx context.Context, who authz.Actor, in *reviewInput) (*reviewOutput, error) {
	sh, err := w.gov.ReviewOf(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &reviewOutput{ETag: web.ETag(sh.Version), Body: reviewToJSON(&sh)}, nil
}

// reviewed gives the review after a step, or the step's error.
func (w *Web) reviewed(ctx context.Context, who authz.Actor, id string, err error) (*reviewOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiReview(ctx, who, &reviewInput{id})
}

func (w *Web) apiMeet(ctx context.Context, who authz.Actor, in *meetingInput) (*reviewOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return w.reviewed(ctx, who, in.ID, w.gov.Meet(ctx, who, in.ID, version, in.Body.MeetsOn))
}

func (w *Web) apiSeat(ctx context.Context, who authz.Actor, in *seatInput) (*reviewOutput, error) {
	n := governance.Naming{Person: in.Body.Person, Capacity: governance.Capacity(in.Body.Capacity), For: in.Body.For, Authority: in.Body.Authority, Side: in.Body.Side}
	return w.reviewed(ctx, who, in.ID, w.gov.Seat(ctx, who, in.ID, n))
}

func (w *Web) apiUnseat(ctx context.Context, who authz.Actor, in *seatPath) (*reviewOutput, error) {
	return w.reviewed(ctx, who, in.ID, w.gov.Unseat(ctx, who, in.ID, in.Person, governance.Capacity(in.Capacity)))
}

func (w *Web) apiPresent(ctx context.Context, who authz.Actor, in *presenceInput) (*reviewOutput, error) {
	return w.reviewed(ctx, who, in.ID, w.gov.Present(ctx, who, in.ID, in.Person, in.Body.Present))
}

func (w *Web) apiConflict(ctx context.Context, who authz.Actor, in *reviewConflictInput) (*reviewOutput, error) {
	return w.reviewed(ctx, who, in.ID, w.gov.Declare(ctx, who, in.ID, in.Body.Conflict))
}

func (w *Web) apiGateOpine(ctx context.Context, who authz.Actor, in *opinionsInput) (*reviewOutput, error) {
	var list []governance.GateOpinion
	for _, o := range in.Body.Opinions {
		list = append(list, governance.GateOpinion{Criterion: o.Criterion, Verdict: o.Verdict, Words: o.Words})
	}
	return w.reviewed(ctx, who, in.ID, w.gov.OpineGate(ctx, who, in.ID, list))
}

func (w *Web) apiDecide(ctx context.Context, who authz.Actor, in *decideInput) (*reviewOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	r := governance.Ruling{Decision: in.Body.Decision, Rationale: in.Body.Rationale, Needs: in.Body.Needs, Dissent: in.Body.Dissent, Released: in.Body.Released, Version: version}
	for _, v := range in.Body.Verdicts {
		r.Verdicts = append(r.Verdicts, governance.Verdict{Criterion: v.Criterion, Verdict: v.Verdict, Words: v.Words})
	}
	for _, c := range in.Body.Conditions {
		r.Conditions = append(r.Conditions, governance.ConditionAsked{Criterion: c.Criterion, Words: c.Words, Owner: c.Owner, Due: c.Due, Proof: c.Proof})
	}
	_, err = w.gov.DecideGate(ctx, who, in.ID, r)
	return w.reviewed(ctx, who, in.ID, err)
}
