package portfolioweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type turnJSON struct {
	Field     string   `json:"field"`
	Before    factJSON `json:"before"`
	After     factJSON `json:"after"`
	Corrected bool     `json:"corrected,omitempty" doc:"A person corrected the cell of the file before its import."`
}

type statedJSON struct {
	Seq     int64      `json:"seq" doc:"Grows with what Cairn learns about the project."`
	AsAt    string     `json:"as_at" doc:"Since when it holds."`
	KnownAt time.Time  `json:"known_at" doc:"When Cairn learnt it."`
	By      string     `json:"by,omitempty" doc:"Id of the person who stated it; absent if that was not recorded."`
	ByName  string     `json:"by_name,omitempty"`
	Door    string     `json:"door,omitempty" enum:"form,import,report,gate,api,bulk,command" doc:"By which way it came; absent if that was not recorded."`
	Source  string     `json:"source,omitempty"`
	Import  string     `json:"import,omitempty" doc:"Id of the import, for those who may import."`
	Changes []turnJSON `json:"changes" nullable:"false"`
}

func turnsToJSON(list []portfolio.Turn) []turnJSON {
	out := make([]turnJSON, 0, len(list))
	for _, t := range list {
		out = append(out, turnJSON{string(t.Info.Field), factJSON{t.Old.Text, t.Old.Reason}, factJSON{t.New.Text, t.New.Reason}, t.Corrected})
	}
	return out
}

type historyInput struct {
	ID     string `path:"id" maxLength:"36"`
	Field  string `query:"field" maxLength:"200" doc:"Statements that changed this field alone."`
	Before int64  `query:"before" minimum:"0" doc:"The next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type historyOutput struct {
	Body struct {
		Items []statedJSON `json:"items" nullable:"false"`
		Count int          `json:"count" doc:"Over all pages."`
		Next  int64        `json:"next,omitempty" doc:"The before of the next page."`
	}
}

type comparisonInput struct {
	From  string `query:"from" required:"true" maxLength:"10" doc:"A past date."`
	To    string `query:"to" maxLength:"10" doc:"A later date; today if absent."`
	Known string `query:"known" enum:"now,then" default:"now" doc:"Both dates as they are known now, or each as it was known when it ended."`
	Under string `query:"under" maxLength:"36" doc:"Id of a portfolio or programme."`
	Field string `query:"field" maxLength:"200"`
	Only  string `query:"only" enum:"worse,slipped,dearer,closed,added,withdrawn"`
	After string `query:"after" maxLength:"36" format:"uuid" doc:"The next of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type movedJSON struct {
	Project      string     `json:"project"`
	Name         string     `json:"name"`
	Code         string     `json:"code,omitempty"`
	Shifts       []string   `json:"shifts" nullable:"false" doc:"worse: its rating; slipped: its end; dearer: its forecast cost, or its budget; closed; added: no fact about it holds at the first date; withdrawn: none holds at the second, as each was known then."`
	DaysLater    int        `json:"days_later,omitempty"`
	PercentMore  int        `json:"percent_more,omitempty"`
	VanishedFrom string     `json:"vanished_from,omitempty"`
	Changes      []turnJSON `json:"changes" nullable:"false"`
}

type comparisonOutput struct {
	Body struct {
		From   string         `json:"from"`
		To     string         `json:"to"`
		Items  []movedJSON    `json:"items" nullable:"false" doc:"What matters most comes first: rated worse, ends later, costs more, then by name."`
		Count  int            `json:"count" doc:"Over all pages."`
		Counts map[string]int `json:"counts" doc:"Projects by what became of them, over all pages."`
		Capped bool           `json:"capped,omitempty" doc:"More projects differ than are compared at once; the first by name are here, and there are more than each count says."`
		Next   string         `json:"next,omitempty"`
	}
}

func (w *Web) historyOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "getProjectHistory", Method: http.MethodGet, Path: "/projects/{id}/history", Tag: "projects", Action: portfolio.SeeProject, Summary: "Read how a project came to be known, field by field, newest first"}, w.apiHistory),
		web.Op(web.Spec{ID: "listChanges", Method: http.MethodGet, Path: "/changes", Tag: "projects", Action: portfolio.SeeRegister, Summary: "Compare the register on two dates"}, w.apiChanges),
	}
}

func (w *Web) apiHistory(ctx context.Context, who authz.Actor, in *historyInput) (*historyOutput, error) {
	t, err := w.register.Timeline(ctx, who, in.ID, portfolio.Field(in.Field), in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{}
	out.Body.Items, out.Body.Count, out.Body.Next = make([]statedJSON, 0, len(t.List)), t.Count, t.Next
	for _, s := range t.List {
		out.Body.Items = append(out.Body.Items, statedJSON{
			Seq: s.Seq, AsAt: s.AsAt, KnownAt: time.UnixMicro(s.At).UTC(), By: s.By, ByName: s.ByName, Door: string(s.Door),
			Source: s.Source, Import: s.Import, Changes: turnsToJSON(s.Turns),
		})
	}
	return out, nil
}

func (w *Web) apiChanges(ctx context.Context, who authz.Actor, in *comparisonInput) (*comparisonOutput, error) {
	b := portfolio.Span{
		From: in.From, To: or(in.To, w.register.Today()), Known: in.Known, Under: in.Under, Field: portfolio.Field(in.Field),
		Only: portfolio.Shift(in.Only), After: in.After, Limit: in.Limit,
	}
	c, err := w.register.Compare(ctx, who, b)
	if err != nil {
		return nil, err
	}
	out := &comparisonOutput{}
	out.Body.From, out.Body.To, out.Body.Count, out.Body.Capped, out.Body.Next = b.From, b.To, c.Count, c.Capped, c.Next
	out.Body.Items, out.Body.Counts = make([]movedJSON, 0, len(c.List)), map[string]int{}
	for s, n := range c.Counts {
		out.Body.Counts[string(s)] = n
	}
	for _, m := range c.List {
		one := movedJSON{Project: m.ID, Name: m.Name, Code: m.Code, Shifts: []string{}, DaysLater: m.Days, PercentMore: m.Percent, VanishedFrom: m.VanishedFrom, Changes: turnsToJSON(m.Turns)}
		for _, s := range m.Shifts {
			one.Shifts = append(one.Shifts, string(s))
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}
