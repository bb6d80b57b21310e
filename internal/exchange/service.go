package exchange

import (
	"context"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what people can do with cases.
type Service struct{ unit *work.Unit }

// NewService makes the service.
func NewService(u *work.Unit) *Service { return &Service{u} }

const pageSize = 30

// Page is a part of the list of cases.
type Page struct {
	Cases  []Case
	NextAt int64
	NextID string // empty on the last page
}

// Cases lists what is published, newest first; the reader's own drafts and what
// asks for their consent come with the first page.
func (s *Service) Cases(ctx context.Context, who authz.Actor, afterAt int64, afterID string) (page Page, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeCases, authz.Instance); err != nil {
			return err
		}
		if afterID == "" {
			var own sqldb.Where
			own.And("(c.author_id = ? OR c.organiser_id = ?) AND c.state IN ('draft', 'asked')", who.Person, who.Person)
			if page.Cases, err = listCases(ctx, v, &own, "c.id DESC LIMIT 20"); err != nil {
				return err
			}
		}
		var w sqldb.Where
		w.And("c.state = 'published'")
		if afterID != "" {
			w.AfterKey("c.published_at", "c.id", true, afterAt, afterID)
		}
		list, err := listCases(ctx, v, &w, "c.published_at DESC, c.id DESC LIMIT "+w.Add(pageSize+1))
		if len(list) > pageSize {
			list = list[:pageSize]
			page.NextAt, page.NextID = list[pageSize-1].PublishedAt, list[pageSize-1].ID
		}
		page.Cases = append(page.Cases, list...)
		return err
	})
	return page, err
}

func listCases(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) (out []Case, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+caseColumns+`, (SELECT COUNT(*) FROM case_answer w WHERE w.case_id = c.id AND w.withdrawn <> TRUE)`+caseFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		c, err := scanCase(rows.Scan, &n)
		if err != nil {
			return nil, err
		}
		c.Count = n
		out = append(out, c)
	}
	return out, rows.Err()
}

// Case shows one case with its answers. A guest sees it only if it is open, and
// names only where people agreed.
func (s *Service) Case(ctx context.Context, who authz.Actor, id string) (c Case, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeOpenCase, authz.Instance); err != nil {
			return err
		}
		if c, err = getCase(ctx, v, id); err != nil {
			return err
		}
		mine := who.Person != "" && (c.Author == who.Person || c.Organiser == who.Person)
		if c.State != Published && !mine {
			return errs.Missing("case")
		}
		if !who.SignedIn() && !c.Open {
			return errs.New(errs.Unauthenticated, "Please sign in.")
		}
		if c.Answers, err = listAnswers(ctx, v, id, who.Person); err != nil {
			return err
		}
		c.MayOwn, c.MayAnswer = who.Person != "" && c.Author == who.Person, c.State == Published && v.Can(ctx, AnswerCase, authz.Instance)
		c.MayOrganise = v.Can(ctx, OrganiseCase, authz.Instance) && (c.State == Published || c.Organiser == who.Person)
		if !who.SignedIn() {
			hideNames(&c)
		}
		return v.QueryRowContext(ctx, `SELECT COUNT(*) FROM case_earlier WHERE case_id = $1`, id).Scan(&c.Earlier)
	})
	return c, err
}

// hideNames leaves to a reader without an account only the names of those who agreed.
func hideNames(c *Case) {
	c.AuthorName, c.OrganiserName, c.Author, c.Organiser, c.Consent = "the author", "the organiser", "", "", ""
	for i := range c.Answers {
		if a := &c.Answers[i]; !a.Named {
			a.Author, a.AuthorName = "", "a practitioner"
		}
	}
}

// Earlier reads the versions of a case that were replaced, oldest first.
func (s *Service) Earlier(ctx context.Context, who authz.Actor, id string) (out []Case, err error) {
	if _, err := s.Case(ctx, who, id); err != nil {
		return nil, err
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeOpenCase, authz.Instance); err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, `SELECT version, title, body, replaced_at FROM case_earlier WHERE case_id = $1 ORDER BY version`, id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			c := Case{ID: id}
			var body, title string
			if err := rows.Scan(&c.Version, &title, &body, &c.PublishedAt); err != nil {
				return err
			}
			if err := decodeBody(body, &c.Body); err != nil {
				return err
			}
			c.Title = title
			out = append(out, c)
		}
		return rows.Err()
	})
	return out, err
}

// Write writes a case. For oneself it is a draft, or published at once. For
// somebody else it is an organiser's, and waits for that person's consent; for
// somebody without an account the organiser records how it was given.
func (s *Service) Write(ctx context.Context, who authz.Actor, b Body, forName, consent string, publish bool) (c Case, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		act := WriteCase
		if forName != "" {
			act = OrganiseCase
		}
		if err := tx.May(ctx, act, authz.Instance); err != nil {
			return err
		}
		if err := b.check(); err != nil {
			return err
		}
		c = Case{ID: tx.NewID(), Author: who.Person, State: Draft, Body: b, Consent: consent}
		hasAccount := true
		if forName != "" {
			if c.Author, hasAccount, err = personNamed(ctx, tx, forName); err != nil {
				return err
			}
			c.Organiser, c.State = who.Person, Asked
		}
		verb := "case.drafted"
		switch {
		case forName == "" && publish:
			c.State, c.PublishedAt, verb = Published, sqldb.Micros(tx.Now), "case.published"
		case forName != "" && !hasAccount && consent == "":
			return errs.OnField("consent", "This person has no account. Say when and how they consented.")
		case forName != "" && !hasAccount:
			c.State, c.PublishedAt, verb = Published, sqldb.Micros(tx.Now), "case.published"
		case forName != "":
			verb = "case.consent_asked"
		}
		tx.Record(CaseEvent{c.ID, c.Author, c.Organiser, verb})
		return insertCase(ctx, tx, c)
	})
	return c, err
}

// personNamed finds the one person of a name.
func personNamed(ctx context.Context, q sqldb.Querier, name string) (id string, hasAccount bool, err error) {
	rows, err := q.QueryContext(ctx, `SELECT id, has_account FROM v_person WHERE name_key = $1 AND NOT erased ORDER BY id LIMIT 2`, fold.Sort(name))
	if err != nil {
		return "", false, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		if err := rows.Scan(&id, &hasAccount); err != nil {
			return "", false, err
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return "", false, err
	}
	if n != 1 {
		return "", false, errs.OnField("for", "There is nobody, or more than one, of this name in the directory.")
	}
	return id, hasAccount, nil
}

// step changes a case in one unit of work: authorise, change, save, record.
func (s *Service) step(ctx context.Context, who authz.Actor, id string, version int64, verb string, act func(Case) (authz.Action, authz.Target), change func(tx *work.Tx, c *Case) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		c, err := getCase(ctx, tx, id)
		if err != nil {
			return err
		}
		action, on := act(c)
		if err := tx.May(ctx, action, on); err != nil {
			return err
		}
		if version > 0 && c.Version != version {
			return errs.New(errs.Conflict, "Somebody changed this case meanwhile. Their version is shown beside yours.")
		}
		if err := change(tx, &c); err != nil {
			return err
		}
		ok, err := saveCase(ctx, tx, c)
		if err == nil && !ok {
			err = errs.New(errs.Conflict, "Somebody changed this case meanwhile.")
		}
		tx.Record(CaseEvent{c.ID, c.Author, c.Organiser, verb})
		return err
	})
}

func owner(c Case) (authz.Action, authz.Target) { return OwnCase, authz.Of(c.Author) }

func organiser(Case) (authz.Action, authz.Target) { return OrganiseCase, authz.Instance }

// Correct changes what a case says; what it said before stays readable.
func (s *Service) Correct(ctx context.Context, who authz.Actor, id string, version int64, b Body) error {
	return s.step(ctx, who, id, version, "case.corrected", owner, func(tx *work.Tx, c *Case) error {
		if err := b.check(); err != nil {
			return err
		}
		if c.State == Published {
			if len(b.Questions) < len(c.Questions) {
				return errs.OnField("questions", "Questions that people answer stay; reword them or add more.")
			}
			if err := keepEarlier(ctx, tx, *c); err != nil {
				return err
			}
		}
		c.Body = b
		return nil
	})
}

// Publish publishes a draft, or consents to a case that was written for one.
func (s *Service) Publish(ctx context.Context, who authz.Actor, id string) error {
	return s.step(ctx, who, id, 0, "case.published", owner, func(tx *work.Tx, c *Case) error {
		if c.State != Draft && c.State != Asked {
			return errs.New(errs.Invalid, "This case is %s already.", c.State)
		}
		if c.State == Asked {
			c.Consent = "given in Cairn"
		}
		c.State, c.PublishedAt = Published, sqldb.Micros(tx.Now)
		return nil
	})
}

// Withdraw takes a case back; only its author sees it afterwards.
func (s *Service) Withdraw(ctx context.Context, who authz.Actor, id string) error {
	return s.step(ctx, who, id, 0, "case.withdrawn", owner, func(_ *work.Tx, c *Case) error {
		c.State, c.Open = Withdrawn, false
		return nil
	})
}

// Open lets readers without an account see the case, or closes it to them again.
func (s *Service) Open(ctx context.Context, who authz.Actor, id string, version int64, open bool) error {
	verb := "case.closed_to_guests"
	if open {
		verb = "case.opened_to_guests"
	}
	return s.step(ctx, who, id, version, verb, owner, func(_ *work.Tx, c *Case) error {
		if open && c.State != Published {
			return errs.New(errs.Invalid, "Publish the case first.")
		}
		c.Open = open
		return nil
	})
}

// FollowUp is what the author did in the end and how it went.
func (s *Service) FollowUp(ctx context.Context, who authz.Actor, id string, version int64, text string) error {
	return s.step(ctx, who, id, version, "case.concluded", owner, func(_ *work.Tx, c *Case) error {
		c.FollowUp = text
		return checkWords("follow_up", text)
	})
}

// Summarise adds the organiser's view and the closing summary.
func (s *Service) Summarise(ctx context.Context, who authz.Actor, id string, version int64, view, summary string) error {
	return s.step(ctx, who, id, version, "case.summarised", organiser, func(_ *work.Tx, c *Case) error {
		if c.State != Published {
			return errs.New(errs.Invalid, "Only a published case is summarised.")
		}
		c.View, c.Summary = view, summary
		if c.Organiser == "" {
			c.Organiser = who.Person
		}
		if err := checkWords("view", view+" "); err != nil {
			return err
		}
		return checkWords("summary", summary+" ")
	})
}

func checkWords(field, text string) error {
	var c errs.Check
	c.That(text != "", field, "Write at least a sentence.")
	c.Fits(field, text, maxWords)
	return c.Err()
}

// Answer answers a case or one of its questions.
func (s *Service) Answer(ctx context.Context, who authz.Actor, a Answer) (Answer, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AnswerCase, authz.Instance); err != nil {
			return err
		}
		c, err := getCase(ctx, tx, a.Case)
		if err != nil {
			return err
		}
		if c.State != Published {
			return errs.Missing("case")
		}
		if err := a.check(len(c.Questions)); err != nil {
			return err
		}
		a.ID, a.Author, a.At, a.Version = tx.NewID(), who.Person, sqldb.Micros(tx.Now), 1
		tx.Record(AnswerEvent{a.Case, a.ID, who.Person, a.Label, "case.answered"})
		_, err = tx.ExecContext(ctx, `INSERT INTO case_answer (id, case_id, question, author_id, label, body, named, withdrawn, answered_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, 1)`,
			a.ID, a.Case, a.Question, a.Author, string(a.Label), a.Text, a.Named, a.At)
		return err
	})
	return a, err
}

// CorrectAnswer changes one's own answer; what it said before is kept. An empty
// text withdraws it.
func (s *Service) CorrectAnswer(ctx context.Context, who authz.Actor, a Answer) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		old := Answer{ID: a.ID}
		err := tx.QueryRowContext(ctx, `SELECT case_id, question, author_id, label, body, version FROM case_answer WHERE id = $1`, a.ID).
			Scan(&old.Case, &old.Question, &old.Author, &old.Label, &old.Text, &old.Version)
		if err != nil {
			return err
		}
		if err := tx.May(ctx, OwnAnswer, authz.Of(old.Author)); err != nil {
			return err
		}
		if old.Version != a.Version {
			return errs.New(errs.Conflict, "Your answer changed meanwhile. Read it again.")
		}
		verb := "answer.corrected"
		if a.Text == "" {
			a.Text, a.Label, a.Withdrawn, verb = old.Text, old.Label, true, "answer.withdrawn"
		}
		a.Question = old.Question
		if err := a.check(maxQuestions); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO case_answer_earlier (answer_id, version, label, body, replaced_at) VALUES ($1, $2, $3, $4, $5)`,
			old.ID, old.Version, string(old.Label), old.Text, sqldb.Micros(tx.Now)); err != nil {
			return err
		}
		tx.Record(AnswerEvent{old.Case, old.ID, who.Person, a.Label, verb})
		_, err = tx.ExecContext(ctx, `UPDATE case_answer SET label = $1, body = $2, named = $3, withdrawn = $4, version = version + 1 WHERE id = $5`,
			string(a.Label), a.Text, a.Named, a.Withdrawn, old.ID)
		return err
	})
}

var errOwn = errs.New(errs.Invalid, "Your own answer cannot be marked by you.")

// Mark says that an answer helped, or takes it back; each person once.
func (s *Service) Mark(ctx context.Context, who authz.Actor, answer string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AnswerCase, authz.Instance); err != nil {
			return err
		}
		var id, author string
		if err := tx.QueryRowContext(ctx, `SELECT case_id, author_id FROM case_answer WHERE id = $1 AND withdrawn <> TRUE`, answer).Scan(&id, &author); err != nil {
			return err
		}
		if author == who.Person {
			return errOwn
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM case_mark WHERE answer_id = $1 AND person_id = $2`, answer, who.Person)
		if err != nil {
			return err
		}
		verb := "answer.mark_taken_back"
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 {
			verb = "answer.helpful"
			if _, err := tx.ExecContext(ctx, `INSERT INTO case_mark (answer_id, person_id) VALUES ($1, $2)`, answer, who.Person); err != nil {
				return err
			}
		}
		tx.Record(AnswerEvent{Case: id, Answer: answer, By: author, What: verb})
		return nil
	})
}

// lines cuts a text into its lines, without empty ones.
func lines(s string) (out []string) {
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// Questions reads questions as they are typed, one a line.
func Questions(text string) []string { return lines(text) }
