package document

import (
	"context"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// Whatever people do to a document in whatever order: what a version says and who
// wrote it never changes, a decision once made stays, at most one version waits,
// nobody decides about their own, the approved version never goes back, and what
// lists say is what the versions say.
func TestLawsOfADocument(t *testing.T) {
	eachWorld(t, func(t *testing.T, ctx context.Context, w *world) {
		people := []authz.Actor{w.head, w.sponsor, w.manager, w.team, w.other}
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			v, err := w.Write(ctx, w.manager, Writing{Project: project, Name: "Law", Form: Text, Body: "first of " + strconv.Itoa(n)})
			if err != nil {
				rt.Fatal(err)
			}
			before := sheetOf(rt, w, v.Document)
			for i := range rapid.IntRange(1, 12).Draw(rt, "steps") {
				who := rapid.SampledFrom(people).Draw(rt, "who")
				number := rapid.IntRange(1, before.Latest).Draw(rt, "number")
				x := before.Version(number)
				var err error
				switch rapid.SampledFrom([]string{"write", "submit", "approve", "send back"}).Draw(rt, "what") {
				case "write":
					_, err = w.Write(ctx, who, Writing{Document: v.Document, Base: number, Form: Text, Body: strconv.Itoa(n) + " at " + strconv.Itoa(i)})
				case "submit":
					err = w.Submit(ctx, who, v.Document, number, rapid.SampledFrom(Approvers).Draw(rt, "asked").ID)
				case "approve":
					err = w.Approve(ctx, who, v.Document, number, x.SHA256)
				default:
					err = w.SendBack(ctx, who, v.Document, number, "Again.")
				}
				if err != nil && errs.KindOf(err) == errs.Internal {
					rt.Fatal(err)
				}
				after := sheetOf(rt, w, v.Document)
				holdsLaws(rt, before, after)
				before = after
			}
		})
	})
}

func sheetOf(t *rapid.T, w *world, id string) Sheet {
	sh, err := w.Document(context.Background(), w.other, id)
	if err != nil {
		t.Fatal(err)
	}
	return sh
}

func holdsLaws(t *rapid.T, before, after Sheet) {
	waiting, approved := 0, 0
	for _, x := range after.Versions {
		if x.State == Submitted {
			waiting++
		}
		if x.State == Approved {
			approved = max(approved, x.Number)
		}
		if (x.State == Approved || x.State == SentBack) == (x.DecidedBy == "") || x.DecidedBy == x.Writer {
			t.Fatalf("decided by %q: %+v", x.DecidedBy, x)
		}
		if was := before.Version(x.Number); was != nil {
			if was.Body != x.Body || was.SHA256 != x.SHA256 || was.Writer != x.Writer || was.WrittenAt != x.WrittenAt {
				t.Fatalf("version %d was changed", x.Number)
			}
			if (was.State == Approved || was.State == SentBack) && (x.State != was.State || x.Reason != was.Reason || x.DecidedBy != was.DecidedBy || x.DecidedAt != was.DecidedAt) {
				t.Fatalf("the decision about version %d was changed", x.Number)
			}
		}
	}
	newest := after.Versions[0]
	if waiting > 1 || after.Approved != approved || after.Approved < before.Approved || after.Latest != newest.Number || after.State != newest.State || after.Latest != len(after.Versions) {
		t.Fatalf("%d wait, %+v", waiting, after.Document)
	}
}
