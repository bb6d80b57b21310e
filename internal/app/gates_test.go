package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"cairn/internal/portfolio"
)

// TestTheAPIPassesNoGateOverAnOpenCondition takes a project through two gates by
// the API alone.
func TestTheAPIPassesNoGateOverAnOpenCondition(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.methods(t, ctx)
		o.assign(t, o.project, o.other, portfolio.Sponsor, "2025-01-01")
		sheet := radio
		sheet.Phase = "shape"
		if _, err := o.Governance.Answer(ctx, o.manager, o.project, sheet); err != nil {
			t.Fatal(err)
		}
		base, _ := o.api(t)
		sponsor, partner, manager := o.token(t, o.other), o.token(t, o.partner), o.token(t, o.manager)
		type answer struct {
			ID, Detail, State string
			Version           int64
			Next              string `json:"next_gate"`
			Phase             string
			Criteria          []struct {
				ID   string
				Must bool
			}
			Conditions []struct {
				ID      string
				Version int64
			}
			Errors []struct{ Message string }
		}
		call := func(token, method, path, match, body string) (int, answer, string) {
			t.Helper()
			req, err := http.NewRequestWithContext(ctx, method, base+"/api/v1"+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Content-Type", "application/json")
			if match != "" {
				req.Header.Set("If-Match", match)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			text, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			var a answer
			if err := json.Unmarshal(text, &a); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			return res.StatusCode, a, string(text)
		}
		ruling := func(decision string, r answer, unmet string, conditions string) string {
			var verdicts []string
			for _, c := range r.Criteria {
				v := "met"
				if c.ID == unmet {
					v = "not"
				}
				verdicts = append(verdicts, `{"criterion":"`+c.ID+`","verdict":"`+v+`"}`)
			}
			return `{"decision":"` + decision + `","rationale":"So it is.","verdicts":[` + strings.Join(verdicts, ",") + `],"conditions":[` + conditions + `]}`
		}

		status, g2, text := call(partner, http.MethodPost, "/projects/"+o.project+"/gates/g2/reviews", "", `{}`)
		if status != http.StatusCreated || len(g2.Criteria) == 0 {
			t.Fatalf("open: %d %s", status, text)
		}
		path := "/gates/reviews/" + g2.ID + "/decision"
		if status, _, _ := call(sponsor, http.MethodPost, path, "", ruling("go", g2, "", "")); status != http.StatusPreconditionRequired {
			t.Errorf("without a version: %d", status)
		}
		for who, token := range map[string]string{"the project manager": manager, "the PMO": partner} {
			if status, _, text := call(token, http.MethodPost, path, `"1"`, ruling("go", g2, "", "")); status != http.StatusForbidden {
				t.Errorf("%s decides: %d %s", who, status, text)
			}
		}
		must := g2.Criteria[0].ID
		condition := `{"criterion":"` + must + `","words":"Brought to cost","owner":"manager","due":"2026-05-01","proof":"The case"}`
		if status, _, text := call(sponsor, http.MethodPost, path, `"1"`, ruling("conditional-go", g2, must, condition)); status != http.StatusOK {
			t.Fatalf("conditional go: %d %s", status, text)
		}
		if status, _, _ := call(sponsor, http.MethodPost, path, `"1"`, ruling("go", g2, "", "")); status != http.StatusConflict {
			t.Errorf("decided twice: %d", status)
		}
		if _, now, text := call(sponsor, http.MethodGet, "/projects/"+o.project+"/gates", "", ""); now.Next != "g3" || now.Phase != "plan" || len(now.Conditions) != 1 {
			t.Fatalf("after G2: %s", text)
		}
		if d, err := o.Portfolio.Project(ctx, o.head, o.project, portfolio.When{}); err != nil || d.Facts.Text(portfolio.Phase) != "Plan" {
			t.Errorf("the register's phase is %q, %v", d.Facts.Text(portfolio.Phase), err)
		}

		_, g3, _ := call(partner, http.MethodPost, "/projects/"+o.project+"/gates/g3/reviews", "", `{}`)
		path = "/gates/reviews/" + g3.ID + "/decision"
		for _, decision := range []string{"go", "conditional-go"} {
			status, _, text := call(sponsor, http.MethodPost, path, `"1"`, ruling(decision, g3, "", ""))
			if status != http.StatusUnprocessableEntity || !strings.Contains(text, "of G2 is open") {
				t.Errorf("%s over an open condition: %d %s", decision, status, text)
			}
		}
	})
}
