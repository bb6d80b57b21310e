package careerweb

import (
	"context"
	"net/http"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type standingRole struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	State   string   `json:"state" enum:"qualified,one step,further"`
	Missing []string `json:"missing" nullable:"false"`
	Need    string   `json:"project_management" doc:"required, one_way or irrelevant: must one have managed a project?"`
}

type standingCounter struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Value    int    `json:"value"`
	Recorded int    `json:"recorded"`
	Imported int    `json:"imported"`
	OwnWord  int    `json:"own_word"`
	Attested int    `json:"confirmed" doc:"What a file or the person says, and somebody named has confirmed."`
}

type standingOption struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Hours int      `json:"hours"`
	Weeks int      `json:"weeks"`
	Opens []string `json:"opens" nullable:"false"`
}

type standingInput struct {
	On        string `query:"on" maxLength:"10" doc:"On a past day; nothing is today."`
	Framework string `query:"framework" maxLength:"60" doc:"By which published version of the framework; nothing is the one in force."`
}

func (in *standingInput) when() career.When { return career.When{On: in.On, Framework: in.Framework} }

type nothing struct{}

type standingLevel struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Application int    `json:"application"`
	Knowledge   int    `json:"knowledge"`
	Evidence    int    `json:"evidence" doc:"Pieces that its rules look at."`
	Next        string `json:"next,omitempty"`
}

type standingOutput struct {
	Body struct {
		On       bool              `json:"on" doc:"Off: nothing is derived."`
		At       string            `json:"at,omitempty"`
		By       string            `json:"framework" doc:"By which framework, with its version."`
		Levels   []standingLevel   `json:"levels" nullable:"false"`
		Counters []standingCounter `json:"counters" nullable:"false"`
		Roles    []standingRole    `json:"roles" nullable:"false"`
		Options  []standingOption  `json:"options" nullable:"false"`
	}
}

type choiceInput struct {
	Body struct {
		On bool `json:"on"`
	}
}

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getStanding", Method: http.MethodGet, Path: "/standing", Tag: "standing", Action: career.OwnCareer, Scope: "career:read", Summary: "Read one's own standing"}, w.apiStanding),
		web.Op(web.Spec{ID: "chooseStanding", Method: http.MethodPut, Path: "/standing", Tag: "standing", Action: career.OwnCareer, Scope: "career:write", Summary: "Turn one's own career on or off"}, w.apiChoose),
	}
}

func (w *Web) apiStanding(ctx context.Context, who authz.Actor, in *standingInput) (*standingOutput, error) {
	st, err := w.career.StandingOn(ctx, who, in.when())
	if err != nil {
		return nil, err
	}
	out := &standingOutput{}
	b := &out.Body
	b.On, b.Counters, b.Roles, b.Options = st.On, []standingCounter{}, []standingRole{}, []standingOption{}
	b.At, b.By, b.Levels = st.At, st.By.About.ID+" "+st.By.About.Version, []standingLevel{}
	for _, l := range st.Levels {
		b.Levels = append(b.Levels, standingLevel{l.Competency.ID, l.Competency.Name, l.Application, l.Knowledge, career.BehindLevel(st, l.Competency), l.Next})
	}
	for _, c := range st.Counters {
		o := career.Sum(st, c)
		b.Counters = append(b.Counters, standingCounter{c.ID, c.Name, c.Value, o.By[career.Recorded], o.By[career.Imported], o.By[career.OwnWord], o.By[career.Confirmed]})
	}
	for _, r := range st.Roles {
		one := standingRole{r.ID, r.Name, r.State, []string{}, r.ProjectManagement.Need}
		for _, q := range r.Requirements {
			if !q.Met {
				one.Missing = append(one.Missing, q.Says)
			}
		}
		b.Roles = append(b.Roles, one)
	}
	for _, o := range st.Options {
		b.Options = append(b.Options, standingOption{o.ID, o.Name, o.Hours, o.ElapsedWeeks, append([]string{}, o.Opens...)})
	}
	return out, nil
}

func (w *Web) apiChoose(ctx context.Context, who authz.Actor, in *choiceInput) (*standingOutput, error) {
	turn := w.career.TurnOff
	if in.Body.On {
		turn = w.career.TurnOn
	}
	if err := turn(ctx, who); err != nil {
		return nil, err
	}
	return w.apiStanding(ctx, who, &standingInput{})
}
