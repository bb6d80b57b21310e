package transfer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
	"cairn/internal/transfer/sheet"
)

// Service is what people can do with files.
type Service struct {
	unit   *work.Unit
	sinks  map[string]Sink // by kind
	origin Origin
	board  *jobs.Board
}

// NewService makes the service for records that a sink takes and an origin gives.
func NewService(u *work.Unit, s Sink, o Origin) *Service {
	return &Service{u, map[string]Sink{Projects: s}, o, jobs.NewBoard(u)}
}

// Fields lists what a file of a kind can say.
func (s *Service) Fields(ctx context.Context, who authz.Actor, kind string) ([]Field, error) {
	sink, err := s.sink(kind)
	if err != nil {
		return nil, err
	}
	return sink.Fields(ctx, who)
}

// Today is the organisation's calendar date, for forms.
func (s *Service) Today() clock.Day { return s.unit.Today() }

// Source is a file with its content's hash.
type Source struct {
	*sheet.File
	SHA256  string
	Fixes   []Fix                 // laid over it
	Counted func(done, total int) // is told how many rows are through, if it is there
}

// Read opens a file and hashes it.
func Read(r io.ReaderAt, size int64, name string) (src Source, err error) {
	if src.File, err = sheet.Open(r, size, name); err != nil {
		return src, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(r, 0, size)); err != nil {
		return src, err
	}
	src.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return src, nil
}

// errUndo ends a unit of work without committing it: a dry run, or an import
// in which nothing is to be done.
var errUndo = errors.New("transfer: nothing is kept")

// Run imports a file by a plan, or shows what it would do: a dry run does
// everything and then undoes it, so that what it shows is what happens. Unless
// the plan says GoodOnly, one refused row keeps the whole file out. The same
// file again changes nothing and leaves no entry in the record.
func (s *Service) Run(ctx context.Context, who authz.Actor, src Source, p Plan, dry bool) (Report, error) {
	return s.run(ctx, who, src, p, how{dry: dry})
}

// how is the way of a run.
type how struct {
	dry    bool
	pages  int     // of the diff that are kept; one for 0
	staged *Upload // the file that is no longer to be imported once it is
}

func (s *Service) run(ctx context.Context, who authz.Actor, src Source, p Plan, how how) (rep Report, err error) {
	if err := s.may(ctx, who); err != nil {
		return rep, err
	}
	sink, err := s.sink(p.Kind)
	if err != nil {
		return rep, err
	}
	fields, err := sink.Fields(ctx, who)
	if err != nil {
		return rep, err
	}
	if err := p.check(fields); err != nil {
		return rep, err
	}
	if err := s.checkDay(p.AsAt); err != nil {
		return rep, err
	}
	t, err := newTable(src.File, p)
	if err != nil {
		return rep, err
	}
	t.correct(src.Fixes)
	r, err := newReader(t, p, fields, s.unit.Today())
	if err != nil {
		return rep, err
	}
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		rep = Report{File: src.Name, Refused: []Refusal{}, Notes: r.notes, NotTaken: r.notTaken(), Asked: r.ask(), header: t.headers, batch: tx.NewID()}
		if err := s.each(ctx, tx, sink, r, src.Counted, &rep); err != nil {
			return err
		}
		if rep.Idle() {
			rep.Applied = len(rep.Refused) == 0
			if err := s.differences(ctx, tx, sink, p.DiffAfter, how.pages, &rep); err != nil {
				return err
			}
			return errUndo
		}
		if how.dry || len(rep.Refused) > 0 && !p.GoodOnly {
			if err := s.differences(ctx, tx, sink, p.DiffAfter, how.pages, &rep); err != nil {
				return err
			}
			return errUndo
		}
		rep.Applied = true
		return s.keep(ctx, tx, src, p, &rep, how.staged)
	})
	return rep, kept(err)
}

// kept is the error of a unit of work, none if it only was to keep nothing.
func kept(err error) error {
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

// differences reads the first pages of the diff.
func (s *Service) differences(ctx context.Context, tx *work.Tx, sink Sink, after string, pages int, rep *Report) error {
	for n := 0; n == 0 || n < pages && after != ""; n++ {
		page, err := sink.ChangesIn(ctx, tx, rep.batch, after)
		if err != nil {
			return err
		}
		rep.Pages, after = append(rep.Pages, page), page.Next
	}
	rep.Diff = rep.Pages[0]
	return nil
}

// perPut is how many rows a sink is given at a time: enough that what is asked
// for all of them costs little for each.
const perPut = 500

// waiting is a row that was read and not put yet.
type waiting struct {
	entry
	rec     Record
	bad     []Refusal
	leftOut bool
}

// each puts every row, and finishes.
func (s *Service) each(ctx context.Context, tx *work.Tx, sink Sink, r *reader, counted func(done, total int), rep *Report) error {
	present := map[string]bool{}
	rep.Refused = append(rep.Refused, r.errors...)
	var rows []waiting
	for e, err := range r.records(nil) {
		if err != nil {
			return err
		}
		w := waiting{entry: e}
		w.rec, w.bad = r.record(e)
		if e.odd == "" { // else nobody knows which record it is
			bad, leftOut := r.repeated(e, w.rec)
			w.bad, w.leftOut = append(w.bad, bad...), leftOut && len(w.bad) == 0
		}
		if rows = append(rows, w); len(rows) == perPut {
			if err := s.put(ctx, tx, sink, r, rep, rows, present); err != nil {
				return err
			}
			rows = rows[:0]
			if counted != nil {
				counted(rep.Rows, r.rows)
			}
		}
	}
	if err := s.put(ctx, tx, sink, r, rep, rows, present); err != nil {
		return err
	}
	if rep.AsAt == "" { // a file without rows is of the day that it is said to be of
		rep.AsAt = cmp.Or(r.plan.AsAt, r.today)
	}
	if len(r.errors) > 0 {
		return nil // nothing of it was read
	}
	var err error
	rep.Vanished, rep.Moved, err = sink.Finish(ctx, tx, r.plan.Source, rep.batch, rep.AsAt, rep.RefusedRows == 0, present)
	return err
}

// put gives the sink those of the rows that could be read.
func (s *Service) put(ctx context.Context, tx *work.Tx, sink Sink, r *reader, rep *Report, rows []waiting, present map[string]bool) error {
	unread := len(r.errors) > 0
	var good []Record
	for _, w := range rows {
		if len(w.bad) == 0 && !unread && !w.leftOut {
			good = append(good, w.rec)
		}
	}
	outcomes, err := sink.Put(ctx, tx, r.plan.Source, rep.batch, good)
	if err != nil {
		return err
	}
	for _, w := range rows {
		var out Outcome
		if len(w.bad) == 0 && !unread && !w.leftOut {
			if out, outcomes = outcomes[0], outcomes[1:]; out.Refused != nil {
				w.bad = r.refusals(w.entry, out.Refused)
			} else {
				present[out.ID] = true
				rep.fixed = append(rep.fixed, r.fixed(w.entry, out.ID)...)
			}
		}
		rep.AsAt = max(rep.AsAt, w.rec.AsAt)
		rep.Rows++
		rep.add(w, out, unread)
	}
	return nil
}

func (rep *Report) add(w waiting, out Outcome, unread bool) {
	line := Line{Row: w.place, Name: w.rec.Values["name"].Text, ID: out.ID, Alike: out.Alike}
	switch {
	case len(w.bad) > 0 || unread:
		line.Outcome = "refused"
		rep.RefusedRows++
		rep.refuse(w, line.Name)
	case w.leftOut:
		line.Outcome = "left out"
		rep.LeftOut++
		rep.Unchanged++
	case out.Created:
		line.Outcome = "created"
		rep.Created++
	case out.Changed:
		line.Outcome = "changed"
		rep.Changed++
	default:
		line.Outcome = "unchanged"
		rep.Unchanged++
	}
	for name, n := range out.Counts {
		if rep.Counts == nil {
			rep.Counts = map[string]int{}
		}
		rep.Counts[name] += n
	}
	if out.Stated {
		rep.Stated++
	}
	if out.Alike != "" {
		rep.Alike++
	}
	if len(rep.Lines) < maxLines {
		rep.Lines = append(rep.Lines, line)
	}
}

func (rep *Report) refuse(w waiting, name string) {
	reason := ""
	for i, b := range w.bad {
		b.Name = name
		if at := slices.Index(rep.header, b.Column); at >= 0 && at < len(w.cells) {
			b.Said, b.Now = w.cells[at], w.cells[at]
			if said, ok := w.was[at]; ok {
				b.Said = said
			}
		}
		if len(rep.Refused) < maxRefusals {
			rep.Refused = append(rep.Refused, b)
		}
		if i > 0 {
			reason += " "
		}
		if b.Column != "" {
			reason += b.Column + ": "
		}
		reason += b.Message
	}
	if len(rep.back) < MaxBack {
		rep.back = append(rep.back, append(append([]string{}, w.cells...), reason))
	}
}

// RefusedCSV gives the refused rows back as a file with a column of reasons.
func (rep Report) RefusedCSV() ([]byte, error) {
	var b bytes.Buffer
	t := sheet.Table{Title: "Refused", Header: append(append([]string{}, rep.header...), "Why it was refused"), Rows: func(yield func([]sheet.Cell, error) bool) {
		for _, row := range rep.back {
			cells := make([]sheet.Cell, len(row))
			for i, s := range row {
				cells[i].Text = s
			}
			if !yield(cells, nil) {
				return
			}
		}
	}}
	err := t.WriteCSV(&b)
	return b.Bytes(), err
}

func (s *Service) keep(ctx context.Context, tx *work.Tx, src Source, p Plan, rep *Report, staged *Upload) error {
	rep.ID = rep.batch
	back, err := rep.RefusedCSV()
	if err != nil {
		return err
	}
	if rep.RefusedRows == 0 {
		back = nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO transfer_import (id, person_id, file_name, sha256, source, as_at, rows_read, created, changed, unchanged, vanished, refused, refused_rows, applied_at, kind)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, rep.ID, tx.Who.Person, rep.File, src.SHA256, p.Source, rep.AsAt, rep.Rows, rep.Created,
		rep.Changed, rep.Unchanged, rep.Vanished, rep.RefusedRows, string(back), sqldb.Micros(tx.Now), p.Kind); err != nil {
		return err
	}
	tx.Record(Applied{Import: rep.ID, SHA256: src.SHA256, AsAt: rep.AsAt, Rows: rep.Rows, Created: rep.Created, Changed: rep.Changed, Refused: rep.RefusedRows, Corrected: len(rep.fixed), Person: tx.Who.Person})
	if err := keepFixes(ctx, tx, rep); err != nil || staged == nil {
		return err
	}
	return take(ctx, tx, staged, rep.ID)
}

// take says, in the unit of work of an import, that its staged file is in.
// Another run of the same file finds that, and is undone.
func take(ctx context.Context, tx *work.Tx, u *Upload, id string) error {
	res, err := tx.ExecContext(ctx, `UPDATE transfer_upload SET state = 'done', import_id = $1, outcome = NULL WHERE id = $2 AND run = $3 AND state IN ('waiting', 'applying')`, id, u.ID, u.run)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errs.New(errs.Conflict, "This file is in already, or was changed meanwhile. Look at it again."))
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM transfer_part WHERE upload_id = $1`, u.ID)
	return err
}

// Past is an import that was applied.
type Past struct {
	ID, File, Source, By string
	Kind                 string // what it was brought in for
	AsAt                 clock.Day
	At                   int64 // microseconds UTC
	Rows, Created, Changed, Unchanged, Vanished,
	Refused int
	UndoneAt int64 // microseconds UTC; 0 while it is in force
	UndoneBy string
}

const pastColumns = `i.id, i.file_name, i.source, COALESCE(p.name, ''), i.as_at, i.applied_at, i.rows_read, i.created, i.changed, i.unchanged, i.vanished, i.refused, COALESCE(b.undone_at, 0), COALESCE(w.name, ''), i.kind`

const pastFrom = ` FROM transfer_import i LEFT JOIN v_person p ON p.id = i.person_id
	LEFT JOIN v_batch_undone b ON b.batch = i.id LEFT JOIN v_person w ON w.id = b.person_id`

func (p *Past) fields() []any {
	return []any{&p.ID, &p.File, &p.Source, &p.By, &p.AsAt, &p.At, &p.Rows, &p.Created, &p.Changed, &p.Unchanged, &p.Vanished, &p.Refused, &p.UndoneAt, &p.UndoneBy, &p.Kind}
}

// Imports lists what was applied of a kind, newest first, before an id.
func (s *Service) Imports(ctx context.Context, who authz.Actor, kind, before string, limit int) (out []Past, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		var w sqldb.Where
		if kind != AnyKind {
			w.And("i.kind = ?", kind)
		}
		if before != "" {
			w.And("i.id < ?", before) // ids grow with time
		}
		rows, err := v.QueryContext(ctx, `SELECT `+pastColumns+pastFrom+w.SQL()+` ORDER BY i.id DESC LIMIT `+w.Add(limit), w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p Past
			if err := rows.Scan(p.fields()...); err != nil {
				return err
			}
			out = append(out, p)
		}
		return rows.Err()
	})
	return out, err
}

// Import shows one import with the refused rows, as a CSV file.
func (s *Service) Import(ctx context.Context, who authz.Actor, id string) (p Past, refused string, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, Import, authz.Instance); err != nil {
			return err
		}
		return v.QueryRowContext(ctx, `SELECT `+pastColumns+`, i.refused_rows`+pastFrom+` WHERE i.id = $1`, id).
			Scan(append(p.fields(), &refused)...)
	})
	return p, refused, err
}

func encode(p Plan) (string, error) {
	b, err := json.Marshal(p)
	return string(b), err
}
