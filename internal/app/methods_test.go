package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/portfolio"
)

// post sends a form as a browser does.
func post(site http.Handler, token, to string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, to, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return ask(site, r, token)
}

// newestOf gives the newest version of a method.
func (o *office) newestOf(t *testing.T, ctx context.Context, of string) governance.Version {
	t.Helper()
	list, _, err := o.Governance.Methods(ctx, o.head)
	check(t, err)
	for _, v := range list {
		if v.Method == of {
			return v
		}
	}
	t.Fatalf("no version of %s", of)
	return governance.Version{}
}

func TestAMethodIsExportedEditedImportedPublishedAndMovedTo(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		o.methods(t, ctx)
		_, err := o.Governance.Answer(ctx, o.manager, o.project, radio)
		check(t, err)
		site, partner, head := o.Handler(), o.session(t, o.partner), o.session(t, o.head)
		first := o.newestOf(t, ctx, "cairn-full")

		file := o.get(site, partner, "/methods/versions/"+first.ID+"/file")
		text := file.Body.String()
		if file.Code != http.StatusOK || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") || text != string(method.Shipped()[0].Text) {
			t.Fatalf("the export is answered %d, %q", file.Code, file.Header().Get("Content-Disposition"))
		}

		wrong := strings.Replace(text, "group: ri\n", "group: rj\n", 1)
		refused := send(t, site, partner, "/methods", nil, "method.yaml", wrong)
		line := strings.Count(wrong[:strings.Index(wrong, "group: rj")], "\n") + 1
		if said := refused.Body.String(); refused.Code != http.StatusUnprocessableEntity || !strings.Contains(said, fmt.Sprintf(`class="num">%d</th>`, line)) || !strings.Contains(said, "group: rj\n") {
			t.Fatalf("a wrong file is answered %d, without line %d or what was typed", refused.Code, line)
		}
		if page := o.get(site, partner, "/methods/drafts/cairn-full"); strings.Contains(page.Body.String(), "group: rj") {
			t.Error("a wrong file became the draft")
		}

		without, err := method.Without([]byte(text), "ch-01")
		check(t, err)
		taken := send(t, site, partner, "/methods", nil, "method.yaml", string(without))
		if taken.Code != http.StatusSeeOther || taken.Header().Get("Location") != "/methods/drafts/cairn-full" {
			t.Fatalf("the import is answered %d %s", taken.Code, taken.Body)
		}
		if again := send(t, site, partner, "/methods", nil, "method.yaml", text); again.Code != http.StatusPreconditionFailed {
			t.Errorf("a second import is answered %d", again.Code)
		}
		draft, _, _, _, err := o.Governance.DraftOf(ctx, o.partner, "cairn-full")
		check(t, err)
		if draft.Text != string(without) {
			t.Error("the draft is not what was imported")
		}
		kept := post(site, partner, "/methods/drafts/cairn-full", url.Values{"version": {"1"}, "changes": {"Nobody needs it."}, "text": {draft.Text}})
		stale := post(site, partner, "/methods/drafts/cairn-full", url.Values{"version": {"1"}, "changes": {"Mine."}, "text": {draft.Text}})
		if said := stale.Body.String(); kept.Code != http.StatusSeeOther || stale.Code != http.StatusPreconditionFailed || !strings.Contains(said, "Nobody needs it.") || !strings.Contains(said, ">Mine.<") {
			t.Fatalf("kept %d, a stale one %d, both shown: %t", kept.Code, stale.Code, strings.Contains(said, "Nobody needs it."))
		}
		if page := o.get(site, partner, "/methods/drafts/cairn-full/effects").Body.String(); !strings.Contains(page, "1 project would lose a control.") {
			t.Error("the try does not say that a project would lose a control")
		}

		if no := post(site, partner, "/methods/drafts/cairn-full/publish", url.Values{"version": {"2"}}); no.Code != http.StatusForbidden {
			t.Errorf("an analyst who publishes is answered %d", no.Code)
		}
		if page := o.get(site, partner, "/methods/drafts/cairn-full/publish"); page.Code != http.StatusForbidden {
			t.Errorf("an analyst who would publish is answered %d", page.Code)
		}
		published := post(site, head, "/methods/drafts/cairn-full/publish", url.Values{"version": {"2"}})
		second := o.newestOf(t, ctx, "cairn-full")
		if published.Code != http.StatusSeeOther || second.Number != 2 || published.Header().Get("Location") != "/methods/versions/"+second.ID+"/move" {
			t.Fatalf("%d %s, version %d", published.Code, published.Header().Get("Location"), second.Number)
		}
		if page := o.get(site, partner, "/methods/versions/"+second.ID).Body.String(); !strings.Contains(page, "Removed") || !strings.Contains(page, "ch-01") || !strings.Contains(page, "Nobody needs it.") {
			t.Error("the version does not say what changed and why")
		}
		o.moveAll(t, ctx, site, partner, second)

		back := o.get(site, partner, "/methods/versions/"+second.ID+"/file").Body.String()
		if m, problems := method.Read([]byte(back)); len(problems) > 0 || m.Version != 2 || m.Control("ch-01") != nil {
			t.Errorf("the second export: %v", problems)
		}
		_, _, _, err = o.Governance.Method(ctx, o.head, first.ID)
		check(t, err)
	})
}

// moveAll moves the one project to a version, as the page does, and looks that it is there.
func (o *office) moveAll(t *testing.T, ctx context.Context, site http.Handler, token string, v governance.Version) {
	t.Helper()
	to := "/methods/versions/" + v.ID + "/move"
	if page := o.get(site, token, to).Body.String(); !strings.Contains(page, `value="`+o.project+`"`) || !strings.Contains(page, "loses the control") {
		t.Fatal("the project is not offered to be moved, or not what it loses")
	}
	if page := o.get(site, token, "/projects/"+o.project+"/method").Body.String(); !strings.Contains(page, "loses the control") {
		t.Error("the project's page does not say what would change")
	}
	if none := post(site, token, to, url.Values{}); none.Code != http.StatusUnprocessableEntity {
		t.Errorf("no project is answered %d", none.Code)
	}
	some := post(site, token, to, url.Values{"project": {"nobody", o.project}})
	if said := some.Body.String(); some.Code != http.StatusPreconditionFailed || !strings.Contains(said, "1 project was moved.") || !strings.Contains(said, "1 project was not moved.") {
		t.Fatalf("one of two is answered %d", some.Code)
	}
	o.moveByAPI(t, ctx, site, v)
	sheaf, err := o.Governance.Controls(ctx, o.head, o.project, "")
	check(t, err)
	if sheaf.Governed.Version != v.ID || sheaf.Asked.Control("ch-01") != nil {
		t.Errorf("the project is on %+v", sheaf.Governed)
	}
	adopted, err := o.Governance.Adoption(ctx, o.head, v.ID)
	check(t, err)
	if last := adopted[len(adopted)-1]; last.Follow != 1 || last.Of != 1 {
		t.Errorf("adopted: %+v", adopted)
	}
	light := o.newestOf(t, ctx, "cairn-light")
	if err := o.Governance.Move(ctx, o.partner, o.project, light.ID); len(errs.FieldsOf(err)) != 1 {
		t.Errorf("to another method: %v", err)
	}
}

// moveByAPI moves two projects as a program does, one of which there is not.
func (o *office) moveByAPI(t *testing.T, ctx context.Context, site http.Handler, v governance.Version) {
	t.Helper()
	key, err := o.People.MakeToken(ctx, o.partner, identity.NewToken{Name: "methods", Scopes: []string{"methods:write"}, Days: 1})
	check(t, err)
	send := func(version, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/api/v1/methods/versions/"+version+"/moves", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		site.ServeHTTP(answer, r)
		return answer
	}
	some := send(v.ID, `{"projects":["nobody","`+o.project+`"]}`)
	var said struct {
		Moved    int
		NotMoved []struct{ Project, Why string } `json:"not_moved"`
	}
	check(t, json.Unmarshal(some.Body.Bytes(), &said))
	if some.Code != http.StatusOK || said.Moved != 1 || len(said.NotMoved) != 1 || said.NotMoved[0].Project != "nobody" || said.NotMoved[0].Why == "" {
		t.Errorf("one of two by the API: %d %s", some.Code, some.Body)
	}
	for body, want := range map[string]int{`{"projects":[]}`: http.StatusUnprocessableEntity, `{"projects":["a"],"all":true}`: http.StatusUnprocessableEntity} {
		if got := send(v.ID, body); got.Code != want {
			t.Errorf("%s is answered %d, want %d", body, got.Code, want)
		}
	}
	if got := send("nothing", `{"projects":["a"]}`); got.Code != http.StatusNotFound {
		t.Errorf("a version that is not there: %d", got.Code)
	}
}

func TestAPublishedVersionIsNeverAltered(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		for _, query := range []string{
			`UPDATE method_version SET content = 'other'`, `UPDATE method_version SET changes = ''`, `DELETE FROM method_version`,
		} {
			if _, err := o.Store.Write.ExecContext(ctx, query); err == nil {
				t.Errorf("%s is let through", query)
			}
		}
	})
}

// team adds people to the office's project, who live with its controls.
func (o *office) team(t *testing.T, n int) (out []authz.Actor) {
	t.Helper()
	for i := range n {
		name := fmt.Sprintf("hand%d", i)
		p, err := o.People.AddPerson(context.Background(), authz.AtCommandLine(), identity.Person{Name: name, Email: name + "@example.org"})
		check(t, err)
		_, err = o.People.Invite(context.Background(), authz.AtCommandLine(), p.ID, authz.Member)
		check(t, err)
		out = append(out, authz.Actor{Person: p.ID, Role: authz.Member})
		o.assign(t, o.project, out[i], portfolio.Team, "2025-01-01")
	}
	return out
}

func (o *office) useOf(t *testing.T, ctx context.Context, control string) governance.Used {
	t.Helper()
	u, _, err := o.Governance.UseOf(ctx, o.head, "cairn-full", control)
	check(t, err)
	return u
}

func TestAControlIsLookedAtAgainAfterAYear(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		u := o.useOf(t, ctx, "ri-02")
		if want := clock.AddDays(o.Governance.Today(), 365); u.ReviewOn != want || u.ReviewDue(clock.AddDays(want, -1)) || !u.ReviewDue(want) {
			t.Errorf("to be looked at by %s, not %s", u.ReviewOn, want)
		}
		text := string(method.Shipped()[0].Text)
		id, problems, err := o.Governance.Import(ctx, o.head, strings.Replace(text, "  - id: ri-02\n", "  - id: ri-02\n    review_on: 2026-01-15\n", 1))
		if err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		d, _, _, _, err := o.Governance.DraftOf(ctx, o.head, id)
		check(t, err)
		d.Changes = "A day to look at it."
		check(t, o.Governance.WriteDraft(ctx, o.head, d))
		_, err = o.Governance.Publish(ctx, o.head, id, d.Version+1)
		check(t, err)
		if u := o.useOf(t, ctx, "ri-02"); u.ReviewOn != "2026-01-15" || u.Version != 2 {
			t.Errorf("the method names a day, and it is %s of version %d", u.ReviewOn, u.Version)
		}
	})
}

func TestFewerThanFivePeopleAreNotShown(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		_, err := o.Governance.Answer(ctx, o.manager, o.project, radio)
		check(t, err)
		team := o.team(t, 9)
		answer := func(who authz.Actor, helped, minutes int, comment string) {
			t.Helper()
			check(t, o.Governance.AnswerUse(ctx, who, o.project, "ri-02", governance.Use{Helped: helped, Minutes: minutes, Comment: comment}))
		}
		nextMonth := func() { o.clock.Advance(31 * 24 * time.Hour) }
		for _, who := range team[:4] {
			answer(who, governance.Helped, 10, "Four of us.")
		}
		nextMonth()
		if u := o.useOf(t, ctx, "ri-02"); u.All.Enough || u.All.Answers != 0 || len(u.Comments) != 0 || u.Proposes != "" {
			t.Fatalf("four people are shown: %+v", u.All)
		}
		answer(team[4], governance.InTheWay, 30, "")
		if u := o.useOf(t, ctx, "ri-02"); u.All.Enough {
			t.Fatal("an answer of the month that runs is shown")
		}
		nextMonth()
		u := o.useOf(t, ctx, "ri-02")
		if !u.All.Enough || u.All.Answers != 5 || u.All.People != 5 || u.All.Helped != 4 || u.All.MinutesMedian != 10 || len(u.Comments) != 4 {
			t.Fatalf("five people give %+v", u.All)
		}
		if len(u.Quarters) > 1 {
			t.Fatalf("a quarter of fewer than five people is shown: %+v", u.Quarters)
		}
		// One more: what is shown today and tomorrow must not give away the one.
		answer(team[5], governance.InTheWay, 400, "Only me.")
		nextMonth()
		after := o.useOf(t, ctx, "ri-02")
		if after.All != u.All || len(after.Comments) != len(u.Comments) {
			t.Fatalf("one person more is seen by difference: %+v", after.All)
		}
		for _, who := range team[4:] {
			answer(who, governance.InTheWay, 20, "")
		}
		nextMonth()
		if u := o.useOf(t, ctx, "ri-02"); u.All.Answers != 11 || u.All.InTheWay != 7 {
			t.Fatalf("five people later: %+v", u.All)
		}
	})
}

func TestACommentThatIsNotSignedHoldsNobody(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		_, err := o.Governance.Answer(ctx, o.manager, o.project, radio)
		check(t, err)
		team := o.team(t, 5)
		for i, who := range team {
			check(t, o.Governance.AnswerUse(ctx, who, o.project, "ri-02", governance.Use{Helped: 1, Minutes: 5, Comment: "It went well.", Sign: i == 0}))
		}
		rows, err := o.Store.Read.QueryContext(ctx, `SELECT id || ' ' || control_id || ' ' || month || ' ' || words, signed_by FROM control_comment`)
		check(t, err)
		defer rows.Close()
		signed := 0
		for rows.Next() {
			var all, by string
			check(t, rows.Scan(&all, &by))
			if by != "" {
				signed++
			}
			for _, who := range team[1:] {
				if by == who.Person || strings.Contains(all, who.Person) {
					t.Error("a comment that was not signed holds its writer")
				}
			}
		}
		check(t, rows.Err())
		o.clock.Advance(31 * 24 * time.Hour)
		named := 0
		for _, c := range o.useOf(t, ctx, "ri-02").Comments {
			if c.By != "" {
				named++
			}
		}
		if signed != 1 || named != 1 {
			t.Errorf("%d signed, %d shown with a name", signed, named)
		}
	})
}

func TestAProposalIsTakenUpAndFollowed(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		o.methods(t, ctx)
		_, err := o.Governance.Answer(ctx, o.manager, o.project, radio)
		check(t, err)
		site, manager, head := o.Handler(), o.session(t, o.manager), o.session(t, o.head)
		if empty := post(site, manager, "/controls/ri-02/proposals", url.Values{"method": {"cairn-full"}, "kind": {"retire"}}); empty.Code != http.StatusUnprocessableEntity || !strings.Contains(empty.Body.String(), "Say what should be different") {
			t.Errorf("a proposal without words is answered %d", empty.Code)
		}
		if done := post(site, manager, "/controls/ri-02/proposals", url.Values{"method": {"cairn-full"}, "kind": {"retire"}, "words": {"Ask in the report."}}); done.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", done.Code, done.Body)
		}
		id := o.useOf(t, ctx, "ri-02").Proposals[0].ID
		if no := post(site, manager, "/proposals/"+id+"/take-up", url.Values{}); no.Code != http.StatusForbidden {
			t.Errorf("the project manager takes up: %d", no.Code)
		}
		if why := post(site, head, "/proposals/"+id+"/decline", url.Values{"version": {"1"}, "control": {"ri-02"}, "method": {"cairn-full"}}); why.Code != http.StatusUnprocessableEntity {
			t.Errorf("declined without a reason: %d", why.Code)
		}
		if up := post(site, head, "/proposals/"+id+"/take-up", url.Values{}); up.Code != http.StatusSeeOther {
			t.Fatalf("taken up: %d", up.Code)
		}
		if gone := post(site, head, "/methods/drafts/cairn-full/publish", url.Values{"version": {"1"}}); gone.Code != http.StatusSeeOther {
			t.Fatalf("published: %d %s", gone.Code, gone.Body)
		}
		u := o.useOf(t, ctx, "ri-02")
		if u.Gone != 2 || u.Split != 2 || u.Proposals[0].State != governance.TakenUp || u.Before != nil {
			t.Errorf("followed: gone %d, split %d, %+v", u.Gone, u.Split, u.Proposals[0])
		}
		if page := o.get(site, manager, "/controls/ri-02"); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "taken up by version 2") || !strings.Contains(page.Body.String(), "follow version 2 or a later one") {
			t.Errorf("the page of what was retired is answered %d", page.Code)
		}
	})
}

// A reason that cannot be opened is refused, with its place.
func TestReasonsHaveToExist(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		_, err := o.Governance.Answer(ctx, o.manager, o.project, radio)
		check(t, err)
		found, err := o.Governance.Raise(ctx, o.partner, governance.Finding{Project: o.project, Control: "ri-02", Words: "Nobody looks.", Urgency: governance.DoNow, Owner: o.manager.Person})
		check(t, err)
		secret := o.add(t, "Secret", true)
		o.assign(t, secret, o.manager, portfolio.Manager, "2025-01-01")
		_, err = o.Governance.Answer(ctx, o.head, secret, radio)
		check(t, err)
		hidden, err := o.Governance.Raise(ctx, o.head, governance.Finding{Project: secret, Control: "ri-02", Words: "Nobody looks.", Urgency: governance.DoNow, Owner: o.manager.Person})
		check(t, err)
		r := governance.Proposal{Method: "cairn-full", Control: "ri-02", Kind: governance.ToChange, Words: "Ask in the report."}
		for _, c := range []struct {
			reason governance.Reason
			place  string
		}{
			{governance.Reason{Kind: "finding", ID: found}, ""},
			{governance.Reason{Kind: "lesson", Words: "A register that nobody reads ages."}, ""},
			{governance.Reason{Kind: "finding", ID: "none"}, "/behind/0/id"},
			{governance.Reason{Kind: "finding", ID: hidden}, "/behind/0/id"},
			{governance.Reason{Kind: "lesson", ID: "none"}, "/behind/0/id"},
			{governance.Reason{Kind: "hearsay"}, "/behind/0/kind"},
		} {
			r.Behind = []governance.Reason{c.reason}
			_, err := o.Governance.Propose(ctx, o.other, r)
			if list := errs.FieldsOf(err); c.place == "" && err != nil || c.place != "" && (len(list) != 1 || list[0].Name != c.place) {
				t.Errorf("%+v gives %v with %v", c.reason, err, list)
			}
		}
		d, _, _, _, err := o.Governance.DraftOf(ctx, o.head, "cairn-full")
		check(t, err)
		d.Reasons = []governance.Reason{{Kind: "finding", ID: hidden}}
		check(t, o.Governance.WriteDraft(ctx, o.head, d))
		if d, _, _, _, err = o.Governance.DraftOf(ctx, o.partner, "cairn-full"); err != nil {
			t.Fatal(err)
		}
		d.Changes = "What stood there stays."
		check(t, o.Governance.WriteDraft(ctx, o.partner, d))
		d.Version++
		d.Reasons = append(d.Reasons, governance.Reason{Kind: "proposal", ID: "none"})
		if list := errs.FieldsOf(o.Governance.WriteDraft(ctx, o.partner, d)); len(list) != 1 || list[0].Name != "/reasons/1/id" {
			t.Errorf("a draft with a reason that is not there: %v", list)
		}
	})
}
