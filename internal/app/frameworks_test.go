package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cairn/internal/career"
	"cairn/internal/career/framework"
)

func TestFrameworkIsExportedEditedPublishedAndCompared(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.Log = slog.New(slog.DiscardHandler)
		check(t, o.Career.EnsureFramework(ctx))
		site, partner, head, manager := o.Handler(), o.session(t, o.partner), o.session(t, o.head), o.session(t, o.manager)
		for path, says := range map[string]string{
			"/framework": "It asks for", "/framework/competencies": "Counted:", "/framework/options": "Usually leaves behind", "/framework/rules": "Role in the work", "/framework/versions": "Comes with Cairn.",
		} {
			if page := o.get(site, manager, path); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), says) {
				t.Errorf("%s is answered %d without %q", path, page.Code, says)
			}
		}
		for _, path := range []string{"/framework/draft", "/framework/draft/part?of=roles/pmo_analyst"} {
			if page := o.get(site, manager, path); page.Code != http.StatusForbidden {
				t.Errorf("%s is answered %d for a project manager", path, page.Code)
			}
		}
		first, text, err := o.Career.FrameworkFile(ctx, o.manager, career.InForce)
		check(t, err)
		if file := o.get(site, manager, "/framework/versions/"+first.ID+"/file"); file.Body.String() != string(text) || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("the export is answered %d, %q", file.Code, file.Header().Get("Content-Disposition"))
		}
		for _, path := range []string{"/framework?version=x", "/framework/versions/x", "/framework/versions/x/file", "/framework/versions/x/case", "/framework/versions/in-force?against=x"} {
			if page := o.get(site, manager, path); page.Code != http.StatusNotFound {
				t.Errorf("%s is answered %d", path, page.Code)
			}
		}
		o.draftFramework(t, ctx, site, partner, string(text))
		o.publishFramework(t, ctx, site, partner, head, first)
	})
}

// draftFramework keeps a wrong file, is told its line, and puts it right.
func (o *office) draftFramework(t *testing.T, ctx context.Context, site http.Handler, partner, text string) {
	t.Helper()
	wrong := strings.Replace(text, "{competency: reporting,", "{competency: reportin,", 1)
	kept := send(t, site, partner, "/framework/draft", map[string]string{"version": "0"}, "framework.yaml", wrong)
	line := strings.Count(wrong[:strings.Index(wrong, "reportin,")], "\n") + 1
	page := o.get(site, partner, "/framework/draft").Body.String()
	if kept.Code != http.StatusSeeOther || !strings.Contains(page, fmt.Sprintf(`class="num">%d</th>`, line)) || !strings.Contains(page, "there is no competency") || strings.Contains(page, "/framework/draft/publish") {
		t.Fatalf("a wrong file is answered %d, and the draft does not name line %d", kept.Code, line)
	}
	for _, content := range []string{"hello", "", "\xff\xfe\x00"} { // no framework at all: what was kept stays, and so does what was typed beside it
		refused := send(t, site, partner, "/framework/draft", map[string]string{"version": "1", "text": "framework: typed", "changes": "Beside it."}, "framework.yaml", content)
		said := refused.Body.String()
		if refused.Code != http.StatusUnprocessableEntity || !strings.Contains(said, "file-error") || !strings.Contains(said, "framework: typed") || !strings.Contains(said, ">Beside it.<") {
			t.Errorf("a file of %q is answered %d", content, refused.Code)
		}
		if again := o.get(site, partner, "/framework/draft").Body.String(); !strings.Contains(again, "there is no competency") {
			t.Errorf("a file of %q takes the place of the draft", content)
		}
	}
	stale := post(site, partner, "/framework/draft", url.Values{"version": {"0"}, "text": {text}, "changes": {"Mine."}})
	if said := stale.Body.String(); stale.Code != http.StatusPreconditionFailed || !strings.Contains(said, "Theirs") || !strings.Contains(said, ">Mine.<") {
		t.Errorf("a stale draft is answered %d", stale.Code)
	}
	check(t, o.Career.WriteFramework(ctx, o.partner, career.FrameworkDraft{BasedOn: "", Text: text, Changes: "It takes less.", Version: 1}))
	part := o.get(site, partner, "/framework/draft/part?of=options/manage_small_project")
	if part.Code != http.StatusOK || !strings.Contains(part.Body.String(), `value="180"`) {
		t.Errorf("the part is answered %d", part.Code)
	}
	if none := o.get(site, partner, "/framework/draft/part?of=options/none"); none.Code != http.StatusNotFound {
		t.Errorf("a part that is none is answered %d", none.Code)
	}
	fields, err := framework.Fields([]byte(text), "options/manage_small_project")
	check(t, err)
	form := url.Values{"version": {"2"}, "of": {"options/manage_small_project"}}
	for i, f := range fields {
		form.Set(fmt.Sprintf("f%d", i), f.Value)
		if f.Key == "hours" {
			form.Set(fmt.Sprintf("f%d", i), "soon")
		}
	}
	if bad := post(site, partner, "/framework/draft/part", form); bad.Code != http.StatusUnprocessableEntity || !strings.Contains(bad.Body.String(), "Enter a whole number from 0.") {
		t.Errorf("hours that are none are answered %d", bad.Code)
	}
	for i, f := range fields {
		if f.Key == "hours" {
			form.Set(fmt.Sprintf("f%d", i), "160")
		}
	}
	if done := post(site, partner, "/framework/draft/part", form); done.Code != http.StatusSeeOther {
		t.Errorf("the form is answered %d: %s", done.Code, done.Body)
	}
}

func (o *office) publishFramework(t *testing.T, ctx context.Context, site http.Handler, partner, head string, first career.FrameworkVersion) {
	t.Helper()
	if no := post(site, partner, "/framework/draft/publish", url.Values{"version": {"3"}}); no.Code != http.StatusForbidden {
		t.Errorf("an analyst who publishes is answered %d", no.Code)
	}
	if page := o.get(site, head, "/framework/draft/publish").Body.String(); !strings.Contains(page, "now takes 160 hours instead of 180") {
		t.Error("the page before publishing does not say what differs")
	}
	done := post(site, head, "/framework/draft/publish", url.Values{"version": {"3"}})
	v, _, err := o.Career.Framework(ctx, o.manager, career.InForce)
	check(t, err)
	if done.Code != http.StatusSeeOther || v.Number != 2 || done.Header().Get("Location") != "/framework/versions/"+v.ID {
		t.Fatalf("%d %s, version %d", done.Code, done.Header().Get("Location"), v.Number)
	}
	if page := o.get(site, partner, "/framework/versions/"+v.ID).Body.String(); !strings.Contains(page, "now takes 160 hours instead of 180") || !strings.Contains(page, "It takes less.") {
		t.Error("the version does not say what changed and why")
	}
	if page := o.get(site, partner, "/framework/options?version="+first.ID).Body.String(); !strings.Contains(page, "180 hours") || !strings.Contains(page, "not in force") {
		t.Error("the older version cannot be read")
	}
	if shipped := o.get(site, head, "/framework/versions").Body.String(); strings.Contains(shipped, "that you do not have") {
		t.Error("what ships is version 1 and is offered anew")
	}
}

// What the browser can do, a machine can, and bad input is named by its line.
func TestFrameworkByTheAPI(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		check(t, o.Career.EnsureFramework(ctx))
		base, log := o.api(t)
		analyst, head, manager := caller{t, base, o.token(t, o.partner)}, caller{t, base, o.token(t, o.head)}, caller{t, base, o.token(t, o.manager)}
		var list struct {
			Items []struct{ ID, Changes string }
		}
		if status, _ := manager.ask(http.MethodGet, "/frameworks", "", "", &list); status != http.StatusOK || len(list.Items) != 1 {
			t.Fatalf("%d, %+v", status, list)
		}
		var draft struct {
			Text     string
			Problems []struct {
				Line       int
				Path, Says string
			}
			Diff []struct{ Says string }
		}
		if status, _ := manager.ask(http.MethodGet, "/frameworks/draft", "", "", nil); status != http.StatusForbidden {
			t.Errorf("a project manager's draft: %d", status)
		}
		_, etag := analyst.ask(http.MethodGet, "/frameworks/draft", "", "", &draft)
		put := func(text, words, etag string) (int, string) {
			body, _ := json.Marshal(map[string]string{"text": text, "changes": words})
			return analyst.ask(http.MethodPut, "/frameworks/draft", etag, string(body), &draft)
		}
		right := draft.Text
		wrong := strings.Replace(right, "rule: {kinds: [", "rule: {hours: 3, kinds: [", 1)
		status, etag := put(wrong, "", etag)
		if status != http.StatusOK || len(draft.Problems) == 0 || draft.Problems[0].Line < 100 || !strings.Contains(draft.Problems[0].Says, "can never be met") {
			t.Fatalf("%d, %+v", status, draft.Problems)
		}
		if status, _ := head.ask(http.MethodPost, "/frameworks/draft/publish", etag, "", nil); status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong draft is published: %d", status)
		}
		if status, etag = put(strings.Replace(right, "hours: 180", "hours: 160", 1), "It takes less.", etag); status != http.StatusOK || len(draft.Problems) > 0 || len(draft.Diff) != 1 {
			t.Fatalf("%d, %+v", status, draft)
		}
		if status, _ := analyst.ask(http.MethodPost, "/frameworks/draft/publish", etag, "", nil); status != http.StatusForbidden {
			t.Errorf("an analyst publishes: %d", status)
		}
		var diff struct {
			Version struct{ Number int }
			Changes []struct{ Says string }
		}
		if status, _ := head.ask(http.MethodPost, "/frameworks/draft/publish", etag, "", &diff); status != http.StatusCreated || diff.Version.Number != 2 || len(diff.Changes) != 1 {
			t.Fatalf("%d, %+v", status, diff)
		}
		if status, _ := manager.ask(http.MethodGet, "/frameworks/"+list.Items[0].ID+"/diff?against=in-force", "", "", &diff); status != http.StatusOK || len(diff.Changes) != 1 || !strings.Contains(diff.Changes[0].Says, "180 hours instead of 160") {
			t.Errorf("%d, %+v", status, diff)
		}
		var read struct{ Roles, Competencies, Options []struct{ ID string } }
		if status, _ := manager.ask(http.MethodGet, "/frameworks/in-force", "", "", &read); status != http.StatusOK || len(read.Roles) == 0 || len(read.Competencies) == 0 || len(read.Options) == 0 {
			t.Errorf("%d, %+v", status, read)
		}
		for path, want := range map[string]int{"/frameworks/in-force/file": 200, "/frameworks/in-force/case": 200, "/frameworks/nothing": 404, "/frameworks/nothing/case": 404} {
			if status, _ := manager.ask(http.MethodGet, path, "", "", nil); status != want {
				t.Errorf("%s: %d", path, status)
			}
		}
		// The file says who made it, whichever way it leaves.
		s, err := o.Organisation.Settings(ctx, o.head)
		check(t, err)
		s.Name = "Tarn"
		_, err = o.Organisation.Change(ctx, o.head, s)
		check(t, err)
		var file struct{ CFDocument struct{ Creator string } }
		manager.ask(http.MethodGet, "/frameworks/in-force/case", "", "", &file)
		byLine, err := o.ExportFramework(ctx, 0, true)
		check(t, err)
		if who := file.CFDocument.Creator; who != "Tarn" || !strings.Contains(string(byLine), `"creator": "`+who+`"`) {
			t.Errorf("made by %q", who)
		}
		if log.Len() > 0 {
			t.Error(log)
		}
	})
}

func TestWhatIsWrongWithAWholeFileNamesTheFile(t *testing.T) {
	if r := CheckFramework("x.yaml", []byte{}); r.Good || len(r.Lines) != 1 || r.Lines[0] != "x.yaml:1: the file is empty" {
		t.Errorf("%+v", r)
	}
}
