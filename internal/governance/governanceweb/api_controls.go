package governanceweb

import (
	"context"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type controlWordJSON struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" enum:"noted,attested,assessed"`
	Name    string `json:"name,omitempty" doc:"Of the event, or of the role that attests."`
	Verdict string `json:"verdict,omitempty"`
	Words   string `json:"words,omitempty"`
	On      string `json:"on"`
	By      string `json:"by,omitempty"`
	Back    bool   `json:"taken_back"`
}

type controlAcceptJSON struct {
	Line  int    `json:"line" doc:"What speakOfControl asks for."`
	Kind  string `json:"kind" enum:"event,fact,document,attestation"`
	Words string `json:"words"`
}

type projectControlJSON struct {
	ID      string              `json:"id" example:"ri-02"`
	Name    string              `json:"name"`
	Group   string              `json:"group"`
	Risk    string              `json:"risk"`
	State   string              `json:"state" doc:"evidenced, waived, not_asked, unseen, open or gap."`
	Via     string              `json:"via,omitempty" doc:"What shows it."`
	Since   string              `json:"since"`
	Until   string              `json:"until,omitempty" doc:"When it ends to be so by itself."`
	DueAt   string              `json:"due_at,omitempty" doc:"Id of a gate; absent for one that comes round."`
	Do      string              `json:"do,omitempty" doc:"The first step, where it is missing."`
	Accepts []controlAcceptJSON `json:"accepts" nullable:"false"`
	Words   []controlWordJSON   `json:"words" nullable:"false"`
	Waiver  string              `json:"waiver,omitempty" doc:"Id of the waiver that holds, or waits."`
	AskUse  bool                `json:"ask_use" doc:"Your answer is asked for: did it help?"`
}

type projectControlsInput struct {
	Project string `path:"project" maxLength:"36"`
	At      string `query:"at" maxLength:"10" doc:"A day; today if absent."`
}

type projectControlsOutput struct {
	Body struct {
		Project string               `json:"project"`
		At      string               `json:"at"`
		Version string               `json:"method_version,omitempty" doc:"Absent until the dial is answered."`
		Tier    string               `json:"tier,omitempty"`
		Phase   string               `json:"phase,omitempty"`
		Items   []projectControlJSON `json:"items" nullable:"false"`
	}
}

type speakOfControlInput struct {
	Project string `path:"project" maxLength:"36"`
	Control string `path:"control" maxLength:"60"`
	Body    struct {
		Line  int    `json:"line" doc:"The place among what the control accepts, from 0." minimum:"0" maximum:"1000"`
		On    string `json:"on,omitempty" maxLength:"10" doc:"A day; today if absent."`
		Words string `json:"words,omitempty"`
	}
}

type governanceMadeOutput struct {
	Body struct {
		ID string `json:"id"`
	}
}

func made(id string, err error) (*governanceMadeOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &governanceMadeOutput{}
	out.Body.ID = id
	return out, nil
}

type takeBackWordInput struct {
	Project string `path:"project" maxLength:"36"`
	Control string `path:"control" maxLength:"60"`
	Word    string `path:"word" maxLength:"36"`
}

type assessControlInput struct {
	Project string `path:"project" maxLength:"36"`
	Control string `path:"control" maxLength:"60"`
	Body    struct {
		Verdict string `json:"verdict" enum:"in_place,partly,missing,not_applicable"`
		Reason  string `json:"reason"`
	}
}

type answerUseInput struct {
	Project string `path:"project" maxLength:"36"`
	Control string `path:"control" maxLength:"60"`
	Body    struct {
		Helped  int    `json:"helped" enum:"1,0,-1" doc:"1 helped, 0 neutral, -1 in the way."`
		Minutes int    `json:"minutes" minimum:"0" maximum:"2400"`
		Comment string `json:"comment,omitempty" doc:"Kept apart from the answer, without your name unless you sign it."`
		Sign    bool   `json:"sign,omitempty"`
	}
}

func (w *Web) controlOperations() []web.Operation {
	return append([]web.Operation{
		web.Op(web.Spec{ID: "listProjectControls", Method: http.MethodGet, Path: "/projects/{project}/controls", Tag: "controls", Action: governance.SeeGovernance, Summary: "List the controls of a project as they stand on a day"}, w.apiControls),
		web.Op(web.Spec{ID: "speakOfControl", Method: http.MethodPost, Path: "/projects/{project}/controls/{control}/words", Tag: "controls", Action: governance.SpeakOfControl, Summary: "Note that something took place, or attest what a control accepts", Status: http.StatusCreated}, w.apiSpeak),
		web.Op(web.Spec{ID: "takeBackWord", Method: http.MethodDelete, Path: "/projects/{project}/controls/{control}/words/{word}", Tag: "controls", Action: governance.SpeakOfControl, Summary: "Take one's own word back", Details: "It stays readable as taken back.", Status: http.StatusNoContent}, w.apiTakeBack),
		web.Op(web.Spec{ID: "assessControl", Method: http.MethodPost, Path: "/projects/{project}/controls/{control}/assessments", Tag: "controls", Action: governance.AssessControl, Summary: "Assess a control where judgement is needed", Status: http.StatusCreated}, w.apiAssess),
		web.Op(web.Spec{ID: "answerControl", Method: http.MethodPut, Path: "/projects/{project}/controls/{control}/answer", Tag: "controls", Action: governance.AnswerControl, Summary: "Say whether a control helped and what it cost", Details: "One answer a month; a second one replaces the first.", Status: http.StatusNoContent}, w.apiAnswerUse),
	}, w.useOperations()...)
}

func (w *Web) apiControls(ctx context.Context, who authz.Actor, in *projectControlsInput) (*projectControlsOutput, error) {
	if err := dayOf(in.At, "at"); err != nil {
		return nil, err
	}
	s, err := w.gov.Controls(ctx, who, in.Project, in.At)
	if err != nil {
		return nil, err
	}
	out := &projectControlsOutput{}
	b := &out.Body
	b.Project, b.At, b.Items = in.Project, s.At, []projectControlJSON{}
	if s.Governed == nil {
		return out, nil
	}
	b.Version, b.Tier, b.Phase = s.Governed.Version, s.Governed.Tier.String(), s.Governed.Phase
	v := sheafView{Sheaf: s}
	for _, c := range s.Controls {
		b.Items = append(b.Items, controlJSON(v, c))
	}
	return out, nil
}

func controlJSON(v sheafView, c governance.Control) projectControlJSON {
	out := projectControlJSON{
		ID: c.ID, Name: c.Name, Group: c.Group, Risk: c.Risk, State: c.State, Via: c.Via, Since: c.Since, Until: c.Until, DueAt: c.DueAt, AskUse: c.AskUse,
		Accepts: []controlAcceptJSON{}, Words: []controlWordJSON{},
	}
	if c.State == governance.Gap || c.State == governance.Open {
		out.Do = c.Missing.Do
	}
	for i, a := range c.Accepts {
		out.Accepts = append(out.Accepts, controlAcceptJSON{i, string(a.Kind), acceptWords(v, a)})
	}
	for _, x := range c.Words {
		out.Words = append(out.Words, controlWordJSON{x.ID, x.Kind, x.Name, x.Verdict, x.Words, x.On, x.ByName, x.Back != 0})
	}
	if c.Waiver != nil {
		out.Waiver = c.Waiver.ID
	}
	return out
}

func (w *Web) apiSpeak(ctx context.Context, who authz.Actor, in *speakOfControlInput) (*governanceMadeOutput, error) {
	return made(w.gov.Speak(ctx, who, in.Project, in.Control, in.Body.Line, in.Body.On, in.Body.Words))
}

func (w *Web) apiTakeBack(ctx context.Context, who authz.Actor, in *takeBackWordInput) (*nothing, error) {
	return &nothing{}, w.gov.TakeBack(ctx, who, in.Project, in.Word)
}

func (w *Web) apiAssess(ctx context.Context, who authz.Actor, in *assessControlInput) (*governanceMadeOutput, error) {
	return made(w.gov.Assess(ctx, who, in.Project, in.Control, in.Body.Verdict, in.Body.Reason, ""))
}

func (w *Web) apiAnswerUse(ctx context.Context, who authz.Actor, in *answerUseInput) (*nothing, error) {
	if in.Body.Helped < governance.InTheWay || in.Body.Helped > governance.Helped {
		return nil, errs.OnField("helped", "Send 1, 0 or -1.")
	}
	return &nothing{}, w.gov.AnswerUse(ctx, who, in.Project, in.Control, governance.Use{Helped: in.Body.Helped, Minutes: in.Body.Minutes, Comment: in.Body.Comment, Sign: in.Body.Sign})
}
