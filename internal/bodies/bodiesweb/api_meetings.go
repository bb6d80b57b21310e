package bodiesweb

import (
	"context"
	"net/http"

	"cairn/internal/bodies"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type meetingJSON struct {
	ID            string         `json:"id"`
	Kind          string         `json:"kind" enum:"project_meeting,team_meeting,project_board,steering_group,portfolio_board,review_group"`
	Body          string         `json:"body,omitempty"`
	Project       string         `json:"project,omitempty"`
	On            string         `json:"on"`
	Starts        string         `json:"starts,omitempty"`
	Subject       string         `json:"subject"`
	State         string         `json:"state" enum:"planned,held,confirmed,cancelled"`
	QuorumNeeded  int            `json:"quorum_needed,omitempty" doc:"Of a held one; 0 is no rule."`
	QuorumPresent int            `json:"quorum_present,omitempty"`
	Quorate       *bool          `json:"quorate,omitempty" doc:"Of a held one."`
	Minutes       string         `json:"minutes,omitempty"`
	Number        int            `json:"minutes_number,omitempty" doc:"Of the minutes confirmed last."`
	Version       int64          `json:"version"`
	People        []attendeeJSON `json:"people,omitempty" doc:"Who is expected, or of a held one who was there or not."`
	Offers        []offerJSON    `json:"offers,omitempty" doc:"Seats that were offered to a deputy."`
}

type attendeeJSON struct {
	Person    string `json:"person"`
	Name      string `json:"name"`
	Seat      string `json:"seat,omitempty"`
	Capacity  string `json:"capacity" enum:"own,deputy,attending,guest"`
	For       string `json:"for,omitempty" doc:"Whom they deputise for."`
	Authority string `json:"authority,omitempty"`
	There     bool   `json:"there"`
	Role      string `json:"role,omitempty" doc:"In the work of the meeting."`
	Confirmed bool   `json:"confirmed,omitempty" doc:"Of a deputising."`
}

type offerJSON struct {
	ID        string `json:"id"`
	Person    string `json:"person"`
	Deputy    string `json:"deputy"`
	Authority string `json:"authority"`
	State     string `json:"state" enum:"offered,accepted,declined,taken_back"`
}

func toMeeting(m bodies.Meeting) meetingJSON {
	out := meetingJSON{
		ID: m.ID, Kind: string(m.Kind), Body: m.Body, Project: m.Project, On: m.On, Starts: m.Starts, Subject: m.Subject, State: string(m.State),
		QuorumNeeded: m.QuorumNeeded, Minutes: m.Minutes, Number: m.Number, Version: m.Version,
	}
	if m.State == bodies.Held || m.State == bodies.Confirmed {
		q := m.Quorate()
		out.QuorumPresent, out.Quorate = m.QuorumWas, &q
	}
	return out
}

type meetingsInput struct {
	Coming  bool   `query:"coming" doc:"Planned ones, the soonest first."`
	Mine    bool   `query:"mine"`
	Project string `query:"project" maxLength:"36"`
	Of      string `query:"body" maxLength:"36"`
	State   string `query:"state" enum:"planned,held,confirmed,cancelled"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After   string `query:"after" maxLength:"400"`
}

type meetingsOutput struct {
	Body struct {
		Items []meetingJSON `json:"items" nullable:"false"`
		Count int           `json:"count"`
		Next  string        `json:"next,omitempty"`
	}
}

type meetingOutput struct {
	ETag string `header:"ETag"`
	Body meetingJSON
}

type callInput struct {
	Body struct {
		Of      string `json:"body,omitempty" maxLength:"36" doc:"Id of the governing body."`
		Project string `json:"project,omitempty" maxLength:"36"`
		Kind    string `json:"kind,omitempty" enum:"project_meeting,team_meeting" doc:"Of a meeting without a governing body."`
		On      string `json:"on" maxLength:"10"`
		Starts  string `json:"starts,omitempty" maxLength:"5"`
		Subject string `json:"subject" maxLength:"200"`
	}
}

type moveInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		On      string `json:"on" maxLength:"10"`
		Starts  string `json:"starts,omitempty" maxLength:"5"`
		Subject string `json:"subject" maxLength:"200"`
	}
}

type versionInput struct {
	web.IfMatch
	ID string `path:"id" maxLength:"36"`
}

type inviteInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Person    string `json:"person" maxLength:"36"`
		Capacity  string `json:"capacity" enum:"deputy,attending,guest"`
		For       string `json:"for,omitempty" maxLength:"36"`
		Authority string `json:"authority,omitempty" maxLength:"4000"`
	}
}

type holdInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		There []struct {
			Person string `json:"person" maxLength:"36"`
			For    string `json:"for,omitempty" maxLength:"36" doc:"Whom they deputised for."`
		} `json:"there" maxItems:"500" nullable:"false"`
	}
}

type minutesInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Minutes string `json:"minutes" maxLength:"20000"`
	}
}

type meetingActionInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Title   string `json:"title" maxLength:"200"`
		Owner   string `json:"owner" maxLength:"36"`
		Due     string `json:"due" maxLength:"10"`
		Project string `json:"project,omitempty" maxLength:"36" doc:"Below what the body governs, if the meeting has none itself."`
	}
}

type meetingDecisionInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Title   string `json:"title" maxLength:"200"`
		Words   string `json:"words,omitempty" maxLength:"4000"`
		Dissent string `json:"dissent,omitempty" maxLength:"4000"`
		Owner   string `json:"owner,omitempty" maxLength:"36"`
		Due     string `json:"due,omitempty" maxLength:"10"`
		Project string `json:"project,omitempty" maxLength:"36" doc:"Below what the body governs, if the meeting has none itself."`
	}
}

type offerInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Deputy    string `json:"deputy" maxLength:"36"`
		Authority string `json:"authority" maxLength:"4000"`
	}
}

type answerInput struct {
	ID    string `path:"id" maxLength:"36"`
	Offer string `path:"offer" maxLength:"36"`
	Body  struct {
		Yes bool `json:"yes"`
	}
}

type takeBackInput struct {
	ID    string `path:"id" maxLength:"36"`
	Offer string `path:"offer" maxLength:"36"`
}

type deputyInput struct {
	ID     string `path:"id" maxLength:"36"`
	Person string `path:"person" maxLength:"36"`
}

func meetingSpec(id, method, path string, act authz.Action, summary string) web.Spec {
	return web.Spec{ID: id, Method: method, Path: "/meetings" + path, Tag: "meetings", Action: act, Summary: summary}
}

func (w *Web) meetingAPI() []web.Operation {
	calling := meetingSpec("callMeeting", http.MethodPost, "", bodies.CallMeeting, "Call a meeting of a governing body or a project")
	calling.Status = http.StatusCreated
	return append([]web.Operation{
		web.Op(meetingSpec("listMeetings", http.MethodGet, "", bodies.SeeMeetings, "List meetings, the newest first"), w.apiMeetings),
		web.Op(meetingSpec("getMeeting", http.MethodGet, "/{id}", bodies.SeeMeetings, "Read a meeting with who is expected or was there"), w.apiMeeting),
		web.Op(calling, func(ctx context.Context, who authz.Actor, in *callInput) (*meetingOutput, error) {
			b := in.Body
			m, err := w.bodies.Call(ctx, who, bodies.Meeting{Body: b.Of, Project: b.Project, Kind: bodies.MeetingKind(b.Kind), On: b.On, Starts: b.Starts, Subject: b.Subject})
			return w.meetingAfter(ctx, who, m.ID, err)
		}),
		web.Op(meetingSpec("changeMeeting", http.MethodPut, "/{id}", bodies.RunMeeting, "Move a planned meeting"), func(ctx context.Context, who authz.Actor, in *moveInput) (*meetingOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.bodies.ChangeMeeting(ctx, who, in.ID, version, bodies.MeetingEdit{On: in.Body.On, Starts: in.Body.Starts, Subject: in.Body.Subject})
			}
			return w.meetingAfter(ctx, who, in.ID, err)
		}),
		web.Op(meetingSpec("holdMeeting", http.MethodPost, "/{id}/held", bodies.RunMeeting, "Say who was at a meeting"), func(ctx context.Context, who authz.Actor, in *holdInput) (*meetingOutput, error) {
			var there []bodies.Presence
			for _, p := range in.Body.There {
				there = append(there, bodies.Presence{Person: p.Person, For: p.For})
			}
			version, err := in.Version()
			if err == nil {
				err = w.bodies.Hold(ctx, who, in.ID, version, there)
			}
			return w.meetingAfter(ctx, who, in.ID, err)
		}),
		web.Op(meetingSpec("writeMinutes", http.MethodPut, "/{id}/minutes", bodies.RunMeeting, "Write the minutes of a held meeting"), func(ctx context.Context, who authz.Actor, in *minutesInput) (*meetingOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.bodies.WriteMinutes(ctx, who, in.ID, version, in.Body.Minutes)
			}
			return w.meetingAfter(ctx, who, in.ID, err)
		}),
		w.versioned("cancelMeeting", "cancel", bodies.RunMeeting, "Call a planned meeting off", w.bodies.Cancel),
		w.versioned("confirmMinutes", "confirm", bodies.ConfirmOfBody, "Confirm the minutes, for good", w.bodies.Confirm),
		w.versioned("correctMinutes", "correct", bodies.RunMeeting, "Open confirmed minutes for another version", w.bodies.Correct),
	}, w.meetingSteps()...)
}

// versioned is a step that needs nothing but the version that it is based on.
func (w *Web) versioned(id, path string, act authz.Action, summary string, do func(ctx context.Context, who authz.Actor, id string, version int64) error) web.Operation {
	return web.Op(meetingSpec(id, http.MethodPost, "/{id}/"+path, act, summary), func(ctx context.Context, who authz.Actor, in *versionInput) (*meetingOutput, error) {
		version, err := in.Version()
		if err == nil {
			err = do(ctx, who, in.ID, version)
		}
		return w.meetingAfter(ctx, who, in.ID, err)
	})
}

func (w *Web) meetingSteps() []web.Operation {
	return []web.Operation{
		web.Op(meetingSpec("inviteToMeeting", http.MethodPost, "/{id}/invite", bodies.RunMeeting, "Put somebody without a seat on the list of a meeting"), func(ctx context.Context, who authz.Actor, in *inviteInput) (*meetingOutput, error) {
			b := in.Body
			return w.meetingAfter(ctx, who, in.ID, w.bodies.Invite(ctx, who, in.ID, bodies.Attendee{Person: b.Person, Capacity: bodies.Capacity(b.Capacity), For: b.For, Authority: b.Authority}))
		}),
		web.Op(meetingSpec("raiseActionInMeeting", http.MethodPost, "/{id}/actions", bodies.RunMeeting, "Raise an action in a meeting"), func(ctx context.Context, who authz.Actor, in *meetingActionInput) (*meetingOutput, error) {
			b := in.Body
			return w.meetingAfter(ctx, who, in.ID, w.bodies.RaiseAction(ctx, who, in.ID, bodies.ActionAsked{Title: b.Title, Owner: b.Owner, Due: b.Due, Project: b.Project}))
		}),
		web.Op(meetingSpec("decideInMeeting", http.MethodPost, "/{id}/decisions", bodies.RunMeeting, "Note a decision of a meeting"), func(ctx context.Context, who authz.Actor, in *meetingDecisionInput) (*meetingOutput, error) {
			b := in.Body
			return w.meetingAfter(ctx, who, in.ID, w.bodies.Decide(ctx, who, in.ID, bodies.Decision{Title: b.Title, Words: b.Words, Dissent: b.Dissent, Owner: b.Owner, Due: b.Due, Project: b.Project}))
		}),
		web.Op(meetingSpec("offerSeat", http.MethodPost, "/{id}/offers", bodies.OfferSeat, "Offer one's own seat to a deputy"), func(ctx context.Context, who authz.Actor, in *offerInput) (*meetingOutput, error) {
			_, err := w.bodies.OfferSeat(ctx, who, in.ID, bodies.Offer{Deputy: in.Body.Deputy, Authority: in.Body.Authority})
			return w.meetingAfter(ctx, who, in.ID, err)
		}),
		web.Op(meetingSpec("answerOffer", http.MethodPost, "/{id}/offers/{offer}/answer", bodies.AnswerOffer, "Accept or decline to deputise"), func(ctx context.Context, who authz.Actor, in *answerInput) (*meetingOutput, error) {
			return w.meetingAfter(ctx, who, in.ID, w.bodies.AnswerOffer(ctx, who, in.ID, in.Offer, in.Body.Yes))
		}),
		web.Op(meetingSpec("takeBackOffer", http.MethodPost, "/{id}/offers/{offer}/take-back", bodies.OfferSeat, "Take the offer of one's seat back"), func(ctx context.Context, who authz.Actor, in *takeBackInput) (*meetingOutput, error) {
			return w.meetingAfter(ctx, who, in.ID, w.bodies.TakeBack(ctx, who, in.ID, in.Offer))
		}),
		web.Op(meetingSpec("confirmDeputising", http.MethodPost, "/{id}/deputies/{person}/confirm", bodies.ConfirmDeputy, "Confirm that a deputy stood in"), func(ctx context.Context, who authz.Actor, in *deputyInput) (*meetingOutput, error) {
			return w.meetingAfter(ctx, who, in.ID, w.bodies.ConfirmDeputising(ctx, who, in.ID, in.Person))
		}),
	}
}

// meetingAfter gives a meeting as it is after a change, or the change's error.
func (w *Web) meetingAfter(ctx context.Context, who authz.Actor, id string, err error) (*meetingOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiMeeting(ctx, who, &idInput{id})
}

func (w *Web) apiMeetings(ctx context.Context, who authz.Actor, in *meetingsInput) (*meetingsOutput, error) {
	f := bodies.MeetingFilter{Coming: in.Coming, Mine: in.Mine, Project: in.Project, Body: in.Of, State: bodies.MeetingState(in.State), Limit: in.Limit}
	cur, err := web.ParseCursor("meetings", in.After)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		f.AfterKey, f.AfterID = cur.Key, cur.ID
	}
	page, err := w.bodies.Meetings(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &meetingsOutput{}
	out.Body.Items, out.Body.Count = make([]meetingJSON, 0, len(page.Meetings)), page.Count
	for _, m := range page.Meetings {
		out.Body.Items = append(out.Body.Items, toMeeting(m))
	}
	if page.NextID != "" {
		out.Body.Next = web.Cursor{List: "meetings", Key: page.NextKey, ID: page.NextID}.String()
	}
	return out, nil
}

func (w *Web) apiMeeting(ctx context.Context, who authz.Actor, in *idInput) (*meetingOutput, error) {
	sh, err := w.bodies.Meeting(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &meetingOutput{ETag: web.ETag(sh.Version), Body: toMeeting(sh.Meeting)}
	for _, a := range sh.People {
		out.Body.People = append(out.Body.People, attendeeJSON{a.Person, a.Name, string(a.Seat), string(a.Capacity), a.For, a.Authority, a.There, string(a.Role), a.ConfirmedAt != 0})
	}
	for _, o := range sh.Offers {
		out.Body.Offers = append(out.Body.Offers, offerJSON{o.ID, o.Person, o.Deputy, o.Authority, string(o.State)})
	}
	return out, nil
}
