package bodies

import (
	"context"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// ActionAsked is an action that a meeting raises.
type ActionAsked struct {
	Title, Project string
	Owner          string
	Due            clock.Day
	Origin         Origin
}

// Actions raises actions within a meeting's unit of work. The register of
// actions fills it.
type Actions interface {
	RaiseIn(ctx context.Context, tx *work.Tx, a ActionAsked) (id string, err error)
}

// Service is what people can do with governing bodies, meetings and decisions.
type Service struct {
	unit    *work.Unit
	actions Actions
}

// NewService makes the service.
func NewService(u *work.Unit, a Actions) *Service { return &Service{u, a} }

// Today is the organisation's calendar date, for forms.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// officer is who runs the meetings of a body on a day: chair, deputy chair and
// secretariat are. A rule's owner is this person, so that the policy stays one table.
func officer(ctx context.Context, q sqldb.Querier, who authz.Actor, body string, day clock.Day) (string, error) {
	return seated(ctx, q, who, body, day, Chair, DeputyChair, Secretariat)
}

func seated(ctx context.Context, q sqldb.Querier, who authz.Actor, body string, day clock.Day, kinds ...SeatKind) (string, error) {
	if who.Person == "" || body == "" {
		return "", nil
	}
	var w sqldb.Where
	w.And("person_id = ? AND body_id = ? AND from_on <= ? AND (to_on = '' OR to_on >= ?)", who.Person, body, day, day)
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	w.AndIn("seat", names)
	var n int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM seat`+w.SQL(), w.Values()...).Scan(&n); err != nil || n == 0 {
		return "", err
	}
	return who.Person, nil
}

// BodyFilter chooses bodies.
type BodyFilter struct {
	Node              string // that it governs, or that lies below what it governs
	Ended             bool   // those that have ended too
	AfterKey, AfterID string
	Limit             int // 0 is the usual
}

// BodyPage is a part of the list of bodies.
type BodyPage struct {
	Bodies          []Body
	NextKey, NextID string
	Today           clock.Day
	MayFound        bool
}

const pageSize = 50

// Bodies lists the governing bodies that the reader sees, by name.
func (s *Service) Bodies(ctx context.Context, who authz.Actor, f BodyFilter) (page BodyPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeBodies, authz.On(f.Node)); err != nil {
			return err
		}
		page.Today, page.MayFound = v.Today, v.Can(ctx, FoundBody, authz.On(f.Node))
		limit := limited(f.Limit)
		page.Bodies, err = listBodies(ctx, v, f, limit+1)
		if len(page.Bodies) > limit {
			page.Bodies = page.Bodies[:limit]
			last := page.Bodies[limit-1]
			page.NextKey, page.NextID = sortKey(last.Name), last.ID
		}
		return err
	})
	return page, err
}

// Callable lists the bodies a meeting of which the reader may call, at most two
// hundred, and says whether they may found one.
func (s *Service) Callable(ctx context.Context, who authz.Actor) (page BodyPage, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeBodies, authz.Instance); err != nil {
			return err
		}
		page.Today, page.MayFound = v.Today, v.Can(ctx, FoundBody, authz.Instance)
		all, err := listBodies(ctx, v, BodyFilter{}, 200)
		if err != nil || len(all) == 0 {
			return err
		}
		nodes := make([]string, len(all))
		for i, b := range all {
			nodes[i] = b.Node
		}
		_, may, err := v.Each(ctx, CallMeeting, nodes)
		if err != nil {
			return err
		}
		runs, err := run(ctx, v, who, v.Today)
		for _, b := range all {
			if may[b.Node] || runs[b.ID] {
				page.Bodies = append(page.Bodies, b)
			}
		}
		return err
	})
	return page, err
}

// run gives the bodies of which somebody is an officer on a day.
func run(ctx context.Context, q sqldb.Querier, who authz.Actor, day clock.Day) (map[string]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT body_id FROM seat WHERE person_id = $1 AND from_on <= $2 AND (to_on = '' OR to_on >= $3)
		AND seat IN ('`+string(Chair)+`', '`+string(DeputyChair)+`', '`+string(Secretariat)+`')`, who.Person, day, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

func limited(n int) int {
	if n <= 0 || n > 200 {
		return pageSize
	}
	return n
}

// BodySheet is all that the page of one body shows, but its meetings and decisions.
type BodySheet struct {
	Body
	Seats              []Seat  // those of today first
	Terms              []Terms // the newest first
	Today              clock.Day
	MayChange, MayCall bool
	MayName            bool   // deputies, for everybody
	Me                 string // the reader, who may name deputies for their own seat
}

// Body shows a governing body.
func (s *Service) Body(ctx context.Context, who authz.Actor, id string) (sh BodySheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		b, on, err := bodyTarget(ctx, v, v.Who, id, v.Today, func(t authz.Target) error { return v.May(ctx, SeeBodies, t) })
		if err != nil {
			return err
		}
		sh = BodySheet{Body: b, Today: v.Today, Me: who.Person}
		sh.MayChange, sh.MayCall = v.Can(ctx, ChangeBody, on), b.EndedOn == "" && v.Can(ctx, CallMeeting, on)
		sh.MayName = v.Can(ctx, NameDeputy, on)
		if sh.Seats, err = seatsOf(ctx, v, id, ""); err != nil {
			return err
		}
		sh.Terms, err = termsOf(ctx, v, id)
		return err
	})
	return sh, err
}

// bodyTarget reads a body that the actor sees and the target of actions on it.
func bodyTarget(ctx context.Context, q sqldb.Querier, who authz.Actor, id string, today clock.Day, see func(authz.Target) error) (b Body, on authz.Target, err error) {
	if err := see(authz.Instance); err != nil {
		return b, on, err
	}
	if b, err = getBody(ctx, q, id); err != nil {
		return b, on, err
	}
	on.Node = b.Node
	if err := see(on); err != nil {
		return b, on, err
	}
	on.Owner, err = officer(ctx, q, who, id, today)
	return b, on, err
}

// Found sets a governing body up, with its first terms of reference if there are any.
func (s *Service) Found(ctx context.Context, who authz.Actor, b Body, t Terms) (Body, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, FoundBody, authz.On(b.Node)); err != nil {
			return err
		}
		if err := b.check(); err != nil {
			return err
		}
		b.ID, b.Version = tx.NewID(), 1
		if err := insertBody(ctx, tx, b); err != nil {
			return err
		}
		tx.Record(BodyEvent{Body: b.ID, Node: b.Node, Kind: b.Kind, By: who.Person, What: "body.founded"})
		if t.Words == "" {
			return nil
		}
		return approve(ctx, tx, b, t)
	})
	return b, err
}

var errStale = errs.New(errs.Conflict, "Somebody changed this meanwhile. Theirs is shown; repeat your change if it still holds.")

// onBody changes something of a body, for those who may.
func (s *Service) onBody(ctx context.Context, who authz.Actor, id string, change func(ctx context.Context, tx *work.Tx, b Body) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		b, on, err := bodyTarget(ctx, tx, who, id, tx.Today, func(t authz.Target) error { return tx.May(ctx, SeeBodies, t) })
		if err != nil {
			return err
		}
		if err := tx.May(ctx, ChangeBody, on); err != nil {
			return err
		}
		return change(ctx, tx, b)
	})
}

// ChangeBody changes name, kind and quorum of a body, or ends it. What it governs stays.
func (s *Service) ChangeBody(ctx context.Context, who authz.Actor, b Body) error {
	return s.onBody(ctx, who, b.ID, func(ctx context.Context, tx *work.Tx, old Body) error {
		if err := b.check(); err != nil {
			return err
		}
		if b.EndedOn != "" && !clock.ValidDay(b.EndedOn) {
			return errs.OnField("ended_on", "Enter a date such as 2026-11-24.")
		}
		ok, err := updateBody(ctx, tx, b)
		if err == nil && !ok {
			err = errStale
		}
		tx.Record(BodyEvent{Body: b.ID, Node: old.Node, Kind: b.Kind, To: b.EndedOn, By: who.Person, What: "body.changed"})
		return err
	})
}

// ApproveTerms gives a body new terms of reference, as approved on a day. Those
// that it had stay readable.
func (s *Service) ApproveTerms(ctx context.Context, who authz.Actor, body string, t Terms) error {
	return s.onBody(ctx, who, body, func(ctx context.Context, tx *work.Tx, b Body) error { return approve(ctx, tx, b, t) })
}

func approve(ctx context.Context, tx *work.Tx, b Body, t Terms) error {
	var c errs.Check
	c.That(t.Words != "", "terms", "Write the terms of reference.")
	c.Fits("terms", t.Words, maxTerms)
	c.That(clock.ValidDay(t.ApprovedOn) && t.ApprovedOn <= tx.Today, "approved_on", "Say when they were approved, such as 2026-11-24.")
	if err := c.Err(); err != nil {
		return err
	}
	tx.Record(BodyEvent{Body: b.ID, Node: b.Node, From: t.ApprovedOn, By: tx.Who.Person, What: "body.terms_approved"})
	return insertTerms(ctx, tx, b.ID, t)
}

// checkPerson refuses at a field who is nobody or has left; and who does not see
// a node that they would have to.
func (s *Service) checkPerson(ctx context.Context, tx *work.Tx, field, person, node string) error {
	actor, ok, err := directory.Present(ctx, tx, person, tx.Today)
	if err != nil {
		return err
	}
	if !ok {
		return errs.OnField(field, "Choose a person from the directory who has not left.")
	}
	if node == "" || person == tx.Who.Person {
		return nil
	}
	err = s.unit.Policy().Check(ctx, tx, actor, SeeMeetings, authz.On(node), tx.Today)
	if errs.Is(err, errs.NotFound) {
		return errs.OnField(field, "They do not see this project. Assign them to it first.")
	}
	return err
}

// GiveSeat gives a person a seat in a body.
func (s *Service) GiveSeat(ctx context.Context, who authz.Actor, seat Seat) (Seat, error) {
	err := s.onBody(ctx, who, seat.Body, func(ctx context.Context, tx *work.Tx, b Body) error {
		if seat.From == "" {
			seat.From = tx.Today
		}
		if err := seat.check(); err != nil {
			return err
		}
		if err := s.checkPerson(ctx, tx, "person", seat.Person, b.Node); err != nil {
			return err
		}
		if err := freeSeat(ctx, tx, seat); err != nil {
			return err
		}
		seat.ID, seat.Version = tx.NewID(), 1
		tx.Record(seatEvent(b, seat, who, "seat.given"))
		return insertSeat(ctx, tx, seat)
	})
	return seat, err
}

func seatEvent(b Body, s Seat, who authz.Actor, what string) BodyEvent {
	return BodyEvent{Body: b.ID, Node: b.Node, Person: s.Person, Seat: s.Kind, Side: s.Side, From: s.From, To: s.To, By: who.Person, What: what}
}

// ChangeSeat changes kind, side and dates of a seat: one that came to its end
// gets a last day.
func (s *Service) ChangeSeat(ctx context.Context, who authz.Actor, seat Seat) error {
	return s.onBody(ctx, who, seat.Body, func(ctx context.Context, tx *work.Tx, b Body) error {
		old, err := getSeat(ctx, tx, seat.Body, seat.ID)
		if err != nil {
			return err
		}
		seat.Person = old.Person
		if err := seat.check(); err != nil {
			return err
		}
		if err := freeSeat(ctx, tx, seat); err != nil {
			return err
		}
		ok, err := updateSeat(ctx, tx, seat)
		if err == nil && !ok {
			err = errStale
		}
		what := "seat.changed"
		if old.To == "" && seat.To != "" {
			what = "seat.ended"
		}
		tx.Record(seatEvent(b, seat, who, what))
		return err
	})
}

// NameDeputy names who may stand in for a member, and with what authority.
func (s *Service) NameDeputy(ctx context.Context, who authz.Actor, body string, d Deputy) (Deputy, error) {
	err := s.onSeat(ctx, who, body, d.Seat, func(ctx context.Context, tx *work.Tx, b Body, seat Seat) error {
		if d.From == "" {
			d.From = tx.Today
		}
		var c errs.Check
		c.That(d.Person != "", "deputy", "Name the person.")
		c.That(d.Person != seat.Person, "deputy", "Nobody deputises for themselves.")
		c.That(d.Authority != "", "authority", "Say what they may decide in the member's place.")
		c.Fits("authority", d.Authority, maxWords)
		span(&c, d.From, d.To)
		if err := c.Err(); err != nil {
			return err
		}
		if err := s.checkPerson(ctx, tx, "deputy", d.Person, b.Node); err != nil {
			return err
		}
		d.ID = tx.NewID()
		tx.Record(BodyEvent{Body: b.ID, Node: b.Node, Person: seat.Person, Deputy: d.Person, From: d.From, To: d.To, By: who.Person, What: "deputy.named"})
		return insertDeputy(ctx, tx, d)
	})
	return d, err
}

// EndDeputy ends a deputy's naming with yesterday; one that began today is gone.
func (s *Service) EndDeputy(ctx context.Context, who authz.Actor, body, seat, deputy string) error {
	return s.onSeat(ctx, who, body, seat, func(ctx context.Context, tx *work.Tx, b Body, st Seat) error {
		for _, d := range st.Deputies {
			if d.ID == deputy {
				d.To = clock.AddDays(tx.Today, -1)
				tx.Record(BodyEvent{Body: b.ID, Node: b.Node, Person: st.Person, Deputy: d.Person, From: d.From, To: d.To, By: who.Person, What: "deputy.ended"})
				return endDeputy(ctx, tx, d)
			}
		}
		return errs.Missing("deputy")
	})
}

// onSeat changes something of a seat, for its member and those who run the body.
func (s *Service) onSeat(ctx context.Context, who authz.Actor, body, seat string, change func(ctx context.Context, tx *work.Tx, b Body, st Seat) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		b, on, err := bodyTarget(ctx, tx, who, body, tx.Today, func(t authz.Target) error { return tx.May(ctx, SeeBodies, t) })
		if err != nil {
			return err
		}
		st, err := getSeat(ctx, tx, body, seat)
		if err != nil {
			return err
		}
		if on.Owner == "" {
			on.Owner = st.Person
		}
		if err := tx.May(ctx, NameDeputy, on); err != nil {
			return err
		}
		return change(ctx, tx, b, st)
	})
}

// nodesProposed bounds what a form proposes.
const nodesProposed = 500

// Governable lists the portfolios and programmes that a body can govern.
func (s *Service) Governable(ctx context.Context, who authz.Actor) (out []Node, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeBodies, authz.Instance); err != nil {
			return err
		}
		out, err = governable(ctx, v, nodesProposed)
		return err
	})
	return out, err
}

// ProjectName is the name of a project that the reader sees, for a form.
func (s *Service) ProjectName(ctx context.Context, who authz.Actor, project string) (name string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeBodies, authz.On(project)); err != nil {
			return err
		}
		name, _, err = nodeName(ctx, v, project)
		return err
	})
	return name, err
}

// Directory lists the people whom a form proposes.
func (s *Service) Directory(ctx context.Context, who authz.Actor) (out []directory.Person, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeBodies, authz.Instance); err != nil {
			return err
		}
		out, err = directory.List(ctx, v)
		return err
	})
	return out, err
}

// PersonNamed finds the person of a typed name or id; nobody for no name. The field is
// named in the error when there is none, or more than one.
func (s *Service) PersonNamed(ctx context.Context, who authz.Actor, field, name string) (id string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeBodies, authz.Instance); err != nil {
			return err
		}
		id, err = directory.Named(ctx, v, field, name)
		return err
	})
	return id, err
}
