package exchangeweb

import (
	"context"
	"net/http"
	"strconv"

	"cairn/internal/exchange"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type caseJSON struct {
	ID         string       `json:"id"`
	Title      string       `json:"title"`
	State      string       `json:"state"`
	Author     string       `json:"author,omitempty"`
	Background string       `json:"background"`
	Doing      string       `json:"doing,omitempty"`
	Missing    string       `json:"missing,omitempty"`
	Questions  []string     `json:"questions" nullable:"false"`
	Open       bool         `json:"open" doc:"Readers without an account see it."`
	View       string       `json:"view,omitempty"`
	Summary    string       `json:"summary,omitempty"`
	FollowUp   string       `json:"follow_up,omitempty"`
	Answers    []answerJSON `json:"answers,omitempty"`
	Count      int          `json:"answer_count"`
}

type answerJSON struct {
	ID       string `json:"id"`
	Question int    `json:"question" doc:"0: the whole case."`
	Author   string `json:"author,omitempty"`
	Label    string `json:"label" enum:"advice,guidance,opinion,own_experience"`
	Text     string `json:"text"`
	Helpful  int    `json:"helpful"`
	Version  int64  `json:"version" doc:"Send it in If-Match, in quotation marks, to correct or withdraw the answer."`
}

func toJSON(c exchange.Case) caseJSON {
	out := caseJSON{
		ID: c.ID, Title: c.Title, State: string(c.State), Author: c.AuthorName, Background: c.Background, Doing: c.Doing, Missing: c.Missing,
		Questions: append([]string{}, c.Questions...), Open: c.Open, View: c.View, Summary: c.Summary, FollowUp: c.FollowUp, Count: max(c.Count, standing(c.Answers)),
	}
	for _, a := range c.Answers {
		if !a.Withdrawn {
			out.Answers = append(out.Answers, answerJSON{a.ID, a.Question, a.AuthorName, string(a.Label), a.Text, a.Helpful, a.Version})
		}
	}
	return out
}

type casesInput struct {
	After string `query:"after" maxLength:"400"`
}

type casesOutput struct {
	Body struct {
		Items []caseJSON `json:"items" nullable:"false"`
		Next  string     `json:"next,omitempty"`
	}
}

type caseInput struct {
	ID string `path:"id" maxLength:"36"`
}

type caseOutput struct {
	ETag string `header:"ETag"`
	Body caseJSON
}

type caseBody struct {
	Title      string   `json:"title" maxLength:"200"`
	Background string   `json:"background"`
	Doing      string   `json:"doing,omitempty"`
	Missing    string   `json:"missing,omitempty"`
	Questions  []string `json:"questions"`
}

func (b caseBody) body() exchange.Body {
	return exchange.Body{Title: b.Title, Background: b.Background, Doing: b.Doing, Missing: b.Missing, Questions: b.Questions}
}

type writeCaseInput struct {
	Publish bool   `query:"publish"`
	For     string `query:"for" maxLength:"200" doc:"Name of the author, if an organiser writes it."`
	Consent string `query:"consent" maxLength:"500"`
	Body    caseBody
}

type correctCaseInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body caseBody
}

type answerCaseInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Question int    `json:"question,omitempty"`
		Label    string `json:"label" enum:"advice,guidance,opinion,own_experience"`
		Text     string `json:"text"`
		Named    bool   `json:"named,omitempty"`
	}
}

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listCases", Method: http.MethodGet, Path: "/cases", Tag: "cases", Action: exchange.SeeCases, Summary: "List published cases, newest first"}, w.apiList),
		web.Op(web.Spec{ID: "getCase", Method: http.MethodGet, Path: "/cases/{id}", Tag: "cases", Action: exchange.SeeOpenCase, Summary: "Read a case with its answers"}, w.apiGet),
		web.Op(web.Spec{ID: "writeCase", Method: http.MethodPost, Path: "/cases", Tag: "cases", Action: exchange.WriteCase, Summary: "Write a case", Status: http.StatusCreated}, w.apiWrite),
		web.Op(web.Spec{ID: "correctCase", Method: http.MethodPut, Path: "/cases/{id}", Tag: "cases", Action: exchange.OwnCase, Summary: "Correct one's own case"}, w.apiCorrect),
		web.Op(web.Spec{ID: "answerCase", Method: http.MethodPost, Path: "/cases/{id}/answers", Tag: "cases", Action: exchange.AnswerCase, Summary: "Answer a case", Status: http.StatusCreated}, w.apiAnswer),
	}
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *casesInput) (*casesOutput, error) {
	cur, err := web.ParseCursor("cases", in.After)
	if err != nil {
		return nil, err
	}
	var at int64
	var id string
	if cur != nil {
		id = cur.ID
		if at, err = strconv.ParseInt(cur.Key, 10, 64); err != nil {
			return nil, errs.OnField("after", "This place in the list cannot be read.")
		}
	}
	page, err := w.cases.Cases(ctx, who, at, id)
	if err != nil {
		return nil, err
	}
	out := &casesOutput{}
	out.Body.Items = make([]caseJSON, 0, len(page.Cases))
	for _, c := range page.Cases {
		out.Body.Items = append(out.Body.Items, toJSON(c))
	}
	if page.NextID != "" {
		out.Body.Next = web.Cursor{List: "cases", Key: strconv.FormatInt(page.NextAt, 10), ID: page.NextID}.String()
	}
	return out, nil
}

func (w *Web) apiGet(ctx context.Context, who authz.Actor, in *caseInput) (*caseOutput, error) {
	c, err := w.cases.Case(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &caseOutput{ETag: web.ETag(c.Version), Body: toJSON(c)}, nil
}

func (w *Web) apiWrite(ctx context.Context, who authz.Actor, in *writeCaseInput) (*caseOutput, error) {
	c, err := w.cases.Write(ctx, who, in.Body.body(), in.For, in.Consent, in.Publish)
	if err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &caseInput{c.ID})
}

func (w *Web) apiCorrect(ctx context.Context, who authz.Actor, in *correctCaseInput) (*caseOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := w.cases.Correct(ctx, who, in.ID, version, in.Body.body()); err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &caseInput{in.ID})
}

func (w *Web) apiAnswer(ctx context.Context, who authz.Actor, in *answerCaseInput) (*caseOutput, error) {
	if _, err := w.cases.Answer(ctx, who, exchange.Answer{Case: in.ID, Question: in.Body.Question, Label: exchange.Label(in.Body.Label), Text: in.Body.Text, Named: in.Body.Named}); err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &caseInput{in.ID})
}
