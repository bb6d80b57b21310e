package career

import (
	"context"
	"strings"
	"testing"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

var (
	headOfPMO = authz.Actor{Person: "head", Role: authz.HeadOfPMO}
	analyst   = authz.Actor{Person: "pmo", Role: authz.PMOMember}
	member    = authz.Actor{Person: "pm", Role: authz.Member}
)

func newFrameworks(t *testing.T, db *sqldb.DB) *Service {
	t.Helper()
	c := clock.NewManual(kittest.Noon, 1)
	s := NewService(work.New(db, c.Source, authz.NewPolicy(Rules, FrameworkRules), time.UTC, append([]string{"activity_cursor"}, FrameworkKeepTables...)...))
	for _, id := range []string{"head", "pmo", "pm"} {
		if _, err := db.Write.Exec(`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, '', '', '', '', '', 1)`, id, "Name "+id, fold.Sort("Name "+id)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time there is one already
		if err := s.EnsureFramework(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func want(t *testing.T, kind errs.Kind, err error) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("want %v, got %v", kind, err)
	}
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (s *Service) force(t *testing.T) *framework.Framework {
	t.Helper()
	return must[*framework.Framework](t)(s.inForce(context.Background(), s.unit.DB.Read))
}

func TestShippedFrameworkIsVersionOne(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		s := newFrameworks(t, db)
		list, draft, err := s.Frameworks(ctx, member)
		if err != nil || len(list) != 1 || draft != nil {
			t.Fatalf("%d versions, draft %v, %v", len(list), draft, err)
		}
		v, text, err := s.FrameworkFile(ctx, member, InForce)
		if err != nil || v.Number != 1 || !v.InForce || v.ByName != "" || string(text) != string(framework.DefaultFile()) {
			t.Errorf("%+v, %v", v, err)
		}
		first := must[*framework.Framework](t)(shipped())
		for range 2 {
			if s.force(t) != first {
				t.Error("the shipped framework is read more than once")
			}
		}
		_, _, err = s.Framework(ctx, member, "nothing")
		want(t, errs.NotFound, err)
		if r, err := activity.Verify(ctx, db.Read, nil); err != nil || r.Entries != 1 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestDraftIsKeptJudgedAndPublished(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		s := newFrameworks(t, db)
		_, err := s.FrameworkDraft(ctx, member)
		want(t, errs.Forbidden, err)
		want(t, errs.Forbidden, s.WriteFramework(ctx, member, FrameworkDraft{}))
		want(t, errs.Forbidden, s.DropFramework(ctx, member))

		d := must[FrameworkDraft](t)(s.FrameworkDraft(ctx, analyst))
		if d.Version != 0 || d.Framework == nil || len(d.Problems) > 0 {
			t.Fatalf("what one begins with: version %d, %v", d.Version, d.Problems)
		}
		right := d.Text
		d.Text = strings.Replace(right, "{competency: reporting,", "{competency: reportin,", 1)
		if err := s.WriteFramework(ctx, analyst, d); err != nil {
			t.Fatal(err)
		}
		want(t, errs.Conflict, s.WriteFramework(ctx, headOfPMO, d)) // begun from nothing as well
		d = must[FrameworkDraft](t)(s.FrameworkDraft(ctx, headOfPMO))
		line := strings.Count(d.Text[:strings.Index(d.Text, "reportin,")], "\n") + 1
		if len(d.Problems) == 0 || d.Problems[0].Line != line || !strings.Contains(d.Problems[0].Says, `did you mean "reporting"`) || d.Framework != nil || d.ByName != "Name pmo" {
			t.Fatalf("line %d: %v", line, d.Problems)
		}
		_, err = s.PublishFramework(ctx, headOfPMO, 1)
		want(t, errs.Invalid, err)
		if f := errs.FieldsOf(err); len(f) < 2 || f[0].Name != "changes" || f[1].Name != "text" || !strings.Contains(f[1].Message, "line") {
			t.Errorf("%+v", f)
		}

		d.Text, d.Changes = right, "Nothing really."
		must[any](t)(nil, s.WriteFramework(ctx, analyst, d))
		_, err = s.PublishFramework(ctx, headOfPMO, 2)
		want(t, errs.Invalid, err) // nothing is different
		d.Text, d.Changes, d.Version = string(must[[]byte](t)(framework.Edit([]byte(right), map[string]string{"options/manage_small_project/hours": "160"}))), "It takes less.", 2
		must[any](t)(nil, s.WriteFramework(ctx, analyst, d))
		_, err = s.PublishFramework(ctx, analyst, 3)
		want(t, errs.Forbidden, err)
		_, err = s.PublishFramework(ctx, headOfPMO, 2)
		want(t, errs.Conflict, err)
		changes, people, err := s.FrameworkEffects(ctx, analyst)
		if err != nil || len(changes) != 1 || changes[0].Says != "Manage a small project now takes 160 hours instead of 180." || len(people) > 0 {
			t.Errorf("%v, %v, %v", changes, people, err)
		}
		before := s.force(t)
		v := must[FrameworkVersion](t)(s.PublishFramework(ctx, headOfPMO, 3))
		if v.Number != 2 || s.force(t) == before {
			t.Errorf("version %d, and the old one is still in force: %t", v.Number, s.force(t) == before)
		}
		if _, draft, _ := s.Frameworks(ctx, analyst); draft != nil {
			t.Error("the draft is still there")
		}
		s.both(t, ctx, v, before)
	})
}

// both versions are there to be read and compared, and each can be picked.
func (s *Service) both(t *testing.T, ctx context.Context, v FrameworkVersion, before *framework.Framework) {
	t.Helper()
	got, base, diff, err := s.FrameworkDiff(ctx, member, InForce, "")
	if err != nil || got.ID != v.ID || base.Number != 1 || len(diff) != 1 {
		t.Errorf("%+v against %+v: %v, %v", got, base, diff, err)
	}
	_, _, back, err := s.FrameworkDiff(ctx, member, base.ID, v.ID)
	if err != nil || len(back) != 1 || back[0].Says != "Manage a small project now takes 180 hours instead of 160." {
		t.Errorf("%v, %v", back, err)
	}
	if old := must[*framework.Framework](t)(s.frameworkOf(ctx, s.unit.DB.Read, base.ID)); old != before {
		t.Error("the old version is not what it was")
	}
	if f := s.force(t); f.About.Version != "2" || f.Options[0].Hours != 160 {
		t.Errorf("version %s in the text, %d hours", f.About.Version, f.Options[0].Hours)
	}
	if _, err := s.frameworkOf(ctx, s.unit.DB.Read, "nothing"); !errs.Is(err, errs.NotFound) {
		t.Errorf("%v", err)
	}
	if r, err := activity.Verify(ctx, s.unit.DB.Read, nil); err != nil || r.Entries != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// The law: whatever is tried, a published version stays what it was.
func TestPublishedVersionIsNeverChanged(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		s := newFrameworks(t, db)
		for _, query := range []string{
			`UPDATE framework_version SET content = ''`, `UPDATE framework_version SET changes = 'other'`, `DELETE FROM framework_version`,
		} {
			if _, err := db.Write.Exec(query); err == nil || !strings.Contains(err.Error(), "never changed") {
				t.Errorf("%s: %v", query, err)
			}
		}
		_, text, err := s.FrameworkFile(context.Background(), member, InForce)
		if err != nil || string(text) != string(framework.DefaultFile()) {
			t.Errorf("the text is another: %v", err)
		}
	})
}

func TestDraftFromAnOldVersionIsNotPublished(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		s := newFrameworks(t, db)
		d := must[FrameworkDraft](t)(s.FrameworkDraft(ctx, analyst))
		first := d
		for i, hours := range []string{"160", "150"} {
			d.Text, d.Changes, d.Version = string(must[[]byte](t)(framework.Edit([]byte(d.Text), map[string]string{"options/manage_small_project/hours": hours}))), "Less.", 0
			if i == 1 {
				d.BasedOn = first.BasedOn
			}
			must[any](t)(nil, s.WriteFramework(ctx, analyst, d))
			_, err := s.PublishFramework(ctx, headOfPMO, 1)
			if i == 0 && err != nil || i == 1 && !errs.Is(err, errs.Conflict) {
				t.Errorf("%d: %v", i, err)
			}
		}
		must[any](t)(nil, s.DropFramework(ctx, analyst))
		if d := must[FrameworkDraft](t)(s.FrameworkDraft(ctx, analyst)); d.Version != 0 || d.BasedOn == first.BasedOn {
			t.Errorf("a draft begins again from %s", d.BasedOn)
		}
	})
}
