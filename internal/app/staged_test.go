package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"cairn/internal/kit/errs"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

// largeRegister is a register that is seen to behind the request.
func largeRegister(rows int) string {
	var b strings.Builder
	b.WriteString("Project No;Project name;Start date;Budget (£m)\n")
	for i := range rows {
		fmt.Fprintf(&b, "L%d;Large works %d;%d May 2024;%d.5\n", i, i, 1+i%28, 1+i%9)
	}
	return b.String()
}

func (o *office) stage(t *testing.T, name, content string) string {
	t.Helper()
	id, err := o.Transfer.Stage(context.Background(), o.head, "", name, strings.NewReader(content), nil)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (o *office) staged(t *testing.T, id string, want transfer.State) transfer.Upload {
	t.Helper()
	u, err := o.Transfer.Upload(context.Background(), o.head, id)
	if err != nil || u.State != want {
		t.Fatalf("the staged file is %s (%s), not %s: %v", u.State, u.Problem, want, err)
	}
	return u
}

func (o *office) imports(t *testing.T) []transfer.Past {
	t.Helper()
	past, err := o.Transfer.Imports(context.Background(), o.head, "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return past
}

func TestALargeFileIsImportedBehindTheRequestOnce(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		o.hooked()
		id := o.stage(t, "large.csv", largeRegister(2500))
		if _, _, err := o.Transfer.Apply(ctx, o.head, id, false); !errs.Is(err, errs.Conflict) {
			t.Errorf("before its dry run: %v", err)
		}
		o.staged(t, id, transfer.Trying)
		o.deliver(t)
		u := o.staged(t, id, transfer.Tried)
		if r := u.Trial.Report; r.Rows != 2500 || r.Created != 2500 || len(r.Refused) != 0 {
			t.Fatalf("the dry run: %+v", r)
		}
		if n := len(o.imports(t)); n != 0 {
			t.Fatalf("the dry run left %d imports", n)
		}
		for range 2 { // pressed twice
			if u, _, err := o.Transfer.Apply(ctx, o.head, id, false); err != nil || u.State != transfer.Applying {
				t.Fatalf("apply: %s, %v", u.State, err)
			}
		}
		// Its worker dies; the next process takes it up.
		if _, err := o.Store.Write.ExecContext(ctx, `UPDATE job SET tries = 1 WHERE kind = 'import.apply'`); err != nil {
			t.Fatal(err)
		}
		o.deliver(t)
		u = o.staged(t, id, transfer.Done)
		past := o.imports(t)
		if len(past) != 1 || past[0].ID != u.Import || past[0].Created != 2500 {
			t.Fatalf("imports: %+v", past)
		}
		if u, _, err := o.Transfer.Apply(ctx, o.head, id, false); err != nil || u.State != transfer.Done || len(o.imports(t)) != 1 {
			t.Errorf("applied again: %s, %v", u.State, err)
		}
	})
}

func TestALargeFileThatCannotBeReadSaysWhy(t *testing.T) {
	eachOffice(t, func(t *testing.T, _ context.Context, o *office) {
		o.hooked()
		bad := strings.Replace(largeRegister(2500), "L7;Large works 7;", "L7;Large works 7 \"broken;", 1)
		bad = strings.Replace(bad, "L2400;", "\"L2400;", 1) // a quote that nothing closes
		id := o.stage(t, "broken.csv", bad)
		o.deliver(t)
		u, err := o.Transfer.Upload(context.Background(), o.head, id)
		if err != nil {
			t.Fatal(err)
		}
		if u.State == transfer.Failed && u.Problem == "" || u.State == transfer.Tried && len(u.Trial.Report.Refused) == 0 || u.State == transfer.Trying {
			t.Errorf("the file is %s, because of %q", u.State, u.Problem)
		}
		if _, _, err := o.Transfer.Apply(context.Background(), o.head, id, false); u.State == transfer.Failed && !errs.Is(err, errs.Conflict) {
			t.Errorf("a failed file can be applied: %v", err)
		}
		if n := len(o.imports(t)); n != 0 {
			t.Errorf("%d imports", n)
		}
	})
}

func TestACellIsCorrectedInPlace(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		const file = "Project No;Project name;Start date\nC1;Corrected works;31/02/2024\nC2;Other works;25/12/2024\n"
		id := o.stage(t, "fix.csv", file)
		if _, rep, err := o.Transfer.Apply(ctx, o.head, id, false); err != nil || rep.Applied || rep.RefusedRows != 1 || rep.Refused[0].Row != 2 {
			t.Fatalf("%+v, %v", rep, err)
		}
		for _, bad := range []transfer.Fix{{Row: 2, Column: "Nothing", Value: "x"}, {Row: -1, Column: "Start date", Value: "x"}, {Row: 2, Column: "Start date", Value: strings.Repeat("x", 3000)}} {
			if err := o.Transfer.Correct(ctx, o.head, id, []transfer.Fix{bad}); !errs.Is(err, errs.Invalid) {
				t.Errorf("row %d, column %s: %v", bad.Row, bad.Column, err)
			}
		}
		if err := o.Transfer.Correct(ctx, o.manager, id, []transfer.Fix{{Row: 2, Column: "Start date", Value: "28/02/2024"}}); err == nil {
			t.Error("another person corrected it")
		}
		if err := o.Transfer.Correct(ctx, o.head, id, []transfer.Fix{{Row: 2, Column: "Start date", Value: "29/02/2024"}}); err != nil {
			t.Fatal(err)
		}
		u, rep, err := o.Transfer.Apply(ctx, o.head, id, false)
		if err != nil || !rep.Applied || rep.Created != 2 || u.State != transfer.Done {
			t.Fatalf("%+v, %s, %v", rep, u.State, err)
		}
		done, err := o.Transfer.Applied(ctx, o.head, rep.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(done.Fixes) != 1 || done.Fixes[0].Said != "31/02/2024" || done.Fixes[0].Value != "29/02/2024" {
			t.Fatalf("what was corrected: %+v", done.Fixes)
		}
		history, err := o.Portfolio.Timeline(ctx, o.head, done.Fixes[0].Record, "", 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, turn := range history.List[0].Turns {
			if want := turn.Info.Field == portfolio.ForecastStart; turn.Corrected != want {
				t.Errorf("%s was corrected: %t", turn.Info.Field, turn.Corrected)
			}
		}
	})
}

func TestDatesThatCanBeReadEitherWayFollowTheOthersOfTheFile(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		const head = "Project No;Project name;Start date;End date\n"
		rep := bring(t, a, "d.csv", head+"D1;Dated;03/04/2024;25/12/2025\nD2;Also;05/06/2024;26/12/2025\n", "d", "2025-03-31", nil)
		if !rep.Applied || len(rep.Notes) != 1 || !strings.Contains(rep.Notes[0], "day first") {
			t.Fatalf("%+v", rep)
		}
		rep = bring(t, a, "e.csv", head+"E1;Dated;03/04/2024;05/06/2025\n", "e", "2025-03-31", nil)
		if rep.Applied || len(rep.Refused) != 2 {
			t.Errorf("nothing settles these: %+v", rep)
		}
	})
}

// Half a file would say that the rest of the register is gone.
func TestAFileThatBreaksOffIsNotTakenForAShorterOne(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		broken := func() io.Reader {
			return io.MultiReader(strings.NewReader(largeRegister(20)), iotest.ErrReader(io.ErrUnexpectedEOF))
		}
		if _, err := o.Transfer.Stage(ctx, o.head, "", "half.csv", broken(), nil); !errs.Is(err, errs.Invalid) || errs.FieldsOf(err)[0].Name != "file" {
			t.Errorf("it is staged: %v", err)
		}
		if _, _, err := o.Transfer.Receive(ctx, o.head, "half.csv", broken()); !errs.Is(err, errs.Invalid) {
			t.Errorf("it is read: %v", err)
		}
		src, forget, err := o.Transfer.Receive(ctx, o.head, "whole.csv", iotest.OneByteReader(strings.NewReader(largeRegister(2))))
		if err != nil || src.SHA256 == "" {
			t.Fatal(err)
		}
		forget()
		var kept int
		if err := o.Store.Read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM transfer_upload) + (SELECT COUNT(*) FROM transfer_part)`).Scan(&kept); err != nil || kept != 0 {
			t.Errorf("%d rows of files are left: %v", kept, err)
		}
	})
}
