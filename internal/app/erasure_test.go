package app

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cairn/internal/bodies"
	"cairn/internal/career"
	"cairn/internal/career/paper"
	"cairn/internal/cpd"
	"cairn/internal/development"
	"cairn/internal/document"
	"cairn/internal/exchange"
	"cairn/internal/governance"
	"cairn/internal/identity"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/mentoring"
	"cairn/internal/opposites"
	"cairn/internal/portfolio"
	"cairn/internal/raid"
)

const erasedName, erasedMail = "Wilhelmina Quisling-Prott", "wilhelmina.qp@example.org"

// live gives a person a life in Cairn: an account, a device, a token, work,
// words, marks and a career.
func live(t *testing.T, ctx context.Context, o *office) authz.Actor {
	t.Helper()
	operator := authz.AtCommandLine()
	p, err := o.People.AddPerson(ctx, operator, identity.Person{Name: erasedName, Email: erasedMail, JobTitle: "Keeper of the sluices", OrgUnit: "Sluices of the north"})
	check(t, err)
	link, err := o.People.Invite(ctx, o.adm, p.ID, authz.PMOMember)
	check(t, err)
	session, err := o.People.FollowLink(ctx, link, "", "", "a sentence that is easy to keep")
	check(t, err)
	check(t, o.People.NoteDevice(ctx, session, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"))
	her := authz.Actor{Person: p.ID, Role: authz.PMOMember}
	_, err = o.People.MakeToken(ctx, her, identity.NewToken{Name: "wilhelmina's export", Scopes: []string{"read"}, Days: 30})
	check(t, err)
	o.assign(t, o.project, her, portfolio.Manager, "2025-03-01")
	tree, err := o.Portfolio.Tree(ctx, o.head)
	check(t, err)
	_, err = o.Portfolio.GiveRole(ctx, o.head, portfolio.HeldRole{Node: tree.Portfolios[0].ID, Person: p.ID, Role: authz.Viewer})
	check(t, err)
	sh, err := o.Reporting.Sheet(ctx, her, o.project, "2026-02")
	check(t, err)
	body := sh.Draft.Body
	body.Overall, body.Schedule, body.Cost, body.Summary, body.NextSteps = "green", "green", "green", "All is well.", "Go on."
	check(t, o.Reporting.Draft(ctx, her, o.project, "2026-02", sh.Draft.DraftVersion, body))
	_, err = o.Reporting.Submit(ctx, her, o.project, "2026-02", len(sh.Versions), body)
	check(t, err)
	check(t, o.Career.TurnOn(ctx, her))
	check(t, o.CatchUp(ctx))
	check(t, o.Career.StatePast(ctx, her, []career.Past{{Organisation: "Dike board of the marsh", Post: "Dike reeve", From: "2015-01-01", To: "2020-01-31", Projects: 3, Scale: "light", Role: activity.Led}}))
	c, err := o.Exchange.Write(ctx, her, exchange.Body{Title: "Sluices that stick", Background: "I keep the sluices.", Questions: []string{"Who greases them?"}}, "", "", true)
	check(t, err)
	_, err = o.Exchange.Answer(ctx, her, exchange.Answer{Case: c.ID, Question: 1, Label: "advice", Text: "I grease them with tallow.", Named: true})
	check(t, err)
	hold := document.Writing{Project: o.project, Name: "Handover sheet", Form: document.Text, Body: "The sluices go to operations."}
	doc, err := o.Documents.Write(ctx, her, hold)
	check(t, err)
	hold.Document, hold.Base = doc.Document, 1
	_, err = o.Documents.Upload(ctx, her, hold, "sluices.txt", strings.NewReader("Keys of the sluices: on the hook."))
	check(t, err)
	hold.Body, hold.Base = "All goes to operations.", 2
	_, err = o.Documents.Write(ctx, her, hold)
	check(t, err)
	check(t, o.Documents.Submit(ctx, her, doc.Document, 3, "sponsor"))
	a, err := o.Raid.Raise(ctx, her, raid.Action{Title: "Oil the locks", Project: o.project, Owner: o.partner.Person, Due: "2026-04-01"})
	check(t, err)
	check(t, o.Raid.HandOver(ctx, o.partner, a.ID, 1, her.Person, "she knows them"))
	check(t, o.Raid.Done(ctx, her, a.ID, 2, "they turn"))
	govern(t, ctx, o, her)
	lookAfter(t, ctx, o, her)
	lookAtPairs(t, ctx, o, her)
	_, err = o.CPD.Follow(ctx, her, "yearly_hours", "2026-01-01")
	check(t, err)
	_, err = o.CPD.Add(ctx, her, cpd.Entry{From: "2026-02-01", To: "2026-02-01", Minutes: 60, Title: "How sluices work", Places: map[string]string{"yearly_hours": "learning"}})
	check(t, err)
	_, err = o.CPD.AddScheme(ctx, her, true, "2026-01-01", cpd.Scheme{Name: "Sluices", Unit: "hours", PeriodMonths: 12, Target: 10, Categories: []cpd.Category{{Name: "All"}}})
	check(t, err)
	check(t, o.Career.TakeIn(ctx, her, paper.Application, nil))
	_, err = o.Career.PutLine(ctx, her, paper.Application, paper.Line{Section: "entry", Values: map[string]string{"title": "Sluices of the marsh", "role_in_work": "led", "from": "2015-01", "to": "2020-01"}})
	check(t, err)
	mentored(t, ctx, o, her)
	check(t, o.People.AskErasure(ctx, her, identity.RemoveWords))
	return her
}

// mentored lets a person mentor somebody and be mentored, plan, be counted, and be
// told by mail.
func mentored(t *testing.T, ctx context.Context, o *office, her authz.Actor) {
	t.Helper()
	check(t, o.Career.ChooseCounted(ctx, her, true))
	check(t, o.Mail.ChooseReminders(ctx, her, false))
	words := map[authz.Actor]string{her: "The sluices, and what flows through them", o.manager: "to see water", o.partner: "anything"}
	for _, pair := range [][2]authz.Actor{{her, o.manager}, {o.partner, her}} {
		offer, err := o.Mentoring.SaveOffer(ctx, pair[0], 0, mentoring.Offer{Words: words[pair[0]], Weeks: 4, Places: 1})
		check(t, err)
		p, err := o.Mentoring.Ask(ctx, pair[1], offer.ID, 4, words[pair[1]])
		check(t, err)
		check(t, o.Mentoring.Accept(ctx, pair[0], p.ID, 1, 0))
		_, err = o.Mentoring.NoteMeeting(ctx, her, p.ID, mentoring.Meeting{On: o.Mentoring.Today(), Minutes: 60, Note: "We spoke of sluices."})
		check(t, err)
		if pair[1] == her {
			continue
		}
		_, err = o.Mentoring.Pair(ctx, her, p.ID) // she looks
		check(t, err)
		check(t, o.Mentoring.End(ctx, o.manager, p.ID, 2))
		_, err = o.Mentoring.Ask(ctx, o.other, offer.ID, 4, "")
		check(t, err)
	}
	st, err := o.Development.Add(ctx, her, development.Step{Title: "Grease the sluices", Mentor: o.partner.Person})
	check(t, err)
	check(t, o.Development.Share(ctx, her, st.ID, o.head.Person))
	_, err = o.Development.Add(ctx, o.head, development.Step{Title: "Learn about locks", Mentor: her.Person})
	check(t, err)
}

// lookAtPairs lets a person mark their pairs, ask colleagues and be asked by one.
func lookAtPairs(t *testing.T, ctx context.Context, o *office, her authz.Actor) {
	t.Helper()
	marks := opposites.Marks{}
	for _, e := range opposites.Ends() {
		marks[e.ID] = 3
	}
	colleagues := []string{o.head.Person, o.partner.Person, o.manager.Person, o.other.Person, o.adm.Person}
	r, err := o.Opposites.Rate(ctx, her, marks)
	check(t, err)
	check(t, o.Opposites.Note(ctx, her, r.ID, 1, "The sluices make me patient."))
	check(t, o.Opposites.Ask(ctx, her, r.ID, colleagues, ""))
	r, err = o.Opposites.Rate(ctx, o.head, marks)
	check(t, err)
	colleagues[0] = her.Person
	check(t, o.Opposites.Ask(ctx, o.head, r.ID, colleagues, ""))
	check(t, o.Opposites.Reply(ctx, her, r.ID, marks))
}

// govern gives a person a seat, an offer, a meeting whose minutes they confirm,
// and a decision.
func govern(t *testing.T, ctx context.Context, o *office, her authz.Actor) {
	t.Helper()
	b, err := o.Bodies.Found(ctx, her, bodies.Body{Name: "Lock board", Kind: bodies.ProjectBoard, Node: o.project}, bodies.Terms{Words: "Keeps locks.", ApprovedOn: "2026-01-01"})
	check(t, err)
	_, err = o.Bodies.GiveSeat(ctx, her, bodies.Seat{Body: b.ID, Person: her.Person, Kind: bodies.Chair, From: "2026-01-01"})
	check(t, err)
	other, err := o.Bodies.GiveSeat(ctx, her, bodies.Seat{Body: b.ID, Person: o.manager.Person, Kind: bodies.Member, From: "2026-01-01"})
	check(t, err)
	m, err := o.Bodies.Call(ctx, her, bodies.Meeting{Body: b.ID, On: "2026-03-16", Subject: "Locks"})
	check(t, err)
	_, err = o.Bodies.OfferSeat(ctx, her, m.ID, bodies.Offer{Deputy: o.partner.Person, Authority: "all"})
	check(t, err)
	check(t, o.Bodies.Hold(ctx, her, m.ID, 0, []bodies.Presence{{Person: her.Person}}))
	check(t, o.Bodies.WriteMinutes(ctx, her, m.ID, 0, "Locks turn."))
	check(t, o.Bodies.Decide(ctx, her, m.ID, bodies.Decision{Title: "New locks", Owner: her.Person}))
	check(t, o.Bodies.Confirm(ctx, her, m.ID, 0))
	m, err = o.Bodies.Call(ctx, her, bodies.Meeting{Body: b.ID, On: "2026-03-16", Subject: "More locks"})
	check(t, err)
	_, err = o.Bodies.NameDeputy(ctx, o.manager, b.ID, bodies.Deputy{Seat: other.ID, Person: o.partner.Person, Authority: "all"})
	check(t, err)
	check(t, o.Bodies.Invite(ctx, her, m.ID, bodies.Attendee{Person: o.partner.Person, Capacity: bodies.AsDeputy, For: her.Person, Authority: "all"}))
	check(t, o.Bodies.Hold(ctx, o.partner, m.ID, 0, []bodies.Presence{{Person: o.partner.Person, For: her.Person}}))
	check(t, o.Bodies.ConfirmDeputising(ctx, her, m.ID, o.partner.Person))
}

// lookAfter lets a person answer a dial, speak of controls, find, ask, and say what
// a control was worth, with their name.
func lookAfter(t *testing.T, ctx context.Context, o *office, her authz.Actor) {
	t.Helper()
	o.methods(t, ctx)
	_, err := o.Governance.Answer(ctx, her, o.project, radio)
	check(t, err)
	check(t, o.Governance.AnswerUse(ctx, her, o.project, "ri-02", governance.Use{Helped: 1, Minutes: 5, Comment: "It keeps the water out.", Sign: true}))
	id, err := o.Governance.Speak(ctx, her, o.project, "ri-02", 0, "", "")
	check(t, err)
	check(t, o.Governance.TakeBack(ctx, her, o.project, id))
	_, err = o.Governance.Assess(ctx, her, o.project, "ri-02", governance.Partly, "Two of seven.", "")
	check(t, err)
	found, err := o.Governance.Raise(ctx, her, governance.Finding{Project: o.project, Control: "ri-02", Words: "Five were not looked at.", Urgency: governance.DoNow, Owner: her.Person})
	check(t, err)
	check(t, o.Governance.Close(ctx, her, found, governance.InPlace, "All seven now.", 1))
	_, err = o.Governance.AskForWaiver(ctx, her, o.project, "ri-02", "Work is on hold.", "Nobody works.", "2026-04-01")
	check(t, err)
	_, err = o.Governance.Propose(ctx, her, governance.Proposal{Method: "cairn-full", Control: "ri-02", Kind: governance.ToChange, Words: "Ask in the report."})
	check(t, err)
	d, _, _, _, err := o.Governance.DraftOf(ctx, her, "cairn-full")
	check(t, err)
	check(t, o.Governance.WriteDraft(ctx, her, d))
}

func TestAnErasedPersonIsNowhere(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		her := live(t, ctx, o)
		own, err := o.People.OwnData(ctx, her)
		check(t, err)
		for _, part := range []string{"person", "sessions", "tokens", "record", "assignments", "roles", "reports", "cases", "answers", "career_past", "career_items", "imports", "documents", "actions", "seats", "meetings", "seat_offers", "decisions", "opposites", "opposites_asked", "cpd_entries", "cpd_periods", "cpd_schemes", "mentoring_offers", "mentoring_pairs", "mentoring_meetings", "career_counted"} {
			if _, ok := own[part]; !ok {
				t.Errorf("the person's own copy has no %s", part)
			}
		}
		seen, err := o.People.PreviewErasure(ctx, o.adm, her.Person, "")
		check(t, err)
		for _, h := range seen.Holdings {
			if h.Private && h.Count != 0 {
				t.Errorf("the administrator is told how many %s there are: %d", h.Data, h.Count)
			}
		}
		if _, err := o.People.PreviewErasure(ctx, o.head, her.Person, ""); !errs.Is(err, errs.NotFound) {
			t.Errorf("the head of PMO looks at what is held: %v", err)
		}
		if err := o.People.Erase(ctx, o.adm, her.Person, identity.RemoveWords, "somebody else"); !errs.Is(err, errs.Invalid) {
			t.Errorf("without the name: %v", err)
		}
		if err := o.People.Erase(ctx, o.head, her.Person, identity.RemoveWords, erasedName); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the head of PMO erases: %v", err)
		}
		check(t, o.People.Erase(ctx, o.adm, her.Person, identity.RemoveWords, erasedName))

		for _, words := range []string{erasedName, "Wilhelmina", erasedMail, "Keeper of the sluices", "Dike board", "sluices", "tallow", "Firefox"} {
			if places := find(t, o, words); len(places) > 0 {
				t.Errorf("%q is still in %v", words, places)
			}
		}
		stays := staysIn(t)
		for _, place := range find(t, o, her.Person) {
			if !stays[place] {
				t.Errorf("the id is in %s, which docs/privacy.md does not say", place)
			}
		}
		rep, err := activity.Verify(ctx, o.Store.Read, nil)
		check(t, err)
		if rep.Erased == 0 {
			t.Error("verify reports no erased entry")
		}
		d, err := o.Portfolio.Project(ctx, o.head, o.project, portfolio.When{})
		check(t, err)
		manager := ""
		for _, a := range d.Assignments {
			if a.Person == her.Person {
				manager = a.PersonName
			}
		}
		if manager != identity.ErasedName {
			t.Errorf("the project's history names its manager %q", manager)
		}
		check(t, o.Unit.Rewind(ctx, "career")) // a projection can still be rebuilt from the record
		check(t, o.CatchUp(ctx))
		if _, err := o.People.SignIn(ctx, erasedMail, "a sentence that is easy to keep", "x"); err == nil {
			t.Error("an erased person signed in")
		}
	})
}

func TestErasureLeavesWordsWhenThePersonWantsThat(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		her := live(t, ctx, o)
		check(t, o.People.Erase(ctx, o.adm, her.Person, identity.LeaveWords, strings.ToUpper(erasedName)))
		if places := find(t, o, erasedName); len(places) > 0 {
			t.Errorf("the name is still in %v", places)
		}
		page, err := o.Exchange.Cases(ctx, o.other, 0, "")
		check(t, err)
		list := page.Cases
		if len(list) != 1 || list[0].AuthorName != identity.ErasedName {
			t.Fatalf("cases %+v", list)
		}
		c, err := o.Exchange.Case(ctx, o.other, list[0].ID)
		check(t, err)
		if c.Background != "I keep the sluices." || len(c.Answers) != 1 || c.Answers[0].Text == "" || c.Answers[0].Named {
			t.Errorf("what was to stay: %+v", c)
		}
	})
}

// find looks for a text in every column of every table.
func find(t *testing.T, o *office, text string) (places []string) {
	t.Helper()
	for table, columns := range everyColumn(t, o) {
		places = append(places, findIn(t, o, table, columns, text)...)
	}
	return places
}

func findIn(t *testing.T, o *office, table string, columns []string, text string) (places []string) {
	t.Helper()
	rows, err := o.Store.Read.Query(`SELECT ` + strings.Join(columns, ", ") + ` FROM ` + table)
	check(t, err)
	defer func(r *sql.Rows) { _ = r.Close() }(rows)
	hit := map[string]bool{}
	for rows.Next() {
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		check(t, rows.Scan(dest...))
		for i, v := range values {
			if strings.Contains(strings.ToLower(asText(v)), strings.ToLower(text)) && !hit[columns[i]] {
				hit[columns[i]] = true
				places = append(places, table+"."+columns[i])
			}
		}
	}
	check(t, rows.Err())
	return places
}

func asText(v any) string {
	switch x := v.(type) {
	case []byte:
		return string(x) + base64.StdEncoding.EncodeToString(x)
	case string:
		return x
	}
	return fmt.Sprint(v)
}

func everyColumn(t *testing.T, o *office) map[string][]string {
	t.Helper()
	query := `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if o.Store.Engine == sqldb.Postgres {
		query = `SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t
			ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'`
	}
	rows, err := o.Store.Read.Query(query)
	check(t, err)
	defer func(r *sql.Rows) { _ = r.Close() }(rows)
	out := map[string][]string{}
	for rows.Next() {
		var table, column string
		check(t, rows.Scan(&table, &column))
		out[table] = append(out[table], column)
	}
	check(t, rows.Err())
	if len(out) < 30 {
		t.Fatalf("only %d tables were found", len(out))
	}
	return out
}

var place = regexp.MustCompile("`([a-z_]+\\.[a-z_]+)`")

// staysIn reads where docs/privacy.md says that the random id of a person stays.
func staysIn(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "privacy.md"))
	check(t, err)
	_, list, ok := strings.Cut(string(text), "## Where the number stays")
	if !ok {
		t.Fatal("docs/privacy.md does not say where the number stays")
	}
	out := map[string]bool{}
	for _, m := range place.FindAllStringSubmatch(list, -1) {
		out[m[1]] = true
	}
	return out
}

// TestThePrivacyTableSaysWhatAnErasureDoes holds the preview to the rows of
// docs/privacy.md, in both directions.
func TestThePrivacyTableSaysWhatAnErasureDoes(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		said := privacyRows(t)
		p, err := o.People.PreviewErasure(ctx, o.adm, o.other.Person, identity.RemoveWords)
		check(t, err)
		for _, h := range p.Holdings {
			if fate, ok := said[h.Data]; !ok || !strings.HasPrefix(fate, string(h.Fate)) {
				t.Errorf("the preview says %q is %s, docs/privacy.md says %q", h.Data, h.Fate, fate)
			}
		}
		if len(p.Holdings) < 15 {
			t.Errorf("only %d kinds of data", len(p.Holdings))
		}
	})
}

// privacyRows reads what docs/privacy.md says that an erasure does with each kind of data.
func privacyRows(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "privacy.md"))
	check(t, err)
	said := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 8 {
			said[strings.TrimSpace(cells[1])] = strings.TrimSpace(cells[6])
		}
	}
	return said
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
