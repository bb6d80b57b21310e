package governanceweb

import (
	"context"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type dialAnswerJSON struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Points int    `json:"points"`
	Alone  bool   `json:"alone" doc:"Not together with others."`
}

type dialQuestionJSON struct {
	ID      string           `json:"id"`
	Ask     string           `json:"ask"`
	Many    bool             `json:"many" doc:"More than one answer may be given."`
	Answers []dialAnswerJSON `json:"answers" nullable:"false"`
}

type dialResultJSON struct {
	Points   int      `json:"points"`
	Max      int      `json:"max"`
	Tier     string   `json:"tier"`
	ByPoints string   `json:"by_points" doc:"The tier before hard rules."`
	Rules    []string `json:"rules" nullable:"false" doc:"Why hard rules hold."`
	Method   string   `json:"method"`
	Involves []string `json:"involves" nullable:"false"`
	ToNext   int      `json:"points_to_next"`
}

func resultJSON(r *method.Result) *dialResultJSON {
	if r == nil {
		return nil
	}
	out := &dialResultJSON{r.Points, r.Max, r.Tier.String(), r.ByPoints.String(), []string{}, r.Method, full(r.Involves), r.PointsToNext}
	for _, x := range r.Rules {
		out.Rules = append(out.Rules, x.Because)
	}
	return out
}

type dialInput struct {
	Project string `path:"project" maxLength:"36"`
}

type dialOutput struct {
	Body struct {
		Questions []dialQuestionJSON  `json:"questions" nullable:"false"`
		Answers   map[string][]string `json:"answers" nullable:"false" doc:"By question: what was answered last, or what the register knows."`
		Kind      string              `json:"kind"`
		HandsOver bool                `json:"hands_over"`
		Result    *dialResultJSON     `json:"result,omitempty"`
	}
}

type dialSheetJSON struct {
	Answers   map[string][]string `json:"answers" doc:"By question, the ids of the answers."`
	Kind      string              `json:"kind" enum:"project,improvement,study,compulsory"`
	HandsOver bool                `json:"hands_over,omitempty" doc:"Somebody else will run what is made."`
	Phase     string              `json:"phase,omitempty" maxLength:"60" doc:"Where the project stands; a phase of the method."`
	AtGate    string              `json:"at_gate,omitempty" maxLength:"60"`
}

func (j dialSheetJSON) sheet() governance.Sheet {
	return governance.Sheet{Answers: j.Answers, Kind: j.Kind, HandsOver: j.HandsOver, Phase: j.Phase, AtGate: j.AtGate}
}

type dialSheetInput struct {
	Project string `path:"project" maxLength:"36"`
	Body    dialSheetJSON
}

type dialResultOutput struct{ Body *dialResultJSON }

type overrideTierInput struct {
	Project string `path:"project" maxLength:"36"`
	Body    struct {
		Tier   string `json:"tier" enum:"S,M,L,XL"`
		Reason string `json:"reason"`
	}
}

type opineTierInput struct {
	Project string `path:"project" maxLength:"36"`
	Body    struct {
		Agrees bool   `json:"agrees"`
		Words  string `json:"words,omitempty" doc:"Needed where one does not agree."`
	}
}

type heatInput struct {
	Node  string `query:"node" maxLength:"36" doc:"A portfolio or programme; all portfolios if absent."`
	Group string `query:"group" maxLength:"60" doc:"Its controls as columns; the groups if absent."`
	At    string `query:"at" maxLength:"10" doc:"A day; today if absent."`
	Mine  bool   `query:"mine" doc:"Your own projects, one row each."`
}

type heatCellJSON struct {
	Column    string `json:"column"`
	Evidenced int    `json:"evidenced"`
	Waived    int    `json:"waived"`
	Open      int    `json:"open"`
	Gap       int    `json:"gap"`
	Unseen    int    `json:"unseen"`
	NotAsked  int    `json:"not_asked"`
}

type heatRowJSON struct {
	ID    string         `json:"id"`
	Name  string         `json:"name"`
	Kind  string         `json:"kind" enum:"portfolio,programme,project"`
	Tier  string         `json:"tier,omitempty"`
	Cells []heatCellJSON `json:"cells" nullable:"false"`
}

type heatOutput struct {
	Body struct {
		At      string            `json:"at"`
		Columns map[string]string `json:"columns" nullable:"false" doc:"Names by id."`
		Rows    []heatRowJSON     `json:"rows" nullable:"false"`
		More    bool              `json:"more" doc:"There are more rows than the 200 shown."`
	}
}

func (w *Web) dialOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getDial", Method: http.MethodGet, Path: "/projects/{project}/dial", Tag: "dial", Action: governance.SeeGovernance, Summary: "Read the questions that give a project its tier, and its answers"}, w.apiDial),
		web.Op(web.Spec{ID: "tryDial", Method: http.MethodPost, Path: "/projects/{project}/dial/try", Tag: "dial", Action: governance.SeeGovernance, Summary: "Tell what answers would result in, and change nothing"}, w.apiTryDial),
		web.Op(web.Spec{ID: "answerDial", Method: http.MethodPost, Path: "/projects/{project}/dial", Tag: "dial", Action: governance.AnswerDial, Summary: "Answer the questions that give a project its tier", Status: http.StatusCreated}, w.apiAnswerDial),
		web.Op(web.Spec{ID: "confirmDial", Method: http.MethodPost, Path: "/projects/{project}/dial/confirm", Tag: "dial", Action: governance.AnswerDial, Summary: "Say that nothing has changed since the dial was answered", Details: "A gate is passed only when the dial was answered or confirmed since the gate before it. An overridden tier ends with that.", Status: http.StatusCreated}, w.apiConfirmDial),
		web.Op(web.Spec{ID: "overrideTier", Method: http.MethodPut, Path: "/projects/{project}/tier", Tag: "dial", Action: governance.OverrideTier, Summary: "Set another tier than the dial gave, within the authority of the method", Status: http.StatusNoContent}, w.apiOverride),
		web.Op(web.Spec{ID: "opineTier", Method: http.MethodPost, Path: "/projects/{project}/tier/opinion", Tag: "dial", Action: governance.OpineTier, Summary: "Say what one thinks of a lower tier, where the method wants to hear it", Status: http.StatusNoContent}, w.apiOpineTier),
		web.Op(web.Spec{ID: "getHeatMap", Method: http.MethodGet, Path: "/governance/gaps", Tag: "controls", Action: governance.SeeGovernance, Summary: "Count gaps by portfolio, programme or project, and group of controls"}, w.apiHeat),
	}
}

func (w *Web) apiDial(ctx context.Context, who authz.Actor, in *dialInput) (*dialOutput, error) {
	d, err := w.gov.Dial(ctx, who, in.Project)
	if err != nil {
		return nil, err
	}
	out := &dialOutput{}
	b := &out.Body
	b.Questions, b.Answers, b.Kind, b.HandsOver, b.Result = []dialQuestionJSON{}, map[string][]string{}, d.Sheet.Kind, d.Sheet.HandsOver, resultJSON(d.Result)
	for q, given := range d.Sheet.Answers {
		b.Answers[q] = full(given)
	}
	for i := range d.Method.Dial.Questions {
		q := &d.Method.Dial.Questions[i]
		j := dialQuestionJSON{q.ID, q.Ask, q.Many(), []dialAnswerJSON{}}
		for _, a := range q.Answers {
			j.Answers = append(j.Answers, dialAnswerJSON{a.ID, a.Label, a.Points, a.Alone})
		}
		b.Questions = append(b.Questions, j)
	}
	return out, nil
}

func (w *Web) apiTryDial(ctx context.Context, who authz.Actor, in *dialSheetInput) (*dialResultOutput, error) {
	r, _, err := w.gov.Try(ctx, who, in.Project, in.Body.sheet())
	if err != nil {
		return nil, err
	}
	return &dialResultOutput{resultJSON(r)}, nil
}

func (w *Web) apiAnswerDial(ctx context.Context, who authz.Actor, in *dialSheetInput) (*dialResultOutput, error) {
	r, err := w.gov.Answer(ctx, who, in.Project, in.Body.sheet())
	if err != nil {
		return nil, err
	}
	return &dialResultOutput{resultJSON(r)}, nil
}

func (w *Web) apiConfirmDial(ctx context.Context, who authz.Actor, in *dialInput) (*dialResultOutput, error) {
	r, err := w.gov.ConfirmDial(ctx, who, in.Project)
	if err != nil {
		return nil, err
	}
	return &dialResultOutput{resultJSON(r)}, nil
}

func (w *Web) apiOverride(ctx context.Context, who authz.Actor, in *overrideTierInput) (*nothing, error) {
	tier, err := tierOf(in.Body.Tier)
	if err != nil {
		return nil, err
	}
	return &nothing{}, w.gov.Override(ctx, who, in.Project, tier, in.Body.Reason)
}

func (w *Web) apiOpineTier(ctx context.Context, who authz.Actor, in *opineTierInput) (*nothing, error) {
	return &nothing{}, w.gov.OpineTier(ctx, who, in.Project, in.Body.Agrees, in.Body.Words)
}

func (w *Web) apiHeat(ctx context.Context, who authz.Actor, in *heatInput) (*heatOutput, error) {
	if err := dayOf(in.At, "at"); err != nil {
		return nil, err
	}
	h, err := w.gov.Heat(ctx, who, governance.HeatFilter{Node: in.Node, Group: in.Group, At: in.At, Mine: in.Mine})
	if err != nil {
		return nil, err
	}
	out := &heatOutput{}
	b := &out.Body
	b.At, b.Columns, b.Rows, b.More = h.At, map[string]string{}, []heatRowJSON{}, h.More
	for _, c := range h.Columns {
		b.Columns[c.ID] = c.Name
	}
	for _, r := range h.Rows {
		j := heatRowJSON{r.ID, r.Name, r.Kind, r.Tier.String(), []heatCellJSON{}}
		for _, c := range h.Columns {
			if x := r.Cells[c.ID]; x != nil {
				j.Cells = append(j.Cells, heatCellJSON{c.ID, x.Evidenced, x.Waived, x.Open, x.Gap, x.Unseen, x.NotAsked})
			}
		}
		b.Rows = append(b.Rows, j)
	}
	return out, nil
}
