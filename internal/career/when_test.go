package career

import (
	"context"
	"testing"

	"cairn/internal/career/framework"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// published is a framework with two versions, in the second of which a small project
// takes 160 hours, and a member whose career is on, with a gate in each of two years.
func published(t *testing.T, db *sqldb.DB) (s *Service, first string) {
	t.Helper()
	ctx := context.Background()
	s = newFrameworks(t, db)
	list, _, err := s.Frameworks(ctx, member)
	if err != nil {
		t.Fatal(err)
	}
	d := must[FrameworkDraft](t)(s.FrameworkDraft(ctx, analyst))
	d.Text, d.Changes = string(must[[]byte](t)(framework.Edit([]byte(d.Text), map[string]string{"options/manage_small_project/hours": "160"}))), "It takes less."
	must[any](t)(nil, s.WriteFramework(ctx, analyst, d))
	must[FrameworkVersion](t)(s.PublishFramework(ctx, headOfPMO, 1))
	if _, err := db.Write.Exec(`INSERT INTO career_choice (person_id, since) VALUES ($1, 0)`, member.Person); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2023-05-02", "2024-05-02"} {
		it := Item{Key: "facilitated/" + day, Kind: "gate.facilitated", Role: activity.Led, Origin: Recorded, Project: "p", From: day, To: day, SubjectKind: "gate_review", SubjectID: "r"}
		must[any](t)(nil, insertPacks(ctx, db.Write, [][]any{packed(member.Person, []laid{lay(it, 1)})}))
	}
	return s, list[0].ID
}

func TestAStandingIsOfADayAndByAVersion(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		s, first := published(t, db)
		today := s.Today()
		for _, x := range []struct {
			when         When
			gates, hours int
			at           string
		}{
			{When{}, 2, 160, today},
			{When{On: today}, 2, 160, today},
			{When{On: "2023-12-31"}, 1, 160, "2023-12-31"},
			{When{On: "2023-05-01"}, 0, 160, "2023-05-01"},
			{When{Framework: first}, 2, 180, today},
			{When{On: "2023-05-02", Framework: first}, 1, 180, "2023-05-02"},
		} {
			st := must[Standing](t)(s.StandingOn(ctx, member, x.when))
			gates := 0
			for _, c := range st.Counters {
				if c.ID == "gates_facilitated" {
					gates = c.Value
				}
			}
			if gates != x.gates || st.By.Options[0].Hours != x.hours || st.At != x.at || st.Picked != x.when.Framework {
				t.Errorf("%+v: %d gates, %d hours, on %s by %q", x.when, gates, st.By.Options[0].Hours, st.At, st.Picked)
			}
			if o := must[Opened](t)(s.Counter(ctx, member, "gates_facilitated", x.when)); o.Value != x.gates || len(o.Items) != x.gates {
				t.Errorf("%+v opens to %d in %d pieces", x.when, o.Value, len(o.Items))
			}
		}
	})
}

func TestADayOrAVersionThatIsNotThereIsRefusedAtItsField(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		s, _ := published(t, db)
		for field, when := range map[string][]When{
			"on":        {{On: "9999-01-01"}, {On: "2023-02-30"}, {On: "yesterday"}},
			"framework": {{Framework: "nothing"}, {Framework: InForce + "x"}, {On: "2023-05-02", Framework: "' OR 1=1"}},
		} {
			for _, w := range when {
				_, err := s.StandingOn(ctx, member, w)
				want(t, errs.Invalid, err)
				if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != field || f[0].Message == "" {
					t.Errorf("%+v: %v", w, f)
				}
			}
		}
	})
}

// A project that came to its end is finished for who was to stay on it longer; what is
// said of work elsewhere is so from its last day on.
func TestWhatIsFinishedOnADay(t *testing.T) {
	f := must[*framework.Framework](t)(shipped())
	for _, x := range []struct {
		it   Item
		want bool
	}{
		{Item{Kind: "project.managed", Origin: Recorded, From: "2024-01-01", To: "2024-12-31", Closed: true}, true},
		{Item{Kind: "project.managed", Origin: Recorded, From: "2024-01-01", Closed: true}, true},
		{Item{Kind: "project.managed", Origin: Recorded, From: "2024-01-01", To: "2024-12-31"}, false},
		{Item{Kind: "project.managed", Origin: OwnWord, From: "2024-01-01", To: "2024-12-31", Finished: true}, false},
		{Item{Kind: "project.managed", Origin: OwnWord, From: "2024-01-01", To: "2024-06-30", Finished: true}, true},
		{Item{Kind: "project.managed", Origin: OwnWord, From: "2024-01-01", To: "2024-06-01", Closed: true}, true},
		{Item{Kind: "project.managed", Origin: OwnWord, From: "2024-01-01", To: "2024-12-31", Closed: true}, false},
	} {
		if got := toStanding(f, map[string]string{}, 0, &x.it, date("2024-06-30")); got.Finished != x.want {
			t.Errorf("%+v: %t", x.it, got.Finished)
		}
	}
}
