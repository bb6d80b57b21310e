package oppositesweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/opposites"
)

type oppositesEnd struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Behaviour []string `json:"behaviours" nullable:"false"`
}

type oppositesPair struct {
	ID   string         `json:"id"`
	Ends []oppositesEnd `json:"ends" nullable:"false"`
}

type oppositesSpread struct {
	Middle float64 `json:"middle" doc:"The middle answer, 1 to 5."`
	From   int     `json:"from" doc:"The second lowest answer."`
	To     int     `json:"to" doc:"The second highest answer."`
	Words  string  `json:"words"`
}

type oppositesRound struct {
	ID       string                     `json:"id"`
	RatedOn  string                     `json:"rated_on"`
	Marks    map[string]int             `json:"marks" doc:"By end: 1 seldom, 2 now and then, 3 half the time, 4 mostly, 5 nearly always."`
	Note     string                     `json:"note,omitempty"`
	State    string                     `json:"state" enum:"alone,asking,few,shown"`
	Until    string                     `json:"until,omitempty"`
	Asked    []string                   `json:"asked,omitempty" doc:"While colleagues are being asked: whom. Who has answered is told to nobody."`
	Answered int                        `json:"answered" doc:"While colleagues are being asked at most 5, which stands for five or more."`
	Others   map[string]oppositesSpread `json:"colleagues,omitempty" doc:"When the round is over and at least five have answered: what they say together, by end."`
	Version  int64                      `json:"version" doc:"Send it in If-Match, in quotation marks, to correct the round."`
}

type profileOutput struct {
	Body struct {
		Pairs   []oppositesPair  `json:"pairs" nullable:"false"`
		Rounds  []oppositesRound `json:"rounds" nullable:"false" doc:"Newest first."`
		AskFrom string           `json:"ask_from,omitempty" doc:"The first day on which colleagues can be asked again."`
	}
}

type oppositesTopic struct {
	Pair      string   `json:"pair"`
	Shape     string   `json:"shape" enum:"both,neither,first,second,between"`
	Says      string   `json:"says"`
	Questions []string `json:"questions" nullable:"false"`
}

type talkOutput struct {
	Body struct {
		Items []oppositesTopic `json:"items" nullable:"false"`
	}
}

type oppositesRequest struct {
	ID    string `json:"id"`
	By    string `json:"by"`
	Until string `json:"until"`
}

type requestsOutput struct {
	Body struct {
		Items []oppositesRequest `json:"items" nullable:"false"`
	}
}

type nothing struct{}

type roundInput struct {
	ID string `path:"id" maxLength:"36"`
}

type oppositesMarks struct {
	Marks map[string]int `json:"marks" maxProperties:"12" doc:"By end, from 1 to 5."`
}

type rateInput struct{ Body oppositesMarks }

type correctInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body oppositesMarks
}

type noteInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Note string `json:"note"`
	}
}

type askInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		People []string `json:"people" maxItems:"60" doc:"Ids, or names as they stand in the directory; at least five in all."`
		Until  string   `json:"until,omitempty" maxLength:"10"`
	}
}

type replyInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body oppositesMarks
}

func (w *Web) operations() []web.Operation {
	own := func(id, method, path, summary, details string, status int) web.Spec {
		s := web.Spec{ID: id, Method: method, Path: path, Tag: "opposites", Action: opposites.Own, Scope: "career:write", Summary: summary, Details: details, Status: status}
		if method == http.MethodGet {
			s.Scope = "career:read"
		}
		return s
	}
	answer := func(id, method, path, summary, details string, status int) web.Spec {
		s := own(id, method, path, summary, details, status)
		s.Action = opposites.Answer
		return s
	}
	return []web.Operation{
		web.Op(own("getOpposites", http.MethodGet, "/opposites", "Read one's own paired opposites", "", http.StatusOK), w.apiProfile),
		web.Op(own("rateOpposites", http.MethodPost, "/opposites", "Mark oneself: begin a round", "All twelve ends.", http.StatusCreated), w.apiRate),
		web.Op(own("getOppositesTalk", http.MethodGet, "/opposites/talk", "Read questions for a talk, from the newest round", "", http.StatusOK), w.apiTalk),
		web.Op(own("correctOpposites", http.MethodPut, "/opposites/rounds/{id}", "Correct one's own marks", "Until what colleagues say stands beside them.", http.StatusOK), w.apiCorrect),
		web.Op(own("noteOpposites", http.MethodPut, "/opposites/rounds/{id}/note", "Keep a note to oneself", "", http.StatusOK), w.apiNote),
		web.Op(own("askOpposites", http.MethodPost, "/opposites/rounds/{id}/ask", "Ask colleagues how they see it", "Nothing is shown before the round is over and at least five have answered.", http.StatusOK), w.apiAsk),
		web.Op(own("closeOpposites", http.MethodPost, "/opposites/rounds/{id}/close", "End a round", "From five answers on what colleagues say is shown, for good; under five what came in is deleted.", http.StatusOK), w.apiClose),
		web.Op(own("removeOpposites", http.MethodDelete, "/opposites/rounds/{id}", "Delete a round with all that came in for it", "", http.StatusNoContent), w.apiRemove),
		web.Op(answer("listOppositesRequests", http.MethodGet, "/opposites/requests", "List the colleagues who ask how one sees them", "", http.StatusOK), w.apiRequests),
		web.Op(answer("answerOpposites", http.MethodPut, "/opposites/requests/{id}", "Answer, once", "The answer is counted and not kept: nobody can read, change or take it back, and nobody is told. Leave out what you cannot judge.", http.StatusNoContent), w.apiReply),
		web.Op(answer("declineOpposites", http.MethodDelete, "/opposites/requests/{id}", "Decline; nobody is told", "", http.StatusNoContent), w.apiDecline),
	}
}

func (w *Web) apiProfile(ctx context.Context, who authz.Actor, _ *nothing) (*profileOutput, error) {
	p, err := w.pairs.Profile(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &profileOutput{}
	out.Body.AskFrom, out.Body.Rounds = p.AskFrom, make([]oppositesRound, 0, len(p.Rounds))
	for _, x := range opposites.Pairs() {
		one := oppositesPair{ID: x.ID}
		for _, e := range x.Ends {
			one.Ends = append(one.Ends, oppositesEnd{e.ID, e.Name, e.Behaviours})
		}
		out.Body.Pairs = append(out.Body.Pairs, one)
	}
	for _, r := range p.Rounds {
		one := oppositesRound{ID: r.ID, RatedOn: r.RatedOn, Marks: r.Marks, Note: r.Note, State: string(r.State), Until: r.Until, Answered: r.Answered, Version: r.Version}
		for _, c := range r.Asked {
			one.Asked = append(one.Asked, c.Name)
		}
		for end, s := range r.Others {
			if one.Others == nil {
				one.Others = map[string]oppositesSpread{}
			}
			one.Others[end] = oppositesSpread{s.Middle(), s.Low, s.High, s.Words()}
		}
		out.Body.Rounds = append(out.Body.Rounds, one)
	}
	return out, nil
}

// after answers a change with the profile as it stands then.
func (w *Web) after(ctx context.Context, who authz.Actor, err error) (*profileOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiProfile(ctx, who, nil)
}

func (w *Web) apiRate(ctx context.Context, who authz.Actor, in *rateInput) (*profileOutput, error) {
	_, err := w.pairs.Rate(ctx, who, in.Body.Marks)
	return w.after(ctx, who, err)
}

func (w *Web) apiTalk(ctx context.Context, who authz.Actor, _ *nothing) (*talkOutput, error) {
	p, err := w.pairs.Profile(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &talkOutput{}
	out.Body.Items = []oppositesTopic{}
	if len(p.Rounds) == 0 {
		return out, nil
	}
	for _, t := range opposites.Talk(p.Rounds[0]) {
		questions := append([]string{}, t.Questions...)
		for _, v := range t.Views {
			questions = append(questions, v.Questions...)
		}
		out.Body.Items = append(out.Body.Items, oppositesTopic{t.Pair.ID, string(t.Shape), t.Says, questions})
	}
	return out, nil
}

func (w *Web) apiCorrect(ctx context.Context, who authz.Actor, in *correctInput) (*profileOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.pairs.Correct(ctx, who, in.ID, version, in.Body.Marks)
	}
	return w.after(ctx, who, err)
}

func (w *Web) apiNote(ctx context.Context, who authz.Actor, in *noteInput) (*profileOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.pairs.Note(ctx, who, in.ID, version, in.Body.Note)
	}
	return w.after(ctx, who, err)
}

func (w *Web) apiAsk(ctx context.Context, who authz.Actor, in *askInput) (*profileOutput, error) {
	return w.after(ctx, who, w.pairs.Ask(ctx, who, in.ID, in.Body.People, in.Body.Until))
}

func (w *Web) apiClose(ctx context.Context, who authz.Actor, in *roundInput) (*profileOutput, error) {
	return w.after(ctx, who, w.pairs.Close(ctx, who, in.ID))
}

func (w *Web) apiRemove(ctx context.Context, who authz.Actor, in *roundInput) (*nothing, error) {
	return nil, w.pairs.Remove(ctx, who, in.ID)
}

func (w *Web) apiRequests(ctx context.Context, who authz.Actor, _ *nothing) (*requestsOutput, error) {
	list, err := w.pairs.Requests(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &requestsOutput{}
	out.Body.Items = make([]oppositesRequest, 0, len(list))
	for _, a := range list {
		out.Body.Items = append(out.Body.Items, oppositesRequest{a.Round, a.By.Name, a.Until})
	}
	return out, nil
}

func (w *Web) apiReply(ctx context.Context, who authz.Actor, in *replyInput) (*nothing, error) {
	return nil, w.pairs.Reply(ctx, who, in.ID, in.Body.Marks)
}

func (w *Web) apiDecline(ctx context.Context, who authz.Actor, in *roundInput) (*nothing, error) {
	return nil, w.pairs.Decline(ctx, who, in.ID)
}
