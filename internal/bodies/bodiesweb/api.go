package bodiesweb

import (
	"context"
	"net/http"

	"cairn/internal/bodies"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type idInput struct {
	ID string `path:"id" maxLength:"36"`
}

type bodyJSON struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Kind        string      `json:"kind" enum:"portfolio_board,steering_group,project_board,review_group"`
	Governs     string      `json:"governs,omitempty" doc:"Id of the portfolio, programme or project."`
	GovernsName string      `json:"governs_name,omitempty"`
	QuorumCount int         `json:"quorum_count" doc:"Members at least; 0 for no rule."`
	QuorumShare int         `json:"quorum_share" doc:"Percent of the members, rounded up; 0 for no rule."`
	EndedOn     string      `json:"ended_on,omitempty"`
	Version     int64       `json:"version"`
	Seats       []seatJSON  `json:"seats,omitempty"`
	Terms       []termsJSON `json:"terms,omitempty" doc:"Terms of reference, the newest first."`
}

type seatJSON struct {
	ID       string       `json:"id"`
	Person   string       `json:"person"`
	Name     string       `json:"name"`
	Seat     string       `json:"seat" enum:"chair,deputy_chair,member,secretariat"`
	Side     string       `json:"side,omitempty" enum:"business,receiver,supplier"`
	From     string       `json:"from"`
	To       string       `json:"to,omitempty"`
	Version  int64        `json:"version" doc:"Send it in If-Match, in quotation marks, to change the seat."`
	Deputies []deputyJSON `json:"deputies,omitempty"`
}

type deputyJSON struct {
	ID        string `json:"id"`
	Person    string `json:"person"`
	Name      string `json:"name"`
	Authority string `json:"authority"`
	From      string `json:"from"`
	To        string `json:"to,omitempty"`
}

type termsJSON struct {
	Number     int    `json:"number"`
	Words      string `json:"words"`
	ApprovedOn string `json:"approved_on"`
}

func toBody(b bodies.Body) bodyJSON {
	return bodyJSON{
		ID: b.ID, Name: b.Name, Kind: string(b.Kind), Governs: b.Node, GovernsName: b.NodeName, QuorumCount: b.Quorum.Count, QuorumShare: b.Quorum.Share,
		EndedOn: b.EndedOn, Version: b.Version,
	}
}

type bodiesInput struct {
	Node  string `query:"node" maxLength:"36" doc:"Bodies that govern this node or what lies above it."`
	Ended bool   `query:"ended"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After string `query:"after" maxLength:"400"`
}

type bodiesOutput struct {
	Body struct {
		Items []bodyJSON `json:"items" nullable:"false"`
		Next  string     `json:"next,omitempty"`
	}
}

type bodyOutput struct {
	ETag string `header:"ETag"`
	Body bodyJSON
}

// BodyFields are what a governing body is given in the API.
type BodyFields struct {
	Name        string `json:"name" maxLength:"200"`
	Kind        string `json:"kind" enum:"portfolio_board,steering_group,project_board,review_group"`
	QuorumCount int    `json:"quorum_count,omitempty" minimum:"0" maximum:"100"`
	QuorumShare int    `json:"quorum_share,omitempty" minimum:"0" maximum:"100"`
}

func (f BodyFields) body() bodies.Body {
	return bodies.Body{Name: f.Name, Kind: bodies.BodyKind(f.Kind), Quorum: bodies.Quorum{Count: f.QuorumCount, Share: f.QuorumShare}}
}

type foundInput struct {
	Body struct {
		BodyFields
		Governs    string `json:"governs,omitempty" maxLength:"36"`
		Terms      string `json:"terms,omitempty" maxLength:"20000"`
		ApprovedOn string `json:"approved_on,omitempty" maxLength:"10"`
	}
}

type changeBodyInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		BodyFields
		EndedOn string `json:"ended_on,omitempty" maxLength:"10"`
	}
}

type termsInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Terms      string `json:"terms" maxLength:"20000"`
		ApprovedOn string `json:"approved_on" maxLength:"10"`
	}
}

// SeatFields are what a seat is given in the API.
type SeatFields struct {
	Seat string `json:"seat" enum:"chair,deputy_chair,member,secretariat"`
	Side string `json:"side,omitempty" enum:"business,receiver,supplier"`
	From string `json:"from,omitempty" maxLength:"10"`
	To   string `json:"to,omitempty" maxLength:"10"`
}

func (f SeatFields) seat(body string) bodies.Seat {
	return bodies.Seat{Body: body, Kind: bodies.SeatKind(f.Seat), Side: bodies.Side(f.Side), From: f.From, To: f.To}
}

type giveSeatInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		SeatFields
		Person string `json:"person" maxLength:"36"`
	}
}

type changeSeatInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Seat string `path:"seat" maxLength:"36"`
	Body SeatFields
}

type nameDeputyInput struct {
	ID   string `path:"id" maxLength:"36"`
	Seat string `path:"seat" maxLength:"36"`
	Body struct {
		Deputy    string `json:"deputy" maxLength:"36"`
		Authority string `json:"authority" maxLength:"4000"`
		From      string `json:"from,omitempty" maxLength:"10"`
		To        string `json:"to,omitempty" maxLength:"10"`
	}
}

type endDeputyInput struct {
	ID     string `path:"id" maxLength:"36"`
	Seat   string `path:"seat" maxLength:"36"`
	Deputy string `path:"deputy" maxLength:"36"`
}

func (w *Web) bodyAPI() []web.Operation {
	const tag = "bodies"
	return []web.Operation{
		web.Op(web.Spec{ID: "listBodies", Method: http.MethodGet, Path: "/bodies", Tag: tag, Action: bodies.SeeBodies, Summary: "List governing bodies by name"}, w.apiBodies),
		web.Op(web.Spec{ID: "getBody", Method: http.MethodGet, Path: "/bodies/{id}", Tag: tag, Action: bodies.SeeBodies, Summary: "Read a governing body with its seats, deputies and terms of reference"}, w.apiBody),
		web.Op(web.Spec{ID: "getBodyQuestions", Method: http.MethodGet, Path: "/bodies/{id}/questions", Tag: tag, Action: bodies.SeeMeetings, Summary: "Read what a governing body asked before, for somebody who is to stand before it"}, w.apiQuestions),
		web.Op(web.Spec{ID: "foundBody", Method: http.MethodPost, Path: "/bodies", Tag: tag, Action: bodies.FoundBody, Summary: "Set a governing body up", Status: http.StatusCreated}, func(ctx context.Context, who authz.Actor, in *foundInput) (*bodyOutput, error) {
			b := in.Body.body()
			b.Node = in.Body.Governs
			b, err := w.bodies.Found(ctx, who, b, bodies.Terms{Words: in.Body.Terms, ApprovedOn: in.Body.ApprovedOn})
			return w.bodyAfter(ctx, who, b.ID, err)
		}),
		web.Op(web.Spec{ID: "changeBody", Method: http.MethodPut, Path: "/bodies/{id}", Tag: tag, Action: bodies.ChangeBody, Summary: "Change name, kind and quorum of a governing body, or end it"}, func(ctx context.Context, who authz.Actor, in *changeBodyInput) (*bodyOutput, error) {
			b := in.Body.body()
			var err error
			if b.Version, err = in.Version(); err != nil {
				return nil, err
			}
			b.ID, b.EndedOn = in.ID, in.Body.EndedOn
			return w.bodyAfter(ctx, who, in.ID, w.bodies.ChangeBody(ctx, who, b))
		}),
		web.Op(web.Spec{ID: "approveTerms", Method: http.MethodPost, Path: "/bodies/{id}/terms", Tag: tag, Action: bodies.ChangeBody, Summary: "Give a governing body new terms of reference"}, func(ctx context.Context, who authz.Actor, in *termsInput) (*bodyOutput, error) {
			return w.bodyAfter(ctx, who, in.ID, w.bodies.ApproveTerms(ctx, who, in.ID, bodies.Terms{Words: in.Body.Terms, ApprovedOn: in.Body.ApprovedOn}))
		}),
		web.Op(web.Spec{ID: "giveSeat", Method: http.MethodPost, Path: "/bodies/{id}/seats", Tag: tag, Action: bodies.ChangeBody, Summary: "Give a person a seat", Status: http.StatusCreated}, func(ctx context.Context, who authz.Actor, in *giveSeatInput) (*bodyOutput, error) {
			s := in.Body.seat(in.ID)
			s.Person = in.Body.Person
			_, err := w.bodies.GiveSeat(ctx, who, s)
			return w.bodyAfter(ctx, who, in.ID, err)
		}),
		web.Op(web.Spec{ID: "changeSeat", Method: http.MethodPut, Path: "/bodies/{id}/seats/{seat}", Tag: tag, Action: bodies.ChangeBody, Summary: "Change a seat, or end it by a last day", Details: "If-Match is the version of the seat."}, func(ctx context.Context, who authz.Actor, in *changeSeatInput) (*bodyOutput, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			s := in.Body.seat(in.ID)
			s.ID, s.Version = in.Seat, version
			return w.bodyAfter(ctx, who, in.ID, w.bodies.ChangeSeat(ctx, who, s))
		}),
		web.Op(web.Spec{ID: "nameDeputy", Method: http.MethodPost, Path: "/bodies/{id}/seats/{seat}/deputies", Tag: tag, Action: bodies.NameDeputy, Summary: "Name a deputy for a member", Status: http.StatusCreated}, func(ctx context.Context, who authz.Actor, in *nameDeputyInput) (*bodyOutput, error) {
			b := in.Body
			_, err := w.bodies.NameDeputy(ctx, who, in.ID, bodies.Deputy{Seat: in.Seat, Person: b.Deputy, Authority: b.Authority, From: b.From, To: b.To})
			return w.bodyAfter(ctx, who, in.ID, err)
		}),
		web.Op(web.Spec{ID: "endDeputy", Method: http.MethodDelete, Path: "/bodies/{id}/seats/{seat}/deputies/{deputy}", Tag: tag, Action: bodies.NameDeputy, Summary: "End a deputy's naming with yesterday", Status: http.StatusOK}, func(ctx context.Context, who authz.Actor, in *endDeputyInput) (*bodyOutput, error) {
			return w.bodyAfter(ctx, who, in.ID, w.bodies.EndDeputy(ctx, who, in.ID, in.Seat, in.Deputy))
		}),
	}
}

// bodyAfter gives a body as it is after a change, or the change's error.
func (w *Web) bodyAfter(ctx context.Context, who authz.Actor, id string, err error) (*bodyOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiBody(ctx, who, &idInput{id})
}

type questionJSON struct {
	Words   string `json:"words" doc:"A sentence of the minutes, word for word."`
	Meeting string `json:"meeting"`
	On      string `json:"on" doc:"The last meeting that asked it."`
}

type questionsOutput struct {
	Body struct {
		Items []questionJSON `json:"items" nullable:"false" doc:"The newest first."`
	}
}

func (w *Web) apiQuestions(ctx context.Context, who authz.Actor, in *idInput) (*questionsOutput, error) {
	a, err := w.bodies.Asked(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &questionsOutput{}
	out.Body.Items = make([]questionJSON, 0, len(a.Questions))
	for _, q := range a.Questions {
		out.Body.Items = append(out.Body.Items, questionJSON{q.Words, q.Meeting, q.On})
	}
	return out, nil
}

func (w *Web) apiBodies(ctx context.Context, who authz.Actor, in *bodiesInput) (*bodiesOutput, error) {
	f := bodies.BodyFilter{Node: in.Node, Ended: in.Ended, Limit: in.Limit}
	cur, err := web.ParseCursor("bodies", in.After)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		f.AfterKey, f.AfterID = cur.Key, cur.ID
	}
	page, err := w.bodies.Bodies(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &bodiesOutput{}
	out.Body.Items = make([]bodyJSON, 0, len(page.Bodies))
	for _, b := range page.Bodies {
		out.Body.Items = append(out.Body.Items, toBody(b))
	}
	if page.NextID != "" {
		out.Body.Next = web.Cursor{List: "bodies", Key: page.NextKey, ID: page.NextID}.String()
	}
	return out, nil
}

func (w *Web) apiBody(ctx context.Context, who authz.Actor, in *idInput) (*bodyOutput, error) {
	sh, err := w.bodies.Body(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &bodyOutput{ETag: web.ETag(sh.Version), Body: toBody(sh.Body)}
	for _, s := range sh.Seats {
		j := seatJSON{ID: s.ID, Person: s.Person, Name: s.Name, Seat: string(s.Kind), Side: string(s.Side), From: s.From, To: s.To, Version: s.Version}
		for _, d := range s.Deputies {
			j.Deputies = append(j.Deputies, deputyJSON{d.ID, d.Person, d.Name, d.Authority, d.From, d.To})
		}
		out.Body.Seats = append(out.Body.Seats, j)
	}
	for _, t := range sh.Terms {
		out.Body.Terms = append(out.Body.Terms, termsJSON{t.Number, t.Words, t.ApprovedOn})
	}
	return out, nil
}
