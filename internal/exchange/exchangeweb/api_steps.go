package exchangeweb

import (
	"context"
	"net/http"

	"cairn/internal/exchange"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type openCaseInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Open bool `json:"open"`
	}
}

type followUpInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		FollowUp string `json:"follow_up" maxLength:"10000"`
	}
}

type summariseInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		View    string `json:"view" maxLength:"10000"`
		Summary string `json:"summary" maxLength:"10000"`
	}
}

type correctAnswerInput struct {
	web.IfMatch
	ID     string `path:"id" maxLength:"36"`
	Answer string `path:"answer" maxLength:"36"`
	Body   struct {
		Question int    `json:"question,omitempty"`
		Label    string `json:"label" enum:"advice,guidance,opinion,own_experience"`
		Text     string `json:"text" minLength:"1" maxLength:"10000"`
		Named    bool   `json:"named,omitempty"`
	}
}

type answerPath struct {
	ID     string `path:"id" maxLength:"36"`
	Answer string `path:"answer" maxLength:"36"`
}

type withdrawAnswerInput struct {
	web.IfMatch
	ID     string `path:"id" maxLength:"36"`
	Answer string `path:"answer" maxLength:"36"`
}

type earlierOutput struct {
	Body struct {
		Items []caseJSON `json:"items" nullable:"false" doc:"What the case said before, newest first."`
	}
}

// steps are what happens to a case and its answers after they were written.
func (w *Web) steps() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "earlierCase", Method: http.MethodGet, Path: "/cases/{id}/earlier", Tag: "cases", Action: exchange.SeeOpenCase, Summary: "Read what a case said before it was corrected"}, w.apiEarlier),
		web.Op(web.Spec{ID: "publishCase", Method: http.MethodPost, Path: "/cases/{id}/publish", Tag: "cases", Action: exchange.OwnCase, Summary: "Publish one's own case, or consent to one that was written for one"}, w.apiPublish),
		web.Op(web.Spec{ID: "withdrawCase", Method: http.MethodPost, Path: "/cases/{id}/withdraw", Tag: "cases", Action: exchange.OwnCase, Summary: "Withdraw one's own case"}, w.apiWithdraw),
		web.Op(web.Spec{ID: "openCase", Method: http.MethodPut, Path: "/cases/{id}/open", Tag: "cases", Action: exchange.OwnCase, Summary: "Open one's own case to readers without an account, or close it to them"}, w.apiOpen),
		web.Op(web.Spec{ID: "followUpCase", Method: http.MethodPut, Path: "/cases/{id}/follow-up", Tag: "cases", Action: exchange.OwnCase, Summary: "Say what one did in the end and how it went"}, w.apiFollowUp),
		web.Op(web.Spec{ID: "summariseCase", Method: http.MethodPut, Path: "/cases/{id}/summary", Tag: "cases", Action: exchange.OrganiseCase, Summary: "Add the organiser's view and the closing summary"}, w.apiSummarise),
		web.Op(web.Spec{ID: "correctAnswer", Method: http.MethodPut, Path: "/cases/{id}/answers/{answer}", Tag: "cases", Action: exchange.OwnAnswer, Summary: "Correct one's own answer", Details: "If-Match is the version of the answer."}, w.apiCorrectAnswer),
		web.Op(web.Spec{ID: "withdrawAnswer", Method: http.MethodDelete, Path: "/cases/{id}/answers/{answer}", Tag: "cases", Action: exchange.OwnAnswer, Summary: "Withdraw one's own answer", Details: "If-Match is the version of the answer."}, w.apiWithdrawAnswer),
		web.Op(web.Spec{ID: "markHelpful", Method: http.MethodPost, Path: "/cases/{id}/answers/{answer}/helpful", Tag: "cases", Action: exchange.AnswerCase, Summary: "Mark an answer as helpful, or take the mark back"}, w.apiMark),
	}
}

func (w *Web) apiEarlier(ctx context.Context, who authz.Actor, in *caseInput) (*earlierOutput, error) {
	list, err := w.cases.Earlier(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &earlierOutput{}
	out.Body.Items = make([]caseJSON, 0, len(list))
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, toJSON(c))
	}
	return out, nil
}

// after reads the case anew once a step is done.
func (w *Web) after(ctx context.Context, who authz.Actor, id string, err error) (*caseOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &caseInput{id})
}

func (w *Web) apiPublish(ctx context.Context, who authz.Actor, in *caseInput) (*caseOutput, error) {
	return w.after(ctx, who, in.ID, w.cases.Publish(ctx, who, in.ID))
}

func (w *Web) apiWithdraw(ctx context.Context, who authz.Actor, in *caseInput) (*caseOutput, error) {
	return w.after(ctx, who, in.ID, w.cases.Withdraw(ctx, who, in.ID))
}

func (w *Web) apiOpen(ctx context.Context, who authz.Actor, in *openCaseInput) (*caseOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.cases.Open(ctx, who, in.ID, version, in.Body.Open)
	}
	return w.after(ctx, who, in.ID, err)
}

func (w *Web) apiFollowUp(ctx context.Context, who authz.Actor, in *followUpInput) (*caseOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.cases.FollowUp(ctx, who, in.ID, version, in.Body.FollowUp)
	}
	return w.after(ctx, who, in.ID, err)
}

func (w *Web) apiSummarise(ctx context.Context, who authz.Actor, in *summariseInput) (*caseOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.cases.Summarise(ctx, who, in.ID, version, in.Body.View, in.Body.Summary)
	}
	return w.after(ctx, who, in.ID, err)
}

func (w *Web) apiCorrectAnswer(ctx context.Context, who authz.Actor, in *correctAnswerInput) (*caseOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.cases.CorrectAnswer(ctx, who, exchange.Answer{ID: in.Answer, Question: in.Body.Question, Label: exchange.Label(in.Body.Label), Text: in.Body.Text, Named: in.Body.Named, Version: version})
	}
	return w.after(ctx, who, in.ID, err)
}

func (w *Web) apiWithdrawAnswer(ctx context.Context, who authz.Actor, in *withdrawAnswerInput) (*caseOutput, error) {
	version, err := in.Version()
	if err == nil {
		err = w.cases.CorrectAnswer(ctx, who, exchange.Answer{ID: in.Answer, Version: version})
	}
	return w.after(ctx, who, in.ID, err)
}

func (w *Web) apiMark(ctx context.Context, who authz.Actor, in *answerPath) (*caseOutput, error) {
	return w.after(ctx, who, in.ID, w.cases.Mark(ctx, who, in.Answer))
}
