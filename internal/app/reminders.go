package app

import (
	"context"
	"strconv"

	"cairn/internal/career"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/ui"
	"cairn/internal/mail"
	"cairn/internal/opportunity"
)

// reminders are where the mail of what waits comes from. Each names the matter and
// nothing that somebody wrote: mail is read in passing.
func (a *App) reminders() []mail.Source {
	return []mail.Source{a.attestationsDue, a.mentoringDue, a.opportunitiesDue, a.plansDue, a.learningDue}
}

// list turns what waits into what a mail says.
func list[T any](of []T, err error, says func(T) mail.Matter) ([]mail.Matter, error) {
	out := make([]mail.Matter, len(of))
	for i, x := range of {
		out[i] = says(x)
	}
	return out, err
}

func (a *App) attestationsDue(ctx context.Context, q sqldb.Querier, _ clock.Day) ([]mail.Matter, error) {
	all, err := a.Career.AllAsked(ctx, q)
	return list(all, err, func(x career.Attestation) mail.Matter {
		return mail.Matter{Person: x.Attester, Key: "attest/" + x.ID, Again: 14, Says: x.PersonName + " asks you to confirm a piece of work", Path: "/attestations/" + x.ID}
	})
}

func (a *App) mentoringDue(ctx context.Context, q sqldb.Querier, today clock.Day) (out []mail.Matter, err error) {
	all, err := a.Mentoring.AllWaiting(ctx, q, today)
	for _, x := range all {
		m := mail.Matter{Person: x.Person, Key: "pair/" + x.Pair, Again: 7, Says: "Mentoring: " + x.Other + " waits for your answer", Path: "/mentoring/pairs/" + x.Pair}
		if x.Next != "" {
			m.Key += "/" + x.Next
			m.Says = "Mentoring: by your rhythm you meet " + x.Other + " on " + ui.DateFull(x.Next)
		}
		out = append(out, m)
	}
	return out, err
}

func (a *App) opportunitiesDue(ctx context.Context, q sqldb.Querier, today clock.Day) ([]mail.Matter, error) {
	all, err := a.Opportunities.AllWaiting(ctx, q, today)
	says := map[opportunity.Ask]string{
		opportunity.ToGive: "Somebody applied for what you offer", opportunity.ToAgree: "Somebody named you to agree for their line",
		opportunity.ToDebrief: "A piece of work is over: write your debrief", opportunity.ToConfirm: "A debrief waits to be confirmed by you",
	}
	return list(all, err, func(x opportunity.Waits) mail.Matter {
		return mail.Matter{Person: x.Person, Key: "place/" + x.Place + "/" + string(x.Asks), Again: 7, Says: says[x.Asks], Path: "/opportunities/" + x.Opportunity}
	})
}

func (a *App) plansDue(ctx context.Context, q sqldb.Querier, today clock.Day) (out []mail.Matter, err error) {
	all, err := a.Development.AllWaiting(ctx, q, today)
	for _, x := range all {
		m := mail.Matter{Person: x.Person, Key: "step/" + x.Step + "/" + x.On, Again: 28, Says: "A step of your plan has come to its date, " + ui.DateFull(x.On), Path: "/plan/" + x.Step}
		if x.Step == "" {
			m.Key, m.Says, m.Path = "review/"+x.On, "It is time to look at your plan again", "/plan"
		}
		out = append(out, m)
	}
	return out, err
}

func (a *App) learningDue(ctx context.Context, q sqldb.Querier, today clock.Day) (out []mail.Matter, err error) {
	all, err := a.CPD.AllWaiting(ctx, q, today)
	for _, x := range all {
		m := mail.Matter{Person: x.Person, Key: "cpd/" + x.Cycle + "/" + x.To + "/" + strconv.Itoa(x.Months), Says: x.Scheme + " ends on " + ui.DateFull(x.To) + " and is not complete yet", Path: "/cpd"}
		if x.Over { // another matter: there is no time left to learn, and some to write down
			m.Key, m.Says = "cpd/"+x.Cycle+"/"+x.To+"/over", x.Scheme+" ended on "+ui.DateFull(x.To)+" and is not complete; the deadline is "+ui.DateFull(x.Deadline)
		}
		out = append(out, m)
	}
	return out, err
}

// remind sends the mail of what waits.
func (a *App) remind(ctx context.Context) error { return a.Mail.Remind(ctx, a.URL, a.OrgName()) }
