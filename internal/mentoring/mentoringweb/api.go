package mentoringweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/mentoring"
)

type mentoringOfferJSON struct {
	ID      string   `json:"id"`
	Person  string   `json:"person"`
	Name    string   `json:"name"`
	Topics  []string `json:"topics" nullable:"false" doc:"Ids of competencies of the framework."`
	Words   string   `json:"words,omitempty"`
	Weeks   int      `json:"every_weeks"`
	Places  int      `json:"places"`
	Taken   int      `json:"taken"`
	Until   string   `json:"until,omitempty"`
	Version int64    `json:"version"`
}

func offerJSON(o mentoring.Offer) mentoringOfferJSON {
	return mentoringOfferJSON{o.ID, o.Person, o.Name, append([]string{}, o.Topics...), o.Words, o.Weeks, o.Places, o.Taken, o.Until, o.Version}
}

type mentoringMeetingJSON struct {
	ID      string `json:"id"`
	On      string `json:"on"`
	Minutes int    `json:"minutes"`
	NotedBy string `json:"noted_by"`
	Note    string `json:"own_note,omitempty" doc:"Yours; that of the other is never given."`
}

type mentoringPairJSON struct {
	ID       string                 `json:"id"`
	Mentor   string                 `json:"mentor"`
	Mentee   string                 `json:"mentee"`
	Words    string                 `json:"words,omitempty" doc:"What the mentee is looking for."`
	Weeks    int                    `json:"every_weeks"`
	State    string                 `json:"state" enum:"asked,proposed,agreed,ended"`
	Waits    bool                   `json:"waits_for_you"`
	Began    string                 `json:"began_on,omitempty"`
	Ended    string                 `json:"ended_on,omitempty"`
	Next     string                 `json:"next,omitempty" doc:"By the rhythm, from the last meeting; none while one of the two has no account."`
	Meetings []mentoringMeetingJSON `json:"meetings,omitempty"`
	Version  int64                  `json:"version"`
}

func pairJSON(p mentoring.Pair, me string) mentoringPairJSON {
	return mentoringPairJSON{ID: p.ID, Mentor: p.Mentor, Mentee: p.Mentee, Words: p.Words, Weeks: p.Weeks, State: string(p.State), Waits: p.Waits(me), Began: p.Began, Ended: p.Ended, Next: p.Next(), Version: p.Version}
}

type mentoringOffersInput struct {
	After string `query:"after" maxLength:"400" doc:"The next of the page before."`
}

type mentoringOffersOutput struct {
	Body struct {
		Items []mentoringOfferJSON `json:"items" nullable:"false"`
		Next  string               `json:"next,omitempty"`
	}
}

type mentoringOfferOutput struct {
	ETag string `header:"ETag"`
	Body mentoringOfferJSON
}

type mentoringPairsOutput struct {
	Body struct {
		Items []mentoringPairJSON `json:"items" nullable:"false"`
	}
}

type mentoringPairOutput struct {
	ETag string `header:"ETag"`
	Body mentoringPairJSON
}

type saveMentoringOfferInput struct {
	web.IfMatch
	Body struct {
		Topics []string `json:"topics,omitempty" maxItems:"50"`
		Words  string   `json:"words,omitempty" maxLength:"2000"`
		Weeks  int      `json:"every_weeks" minimum:"1" maximum:"26"`
		Places int      `json:"places" minimum:"1" maximum:"10"`
		Until  string   `json:"until,omitempty" maxLength:"10"`
	}
}

type askMentorInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Words string `json:"words,omitempty" maxLength:"2000"`
		Weeks int    `json:"every_weeks" minimum:"1" maximum:"26"`
	}
}

type mentoringPairInput struct {
	ID string `path:"id" maxLength:"36"`
}

// PairStepInput names a pair and its version.
type PairStepInput struct {
	web.IfMatch
	ID string `path:"id" maxLength:"36"`
}

type acceptPairInput struct {
	PairStepInput
	Body struct {
		Weeks int `json:"every_weeks,omitempty" minimum:"1" maximum:"26" doc:"Another rhythm than the one asked for; the other then has to agree."`
	}
}

type noteMeetingInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		On      string `json:"on" maxLength:"10"`
		Minutes int    `json:"minutes" minimum:"5" maximum:"480"`
		Note    string `json:"note,omitempty" maxLength:"2000" doc:"Yours alone."`
	}
}

// MeetingInput names a meeting of a pair.
type MeetingInput struct {
	ID      string `path:"id" maxLength:"36"`
	Meeting string `path:"meeting" maxLength:"36"`
}

type changeNoteInput struct {
	MeetingInput
	Body struct {
		Note string `json:"note" maxLength:"2000"`
	}
}

func (w *Web) operations() []web.Operation {
	const tag, read, write = "mentoring", "career:read", "career:write"
	op := func(id, method, path string, act authz.Action, scope web.Scope, summary string) web.Spec {
		return web.Spec{ID: id, Method: method, Path: path, Tag: tag, Action: act, Scope: scope, Summary: summary}
	}
	made := func(s web.Spec) web.Spec { s.Status = http.StatusCreated; return s }
	gone := func(s web.Spec) web.Spec { s.Status = http.StatusNoContent; return s }
	return []web.Operation{
		web.Op(op("listMentoringOffers", http.MethodGet, "/mentoring-offers", mentoring.See, "", "List who offers to mentor, by name"), w.apiOffers),
		web.Op(op("getMentoringOffer", http.MethodGet, "/mentoring-offer", mentoring.OwnOffer, read, "Read your own offer to mentor"), w.apiOwnOffer),
		web.Op(op("saveMentoringOffer", http.MethodPut, "/mentoring-offer", mentoring.OwnOffer, write, "Make your own offer to mentor, with If-Match \"0\", or change it"), w.apiSaveOffer),
		web.Op(gone(op("withdrawMentoringOffer", http.MethodDelete, "/mentoring-offer", mentoring.OwnOffer, write, "Take your own offer to mentor back")), func(ctx context.Context, who authz.Actor, _ *struct{}) (*struct{}, error) {
			return nil, w.mentoring.WithdrawOffer(ctx, who)
		}),
		web.Op(made(op("askMentor", http.MethodPost, "/mentoring-offers/{id}/questions", mentoring.Ask, write, "Ask somebody who offers to mentor")), w.apiAsk),
		web.Op(op("listMentoringPairs", http.MethodGet, "/mentoring-pairs", mentoring.See, read, "List your own pairs and questions"), w.apiPairs),
		web.Op(op("getMentoringPair", http.MethodGet, "/mentoring-pairs/{id}", mentoring.OwnPair, read, "Read a pair of yours, with its meetings and your own notes"), func(ctx context.Context, who authz.Actor, in *mentoringPairInput) (*mentoringPairOutput, error) {
			return w.after(ctx, who, in.ID, nil)
		}),
		web.Op(op("acceptMentoring", http.MethodPost, "/mentoring-pairs/{id}/accept", mentoring.OwnPair, write, "Say yes to be one of a pair"), func(ctx context.Context, who authz.Actor, in *acceptPairInput) (*mentoringPairOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.mentoring.Accept(ctx, who, in.ID, version, in.Body.Weeks)
			}
			return w.after(ctx, who, in.ID, err)
		}),
		web.Op(gone(op("declineMentoring", http.MethodDelete, "/mentoring-pairs/{id}", mentoring.OwnPair, write, "Let a question go, as either of the two; nothing of it is kept")), func(ctx context.Context, who authz.Actor, in *PairStepInput) (*struct{}, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return nil, w.mentoring.Decline(ctx, who, in.ID, version)
		}),
		web.Op(op("endMentoring", http.MethodPost, "/mentoring-pairs/{id}/end", mentoring.OwnPair, write, "End a pair, as either of the two"), func(ctx context.Context, who authz.Actor, in *PairStepInput) (*mentoringPairOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.mentoring.End(ctx, who, in.ID, version)
			}
			return w.after(ctx, who, in.ID, err)
		}),
		web.Op(made(op("noteMentoringMeeting", http.MethodPost, "/mentoring-pairs/{id}/meetings", mentoring.OwnPair, write, "Note a meeting that was held, with a note for yourself")), func(ctx context.Context, who authz.Actor, in *noteMeetingInput) (*mentoringPairOutput, error) {
			_, err := w.mentoring.NoteMeeting(ctx, who, in.ID, mentoring.Meeting{On: in.Body.On, Minutes: in.Body.Minutes, Note: in.Body.Note})
			return w.after(ctx, who, in.ID, err)
		}),
		web.Op(op("changeMentoringNote", http.MethodPut, "/mentoring-pairs/{id}/meetings/{meeting}/note", mentoring.OwnPair, write, "Change your own note on a meeting"), func(ctx context.Context, who authz.Actor, in *changeNoteInput) (*mentoringPairOutput, error) {
			return w.after(ctx, who, in.ID, w.mentoring.ChangeNote(ctx, who, in.ID, in.Meeting, in.Body.Note))
		}),
		web.Op(op("removeMentoringMeeting", http.MethodDelete, "/mentoring-pairs/{id}/meetings/{meeting}", mentoring.OwnPair, write, "Say that a meeting was not held"), func(ctx context.Context, who authz.Actor, in *MeetingInput) (*mentoringPairOutput, error) {
			return w.after(ctx, who, in.ID, w.mentoring.RemoveMeeting(ctx, who, in.ID, in.Meeting))
		}),
	}
}

func (w *Web) apiOffers(ctx context.Context, who authz.Actor, in *mentoringOffersInput) (*mentoringOffersOutput, error) {
	cur, err := web.ParseCursor("mentoring", in.After)
	if err != nil {
		return nil, err
	}
	if cur == nil {
		cur = &web.Cursor{}
	}
	sh, err := w.mentoring.Offers(ctx, who, cur.Key, cur.ID)
	if err != nil {
		return nil, err
	}
	out := &mentoringOffersOutput{}
	out.Body.Items = make([]mentoringOfferJSON, 0, len(sh.Offers))
	for _, o := range sh.Offers {
		out.Body.Items = append(out.Body.Items, offerJSON(o))
	}
	if sh.NextID != "" {
		out.Body.Next = web.Cursor{List: "mentoring", Key: sh.NextKey, ID: sh.NextID}.String()
	}
	return out, nil
}

func (w *Web) apiOwnOffer(ctx context.Context, who authz.Actor, _ *struct{}) (*mentoringOfferOutput, error) {
	o, err := w.mentoring.OwnOffer(ctx, who)
	if err != nil {
		return nil, err
	}
	return &mentoringOfferOutput{ETag: web.ETag(o.Version), Body: offerJSON(o)}, nil
}

func (w *Web) apiSaveOffer(ctx context.Context, who authz.Actor, in *saveMentoringOfferInput) (*mentoringOfferOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	b := in.Body
	o, err := w.mentoring.SaveOffer(ctx, who, version, mentoring.Offer{Topics: b.Topics, Words: b.Words, Weeks: b.Weeks, Places: b.Places, Until: b.Until})
	if err != nil {
		return nil, err
	}
	if o, err = w.mentoring.Offer(ctx, who, o.ID); err != nil {
		return nil, err
	}
	return &mentoringOfferOutput{ETag: web.ETag(o.Version), Body: offerJSON(o)}, nil
}

func (w *Web) apiAsk(ctx context.Context, who authz.Actor, in *askMentorInput) (*mentoringPairOutput, error) {
	p, err := w.mentoring.Ask(ctx, who, in.ID, in.Body.Weeks, in.Body.Words)
	return w.after(ctx, who, p.ID, err)
}

func (w *Web) apiPairs(ctx context.Context, who authz.Actor, _ *struct{}) (*mentoringPairsOutput, error) {
	sh, err := w.mentoring.Offers(ctx, who, "", "")
	if err != nil {
		return nil, err
	}
	out := &mentoringPairsOutput{}
	out.Body.Items = make([]mentoringPairJSON, 0, len(sh.Pairs))
	for _, p := range sh.Pairs {
		p.Words = "" // read at the pair alone, where it is noted that a mentor looked
		out.Body.Items = append(out.Body.Items, pairJSON(p, who.Person))
	}
	return out, nil
}

// after answers with the pair as it is after a step.
func (w *Web) after(ctx context.Context, who authz.Actor, id string, err error) (*mentoringPairOutput, error) {
	if err != nil {
		return nil, err
	}
	sh, err := w.mentoring.Pair(ctx, who, id)
	if err != nil {
		return nil, err
	}
	out := &mentoringPairOutput{ETag: web.ETag(sh.Version), Body: pairJSON(sh.Pair, who.Person)}
	for _, m := range sh.Held {
		out.Body.Meetings = append(out.Body.Meetings, mentoringMeetingJSON(m))
	}
	return out, nil
}
