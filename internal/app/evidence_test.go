package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cairn/internal/app/demo"
	"cairn/internal/career"
	"cairn/internal/career/paper"
	"cairn/internal/identity"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
)

func led(words string) career.Entry {
	return career.Entry{Kind: "project.managed", Role: activity.Led, Words: words, From: "2024-01-01", To: "2025-06-30", ProjectName: "Quay wall", Tier: "light", Finished: true, Outside: true, Pieces: 1}
}

func level(st career.Standing, id string) int {
	for _, l := range st.Levels {
		if l.Competency.ID == id {
			return l.Application
		}
	}
	return -1
}

// From a proposal to a confirmed entry, with everything that can go wrong on the way.
func TestEvidenceIsKeptDroppedEnteredAndConfirmed(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		check(t, o.CatchUp(ctx))
		check(t, o.Career.TurnOn(ctx, o.partner))
		l, err := o.Career.Ledger(ctx, o.partner)
		if err != nil || len(l.Groups) != 1 || !strings.HasPrefix(l.Groups[0].Says(l.By), "Was PMO partner of Pump, since ") {
			t.Fatalf("%d groups, %v", len(l.Groups), err)
		}
		g := l.Groups[0].ID
		check(t, o.Career.Claim(ctx, o.partner, g, 0, career.Claim{State: career.Dropped}))
		if st, err := o.Career.Standing(ctx, o.partner); err != nil || counter(st, "projects_seen") != 0 || st.Dropped != 1 {
			t.Errorf("what was dropped counts: %+v, %v", st.Counters[0].Value, err)
		}
		if err := o.Career.Claim(ctx, o.partner, g, 0, career.Claim{State: career.Accepted}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale claim: %v", err)
		}
		if err := o.Career.Claim(ctx, o.head, g, 0, career.Claim{State: career.Dropped}); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else's proposal: %v", err)
		}
		check(t, o.Career.Claim(ctx, o.partner, g, 1, career.Claim{State: career.Accepted, Words: "My pump"}))
		bad := led("")
		bad.Kind, bad.From, bad.To, bad.Hours, bad.Pieces = "juggling", "2024-02-01", "2024-01-01", -1, 0
		if _, err := o.Career.Enter(ctx, o.partner, bad); len(errs.FieldsOf(err)) != 5 {
			t.Errorf("a bad entry: %v", err)
		}
		future := led("Tomorrow's work")
		future.From, future.To = "2031-01-01", ""
		future.Finished = false
		if _, err := o.Career.Enter(ctx, o.partner, future); len(errs.FieldsOf(err)) != 1 {
			t.Errorf("an entry of the future: %v", err)
		}
		confirmEntry(t, ctx, o)
	})
}

func confirmEntry(t *testing.T, ctx context.Context, o *office) {
	t.Helper()
	id, err := o.Career.Enter(ctx, o.partner, led("Managed the quay wall"))
	check(t, err)
	standing := func() career.Standing {
		st, err := o.Career.Standing(ctx, o.partner)
		check(t, err)
		return st
	}
	if st := standing(); counter(st, "projects_managed") != 1 || level(st, "project_delivery") > 2 {
		t.Errorf("own word gives level %d", level(st, "project_delivery"))
	}
	ask := career.Asking{AboutKind: career.AboutEntry, AboutID: id, Colleague: o.partner.Person}
	if _, _, err := o.Career.Ask(ctx, o.partner, ask); !errs.Is(err, errs.Invalid) {
		t.Errorf("oneself: %v", err)
	}
	ask.Colleague = o.manager.Person
	req, token, err := o.Career.Ask(ctx, o.partner, ask)
	if check(t, err); token != "" {
		t.Error("a colleague gets no link")
	}
	if _, _, err := o.Career.Ask(ctx, o.partner, ask); !errs.Is(err, errs.Invalid) {
		t.Errorf("asked twice: %v", err)
	}
	// What a confirmation makes count is seen by who gives it, and no name with it.
	if a, err := o.Career.Request(ctx, o.manager, req); err != nil || a.CountsAs != "Project managed, led, January 2024 to June 2025, tier light, finished, for a sponsor outside the office, 1 piece" {
		t.Errorf("asked about %q, %v", a.CountsAs, err)
	}
	for _, stranger := range []authz.Actor{o.other, o.head, o.adm, o.partner} {
		if err := o.Career.Answer(ctx, stranger, req, career.Answer{Says: career.SayConfirm}); !errs.Is(err, errs.NotFound) {
			t.Errorf("the wrong person answers: %v", err)
		}
	}
	check(t, o.Career.Answer(ctx, o.manager, req, career.Answer{Says: career.SayAmend, Wording: "Managed the quay wall to its end"}))
	if level(standing(), "project_delivery") > 2 {
		t.Error("another wording counts before it is taken")
	}
	ask.Colleague = o.head.Person
	first, _, err := o.Career.Ask(ctx, o.partner, ask)
	check(t, err)
	check(t, o.Career.Answer(ctx, o.head, first, career.Answer{Says: career.SayConfirm}))
	check(t, o.Career.Take(ctx, o.partner, req, true))
	if a, err := o.Career.Request(ctx, o.head, first); !errs.Is(err, errs.NotFound) {
		t.Errorf("who confirmed the wording before stands beside the one that was taken: %s, %v", a.State, err)
	}
	st := standing()
	if level(st, "project_delivery") != 3 || st.Items[0].Label == "" && st.Items[1].Label == "" {
		t.Errorf("confirmed, it gives level %d", level(st, "project_delivery"))
	}
	if err := o.Career.Answer(ctx, o.manager, req, career.Answer{Says: career.SayConfirm}); !errs.Is(err, errs.Duplicate) {
		t.Errorf("answered twice: %v", err)
	}
	settings, err := o.Organisation.Settings(ctx, o.head)
	check(t, err)
	settings.Name, settings.Zone = "Tarn", "Pacific/Apia"
	_, err = o.Organisation.Change(ctx, o.head, settings)
	check(t, err)
	there := clock.DayOf(o.clock.Now(), o.Unit.Zone())
	if err := o.Career.Answer(ctx, o.manager, req, career.Answer{Says: career.SayConfirm}); !strings.Contains(err.Error(), there) || o.Unit.Zone() == time.UTC {
		t.Errorf("answered on %s where the organisation is: %v", there, err)
	}
	// Erased, the colleague has no name, and the work stays confirmed.
	check(t, o.People.Erase(ctx, o.adm, o.manager.Person, identity.RemoveWords, "manager"))
	l, err := o.Career.Ledger(ctx, o.partner)
	check(t, err)
	if e, _ := l.EntryOf(id); e.Grade() != "attested" || e.Words != "Managed the quay wall to its end" || e.Asked[0].AttesterName != "Erased person" {
		t.Errorf("after the erasure: %s by %s", e.Grade(), e.Asked[0].AttesterName)
	}
	e, _ := l.EntryOf(id)
	changed := *e
	changed.Words = "Managed two quay walls"
	_, err = o.Career.Enter(ctx, o.partner, changed)
	check(t, err)
	if level(standing(), "project_delivery") > 2 {
		t.Error("other words are still confirmed")
	}
	g := l.Groups[0].ID
	kept := career.Claim{State: career.Accepted, Words: "My pump"}
	ask = career.Asking{AboutKind: career.AboutGroup, AboutID: g, Colleague: o.other.Person}
	req, _, err = o.Career.Ask(ctx, o.partner, ask)
	check(t, err)
	check(t, o.Career.Answer(ctx, o.other, req, career.Answer{Says: career.SayConfirm}))
	kept.Leaves = "All pumps of the office"
	check(t, o.Career.Claim(ctx, o.partner, g, l.Groups[0].Claim.Version, kept))
	if a, err := o.Career.Request(ctx, o.other, req); !errs.Is(err, errs.NotFound) {
		t.Errorf("what leaves in other words is still confirmed: %s, %v", a.State, err)
	}
}

func TestALinkIsUsedOnceByAPostAndExpires(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		check(t, o.Career.TurnOn(ctx, o.partner))
		id, err := o.Career.Enter(ctx, o.partner, led("Managed the quay wall"))
		check(t, err)
		ask := func(name string) (req, token string) {
			req, token, err := o.Career.Ask(ctx, o.partner, career.Asking{AboutKind: career.AboutEntry, AboutID: id, Outside: name})
			check(t, err)
			return req, token
		}
		confirm, nobody := career.Answer{Says: career.SayConfirm}, authz.Nobody()
		_, token := ask("Jo Harbour")
		for range 3 {
			a, err := o.Career.RequestByLink(ctx, nobody, token, "here")
			if check(t, err); a.State != career.AttestAsked {
				t.Fatalf("looking at a link answers it: %s", a.State)
			}
		}
		if err := o.Career.AnswerByLink(ctx, o.partner, token, "here", confirm); !errs.Is(err, errs.Forbidden) {
			t.Errorf("by one's own link: %v", err)
		}
		check(t, o.Career.AnswerByLink(ctx, nobody, token, "here", confirm))
		if err := o.Career.AnswerByLink(ctx, nobody, token, "here", confirm); !errs.Is(err, errs.Duplicate) {
			t.Errorf("used twice: %v", err)
		}
		o.Log = slog.New(slog.DiscardHandler)
		for path, status := range map[string]int{"/attest/" + token: http.StatusConflict, "/attest/nothing": http.StatusNotFound} { // from a window that was open
			if late := post(o.Handler(), "", path, url.Values{"says": {"amend"}, "wording": {"Managed <half> of it"}}); late.Code != status || !strings.Contains(late.Body.String(), "Managed &lt;half&gt; of it") {
				t.Errorf("%s: what was written too late is lost: %d", path, late.Code)
			}
		}
		// Who asks holds the link first: what it confirms must not weigh.
		grade := func() string {
			l, err := o.Career.Ledger(ctx, o.partner)
			check(t, err)
			return l.Entries[0].Grade()
		}
		if got := grade(); got != "self_declared" {
			t.Errorf("a link makes evidence %s", got)
		}
		own, _, err := o.Career.Ask(ctx, o.partner, career.Asking{AboutKind: career.AboutEntry, AboutID: id, Colleague: o.manager.Person})
		check(t, err)
		check(t, o.Career.Answer(ctx, o.manager, own, confirm))
		if got := grade(); got != "attested" {
			t.Errorf("a colleague makes evidence %s", got)
		}
		req, token := ask("Kim Dock")
		check(t, o.Career.Withdraw(ctx, o.partner, req))
		if err := o.Career.AnswerByLink(ctx, nobody, token, "here", confirm); !errs.Is(err, errs.NotFound) {
			t.Errorf("after it was taken back: %v", err)
		}
		_, token = ask("Lee Mole")
		o.clock.Advance(31 * 24 * time.Hour)
		if err := o.Career.AnswerByLink(ctx, nobody, token, "here", confirm); !errs.Is(err, errs.NotFound) {
			t.Errorf("after its time: %v", err)
		}
		var limited bool
		for range 60 {
			_, err := o.Career.RequestByLink(ctx, nobody, "guess", "a guesser")
			limited = limited || errs.Is(err, errs.TooMany)
		}
		if !limited {
			t.Error("guessing is not limited")
		}
		var plain int
		check(t, o.Store.Read.QueryRow(`SELECT COUNT(*) FROM career_attestation WHERE token_hash = $1`, token).Scan(&plain))
		if plain != 0 {
			t.Error("the token is kept as it is")
		}
	})
}

// Nobody learns from the record what somebody made of their evidence.
func TestTheRecordTellsNobodyWhatWasDropped(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		check(t, o.Career.TurnOn(ctx, o.partner))
		l, err := o.Career.Ledger(ctx, o.partner)
		check(t, err)
		g := l.Groups[0].ID
		check(t, o.Career.Claim(ctx, o.partner, g, 0, career.Claim{State: career.Accepted}))
		check(t, o.Career.Claim(ctx, o.partner, g, 1, career.Claim{State: career.Dropped}))
		bodies := column(t, o.Store, `SELECT p.payload || a.verb || a.audience FROM activity a JOIN activity_payload p ON p.seq = a.seq WHERE a.verb LIKE 'evidence.%' ORDER BY a.seq`)
		if len(bodies) != 2 || bodies[0] != bodies[1] || !strings.HasSuffix(bodies[0], o.partner.Person) {
			t.Errorf("keeping and dropping are told apart, or by others: %q", bodies)
		}
	})
}

// seen is who sees what of a person's career: this is the table of docs/privacy.md,
// and each cell is asked for by page and by API. 2 is seen, 4 is not.
var seen = []struct {
	what, page, api                                              string
	person, line, mentor, attester, head, admin, stranger, guest int
}{
	// A line manager and a mentor have no place in Cairn yet: they are colleagues.
	{"standing", "/career", "/standing", 2, 4, 4, 4, 4, 4, 4, 4},
	{"level", "/career/competencies/gate_assurance", "/standing/roles/pmo_analyst", 2, 4, 4, 4, 4, 4, 4, 4},
	{"list", "/career/evidence", "/evidence", 2, 4, 4, 4, 4, 4, 4, 4},
	{"piece", "/career/evidence/PIECE", "/evidence/PIECE", 2, 4, 4, 4, 4, 4, 4, 4},
	{"entry", "/career/entries/ENTRY", "/evidence-entries", 2, 4, 4, 4, 4, 4, 4, 4},
	{"asked", "/career/evidence?show=kept", "/attestations", 2, 4, 4, 4, 4, 4, 4, 4},
	{"documents", "/career/documents", "/evidence-documents", 2, 4, 4, 4, 4, 4, 4, 4},
	{"draft", "/career/documents/matrix", "/evidence-documents/matrix", 2, 4, 4, 4, 4, 4, 4, 4},
	{"line of a draft", "/career/documents/matrix/lines/LINE", "/evidence-documents/matrix", 2, 4, 4, 4, 4, 4, 4, 4},
	{"file", "/career/documents/matrix/file?format=pdf", "/evidence-documents/matrix/file?format=pdf", 2, 4, 4, 4, 4, 4, 4, 4},
	{"request", "/attestations/REQUEST", "/attestation-requests", 4, 4, 4, 2, 4, 4, 4, 4},
}

func TestWhoSeesWhatOfACareer(t *testing.T) {
	notUnderRace(t)
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		a := makeDemo(t, db, 3, 14, true)
		a.Log = slog.New(slog.DiscardHandler)
		her := authz.Actor{Role: authz.PMOMember}
		check(t, db.Read.QueryRowContext(ctx, `SELECT id FROM person WHERE name = $1`, demo.Analyst).Scan(&her.Person))
		l, err := a.Career.Ledger(ctx, her)
		check(t, err)
		request := column(t, db, `SELECT id FROM career_attestation WHERE state = 'asked' AND person_id = '`+her.Person+`'`)
		if len(request) != 1 {
			t.Fatalf("%d requests wait for the sponsor", len(request))
		}
		draft, err := a.Career.DraftOf(ctx, her, paper.Matrix)
		check(t, err)
		line := draft.Paper.Lines[0]
		fill := strings.NewReplacer("LINE", line.ID, "PIECE", l.Groups[0].ID, "ENTRY", l.Entries[0].ID, "REQUEST", request[0])
		secrets := []string{l.Groups[0].ID, l.Entries[0].ID, l.Entries[0].Words, "I was not on that project by then", line.ID}
		site, tokens := a.Handler(), map[string]string{}
		ask := func(email, path string) (int, string) {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
			if email != "" && strings.HasPrefix(path, "/api/") {
				if tokens[email] == "" {
					var who authz.Actor
					check(t, db.Read.QueryRowContext(ctx, `SELECT p.id, c.role FROM person p JOIN account c ON c.person_id = p.id WHERE p.email = $1`, email).Scan(&who.Person, &who.Role))
					token, err := a.People.MakeToken(ctx, who, identity.NewToken{Name: "career", Scopes: []string{"read", "career:read"}, Days: 30})
					check(t, err)
					tokens[email] = token
				}
				r.Header.Set("Authorization", "Bearer "+tokens[email])
			} else if email != "" {
				session, err := a.People.EnterDemo(ctx, email)
				check(t, err)
				r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: session})
			}
			answer := httptest.NewRecorder()
			site.ServeHTTP(answer, r)
			return answer.Code, answer.Body.String()
		}
		another := column(t, db, `SELECT p.email FROM person p JOIN account c ON c.person_id = p.id WHERE c.role = 'pmo_member' AND p.name <> '`+demo.Analyst+`' ORDER BY 1`)[0]
		for _, row := range seen {
			for who, cell := range map[string]struct {
				email string
				want  int
			}{
				"person": {"ines.calloway@demo.invalid", row.person}, "line": {another, row.line}, "mentor": {another, row.mentor}, "attester": {"gwen.ashdown-reyes@demo.invalid", row.attester},
				"head of PMO": {"marit.osei@demo.invalid", row.head}, "administrator": {"rafe.adjei-brandt@demo.invalid", row.admin}, "stranger": {"tomasz.wielandt@demo.invalid", row.stranger}, "guest": {"", row.guest},
			} {
				for _, path := range []string{fill.Replace(row.page), "/api/v1" + fill.Replace(row.api)} {
					code, body := ask(cell.email, path)
					told := false
					for _, s := range secrets {
						told = told || strings.Contains(body, s) && !strings.Contains(path, s) // an address is known to who types it
					}
					if code >= 500 || cell.want == 4 && told || who == "person" && cell.want == 2 && code != http.StatusOK {
						t.Errorf("%s, %s, %s: %d, tells of her: %v", row.what, who, path, code, told)
					}
					if who == "attester" && cell.want == 2 && (code != http.StatusOK || !strings.Contains(body, demo.Analyst)) {
						t.Errorf("%s, %s: %d", row.what, path, code)
					}
					if cell.want == 4 && strings.HasPrefix(path, "/attestations/") && code != http.StatusNotFound && who != "guest" {
						t.Errorf("%s, %s: %d, not hidden", row.what, who, code)
					}
				}
			}
		}
	})
}

// A piece of work has its day where the organisation is: what was submitted at half past
// eleven in London on the last of March was submitted in April in Paris. It is so from
// scratch, and for what was recorded before the zone was chosen.
func TestAPieceHasItsDayInTheZoneOfTheOrganisation(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		check(t, o.Career.TurnOn(ctx, o.manager))
		o.clock.Set(time.Date(2026, 3, 31, 23, 30, 0, 0, time.UTC))
		_, err := o.Reporting.Submit(ctx, o.manager, o.project, "2026-02", 0, green())
		check(t, err)
		day := func(when, want string) {
			t.Helper()
			check(t, o.CatchUp(ctx))
			st, err := o.Career.Standing(ctx, o.manager)
			check(t, err)
			got := ""
			for _, it := range st.Items {
				if it.Kind == "report.submitted" {
					got += it.From
				}
			}
			if got != want {
				t.Errorf("%s: submitted on %s, want %s", when, got, want)
			}
		}
		day("in UTC", "2026-03-31")
		s, err := o.Organisation.Settings(ctx, o.head)
		check(t, err)
		s.Name, s.Zone = "Tarn", "Europe/Paris"
		s, err = o.Organisation.Change(ctx, o.head, s)
		check(t, err)
		day("moved to Paris", "2026-04-01")
		check(t, o.Unit.Rewind(ctx, "career"))
		day("from scratch", "2026-04-01")
		check(t, o.Career.TurnOff(ctx, o.manager))
		check(t, o.Career.TurnOn(ctx, o.manager))
		day("turned on again", "2026-04-01")
		s.Zone = ""
		_, err = o.Organisation.Change(ctx, o.head, s)
		check(t, err)
		day("moved back", "2026-03-31")
	})
}
