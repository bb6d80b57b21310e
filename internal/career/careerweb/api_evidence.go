package careerweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/career"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type evidenceJSON struct {
	ID      string            `json:"id"`
	Kind    string            `json:"kind" doc:"A kind of experience of the framework."`
	Role    string            `json:"role" doc:"Role in the work."`
	State   string            `json:"state" enum:"proposed,accepted,dropped"`
	Grade   string            `json:"grade" enum:"recorded,attested,self_declared"`
	Words   string            `json:"words"`
	Leaves  string            `json:"leaves" doc:"The wording as it leaves, with what is hidden taken out."`
	Hides   []string          `json:"hides" nullable:"false"`
	From    string            `json:"from,omitempty"`
	To      string            `json:"to,omitempty"`
	Lasts   bool              `json:"lasts"`
	Months  int               `json:"months" doc:"Calendar months, overlapping ones once."`
	Project string            `json:"project,omitempty"`
	Body    string            `json:"body,omitempty"`
	Tier    string            `json:"tier,omitempty"`
	Records []itemJSON        `json:"records" nullable:"false"`
	Asked   []attestationJSON `json:"attestations" nullable:"false"`
	Version int64             `json:"version"`
}

type attestationJSON struct {
	ID       string `json:"id"`
	About    string `json:"about" enum:"group,entry"`
	AboutID  string `json:"about_id"`
	Attester string `json:"attester"`
	ByLink   bool   `json:"by_link"`
	State    string `json:"state" enum:"asked,confirmed,amended,declined,withdrawn,refused,lapsed"`
	Wording  string `json:"wording"`
	Amended  string `json:"amended,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Asked    string `json:"asked_at"`
	Link     string `json:"link,omitempty" doc:"For somebody outside; told this once."`
}

func attestationsJSON(list []career.Attestation) []attestationJSON {
	out := make([]attestationJSON, 0, len(list))
	for _, a := range list {
		out = append(out, attestationJSON{a.ID, a.AboutKind, a.AboutID, a.AttesterName, a.ByLink(), string(a.State), a.Wording, a.Amended, a.Reason, time.UnixMicro(a.AskedAt).UTC().Format(time.RFC3339), ""})
	}
	return out
}

func groupJSON(l *career.Ledger, g *career.Group) evidenceJSON {
	out := evidenceJSON{
		ID: g.ID, Kind: g.Kind, Role: string(g.Role), State: g.Claim.State, Grade: g.Grade(), Words: g.Words(l.By), Leaves: g.Leaves(l.By), Hides: append([]string{}, g.Claim.Hides...),
		From: g.From, To: g.To, Lasts: g.Lasts, Months: g.Months, Project: g.Project, Body: g.Body, Tier: g.Tier, Records: []itemJSON{}, Asked: attestationsJSON(g.Asked), Version: g.Claim.Version,
	}
	if out.State == career.Proposed {
		out.State = "proposed"
	}
	for _, it := range g.Items {
		out.Records = append(out.Records, itemJSON{it.Kind, string(it.Role), string(it.Origin), it.Project, it.ProjectName, it.From, it.To})
	}
	return out
}

type evidenceInput struct {
	State string `query:"state" enum:"proposed,accepted,dropped" doc:"Only these."`
	After string `query:"after" maxLength:"64" doc:"The id that the page before ended with."`
}

type evidenceOutput struct {
	Body struct {
		Items []evidenceJSON `json:"items" nullable:"false"`
		Next  string         `json:"next,omitempty"`
	}
}

type pieceInput struct {
	ID string `path:"id" maxLength:"64"`
}

type pieceOutput struct {
	ETag string `header:"ETag"`
	Body evidenceJSON
}

type claimEvidenceInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		State  string   `json:"state" enum:"proposed,accepted,dropped"`
		Words  string   `json:"words,omitempty" maxLength:"2000"`
		Leaves string   `json:"leaves,omitempty" maxLength:"2000"`
		Hides  []string `json:"hides,omitempty" maxItems:"3"`
	}
}

func (w *Web) evidenceAPI() []web.Operation {
	own := func(id, method, path, tag string, scope web.Scope, summary string) web.Spec {
		return web.Spec{ID: id, Method: method, Path: path, Tag: tag, Action: career.OwnCareer, Scope: scope, Summary: summary}
	}
	created := func(s web.Spec) web.Spec {
		s.Status = http.StatusCreated
		return s
	}
	return []web.Operation{
		web.Op(own("listEvidence", http.MethodGet, "/evidence", "evidence", "career:read", "List one's own evidence: what the record proposes and what one made of it"), w.apiEvidence),
		web.Op(own("getEvidence", http.MethodGet, "/evidence/{id}", "evidence", "career:read", "Read a piece of one's own evidence with the records behind it"), w.apiPiece),
		web.Op(own("claimEvidence", http.MethodPut, "/evidence/{id}", "evidence", "career:write", "Keep, word, redact or drop a piece of evidence"), w.apiClaim),
		web.Op(own("listEvidenceEntries", http.MethodGet, "/evidence-entries", "evidence", "career:read", "List one's own entries of work elsewhere"), w.apiEntries),
		web.Op(created(own("enterEvidence", http.MethodPost, "/evidence-entries", "evidence", "career:write", "Enter work elsewhere")), w.apiEnter),
		web.Op(own("changeEvidenceEntry", http.MethodPut, "/evidence-entries/{id}", "evidence", "career:write", "Change an entry; what was confirmed of it is no longer"), w.apiChangeEntry),
		web.Op(own("removeEvidenceEntry", http.MethodDelete, "/evidence-entries/{id}", "evidence", "career:write", "Take an entry back"), w.apiRemoveEntry),
		web.Op(own("listAttestations", http.MethodGet, "/attestations", "attestations", "career:read", "List whom one asked to confirm what"), w.apiAsked),
		web.Op(created(own("askAttestation", http.MethodPost, "/attestations", "attestations", "career:write", "Ask a colleague, or somebody outside by a link, to confirm a piece of evidence")), w.apiAsk),
		web.Op(own("withdrawAttestation", http.MethodPost, "/attestations/{id}/withdraw", "attestations", "career:write", "Take a request back"), w.apiWithdraw),
		web.Op(own("takeAttestation", http.MethodPost, "/attestations/{id}/take", "attestations", "career:write", "Take the wording that a colleague would rather confirm, or leave it"), w.apiTake),
		web.Op(web.Spec{ID: "listAttestationRequests", Method: http.MethodGet, Path: "/attestation-requests", Tag: "attestations", Action: career.Attest, Scope: "career:read", Summary: "List what one was asked to confirm"}, w.apiWaiting),
		web.Op(web.Spec{ID: "answerAttestation", Method: http.MethodPost, Path: "/attestation-requests/{id}", Tag: "attestations", Action: career.Attest, Scope: "career:write", Summary: "Confirm, confirm in other words, or decline"}, w.apiAnswer),
	}
}

func (w *Web) apiLedger(ctx context.Context, who authz.Actor) (career.Ledger, error) {
	l, err := w.career.Ledger(ctx, who)
	if err == nil && !l.On {
		err = errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
	}
	return l, err
}

func (w *Web) apiEvidence(ctx context.Context, who authz.Actor, in *evidenceInput) (*evidenceOutput, error) {
	l, err := w.apiLedger(ctx, who)
	if err != nil {
		return nil, err
	}
	var list []*career.Group
	for i := range l.Groups {
		state := l.Groups[i].Claim.State
		if in.State == "" || in.State == state || in.State == "proposed" && state == career.Proposed {
			list = append(list, &l.Groups[i])
		}
	}
	out := &evidenceOutput{}
	out.Body.Items = []evidenceJSON{}
	shown, next, err := page(list, in.After)
	if err != nil {
		return nil, err
	}
	out.Body.Next = next
	for _, g := range shown {
		out.Body.Items = append(out.Body.Items, groupJSON(&l, g))
	}
	return out, nil
}

func (w *Web) apiPiece(ctx context.Context, who authz.Actor, in *pieceInput) (*pieceOutput, error) {
	l, err := w.apiLedger(ctx, who)
	if err != nil {
		return nil, err
	}
	g, ok := l.GroupOf(in.ID)
	if !ok {
		return nil, errs.Missing("piece of evidence")
	}
	return &pieceOutput{ETag: web.ETag(g.Claim.Version), Body: groupJSON(&l, g)}, nil
}

func (w *Web) apiClaim(ctx context.Context, who authz.Actor, in *claimEvidenceInput) (*pieceOutput, error) {
	c := career.Claim{State: in.Body.State, Words: in.Body.Words, Leaves: in.Body.Leaves, Hides: in.Body.Hides}
	if c.State == "proposed" {
		c.State = career.Proposed
	}
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	if err := w.career.Claim(ctx, who, in.ID, version, c); err != nil {
		return nil, err
	}
	return w.apiPiece(ctx, who, &pieceInput{in.ID})
}

type evidenceEntryJSON struct {
	ID       string            `json:"id,omitempty" readOnly:"true"`
	Kind     string            `json:"kind" maxLength:"60"`
	Role     string            `json:"role" enum:"led,deputised,contributed,supported,observed"`
	Words    string            `json:"words" maxLength:"2000"`
	From     string            `json:"from" maxLength:"10" doc:"A day, or a month."`
	To       string            `json:"to,omitempty" maxLength:"10"`
	Project  string            `json:"project,omitempty" maxLength:"200"`
	Tier     string            `json:"tier,omitempty" enum:"light,medium,major"`
	Finished bool              `json:"finished,omitempty"`
	Outside  bool              `json:"outside_office,omitempty"`
	Pieces   int64             `json:"pieces"`
	Hours    int64             `json:"hours,omitempty"`
	Projects int64             `json:"projects,omitempty"`
	People   int64             `json:"people,omitempty"`
	Bodies   int64             `json:"bodies,omitempty"`
	About    []string          `json:"about,omitempty" maxItems:"10"`
	Leaves   string            `json:"leaves,omitempty" maxLength:"2000"`
	Hides    []string          `json:"hides,omitempty" maxItems:"3"`
	Grade    string            `json:"grade,omitempty" readOnly:"true"`
	Asked    []attestationJSON `json:"attestations,omitempty" readOnly:"true"`
	Version  int64             `json:"version,omitempty" readOnly:"true" doc:"Send it in If-Match, in quotation marks, to change the entry."`
}

func (j evidenceEntryJSON) entry(id string) career.Entry {
	return career.Entry{
		ID: id, Kind: j.Kind, Role: activity.RoleInWork(j.Role), Words: j.Words, From: startOf(j.From), To: endOf(j.To), ProjectName: j.Project, Tier: j.Tier, Finished: j.Finished, Outside: j.Outside,
		Pieces: j.Pieces, Hours: j.Hours, Projects: j.Projects, People: j.People, Bodies: j.Bodies, About: j.About, Leaves: j.Leaves, Hides: j.Hides,
	}
}

func toEntryJSON(e *career.Entry) evidenceEntryJSON {
	return evidenceEntryJSON{
		e.ID, e.Kind, string(e.Role), e.Words, e.From, e.To, e.ProjectName, e.Tier, e.Finished, e.Outside, e.Pieces, e.Hours, e.Projects, e.People, e.Bodies, e.About, e.Leaves, e.Hides,
		e.Grade(), attestationsJSON(e.Asked), e.Version,
	}
}

type evidenceEntriesOutput struct {
	Body struct {
		Items []evidenceEntryJSON `json:"items" nullable:"false"`
	}
}

type evidenceEntryInput struct{ Body evidenceEntryJSON }

type changeEvidenceEntryInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body evidenceEntryJSON
}

type evidenceEntryOutput struct {
	ETag string `header:"ETag"`
	Body evidenceEntryJSON
}

func (w *Web) apiEntries(ctx context.Context, who authz.Actor, _ *struct{}) (*evidenceEntriesOutput, error) {
	l, err := w.apiLedger(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &evidenceEntriesOutput{}
	out.Body.Items = []evidenceEntryJSON{}
	for i := range l.Entries {
		out.Body.Items = append(out.Body.Items, toEntryJSON(&l.Entries[i]))
	}
	return out, nil
}

func (w *Web) apiEntry(ctx context.Context, who authz.Actor, e career.Entry) (*evidenceEntryOutput, error) {
	id, err := w.career.Enter(ctx, who, e)
	if err != nil {
		return nil, err
	}
	l, err := w.career.Ledger(ctx, who)
	if err != nil {
		return nil, err
	}
	kept, ok := l.EntryOf(id)
	if !ok { // career is off: what was entered is kept and not read
		e.ID = id
		kept = &e
	}
	return &evidenceEntryOutput{ETag: web.ETag(kept.Version), Body: toEntryJSON(kept)}, nil
}

func (w *Web) apiEnter(ctx context.Context, who authz.Actor, in *evidenceEntryInput) (*evidenceEntryOutput, error) {
	return w.apiEntry(ctx, who, in.Body.entry(""))
}

func (w *Web) apiChangeEntry(ctx context.Context, who authz.Actor, in *changeEvidenceEntryInput) (*evidenceEntryOutput, error) {
	e := in.Body.entry(in.ID)
	var err error
	if e.Version, err = in.Version(); err != nil {
		return nil, err
	}
	return w.apiEntry(ctx, who, e)
}

func (w *Web) apiRemoveEntry(ctx context.Context, who authz.Actor, in *pastInput) (*struct{}, error) {
	return nil, w.career.TakeBack(ctx, who, in.ID)
}
