package opportunityweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/opportunity"
)

type opportunityPlaceJSON struct {
	ID          string `json:"id"`
	Person      string `json:"person"`
	Name        string `json:"name"`
	Words       string `json:"words,omitempty"`
	Line        string `json:"line,omitempty" doc:"Who agrees for their line."`
	LineAgreed  bool   `json:"line_agreed"`
	Stage       string `json:"stage" enum:"applied,given,agreed,debriefed,confirmed"`
	Done        string `json:"done,omitempty"`
	Learned     string `json:"learned,omitempty"`
	Hours       int    `json:"hours,omitempty"`
	ConfirmedBy string `json:"confirmed_by,omitempty"`
	Version     int64  `json:"version"`
}

type opportunityJSON struct {
	ID        string                 `json:"id"`
	Title     string                 `json:"title"`
	Need      string                 `json:"need"`
	Authority string                 `json:"authority,omitempty"`
	Project   string                 `json:"project"`
	Subject   string                 `json:"subject" enum:"project,gate,meeting"`
	SubjectID string                 `json:"subject_id"`
	Form      string                 `json:"form" enum:"lead,deputise,shadow,support"`
	From      string                 `json:"from"`
	To        string                 `json:"to"`
	Hours     int                    `json:"hours"`
	Places    int                    `json:"places"`
	Taken     int                    `json:"taken"`
	OfferedBy string                 `json:"offered_by"`
	State     string                 `json:"state" enum:"open,withdrawn"`
	Leaves    string                 `json:"leaves" doc:"Kind of experience that it leaves behind."`
	Version   int64                  `json:"version"`
	Seen      []opportunityPlaceJSON `json:"people,omitempty" doc:"Agreed places, and those that you are part of or manage."`
}

func toJSON(o opportunity.Opportunity) opportunityJSON {
	return opportunityJSON{
		ID: o.ID, Title: o.Title, Need: o.Need, Authority: o.Authority, Project: o.Project, Subject: string(o.Subject), SubjectID: o.SubjectID, Form: string(o.Form),
		From: o.From, To: o.To, Hours: o.Hours, Places: o.Places, Taken: o.Taken, OfferedBy: o.OfferedBy, State: string(o.State),
		Leaves: o.Leaves().Kind, Version: o.Version,
	}
}

type opportunitiesInput struct {
	Project string `query:"project" maxLength:"36"`
	Form    string `query:"form" enum:"lead,deputise,shadow,support"`
	Mine    bool   `query:"mine"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After   string `query:"after" maxLength:"400"`
}

type opportunitiesOutput struct {
	Body struct {
		Items []opportunityJSON `json:"items" nullable:"false"`
		Next  string            `json:"next,omitempty"`
	}
}

type opportunityInput struct {
	ID string `path:"id" maxLength:"36"`
}

type opportunityOutput struct {
	ETag string `header:"ETag"`
	Body opportunityJSON
}

// OpportunityOffer is what an offer says.
type OpportunityOffer struct {
	Title     string `json:"title" maxLength:"200"`
	Need      string `json:"need" maxLength:"4000"`
	Authority string `json:"authority,omitempty" maxLength:"4000" doc:"Of a deputy: what they may decide, and what not."`
	From      string `json:"from" maxLength:"10"`
	To        string `json:"to" maxLength:"10"`
	Hours     int    `json:"hours" minimum:"1" maximum:"2000"`
	Places    int    `json:"places" minimum:"1" maximum:"20"`
}

func (b OpportunityOffer) offer() opportunity.Opportunity {
	return opportunity.Opportunity{Title: b.Title, Need: b.Need, Authority: b.Authority, From: b.From, To: b.To, Hours: b.Hours, Places: b.Places}
}

type offerOpportunityInput struct {
	Body struct {
		OpportunityOffer
		Project   string `json:"project" maxLength:"36"`
		Subject   string `json:"subject" enum:"project,gate,meeting"`
		SubjectID string `json:"subject_id,omitempty" maxLength:"60" doc:"Id of the meeting, or of the gate within the method."`
		Form      string `json:"form" enum:"lead,deputise,shadow,support"`
	}
}

type changeOpportunityInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body OpportunityOffer
}

type withdrawOpportunityInput struct {
	web.IfMatch
	ID string `path:"id" maxLength:"36"`
}

type applyOpportunityInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Line  string `json:"line" maxLength:"36" doc:"Id of the person who agrees for your line."`
		Words string `json:"words,omitempty" maxLength:"4000"`
	}
}

// PlaceInput names a place and its version.
type PlaceInput struct {
	web.IfMatch
	ID    string `path:"id" maxLength:"36"`
	Place string `path:"place" maxLength:"36"`
}

type debriefPlaceInput struct {
	PlaceInput
	Body struct {
		Done    string `json:"done" maxLength:"4000"`
		Learned string `json:"learned,omitempty" maxLength:"4000"`
		Hours   int    `json:"hours" minimum:"1" maximum:"2000"`
	}
}

func (w *Web) operations() []web.Operation {
	const tag = "opportunities"
	step := func(id, path string, act authz.Action, summary string, do func(ctx context.Context, who authz.Actor, id, place string, version int64) error) web.Operation {
		return web.Op(web.Spec{ID: id, Method: http.MethodPost, Path: "/opportunities/{id}/places/{place}/" + path, Tag: tag, Action: act, Summary: summary}, func(ctx context.Context, who authz.Actor, in *PlaceInput) (*opportunityOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = do(ctx, who, in.ID, in.Place, version)
			}
			return w.after(ctx, who, in.ID, err)
		})
	}
	return []web.Operation{
		web.Op(web.Spec{ID: "listOpportunities", Method: http.MethodGet, Path: "/opportunities", Tag: tag, Action: opportunity.See, Summary: "List what is offered, the soonest to end first"}, w.apiList),
		web.Op(web.Spec{ID: "getOpportunity", Method: http.MethodGet, Path: "/opportunities/{id}", Tag: tag, Action: opportunity.See, Summary: "Read an offer with the places of which you may know"}, w.apiGet),
		web.Op(web.Spec{ID: "offerOpportunity", Method: http.MethodPost, Path: "/opportunities", Tag: tag, Action: opportunity.Offer, Summary: "Offer a piece of work of a project", Status: http.StatusCreated}, w.apiOffer),
		web.Op(web.Spec{ID: "changeOpportunity", Method: http.MethodPut, Path: "/opportunities/{id}", Tag: tag, Action: opportunity.Manage, Summary: "Change an offer"}, w.apiChange),
		web.Op(web.Spec{ID: "withdrawOpportunity", Method: http.MethodPost, Path: "/opportunities/{id}/withdraw", Tag: tag, Action: opportunity.Manage, Summary: "Withdraw an offer"}, func(ctx context.Context, who authz.Actor, in *withdrawOpportunityInput) (*opportunityOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.opps.Withdraw(ctx, who, in.ID, version)
			}
			return w.after(ctx, who, in.ID, err)
		}),
		web.Op(web.Spec{ID: "applyForOpportunity", Method: http.MethodPost, Path: "/opportunities/{id}/places", Tag: tag, Action: opportunity.Apply, Summary: "Apply for an offer", Status: http.StatusCreated}, func(ctx context.Context, who authz.Actor, in *applyOpportunityInput) (*opportunityOutput, error) {
			_, err := w.opps.Apply(ctx, who, in.ID, in.Body.Line, in.Body.Words)
			return w.after(ctx, who, in.ID, err)
		}),
		step("givePlace", "give", opportunity.Manage, "Give somebody a place", w.opps.Give),
		step("agreeForLine", "agree", opportunity.OwnLine, "Agree for the line of somebody who named you", w.opps.AgreeForLine),
		step("refusePlace", "refuse", opportunity.See, "Let an application go; nothing of it is kept", w.opps.Refuse),
		step("takeBackApplication", "take-back", opportunity.OwnPlace, "Take your own application back", w.opps.TakeBack),
		step("confirmDebrief", "confirm", opportunity.Manage, "Confirm a debrief", w.opps.Confirm),
		web.Op(web.Spec{ID: "writeDebrief", Method: http.MethodPut, Path: "/opportunities/{id}/places/{place}/debrief", Tag: tag, Action: opportunity.OwnPlace, Summary: "Write your debrief"}, func(ctx context.Context, who authz.Actor, in *debriefPlaceInput) (*opportunityOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.opps.WriteDebrief(ctx, who, in.ID, in.Place, version, opportunity.Debrief{Done: in.Body.Done, Learned: in.Body.Learned, Hours: in.Body.Hours})
			}
			return w.after(ctx, who, in.ID, err)
		}),
	}
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *opportunitiesInput) (*opportunitiesOutput, error) {
	f := opportunity.Filter{Project: in.Project, Form: opportunity.Form(in.Form), Mine: in.Mine, Limit: in.Limit}
	cur, err := web.ParseCursor("opportunities", in.After)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		f.AfterTo, f.AfterID = cur.Key, cur.ID
	}
	page, err := w.opps.List(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &opportunitiesOutput{}
	out.Body.Items = make([]opportunityJSON, 0, len(page.Items))
	for _, o := range page.Items {
		out.Body.Items = append(out.Body.Items, toJSON(o))
	}
	if page.NextID != "" {
		out.Body.Next = web.Cursor{List: "opportunities", Key: page.NextTo, ID: page.NextID}.String()
	}
	return out, nil
}

func (w *Web) apiGet(ctx context.Context, who authz.Actor, in *opportunityInput) (*opportunityOutput, error) {
	return w.after(ctx, who, in.ID, nil)
}

// after answers with the offer as it is after a step.
func (w *Web) after(ctx context.Context, who authz.Actor, id string, err error) (*opportunityOutput, error) {
	if err != nil {
		return nil, err
	}
	sh, err := w.opps.Opportunity(ctx, who, id)
	if err != nil {
		return nil, err
	}
	out := &opportunityOutput{ETag: web.ETag(sh.Version), Body: toJSON(sh.Opportunity)}
	for _, p := range sh.Seen {
		out.Body.Seen = append(out.Body.Seen, opportunityPlaceJSON{
			ID: p.ID, Person: p.Person, Name: p.Name, Words: p.Words, Line: p.Line, LineAgreed: p.LineAgreed, Stage: string(p.Stage),
			Done: p.Done, Learned: p.Learned, Hours: p.Hours, ConfirmedBy: p.ConfirmedBy, Version: p.Version,
		})
	}
	return out, nil
}

func (w *Web) apiOffer(ctx context.Context, who authz.Actor, in *offerOpportunityInput) (*opportunityOutput, error) {
	o := in.Body.offer()
	o.Project, o.Subject, o.SubjectID, o.Form = in.Body.Project, opportunity.Subject(in.Body.Subject), in.Body.SubjectID, opportunity.Form(in.Body.Form)
	o, err := w.opps.MakeOffer(ctx, who, o)
	return w.after(ctx, who, o.ID, err)
}

func (w *Web) apiChange(ctx context.Context, who authz.Actor, in *changeOpportunityInput) (*opportunityOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.opps.Change(ctx, who, in.ID, version, in.Body.offer())
	}
	return w.after(ctx, who, in.ID, err)
}
