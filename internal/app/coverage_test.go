package app

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cairn/internal/career"
	"cairn/internal/development"
	"cairn/internal/identity"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/mentoring"
)

// analysts adds members of the PMO, of whom the first some have managed a project.
func analysts(t *testing.T, ctx context.Context, o *office, from, to, managed int) (out []authz.Actor) {
	t.Helper()
	for i := from; i < to; i++ {
		name := "analyst" + strconv.Itoa(i)
		p, err := o.People.AddPerson(ctx, authz.AtCommandLine(), identity.Person{Name: name, Email: name + "@example.org"})
		check(t, err)
		_, err = o.People.Invite(ctx, authz.AtCommandLine(), p.ID, authz.PMOMember)
		check(t, err)
		who := authz.Actor{Person: p.ID, Role: authz.PMOMember}
		check(t, o.Career.TurnOn(ctx, who))
		if i < managed {
			e := led("Managed something")
			e.Role = activity.Observed
			_, err := o.Career.Enter(ctx, who, e)
			check(t, err)
		}
		out = append(out, who)
	}
	return out
}

// coveredBy says what is shown of a competency: how many below a level and how many at it.
func coveredBy(t *testing.T, ctx context.Context, o *office, id string) (month string, people int, bands []int) {
	t.Helper()
	c, err := o.Career.Coverage(ctx, o.head)
	check(t, err)
	for _, row := range c.Rows {
		if row.ID == id {
			for _, b := range row.Bands {
				bands = append(bands, b.People)
			}
			return row.Month, row.People, bands
		}
	}
	t.Fatal("no such competency")
	return "", 0, nil
}

// Who did not choose it is not counted; below ten nothing is shown; one who joins
// changes nothing that is shown, and two processes count once.
func TestTheTeamIsCountedByConsentAndByFives(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		for _, who := range []authz.Actor{o.partner, o.manager, o.adm} {
			if _, err := o.Career.Coverage(ctx, who); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s reads the coverage: %v", who.Role, err)
			}
		}
		if err := o.Career.ChooseCounted(ctx, o.partner, true); !errs.Is(err, errs.Invalid) {
			t.Errorf("counted with the career off: %v", err)
		}
		people := analysts(t, ctx, o, 0, 14, 6)
		check(t, o.Career.TurnOn(ctx, o.head))
		check(t, o.Career.ChooseCounted(ctx, o.head, true)) // is not counted all the same
		next := func() {
			t.Helper()
			o.clock.Advance(31 * 24 * time.Hour)
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					if err := o.Career.CountTeam(ctx); err != nil {
						t.Error(err)
					}
				})
			}
			both.Wait()
		}
		for _, who := range people[:9] {
			check(t, o.Career.ChooseCounted(ctx, who, true))
		}
		next()
		if _, n, _ := coveredBy(t, ctx, o, "project_delivery"); n != 0 {
			t.Errorf("nine people are shown")
		}
		for _, who := range people[:12] {
			check(t, o.Career.ChooseCounted(ctx, who, true))
		}
		next()
		first, n, bands := coveredBy(t, ctx, o, "project_delivery")
		if n != 12 || len(bands) != 2 || bands[0] != 6 || bands[1] != 6 {
			t.Errorf("%d in %v", n, bands)
		}
		if _, n, _ := coveredBy(t, ctx, o, "benefits"); n != 0 {
			t.Error("that all of them stand on one level is told")
		}
		check(t, o.Career.ChooseCounted(ctx, people[12], true)) // joins
		check(t, o.Career.TurnOff(ctx, people[0]))              // leaves
		next()
		if month, n, bands := coveredBy(t, ctx, o, "project_delivery"); month != first || n != 12 || bands[0] != 6 {
			t.Errorf("one who joined and one who left are told: %s %d %v", month, n, bands)
		}
		for _, who := range append(people[13:], analysts(t, ctx, o, 14, 30, 26)...) {
			check(t, o.Career.ChooseCounted(ctx, who, true))
		}
		next()
		if month, n, _ := coveredBy(t, ctx, o, "project_delivery"); month == first || n != 29 {
			t.Errorf("many who joined are not shown: %s %d", month, n)
		}
		var rows, runs int
		check(t, o.Store.Read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM coverage_row WHERE people < 10), (SELECT COUNT(*) FROM coverage_run)`).Scan(&rows, &runs))
		if rows != 0 || runs != 4 {
			t.Errorf("%d rows of too few, %d countings", rows, runs)
		}
	})
}

// What others open of a career is told to its owner for a year, and to nobody else.
func TestWhoLookedIsToldForAYear(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		check(t, o.Career.TurnOn(ctx, o.partner))
		entry, err := o.Career.Enter(ctx, o.partner, led("Managed the quay wall"))
		check(t, err)
		request, _, err := o.Career.Ask(ctx, o.partner, career.Asking{AboutKind: career.AboutEntry, AboutID: entry, Colleague: o.manager.Person})
		check(t, err)
		step, err := o.Development.Add(ctx, o.partner, development.Step{Title: "Deputise"})
		check(t, err)
		check(t, o.Development.Share(ctx, o.partner, step.ID, o.head.Person))
		offer, err := o.Mentoring.SaveOffer(ctx, o.other, 0, mentoring.Offer{Words: "pipes", Weeks: 4, Places: 1})
		check(t, err)
		pair, err := o.Mentoring.Ask(ctx, o.partner, offer.ID, 4, "please")
		check(t, err)
		_, err = o.Career.Waiting(ctx, o.manager) // the desk shows the wording too
		check(t, err)
		if list, err := o.Career.Looks(ctx, o.partner); err != nil || len(list) != 1 || list[0].What != career.AtAttestation {
			t.Errorf("a wording on the desk is read and not told: %v %v", list, err)
		}
		for range 2 { // twice on a day is one look
			_, err = o.Career.Request(ctx, o.manager, request)
			check(t, err)
			_, err = o.Development.Shared(ctx, o.head)
			check(t, err)
			_, err = o.Mentoring.Pair(ctx, o.other, pair.ID)
			check(t, err)
			_, err = o.Mentoring.Pair(ctx, o.partner, pair.ID) // her own
			check(t, err)
		}
		if _, err := o.Career.Request(ctx, o.adm, request); !errs.Is(err, errs.NotFound) {
			t.Error(err)
		}
		list, err := o.Career.Looks(ctx, o.partner)
		check(t, err)
		var says []string
		for _, l := range list {
			says = append(says, l.Name+" "+string(l.What)+" "+l.Href())
		}
		want := "head step /plan/" + step.ID + "; manager attestation /career/entries/" + entry + "; other mentoring /mentoring/pairs/" + pair.ID
		if got := strings.Join(says, "; "); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		for _, who := range []authz.Actor{o.head, o.manager, o.other, o.adm} {
			if list, err := o.Career.Looks(ctx, who); err != nil || len(list) != 0 {
				t.Errorf("%s reads %v, %v", who.Role, list, err)
			}
		}
		o.clock.Advance(366 * 24 * time.Hour)
		if list, err := o.Career.Looks(ctx, o.partner); err != nil || len(list) != 0 {
			t.Errorf("after a year: %v %v", list, err)
		}
		check(t, o.startSweeping(ctx))
		o.clock.Advance(2 * time.Hour)
		check(t, o.jobRunner().Drain(ctx))
		var left int
		check(t, o.Store.Read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM plan_look) + (SELECT COUNT(*) FROM career_look) + (SELECT COUNT(*) FROM mentoring_look)`).Scan(&left))
		if left != 0 {
			t.Errorf("%d looks are kept", left)
		}
	})
}

// The copy to read says what the copy for machines says, and needs nothing from anywhere.
func TestTheCopyToReadIsWhole(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		her := live(t, ctx, o)
		l := &lives{App: o.App, ctx: ctx, db: o.Store}
		o.Demo, o.Log = true, slog.New(slog.DiscardHandler)
		ask := l.asks(t, map[string]string{"p": erasedMail})
		code, page := ask("p", "/account/data.html")
		if code != http.StatusOK {
			t.Fatal(code)
		}
		for _, words := range []string{"Dike board of the marsh", "Grease the sluices", "We spoke of sluices.", "How sluices work", "The sluices make me patient.", "Career past"} {
			if !strings.Contains(page, words) {
				t.Errorf("it does not say %s", words)
			}
		}
		for _, never := range []string{"<script", "<img", "src=", "http://", "https://"} {
			if strings.Contains(page, never) {
				t.Errorf("it has %s", never)
			}
		}
		data, err := o.People.OwnData(ctx, her)
		check(t, err)
		if len(data) < 20 {
			t.Errorf("%d parts", len(data))
		}
	})
}
