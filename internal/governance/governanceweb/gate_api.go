package governanceweb

import (
	"context"
	"encoding/json"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type comingGateJSON struct {
	Project     string `json:"project"`
	Name        string `json:"name"`
	Tier        string `json:"tier" enum:"S,M,L,XL"`
	Gate        string `json:"gate"`
	GateName    string `json:"gate_name"`
	First       string `json:"first_planned_on" format:"date"`
	Planned     string `json:"planned_on" format:"date"`
	Slip        int    `json:"slip_days"`
	Body        string `json:"body,omitempty"`
	Review      string `json:"review,omitempty" doc:"The review that is open."`
	Musts       int    `json:"musts"`
	Shown       int    `json:"musts_shown" doc:"Musts whose evidence is in the record."`
	Gaps        int    `json:"musts_with_gaps"`
	Open        int    `json:"conditions_open" doc:"Conditions that block the gate."`
	Documents   int    `json:"documents_missing"`
	Dial        bool   `json:"dial_due" doc:"The dial has to be asked again before the gate."`
	PlanVersion int64  `json:"plan_version" doc:"Send it in If-Match, in quotation marks, to move the date; 0 if there is none."`
}

type comingInput struct {
	Gate     string `query:"gate" maxLength:"60"`
	Month    string `query:"month" maxLength:"7" doc:"2026-11"`
	Of       string `query:"body" maxLength:"36" doc:"Id of the governing body that decides."`
	Mine     bool   `query:"mine"`
	NotReady bool   `query:"not_ready"`
	After    string `query:"after" maxLength:"400"`
}

type comingOutput struct {
	Body struct {
		Items []comingGateJSON `json:"items" nullable:"false"`
		Next  string           `json:"next,omitempty"`
	}
}

type projectGateJSON struct {
	Gate        string             `json:"gate"`
	Name        string             `json:"name"`
	Form        string             `json:"form" enum:"review,note,folded,none"`
	Place       string             `json:"place" enum:"passed,before,next,ahead,nowhere,stopped"`
	First       string             `json:"first_planned_on,omitempty"`
	Planned     string             `json:"planned_on,omitempty"`
	Slip        int                `json:"slip_days"`
	Review      string             `json:"review,omitempty" doc:"The review that is open."`
	Decisions   []gateDecisionJSON `json:"decisions" nullable:"false"`
	Past        *pastGateJSON      `json:"past,omitempty" doc:"The decision that a spreadsheet tells of, where none was taken here."`
	PlanVersion int64              `json:"plan_version" doc:"Send it in If-Match, in quotation marks, to move the date; 0 if there is none."`
}

type pastGateJSON struct {
	Decision  string `json:"decision" enum:"go,conditional-go,hold,recycle,stop"`
	DecidedOn string `json:"decided_on" format:"date"`
	Body      string `json:"body,omitempty" doc:"Id of the governing body of that name."`
	BodyWords string `json:"body_words,omitempty" doc:"Who decided, as the file words it."`
	Import    string `json:"import" doc:"Id of the import."`
	File      string `json:"file"`
	Row       int    `json:"row"`
}

type gateDecisionJSON struct {
	Review     string            `json:"review"`
	Decision   string            `json:"decision" enum:"go,conditional-go,hold,recycle,stop"`
	Rationale  string            `json:"rationale"`
	Needs      map[string]string `json:"needs,omitempty"`
	DecidedBy  string            `json:"decided_by"`
	DecidedAs  string            `json:"decided_as"`
	DecidedOn  string            `json:"decided_on" format:"date"`
	Counted    int               `json:"counted"`
	SpendPct   int               `json:"spend_limit_pct" doc:"Of the money released, while a condition is open."`
	Released   *int64            `json:"released,omitempty" doc:"Money that was released, in minor units."`
	Currency   string            `json:"currency,omitempty"`
	SHA256     string            `json:"snapshot_sha256"`
	Conditions []conditionJSON   `json:"conditions,omitempty"`
}

func decisionToJSON(d *governance.GateDecision) gateDecisionJSON {
	out := gateDecisionJSON{
		Review: d.Review, Decision: d.Decision, Rationale: d.Rationale, Needs: d.Needs, DecidedBy: d.DecidedByName, DecidedAs: d.DecidedAs,
		DecidedOn: d.DecidedOn, Counted: d.Counted, SpendPct: d.SpendPct, SHA256: d.SHA256, Currency: d.Currency,
	}
	if d.Amount.Valid {
		out.Released = &d.Amount.Int64
	}
	return out
}

type spendingJSON struct {
	Limit    int64  `json:"limit" doc:"What may be spent in all, in minor units."`
	Spent    int64  `json:"spent" doc:"Minor units."`
	Over     int64  `json:"over" doc:"By how much the limit is passed, in minor units; 0 while it is kept."`
	Currency string `json:"currency"`
}

type dialAskedJSON struct {
	Due        bool   `json:"due" doc:"No gate is passed before the dial is answered again, or confirmed."`
	AnsweredOn string `json:"answered_on,omitempty"`
	AnsweredBy string `json:"answered_by,omitempty"`
	Confirmed  bool   `json:"confirmed" doc:"The last answers say that nothing has changed."`
	Since      string `json:"since_gate,omitempty" doc:"The gate that was decided last."`
	Then       string `json:"tier_then,omitempty" doc:"The tier at that gate."`
}

type projectGatesOutput struct {
	Body struct {
		Dial       *dialAskedJSON    `json:"dial,omitempty"`
		Tier       string            `json:"tier,omitempty" doc:"Empty until the dial was answered."`
		Phase      string            `json:"phase,omitempty"`
		Next       string            `json:"next_gate,omitempty"`
		SpendPct   int               `json:"spend_limit_pct"`
		Spending   *spendingJSON     `json:"spending,omitempty" doc:"Where a conditional go said what it releases, and its condition is open."`
		Gates      []projectGateJSON `json:"gates" nullable:"false"`
		Conditions []conditionJSON   `json:"conditions" nullable:"false"`
	}
}

type projectGateInput struct {
	ID string `path:"id" maxLength:"36"`
}

type planGateInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Gate string `path:"gate" maxLength:"60"`
	Body struct {
		Planned string `json:"planned" maxLength:"10"`
		Body    string `json:"body,omitempty" maxLength:"36" doc:"The governing body that is to decide; it follows from the authority table if none is given."`
	}
}

type openReviewInput struct {
	ID   string `path:"id" maxLength:"36"`
	Gate string `path:"gate" maxLength:"60"`
	Body struct {
		MeetsOn string `json:"meets_on,omitempty" maxLength:"10" doc:"Day of the meeting; none for a decision at the desk."`
	}
}

type snapshotOutput struct {
	Body struct {
		SHA256   string          `json:"sha256"`
		Sound    bool            `json:"sound" doc:"The text still has this digest."`
		Text     string          `json:"text" doc:"The snapshot to the letter: its SHA-256 is the digest."`
		Snapshot json.RawMessage `json:"snapshot"`
	}
}

func (w *Web) gateOperations() []web.Operation {
	list := []web.Operation{
		web.Op(web.Spec{ID: "listGates", Method: http.MethodGet, Path: "/gates", Tag: "gates", Action: governance.SeeGates, Summary: "List the gates that come, the nearest first"}, w.apiComing),
		web.Op(web.Spec{ID: "listGateDurations", Method: http.MethodGet, Path: "/gates/durations", Tag: "gates", Action: governance.SeeGates, Summary: "Read how long projects took from one gate to the next, by method and by who decided", Details: "Past decisions of spreadsheets and gates that were decided here count alike, of the projects that one sees. All values are days; quartiles lie in proportion between two projects."}, w.apiDurations),
		web.Op(web.Spec{ID: "getProjectGates", Method: http.MethodGet, Path: "/projects/{id}/gates", Tag: "gates", Action: governance.SeeGates, Summary: "Read the gates of a project, with their decisions and conditions"}, w.apiProjectGates),
		web.Op(web.Spec{ID: "planGate", Method: http.MethodPut, Path: "/projects/{id}/gates/{gate}/plan", Tag: "gates", Action: governance.PlanGate, Summary: "Plan or move the date of a gate", Details: "If-Match is the plan_version of the gate."}, w.apiPlanGate),
		web.Op(web.Spec{ID: "openGateReview", Method: http.MethodPost, Path: "/projects/{id}/gates/{gate}/reviews", Tag: "gates", Action: governance.OpenReview, Summary: "Open the review of the gate that comes; its criteria are frozen", Status: http.StatusCreated}, w.apiOpenReview),
		web.Op(web.Spec{ID: "getGateSnapshot", Method: http.MethodGet, Path: "/gates/reviews/{id}/snapshot", Tag: "gates", Action: governance.SeeGates, Summary: "Read what the record held when a gate was decided"}, w.apiSnapshot),
	}
	return append(append(list, w.reviewOperations()...), w.conditionOperations()...)
}

func (w *Web) apiComing(ctx context.Context, who authz.Actor, in *comingInput) (*comingOutput, error) {
	after, err := cursorOf("gates", in.After)
	if err != nil {
		return nil, err
	}
	page, err := w.gov.Coming(ctx, who, governance.GateQuery{Gate: in.Gate, Month: in.Month, Body: in.Of, Mine: in.Mine, NotReady: in.NotReady, After: after})
	if err != nil {
		return nil, err
	}
	out := &comingOutput{}
	out.Body.Items = make([]comingGateJSON, 0, len(page.Gates))
	for i := range page.Gates {
		c := &page.Gates[i]
		out.Body.Items = append(out.Body.Items, comingGateJSON{
			Project: c.Project, Name: c.Name, Tier: c.Tier.String(), Gate: c.Plan.Gate, GateName: c.GateName, First: c.Plan.First, Planned: c.Plan.Planned, Slip: c.Plan.Slip(),
			Body: c.Plan.Body, Review: c.Review, Musts: c.Ready.Musts, Shown: c.Ready.Shown, Gaps: c.Ready.Gaps, Open: c.Open, Documents: len(c.Ready.Documents), Dial: c.Ready.Dial, PlanVersion: c.Plan.Version,
		})
	}
	if page.Next != "" {
		out.Body.Next = cursorFor("gates", page.Next)
	}
	return out, nil
}

func (w *Web) apiProjectGates(ctx context.Context, who authz.Actor, in *projectGateInput) (*projectGatesOutput, error) {
	j, err := w.gov.Journey(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &projectGatesOutput{}
	out.Body.Gates, out.Body.Conditions, out.Body.SpendPct = []projectGateJSON{}, []conditionJSON{}, j.SpendPct
	if j.Governed == nil {
		return out, nil
	}
	if s := j.Spending; s != nil {
		out.Body.Spending = &spendingJSON{s.Limit, s.Spent, s.Over(), s.Currency}
	}
	d := &j.Dial
	out.Body.Dial = &dialAskedJSON{d.Due, d.On, d.ByName, d.Confirmed, d.Since, d.Then.String()}
	out.Body.Tier, out.Body.Phase = j.Governed.Tier.String(), j.Governed.Phase
	if next := j.Next(); next != nil {
		out.Body.Next = next.Gate.ID
	}
	for i := range j.Steps {
		s := &j.Steps[i]
		g := projectGateJSON{
			Gate: s.Gate.ID, Name: s.Gate.Name, Form: string(s.Form.Kind), Place: s.Place, First: s.Plan.First, Planned: s.Plan.Planned, Slip: s.Plan.Slip(),
			Decisions: []gateDecisionJSON{}, PlanVersion: s.Plan.Version,
		}
		if s.Open != nil {
			g.Review = s.Open.ID
		}
		if p := s.Past; p != nil && s.Last() == nil {
			g.Past = &pastGateJSON{p.Decision, p.On, p.Body, p.BodyWords, p.Batch, p.File, p.Place}
		}
		for k := range s.Decisions {
			g.Decisions = append(g.Decisions, decisionToJSON(&s.Decisions[k]))
		}
		out.Body.Gates = append(out.Body.Gates, g)
	}
	for i := range j.Conditions {
		out.Body.Conditions = append(out.Body.Conditions, conditionToJSON(&j.Conditions[i]))
	}
	return out, nil
}

func (w *Web) apiPlanGate(ctx context.Context, who authz.Actor, in *planGateInput) (*projectGatesOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	if _, err := w.gov.PlanGate(ctx, who, in.ID, in.Gate, in.Body.Planned, in.Body.Body, version); err != nil {
		return nil, err
	}
	return w.apiProjectGates(ctx, who, &projectGateInput{in.ID})
}

func (w *Web) apiOpenReview(ctx context.Context, who authz.Actor, in *openReviewInput) (*reviewOutput, error) {
	id, err := w.gov.Open(ctx, who, in.ID, in.Gate, in.Body.MeetsOn)
	if err != nil {
		return nil, err
	}
	return w.apiReview(ctx, who, &reviewInput{id})
}

func (w *Web) apiSnapshot(ctx context.Context, who authz.Actor, in *reviewInput) (*snapshotOutput, error) {
	k, err := w.gov.SnapshotOf(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &snapshotOutput{}
	out.Body.SHA256, out.Body.Sound, out.Body.Text, out.Body.Snapshot = k.SHA256, k.Sound, string(k.Text), k.Text
	return out, nil
}
