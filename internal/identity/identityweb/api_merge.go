package identityweb

import (
	"context"
	"net/http"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type previewMergeInput struct {
	ID   string `path:"id" maxLength:"36" doc:"The entry that stays."`
	From string `query:"from" required:"true" maxLength:"36" doc:"The entry that goes."`
}

type mergeKindJSON struct {
	Data  string `json:"data"`
	Moves bool   `json:"moves" doc:"Rows of this kind become the other entry's."`
	Stays bool   `json:"stays" doc:"Some of it is never edited; it is read as the other entry's."`
}

type mergePreviewOutput struct {
	Body struct {
		Stays      personJSON      `json:"stays"`
		Goes       personJSON      `json:"goes"`
		Kinds      []mergeKindJSON `json:"kinds" nullable:"false" doc:"What the entry that goes has. How much, is theirs to know."`
		Gives      []string        `json:"gives" nullable:"false" doc:"What the entry that stays learns: email, job_title, org_unit."`
		Refused    string          `json:"refused,omitempty" doc:"Why the two cannot be merged; absent if they can."`
		TurnAround bool            `json:"turn_around" doc:"They can be merged the other way round."`
		Until      string          `json:"until" doc:"The last day on which a merge of today can be undone."`
	}
}

type mergeInput struct {
	ID   string `path:"id" maxLength:"36" doc:"The entry that stays."`
	Body struct {
		From string `json:"from" minLength:"1" maxLength:"36" doc:"The entry that goes."`
	}
}

type mergedJSON struct {
	ID       string `json:"id"`
	From     string `json:"from"`
	Into     string `json:"into"`
	Name     string `json:"name" doc:"That the entry bore."`
	On       string `json:"on"`
	Until    string `json:"until"`
	Undoable bool   `json:"undoable"`
}

type mergesOutput struct {
	Body struct {
		Items []mergedJSON `json:"items" nullable:"false"`
	}
}

type unmergeOutput struct {
	Body struct {
		From string `json:"from" doc:"The entry that is one of its own again."`
		Into string `json:"into"`
		Left int    `json:"left" doc:"Projects that changed since and kept the other number in their fields."`
	}
}

type twinJSON struct {
	Keep     personJSON `json:"keep"`
	Other    personJSON `json:"other"`
	SameName bool       `json:"same_name" doc:"Otherwise initial and surname agree."`
}

type twinsOutput struct {
	Body struct {
		Items []twinJSON `json:"items" nullable:"false"`
	}
}

func (w *Web) mergeOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listTwins", Method: http.MethodGet, Path: "/people-twins", Tag: "people", Action: identity.MergePeople, Summary: "List a few pairs of entries that may be one person"}, w.apiTwins),
		web.Op(web.Spec{ID: "previewMerge", Method: http.MethodGet, Path: "/people/{id}/merge", Tag: "people", Action: identity.MergePeople, Summary: "See what merging another entry into this one would do"}, w.apiPreviewMerge),
		web.Op(web.Spec{ID: "mergePeople", Method: http.MethodPost, Path: "/people/{id}/merge", Tag: "people", Action: identity.MergePeople, Summary: "Merge another entry into this one"}, w.apiMerge),
		web.Op(web.Spec{ID: "listMerges", Method: http.MethodGet, Path: "/people/{id}/merges", Tag: "people", Action: identity.MergePeople, Summary: "List the entries that were merged into this one"}, w.apiMerges),
		web.Op(web.Spec{ID: "undoMerge", Method: http.MethodPost, Path: "/people-merges/{id}/undo", Tag: "people", Action: identity.MergePeople, Summary: "Take a merge back, within 30 days"}, w.apiUnmerge),
	}
}

func (w *Web) apiTwins(ctx context.Context, who authz.Actor, _ *struct{}) (*twinsOutput, error) {
	list, err := w.people.Twins(ctx, who)
	out := &twinsOutput{}
	out.Body.Items = []twinJSON{}
	for _, p := range list {
		out.Body.Items = append(out.Body.Items, twinJSON{toJSON(p.Keep), toJSON(p.Other), p.SameName})
	}
	return out, err
}

func (w *Web) apiPreviewMerge(ctx context.Context, who authz.Actor, in *previewMergeInput) (*mergePreviewOutput, error) {
	m, err := w.people.PreviewMerge(ctx, who, in.ID, in.From)
	if err != nil {
		return nil, err
	}
	out := &mergePreviewOutput{}
	b := &out.Body
	b.Stays, b.Goes, b.Refused, b.TurnAround, b.Until = toJSON(m.Stays), toJSON(m.Goes), m.Refused, m.TurnAround, m.Until
	b.Kinds, b.Gives = []mergeKindJSON{}, append([]string{}, m.Gives...)
	for _, k := range m.Kinds {
		b.Kinds = append(b.Kinds, mergeKindJSON(k))
	}
	return out, nil
}

func (w *Web) apiMerge(ctx context.Context, who authz.Actor, in *mergeInput) (*mergesOutput, error) {
	if _, err := w.people.Merge(ctx, who, in.ID, in.Body.From); err != nil {
		return nil, err
	}
	return w.apiMerges(ctx, who, &personInput{ID: in.ID})
}

func (w *Web) apiMerges(ctx context.Context, who authz.Actor, in *personInput) (*mergesOutput, error) {
	if _, err := w.people.Person(ctx, who, in.ID); err != nil {
		return nil, err
	}
	list, err := w.people.Merges(ctx, who, in.ID)
	out := &mergesOutput{}
	out.Body.Items = []mergedJSON{}
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, mergedJSON{m.ID, m.From, m.Into, m.Name, m.On, m.Until, m.Undoable})
	}
	return out, err
}

func (w *Web) apiUnmerge(ctx context.Context, who authz.Actor, in *personInput) (*unmergeOutput, error) {
	m, left, err := w.people.Unmerge(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &unmergeOutput{}
	out.Body.From, out.Body.Into, out.Body.Left = m.From, m.Into, left
	return out, nil
}
