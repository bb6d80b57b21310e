package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"cairn/internal/app/demo"
	"cairn/internal/career"
	"cairn/internal/cpd"
	"cairn/internal/development"
	"cairn/internal/identity"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
	"cairn/internal/mentoring"
	"cairn/internal/opportunity"
)

// sight is a line of the table of who sees what of a career: a kind of data, a page
// and a path of the API on which it stands, words that stand there (none where only
// the answer tells), who sees them anywhere, and who reads them at this address if
// that is not all of them, by the letters of viewers. Everybody else is refused or
// shown their own, and on no address of the whole table does anybody read words of a
// line on which they are not.
type sight struct{ kind, page, api, words, sees, here string }

// viewers are who looks, with the letter by which lines name them.
var viewers = []struct{ letter, label string }{
	{"p", "the person"},
	{"l", "line"}, // who was named to agree for her line
	{"m", "mentor"},
	{"a", "attester"},
	{"h", "head of PMO"},
	{"d", "administrator"},
	{"s", "stranger"},
	{"g", "guest"},
}

// sights is the table. Words in capitals are ids that the test fills in.
var sights = []sight{
	{"standing: counters and roles", "/career", "/standing", "", "p", ""},
	{"standing: the pieces of a counter", "/career/counters/projects_managed", "/standing/counters/projects_managed", "Quay wall", "p", ""},
	{"standing: whether they are counted in the coverage", "/career", "/standing/counted", "", "p", ""},
	{"years before Cairn", "/career/past", "/standing/past", "Zanthor Harbour Board", "p", ""},
	{"evidence: proposed", "/career/evidence", "/evidence", "PROPOSED", "p", ""},
	{"evidence: kept, in their words", "/career/evidence/KEPT", "/evidence/KEPT", "Zanthor kept", "p", ""},
	{"evidence: own entries", "/career/entries/ENTRY", "/evidence-entries", "Zanthor managed", "p", ""},
	{"attestations: the wording that is asked about", "/career/evidence/KEPT", "/attestations", "Zanthor asked", "pa", "p"},
	{"attestations: the wording, at the colleague's", "/attestations/REQUEST", "/attestation-requests", "Zanthor asked", "pa", "a"},
	{"attestations: why somebody declined", "/career/evidence/DECLINED", "/attestations", "I was not on that project by then", "p", ""},
	{"options, targets and plans to a role", "/career/options?plan=yes", "/plans", "", "p", ""},
	{"plan: a step that is shared with the mentor", "/plan/SHARED", "/development-steps", "Zanthor shared", "pm", "p"},
	{"plan: that step, at the mentor's", "/plan/shared", "/shared-steps", "Zanthor shared", "pm", "m"},
	{"plan: the sentences before and after a shared step", "/plan/SHARED", "/development-steps", "Zanthor before", "p", ""},
	{"plan: a step that is not shared", "/plan/OWN", "/development-steps", "Zanthor own", "p", ""},
	{"plan: reviews", "/plan", "/development-reviews", "Zanthor review", "p", ""},
	{"who looked", "/career/looks", "/career-looks", "", "p", ""},
	{"CPD and PDU log", "/cpd", "/cpd", "Zanthor learnt", "p", ""},
	{"CPD schemes of their own", "/cpd/schemes", "/cpd/schemes", "Zanthor scheme", "p", ""},
	{"paired opposites: own marks and note", "/opposites", "/opposites", "Zanthor talk", "p", ""},
	{"paired opposites: what colleagues answered, together", "/opposites/talk", "/opposites/talk", "", "p", ""},
	{"mentoring: what they are looking for", "/mentoring/pairs/PAIR", "/mentoring-pairs/PAIR", "Zanthor looking", "pm", ""},
	{"mentoring: their own note", "/mentoring/pairs/PAIR", "/mentoring-pairs/PAIR", "Zanthor noted", "p", ""},
	{"mentoring: the mentor's note", "/mentoring/pairs/PAIR", "/mentoring-pairs/PAIR", "Zanthor mentor noted", "m", ""},
	{"opportunities: an application, at the offer", "/opportunities/OFFER", "/opportunities/OFFER", "Zanthor applied", "plh", ""},
	{"team coverage, which names nobody", "/coverage", "/coverage", "", "h", ""},
	{"the copy of everything", "/account/data.json", "/account/data", "Zanthor own", "p", ""},
	{"the copy of everything, to read", "/account/data.html", "/account/data", "Zanthor kept", "p", ""},
}

// lives gives the analyst something of each kind, and fills in what the table names.
type lives struct {
	*App
	ctx                    context.Context
	db                     *sqldb.DB
	her, mentor, line, off authz.Actor // off offers work
	attester, stranger     authz.Actor
	fill                   []string
}

func (l *lives) named(t *testing.T, name string) authz.Actor {
	t.Helper()
	var who authz.Actor
	check(t, l.db.Read.QueryRowContext(l.ctx, `SELECT p.id, c.role FROM person p JOIN account c ON c.person_id = p.id WHERE p.name = $1`, name).Scan(&who.Person, &who.Role))
	return who
}

func (l *lives) is(word, id string) { l.fill = append(l.fill, word, id) }

func (l *lives) evidence(t *testing.T) {
	t.Helper()
	check(t, l.Career.StatePast(l.ctx, l.her, []career.Past{{Organisation: "Zanthor Harbour Board", From: "2015-01-01", To: "2016-01-31", Projects: 2, Scale: "light", Role: activity.Led}}))
	id, err := l.Career.Enter(l.ctx, l.her, led("Zanthor managed to its end"))
	check(t, err)
	l.is("ENTRY", id)
	ledger, err := l.Career.Ledger(l.ctx, l.her)
	check(t, err)
	kept := ""
	for i := range ledger.Groups {
		g := &ledger.Groups[i]
		switch {
		case slices.ContainsFunc(g.Asked, func(a career.Attestation) bool { return a.State == career.AttestDeclined }):
			l.is("DECLINED", g.ID)
		case g.Claim.State == career.Proposed && kept == "":
			kept = g.ID
			check(t, l.Career.Claim(l.ctx, l.her, g.ID, g.Claim.Version, career.Claim{State: career.Accepted, Words: "Zanthor kept"}))
		case g.Claim.State == career.Proposed && !slices.Contains(l.fill, "PROPOSED"):
			l.is("PROPOSED", g.ID)
		}
	}
	l.is("KEPT", kept)
	request, _, err := l.Career.Ask(l.ctx, l.her, career.Asking{AboutKind: career.AboutGroup, AboutID: kept, Colleague: l.attester.Person, Wording: "Zanthor asked"})
	check(t, err)
	l.is("REQUEST", request)
}

func (l *lives) plan(t *testing.T) {
	t.Helper()
	for word, st := range map[string]development.Step{"SHARED": {Title: "Zanthor shared", Before: "Zanthor before"}, "OWN": {Title: "Zanthor own"}} {
		made, err := l.Development.Add(l.ctx, l.her, st)
		check(t, err)
		l.is(word, made.ID)
		if word == "SHARED" {
			check(t, l.Development.Share(l.ctx, l.her, made.ID, l.mentor.Person))
		}
	}
	check(t, l.Development.Review(l.ctx, l.her, "Zanthor review"))
	_, err := l.CPD.Add(l.ctx, l.her, cpd.Entry{From: l.CPD.Today(), To: l.CPD.Today(), Minutes: 60, Title: "Zanthor learnt"})
	check(t, err)
	_, err = l.CPD.AddScheme(l.ctx, l.her, true, "2026-01-01", cpd.Scheme{Name: "Zanthor scheme", Unit: "hours", PeriodMonths: 12, Target: 10, Categories: []cpd.Category{{Name: "All"}}})
	check(t, err)
	pairs, err := l.Opposites.Profile(l.ctx, l.her)
	check(t, err)
	r := pairs.Rounds[0]
	check(t, l.Opposites.Note(l.ctx, l.her, r.ID, r.Version, "Zanthor talk"))
}

func (l *lives) others(t *testing.T) {
	t.Helper()
	offer, err := l.Mentoring.SaveOffer(l.ctx, l.mentor, 0, mentoring.Offer{Words: "pipes", Weeks: 4, Places: 3})
	check(t, err)
	p, err := l.Mentoring.Ask(l.ctx, l.her, offer.ID, 4, "Zanthor looking")
	check(t, err)
	check(t, l.Mentoring.Accept(l.ctx, l.mentor, p.ID, 1, 0))
	for note, who := range map[string]authz.Actor{"Zanthor noted": l.her, "Zanthor mentor noted": l.mentor} {
		_, err := l.Mentoring.NoteMeeting(l.ctx, who, p.ID, mentoring.Meeting{On: l.Mentoring.Today(), Minutes: 60, Note: note})
		check(t, err)
	}
	l.is("PAIR", p.ID)
	project := column(t, l.db, `SELECT project_id FROM assignment WHERE kind = 'project_manager' AND to_on = '' AND person_id = '`+l.off.Person+`' ORDER BY 1`)[0]
	o, err := l.Opportunities.MakeOffer(l.ctx, l.off, opportunity.Opportunity{
		Project: project, Subject: opportunity.OfProject, Form: opportunity.Shadow, Title: "A week", Need: "eyes", From: l.CPD.Today(), To: clock.AddDays(l.CPD.Today(), 20), Hours: 8, Places: 1,
	})
	check(t, err)
	_, err = l.Opportunities.Apply(l.ctx, l.her, o.ID, l.line.Person, "Zanthor applied")
	check(t, err)
	l.is("OFFER", o.ID)
}

// whoLives makes the analyst's life, and says by which address each viewer enters.
func whoLives(t *testing.T, db *sqldb.DB) (*lives, map[string]string) {
	t.Helper()
	ctx := context.Background()
	l := &lives{App: makeDemo(t, db, 3, 14, true), ctx: ctx, db: db}
	l.Log = slog.New(slog.DiscardHandler)
	l.her = l.named(t, demo.Analyst)
	email := func(who authz.Actor) string {
		return column(t, db, `SELECT email FROM person WHERE id = '`+who.Person+`'`)[0]
	}
	person := func(query string) authz.Actor {
		return authz.Actor{Person: column(t, db, query)[0], Role: authz.Member}
	}
	known := `'` + strings.Join([]string{demo.Manager, demo.Sponsor, demo.Head, demo.Analyst, demo.Administrator}, `', '`) + `'`
	l.off = person(`SELECT a.person_id FROM assignment a JOIN person p ON p.id = a.person_id JOIN account c ON c.person_id = p.id WHERE a.kind = 'project_manager' AND a.to_on = '' AND c.role = 'member' AND p.name NOT IN (` + known + `) ORDER BY p.name`)
	rest := column(t, db, `SELECT p.id FROM person p JOIN account c ON c.person_id = p.id WHERE c.role = 'member' AND p.left_on = '' AND p.name NOT IN (`+known+`) AND p.id <> '`+l.off.Person+`'
		AND NOT EXISTS (SELECT 1 FROM mentoring_pair m WHERE m.mentor_id = p.id) AND NOT EXISTS (SELECT 1 FROM assignment b WHERE b.person_id = p.id AND b.kind IN ('sponsor', 'project_manager')) ORDER BY p.name`)
	for i, who := range []*authz.Actor{&l.mentor, &l.line, &l.attester, &l.stranger} {
		*who = authz.Actor{Person: rest[i], Role: authz.Member}
	}
	l.evidence(t)
	l.plan(t)
	l.others(t)
	return l, map[string]string{
		"p": email(l.her), "l": email(l.line), "m": email(l.mentor), "a": email(l.attester), "h": email(l.named(t, demo.Head)), "d": email(l.named(t, demo.Administrator)), "s": email(l.stranger), "g": "",
	}
}

// asks gives a way to ask for a page or a path of the API as one of the viewers.
func (l *lives) asks(t *testing.T, emails map[string]string) func(viewer, path string) (int, string) {
	t.Helper()
	site, sessions, tokens := l.Handler(), map[string]string{}, map[string]string{}
	for letter, email := range emails {
		if email == "" {
			continue
		}
		var who authz.Actor
		check(t, l.db.Read.QueryRowContext(l.ctx, `SELECT p.id, c.role FROM person p JOIN account c ON c.person_id = p.id WHERE p.email = $1`, email).Scan(&who.Person, &who.Role))
		var err error
		tokens[letter], err = l.People.MakeToken(l.ctx, who, identity.NewToken{Name: "career", Scopes: []string{"read", "career:read", "account:read"}, Days: 30})
		check(t, err)
		sessions[letter], err = l.People.EnterDemo(l.ctx, email)
		check(t, err)
	}
	return func(viewer, path string) (int, string) {
		r := httptest.NewRequestWithContext(l.ctx, http.MethodGet, path, nil)
		switch {
		case emails[viewer] == "":
		case strings.HasPrefix(path, "/api/"):
			r.Header.Set("Authorization", "Bearer "+tokens[viewer])
		default:
			r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: sessions[viewer]})
		}
		answer := httptest.NewRecorder()
		site.ServeHTTP(answer, r)
		return answer.Code, answer.Body.String()
	}
}

func TestWhoSeesWhatOfACareerByPageAndAPI(t *testing.T) {
	notUnderRace(t)
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		l, emails := whoLives(t, db)
		fill, ask := strings.NewReplacer(l.fill...), l.asks(t, emails)
		for _, v := range viewers {
			for _, line := range sights {
				for _, path := range []string{line.page, "/api/v1" + line.api} {
					path = fill.Replace(path)
					if path == "/api/v1" {
						continue
					}
					code, body := ask(v.letter, path)
					words := fill.Replace(line.words)
					switch {
					case code >= http.StatusInternalServerError:
						t.Errorf("%s, %s at %s: %d", line.kind, v.label, path, code)
					case line.reads(v.letter) && (code != http.StatusOK || !strings.Contains(body, words)):
						t.Errorf("%s: %s sees nothing at %s: %d", line.kind, v.label, path, code)
					}
					for _, other := range sights { // no address tells of anything to whom it is not for
						words := fill.Replace(other.words)
						if words != "" && !strings.Contains(other.sees, v.letter) && strings.Contains(body, words) && !strings.Contains(path, words) {
							t.Errorf("%s reads %q (%s) at %s", v.label, other.words, other.kind, path)
						}
					}
				}
			}
		}
	})
}

// reads reports whether a viewer reads what a line is about at its address.
func (s sight) reads(viewer string) bool {
	if s.here != "" {
		return strings.Contains(s.here, viewer)
	}
	return strings.Contains(s.sees, viewer)
}

// The table stands in the documentation for people to read.
func TestWhoSeesWhatIsGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Who sees what of a career\n\nMade from the table that a test holds each page and each path of the API to, cell by cell, on both databases\n(`go test ./internal/app -run Golden -update`). ● is shown, · is not: the address answers \"not found\", or with the\nviewer's own.\n\n| | ")
	for _, v := range viewers {
		b.WriteString(v.label + " | ")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(viewers)) + "\n")
	for _, line := range sights {
		b.WriteString("| " + line.kind + " |")
		for _, v := range viewers {
			mark := " · |"
			if strings.Contains(line.sees, v.letter) {
				mark = " ● |"
			}
			b.WriteString(mark)
		}
		b.WriteString("\n")
	}
	b.WriteString("\nA line manager has no place in Cairn: \"line\" is whoever the person named to agree to an opportunity. An application is\nread by who offers the work and leads its project too. A plan's step is shared one by one, with whom the person chooses.\n")
	golden(t, "who-sees.md", []byte(b.String()))
}
