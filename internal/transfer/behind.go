package transfer

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The kinds of job that see to large files.
const (
	TryJob   = "import.try"
	ApplyJob = "import.apply"
)

// mostTries is how often a dry run or an import is begun before its owner is
// told that it does not come to an end.
const mostTries = 3

// keptPages is how much of the diff of a large dry run is kept, in pages.
const keptPages = 10

func jobID(upload string, run int) string { return "import/" + payload(upload, run) }

func payload(upload string, run int) string { return upload + "/" + strconv.Itoa(run) }

// Handlers do this feature's jobs.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{
		TryJob:   func(ctx context.Context, j jobs.Job) error { return s.behind(ctx, j, Trying, s.tryBehind) },
		ApplyJob: func(ctx context.Context, j jobs.Job) error { return s.behind(ctx, j, Applying, s.applyBehind) },
	}
}

// Progress tells how far the job has come that sees to a staged file. It is
// nothing for one that no job sees to now.
func (s *Service) Progress(ctx context.Context, u Upload) (p jobs.Progress, err error) {
	p, err = s.board.Of(ctx, jobID(u.ID, u.run))
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return p, err
}

// behind takes a staged file up for the person whose it is. A job that is no
// longer asked for ends well and does nothing.
func (s *Service) behind(ctx context.Context, j jobs.Job, in State, do func(context.Context, authz.Actor, Upload, Source) error) error {
	u, who, err := s.takeUp(ctx, j.Payload)
	if errs.Is(err, errs.NotFound) || err == nil && (u.State != in || payload(u.ID, u.run) != j.Payload) {
		return nil
	}
	if err != nil {
		return err
	}
	if j.Tries > mostTries {
		return s.settle(ctx, u, Failed, nil, fmt.Sprintf("It was begun %d times and did not come to an end. Nothing was changed.", mostTries))
	}
	defer s.board.Forget(j.ID)
	tell := func(done, total int) {
		_ = s.board.Post(ctx, j.ID, done, total) // that nobody sees a number stops no import
	}
	tell(0, 0)
	src, err := s.Open(ctx, u)
	if err == nil {
		src.Counted = tell
		err = do(ctx, who, u, src)
	}
	return s.orFailed(ctx, j, u, err)
}

// takeUp finds the staged file of a job, and its owner as they are now.
func (s *Service) takeUp(ctx context.Context, payload string) (u Upload, who authz.Actor, err error) {
	id, _, _ := strings.Cut(payload, "/")
	q := s.unit.DB.Read
	err = q.QueryRowContext(ctx, `SELECT t.person_id, COALESCE(a.role, '') FROM transfer_upload t
		LEFT JOIN v_account a ON a.person_id = t.person_id AND a.active = TRUE WHERE t.id = $1`, id).Scan(&who.Person, &who.Role)
	if err == nil {
		err = u.scan(q.QueryRowContext(ctx, `SELECT `+uploadColumns+` FROM transfer_upload WHERE id = $1`, id))
	}
	return u, who, sqldb.Translate(err)
}

// orFailed says why an import will not be tried again, or lets it be tried.
func (s *Service) orFailed(ctx context.Context, j jobs.Job, u Upload, err error) error {
	switch {
	case err == nil || ctx.Err() != nil:
		return err // the program ends: the next one takes the job up
	case errs.KindOf(err) == errs.Invalid || errs.KindOf(err) == errs.Forbidden || errs.KindOf(err) == errs.Conflict:
		return s.settle(ctx, u, Failed, nil, words(err))
	case j.Tries >= mostTries:
		problem := fmt.Sprintf("It was tried %d times and did not work. Nothing was changed; the fault is not in your file. Try again later.", mostTries)
		return errors.Join(err, s.settle(ctx, u, Failed, nil, problem)) // the runner writes the cause down
	}
	return err
}

// words are what an error says to a person.
func words(err error) string {
	var out []string
	for _, f := range errs.FieldsOf(err) {
		out = append(out, f.Message)
	}
	if out == nil {
		out = append(out, err.Error())
	}
	return strings.Join(out, " ")
}

// settle writes down what became of a run, unless another was asked for since.
func (s *Service) settle(ctx context.Context, u Upload, to State, t *Trial, problem string) error {
	var kept bytes.Buffer
	if t != nil {
		if err := gob.NewEncoder(&kept).Encode(t); err != nil {
			return err
		}
	}
	plan, err := encode(u.Plan)
	if err != nil {
		return err
	}
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `UPDATE transfer_upload SET state = $1, outcome = $2, problem = $3, plan = $4, as_at = $5 WHERE id = $6 AND run = $7 AND state IN ('trying', 'applying')`,
			string(to), kept.Bytes(), problem, plan, u.Plan.AsAt, u.ID, u.run)
		if err != nil || to != Failed {
			return err
		}
		return jobs.Withdraw(ctx, k, jobID(u.ID, u.run)) // it is not tried again
	})
}

func (s *Service) tryBehind(ctx context.Context, who authz.Actor, u Upload, src Source) error {
	if err := s.proposeFor(ctx, who, &u, src); err != nil {
		return err
	}
	t, err := s.preview(ctx, who, u, src)
	if err != nil {
		return err
	}
	t.Report, err = s.run(ctx, who, src, u.Plan, how{dry: true, pages: keptPages})
	if errs.Is(err, errs.Invalid) { // of the mapping: it is shown where it can be put right
		t.Errors, t.Report = errs.FieldsOf(err), Report{}
		return s.settle(ctx, u, Tried, &t, "")
	}
	if err != nil {
		return err
	}
	return s.keepTrial(ctx, u, t)
}

func (s *Service) keepTrial(ctx context.Context, u Upload, t Trial) (err error) {
	if t.Report.RefusedRows > 0 {
		if t.Back, err = t.Report.RefusedCSV(); err != nil {
			return err
		}
	}
	t.Pages, t.Report.Pages = t.Report.Pages, nil
	return s.settle(ctx, u, Tried, &t, "")
}

// proposeFor gives a large file its first plan.
func (s *Service) proposeFor(ctx context.Context, who authz.Actor, u *Upload, src Source) (err error) {
	if len(u.Plan.Columns) > 0 {
		return nil
	}
	said := u.Plan // as far as somebody said something: a worksheet
	if u.wish != (Wish{}) && said.Sheet == "" {
		u.wish.Kind = said.Kind
		u.Plan, err = s.PlanFor(ctx, who, src, u.wish)
		return err
	}
	if u.Plan, err = s.planOf(ctx, who, src, said.Kind, said.Sheet); err != nil {
		return err
	}
	u.Plan.AsAt, u.Plan.Repeated = said.AsAt, said.Repeated
	if said.Source != "" {
		u.Plan.Source = said.Source
	}
	return nil
}

func (s *Service) preview(ctx context.Context, who authz.Actor, u Upload, src Source) (t Trial, err error) {
	fields, err := s.Fields(ctx, who, u.Plan.Kind)
	if err != nil {
		return t, err
	}
	if t.Preview, err = Propose(src.File, u.Plan.Sheet, fields); err == nil {
		t.Preview.Sheets = src.Sheets
	}
	return t, err
}

// applyBehind imports. That the file is in, and that it is no longer to be
// imported, is one unit of work: a job that runs twice imports once.
func (s *Service) applyBehind(ctx context.Context, who authz.Actor, u Upload, src Source) error {
	rep, err := s.run(ctx, who, src, u.Plan, how{pages: keptPages, staged: &u})
	switch {
	case err != nil || rep.ID != "":
		return err
	case rep.Applied: // the register says all of this already
		return s.settle(ctx, u, Done, nil, "")
	}
	t, err := s.preview(ctx, who, u, src)
	if err != nil {
		return err
	}
	t.Report = rep
	return s.keepTrial(ctx, u, t)
}

// Apply imports a staged file: a small one at once, a large one by a job. What
// is in or under way is not imported again.
func (s *Service) Apply(ctx context.Context, who authz.Actor, id string, goodOnly bool) (u Upload, rep Report, err error) {
	if u, err = s.Upload(ctx, who, id); err != nil {
		return u, rep, err
	}
	u.Plan.GoodOnly = goodOnly
	switch {
	case u.State == Done || u.State == Applying:
		return u, rep, nil
	case !u.Behind:
		src, err := s.Open(ctx, u)
		if err != nil {
			return u, rep, err
		}
		if rep, err = s.run(ctx, who, src, u.Plan, how{staged: &u}); err == nil && rep.ID != "" {
			u.State, u.Import = Done, rep.ID
		}
		return u, rep, err
	}
	err = s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		return s.begin(ctx, k, ApplyJob, id, `UPDATE transfer_upload SET good_only = $1, state = 'applying', problem = '', run = run + 1
			WHERE id = $2 AND person_id = $3 AND state = 'tried' RETURNING run, behind`, goodOnly, id, who.Person)
	})
	if errs.Is(err, errs.Conflict) { // another request was faster
		return u, rep, errs.New(errs.Conflict, "Wait until the file has been tried without saving.")
	}
	u.State = Applying
	return u, rep, err
}

// Refused gives the refused rows of a staged file back, as CSV.
func (s *Service) Refused(ctx context.Context, who authz.Actor, u Upload) ([]byte, error) {
	if err := s.may(ctx, who); err != nil {
		return nil, err
	}
	if u.Behind {
		if u.Trial == nil {
			return nil, errs.New(errs.Invalid, "Wait until the file has been tried without saving.")
		}
		return u.Trial.Back, nil
	}
	src, err := s.Open(ctx, u)
	if err != nil {
		return nil, err
	}
	rep, err := s.Run(ctx, who, src, u.Plan, true)
	if err != nil {
		return nil, err
	}
	return rep.RefusedCSV()
}
