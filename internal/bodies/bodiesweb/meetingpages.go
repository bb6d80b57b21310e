package bodiesweb

import (
	"net/http"
	"net/url"
	"strings"

	"cairn/internal/kit/directory"

	"cairn/internal/bodies"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"

	"github.com/a-h/templ"
)

type meetingListView struct {
	bodies.MeetingPage
	bodies.MeetingFilter
	Query url.Values
	Next  string
}

func (w *Web) meetingList(r *web.Req) error {
	v := meetingListView{Query: asked(r, "show", "mine", "project", "body")}
	show := r.Query("show")
	v.MeetingFilter = bodies.MeetingFilter{Coming: show == "", Mine: r.Query("mine") != "", Project: r.Query("project"), Body: r.Query("body")}
	if show != "all" && show != "" {
		v.MeetingFilter.State = bodies.MeetingState(show)
	}
	cur, err := web.ParseCursor("meetings", r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		v.AfterKey, v.AfterID = cur.Key, cur.ID
	}
	if v.MeetingPage, err = w.bodies.Meetings(r.Context(), r.Who(), v.MeetingFilter); err != nil {
		return err
	}
	if v.NextID != "" {
		v.Next = address("/meetings", v.Query, "after", web.Cursor{List: "meetings", Key: v.NextKey, ID: v.NextID}.String())
	}
	return r.Render(r.Page("Meetings", "meetings"), meetingListPage(v))
}

type callView struct {
	typed
	bodies.Prefill
	Bodies   []bodies.Body // to choose from, if none was named
	MayFound bool
}

func (w *Web) newMeeting(r *web.Req) error {
	return w.showCall(r, http.StatusOK, typed{}, r.Query("body"), r.Query("project"))
}

func (w *Web) showCall(r *web.Req, status int, t typed, body, project string) (err error) {
	v := callView{typed: t}
	p := r.Page("Call a meeting", "meetings")
	p.Crumbs = []ui.Crumb{{Label: "Meetings", Href: "/meetings"}}
	if body == "" && project == "" {
		page, err := w.bodies.Callable(r.Context(), r.Who())
		if err != nil {
			return err
		}
		v.Bodies, v.MayFound = page.Bodies, page.MayFound
		return r.RenderStatus(status, p, chooseBodyPage(v))
	}
	if v.Prefill, err = w.bodies.Prefill(r.Context(), r.Who(), body, project); err != nil {
		return err
	}
	return r.RenderStatus(status, p, callPage(v))
}

func (w *Web) call(r *web.Req) error {
	var body, project string
	return step(r, "call", func(p posted) (string, string, error) {
		body, project = p.Text("body"), p.Text("project")
		m, err := w.bodies.Call(r.Context(), r.Who(), bodies.Meeting{
			Body: body, Project: project, Kind: bodies.MeetingKind(p.text("kind")), On: p.text("on"), Starts: p.text("starts"), Subject: p.text("subject"),
		})
		return "/meetings/" + m.ID, "Called. It is on the desks of those expected.", err
	}, func(status int, t typed) error { return w.showCall(r, status, t, body, project) })
}

type meetingView struct {
	bodies.MeetingSheet
	typed
	Directory []directory.Person
	Decisions []bodies.Decision
	Panels    templ.Component
}

func (w *Web) meeting(r *web.Req) error { return w.showMeeting(r, http.StatusOK, typed{}) }

func (w *Web) showMeeting(r *web.Req, status int, t typed) (err error) {
	v, id := meetingView{typed: t}, r.Path("id")
	if v.MeetingSheet, err = w.bodies.Meeting(r.Context(), r.Who(), id); err != nil {
		return err
	}
	page, err := w.bodies.Decisions(r.Context(), r.Who(), bodies.DecisionFilter{Origin: bodies.FromMeeting, OriginID: id, Limit: 200})
	if err != nil {
		return err
	}
	v.Decisions = page.Decisions
	if v.MayRun || v.MayOffer {
		if v.Directory, err = w.bodies.Directory(r.Context(), r.Who()); err != nil {
			return err
		}
	}
	if v.Panels, err = r.Panels("meeting", id); err != nil {
		return err
	}
	p := r.Page(v.Subject, "meetings")
	p.Crumbs = []ui.Crumb{{Label: "Meetings", Href: "/meetings"}}
	if v.BodyName != "" {
		p.Crumbs = append(p.Crumbs, ui.Crumb{Label: v.BodyName, Href: "/bodies/" + v.Body})
	}
	return r.RenderStatus(status, p, meetingPage(v))
}

// onMeeting does a step on the page of a meeting.
func (w *Web) onMeeting(r *web.Req, form, said string, do func(posted) error) error {
	return step(r, form, func(p posted) (string, string, error) { return "/meetings/" + r.Path("id"), said, do(p) },
		func(status int, t typed) error { return w.showMeeting(r, status, t) })
}

func (w *Web) changeMeeting(r *web.Req) error {
	return w.onMeeting(r, "move", "Changed.", func(p posted) error {
		return w.bodies.ChangeMeeting(r.Context(), r.Who(), r.Path("id"), p.version(), bodies.MeetingEdit{On: p.text("on"), Starts: p.text("starts"), Subject: p.text("subject")})
	})
}

func (w *Web) cancel(r *web.Req) error {
	return w.onMeeting(r, "move", "Called off.", func(p posted) error { return w.bodies.Cancel(r.Context(), r.Who(), r.Path("id"), p.version()) })
}

func (w *Web) invite(r *web.Req) error {
	return w.onMeeting(r, "invite", "On the list.", func(p posted) (err error) {
		a := bodies.Attendee{Capacity: bodies.Capacity(p.text("capacity")), Authority: p.text("authority")}
		if member, is := strings.CutPrefix(p.text("capacity"), "for:"); is {
			a.Capacity, a.For = bodies.AsDeputy, member
		} else {
			a.Authority = ""
		}
		if a.Person, err = w.person(r, p, "person"); err != nil {
			return err
		}
		return w.bodies.Invite(r.Context(), r.Who(), r.Path("id"), a)
	})
}

func (w *Web) hold(r *web.Req) error {
	return w.onMeeting(r, "held", "Kept. Minutes come next.", func(p posted) error {
		var there []bodies.Presence
		for _, s := range p.Values["there"] {
			person, instead, _ := strings.Cut(s, "/")
			there = append(there, bodies.Presence{Person: person, For: instead})
		}
		return w.bodies.Hold(r.Context(), r.Who(), r.Path("id"), p.version(), there)
	})
}

func (w *Web) writeMinutes(r *web.Req) error {
	return w.onMeeting(r, "write", "Kept. They wait for the chair.", func(p posted) error {
		return w.bodies.WriteMinutes(r.Context(), r.Who(), r.Path("id"), p.version(), p.text("minutes"))
	})
}

func (w *Web) confirm(r *web.Req) error {
	return w.onMeeting(r, "confirm", "Confirmed, for good.", func(p posted) error {
		return w.bodies.Confirm(r.Context(), r.Who(), r.Path("id"), p.version())
	})
}

func (w *Web) correct(r *web.Req) error {
	return w.onMeeting(r, "correct", "Open for correction. What was confirmed stays readable.", func(p posted) error {
		return w.bodies.Correct(r.Context(), r.Who(), r.Path("id"), p.version())
	})
}

func (w *Web) raise(r *web.Req) error {
	return w.onMeeting(r, "action", "Raised. It is on their desk.", func(p posted) (err error) {
		a := bodies.ActionAsked{Title: p.text("title"), Project: p.text("project"), Due: p.text("due")}
		if a.Owner, err = w.person(r, p, "owner"); err != nil {
			return err
		}
		return w.bodies.RaiseAction(r.Context(), r.Who(), r.Path("id"), a)
	})
}

func (w *Web) decide(r *web.Req) error {
	return w.onMeeting(r, "decide", "Decided, and in the register of decisions.", func(p posted) (err error) {
		d := bodies.Decision{Title: p.text("title"), Words: p.text("words"), Dissent: p.text("dissent"), Project: p.text("project"), Due: p.text("due")}
		if d.Owner, err = w.person(r, p, "owner"); err != nil {
			return err
		}
		return w.bodies.Decide(r.Context(), r.Who(), r.Path("id"), d)
	})
}

func (w *Web) offer(r *web.Req) error {
	return w.onMeeting(r, "offer", "Offered. It waits for their yes.", func(p posted) (err error) {
		o := bodies.Offer{Authority: p.text("authority")}
		if o.Deputy, err = w.person(r, p, "deputy"); err != nil {
			return err
		}
		_, err = w.bodies.OfferSeat(r.Context(), r.Who(), r.Path("id"), o)
		return err
	})
}

func (w *Web) answer(r *web.Req) error {
	return w.onMeeting(r, "answer", "Your answer is with them.", func(p posted) error {
		return w.bodies.AnswerOffer(r.Context(), r.Who(), r.Path("id"), r.Path("offer"), p.Text("yes") == "yes")
	})
}

func (w *Web) takeBack(r *web.Req) error {
	return w.onMeeting(r, "back", "Taken back. The seat is yours.", func(posted) error {
		return w.bodies.TakeBack(r.Context(), r.Who(), r.Path("id"), r.Path("offer"))
	})
}

func (w *Web) confirmDeputy(r *web.Req) error {
	return w.onMeeting(r, "stood", "Confirmed. It counts in their record.", func(posted) error {
		return w.bodies.ConfirmDeputising(r.Context(), r.Who(), r.Path("id"), r.Path("person"))
	})
}
