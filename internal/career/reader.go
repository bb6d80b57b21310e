package career

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// facts are what the events of other features say that matters here. They are
// read by their stable names and never by their Go types.
type facts struct {
	Assignment string              `json:"assignment"`
	Project    string              `json:"project"`
	Person     string              `json:"person"`
	Kind       string              `json:"kind"`
	Role       activity.RoleInWork `json:"role"`
	From       string              `json:"from"`
	To         string              `json:"to"`
	Origin     string              `json:"origin"`
	Period     string              `json:"period"`
	Body       string              `json:"body"`
	Recorded   bool                `json:"recorded"` // the work's own record holds it
	On         string              `json:"on"`
	Tier       json.RawMessage     `json:"tier"` // a word here, a number there
	named      bool                // somebody signed in did it
}

// Reader derives items from the record, for those who turned their career on.
func (s *Service) Reader() work.Reader {
	return work.Reader{Name: "career", Apply: func(ctx context.Context, k *work.Keeping, entries []activity.Entry) error {
		on, err := everybodyOn(ctx, k)
		if err != nil || len(on) == 0 {
			return err
		}
		is, err := mergedInto(ctx, k)
		if err != nil {
			return err
		}
		to := newShelf(k, s.unit.Zone())
		for _, e := range entries {
			switch e.Verb {
			case "person.merged", "person.parted":
				if p := whose(e.SubjectID, on, is); p != "" {
					err = again(ctx, to, is, p)
				}
			case "organisation.settled":
				if to.moves(e) {
					err = again(ctx, to, is, slices.Sorted(maps.Keys(on))...)
				}
			default:
				err = apply(ctx, to, e, func(p string) string { return whose(p, on, is) })
			}
			if err != nil {
				return err
			}
		}
		return to.put(ctx)
	}}
}

// whose is the person whose career an entry's participant is: the one whom they
// were merged into, if that one turned it on; otherwise nobody.
func whose(person string, on map[string]bool, is map[string]string) string {
	if into := is[person]; into != "" {
		person = into
	}
	if !on[person] {
		return ""
	}
	return person
}

// mergedInto gives the entries of the directory that were merged into another.
func mergedInto(ctx context.Context, q sqldb.Querier) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT person_id, into_id FROM v_merged`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, into string
		if err := rows.Scan(&id, &into); err != nil {
			return nil, err
		}
		out[id] = into
	}
	return out, rows.Err()
}

// again derives careers anew. When two entries of a person became one, or two again,
// what the record says of the other one counts from then on, or no longer; in another
// time zone its moments have other days.
func again(ctx context.Context, to *shelf, is map[string]string, people ...string) error {
	if err := to.put(ctx); err != nil {
		return err
	}
	for _, person := range people {
		for _, query := range []string{`DELETE FROM career_pack WHERE person_id = $1`, `DELETE FROM career_place WHERE person_id = $1`} {
			if _, err := to.k.ExecContext(ctx, query, person); err != nil {
				return err
			}
		}
		if err := derivePerson(ctx, to.k, to.zone, person, is); err != nil {
			return err
		}
	}
	return nil
}

func everybodyOn(ctx context.Context, q sqldb.Querier) (map[string]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT person_id FROM career_choice`)
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

// apply turns one entry into items; applying it again, or after a later one,
// changes nothing.
func apply(ctx context.Context, to *shelf, e activity.Entry, whose func(participant string) string) error {
	if e.Facts == nil || !strings.HasPrefix(e.Verb, "assignment.") && e.Verb != opportunityDone && byVerb[e.Verb] == nil {
		return nil
	}
	var f facts
	if err := json.Unmarshal(e.Facts, &f); err != nil {
		return fmt.Errorf("career: entry %d: %w", e.Seq, err)
	}
	f.named = e.Actor != ""
	for _, p := range e.Participants {
		person := whose(p.Person)
		if person == "" {
			continue
		}
		for _, it := range derive(e, f, p, to.zone) {
			to.lay(person, it, e.Seq)
		}
	}
	if e.Verb == meetingCorrected {
		return takenOff(ctx, to, e, whose)
	}
	return nil
}

// ofMeetings are the beginnings of the keys that a meeting leaves.
var ofMeetings = func() (out []string) {
	for _, m := range mappings {
		if strings.HasPrefix(m.verb, "meeting.") || strings.HasPrefix(m.verb, "deputising.") {
			out = append(out, m.key)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}()

// takenOff takes back what a meeting left with those who, as its corrected minutes
// say, were not there.
func takenOff(ctx context.Context, to *shelf, e activity.Entry, whose func(participant string) string) error {
	before, err := activity.TookPart(ctx, to.k, e.SubjectKind, e.SubjectID, e.Seq)
	if err != nil {
		return err
	}
	settled := map[string]bool{"": true}
	for _, p := range e.Participants {
		settled[whose(p.Person)] = true
	}
	for _, p := range before {
		person := whose(p)
		if settled[person] {
			continue
		}
		settled[person] = true
		for _, key := range ofMeetings {
			to.lay(person, Item{Key: key + "/" + e.SubjectID, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID}, e.Seq)
		}
	}
	return nil
}

// derive says what an entry is for one of its participants. An item without a kind
// takes back what an earlier entry left.
func derive(e activity.Entry, f facts, p activity.Participant, zone *time.Location) (out []Item) {
	base := Item{Role: p.Role, Origin: Recorded, Project: f.Project, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, Body: f.Body}
	if base.Project == "" && f.Body == "" {
		base.Project = e.Project
	}
	switch {
	case strings.HasPrefix(e.Verb, "assignment."):
		return []Item{assigned(e, f, base)}
	case e.Verb == opportunityDone:
		return taken(f, p, base)
	}
	day := clock.DayOf(e.At, zone)
	if f.On != "" {
		day = f.On
	}
	base.From, base.To, base.Tier = day, day, word(f.Tier)
	for _, m := range byVerb[e.Verb] {
		if m.when != nil && !m.when(f) {
			continue
		}
		it := base
		it.Key = m.key + "/" + whole(m, e, f)
		if m.of == "period" {
			it.Detail = f.Period
		}
		role, is := m.as[p.Role]
		switch {
		case is:
			it.Kind, it.Role = m.kind, role
		case m.kind != "" && e.Verb != meetingCorrected:
			continue // none of this work, and nothing to take back
		}
		out = append(out, it)
	}
	return out
}

// whole is what makes a key name one piece.
func whole(m mapped, e activity.Entry, f facts) string {
	switch m.of {
	case "period":
		return f.Project + "/" + f.Period
	case "project":
		return f.Project
	case "mark": // whose mark it is stays with them
		sum := sha256.Sum256([]byte(e.SubjectID + e.Actor))
		return e.SubjectID + "/" + hex.EncodeToString(sum[:6])
	}
	return e.SubjectID
}

// word reads a tier that is said as a word; a number is no tier of a project.
func word(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// assigned is what an assignment is as experience.
func assigned(e activity.Entry, f facts, it Item) Item {
	it.Key, it.From, it.To, it.Body = "assignment/"+f.Assignment, f.From, f.To, ""
	if f.Origin == string(Imported) {
		it.Origin = Imported
	}
	kind, role, ok := experience(f.Kind, it.Role)
	if it.Role = role; ok && e.Verb != assignmentRemoved {
		it.Kind = kind
	}
	return it
}

// taken is what an opportunity that was done left with whoever took it, unless the
// work itself is in the record and counts by that.
func taken(f facts, p activity.Participant, it Item) []Item {
	if p.Person != f.Person || f.Recorded || f.Kind == "" {
		return nil
	}
	it.Key, it.Kind, it.From, it.To = "opportunity/"+it.SubjectID, f.Kind, f.From, f.To
	return []Item{it}
}

// derivePerson reads the whole record for one person who has just turned their
// career on.
func (s *Service) derivePerson(ctx context.Context, person string) error {
	return s.unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		is, err := mergedInto(ctx, k)
		if err != nil {
			return err
		}
		return derivePerson(ctx, k, s.unit.Zone(), person, is)
	})
}

func derivePerson(ctx context.Context, k *work.Keeping, zone *time.Location, person string, is map[string]string) error {
	numbers := []string{person}
	for id, into := range is {
		if into == person {
			numbers = append(numbers, id)
		}
	}
	slices.Sort(numbers)
	entries, err := activity.OfPerson(ctx, k, numbers...)
	if err != nil {
		return err
	}
	on, to := map[string]bool{person: true}, newShelf(k, zone)
	for _, e := range entries {
		if err := apply(ctx, to, e, func(p string) string { return whose(p, on, is) }); err != nil {
			return err
		}
	}
	if err := notThere(ctx, to, person, numbers); err != nil {
		return err
	}
	return to.put(ctx)
}

// notThere takes back what meetings left with somebody whom later minutes have taken
// off: that entry is none in which they took part.
func notThere(ctx context.Context, to *shelf, person string, numbers []string) error {
	u := to.people[person]
	if u == nil {
		return nil
	}
	var w sqldb.Where
	w.AndIn("v.person_id", numbers)
	rows, err := to.k.QueryContext(ctx, `SELECT v.meeting_id FROM v_attendance v`+w.SQL()+` AND v.there = TRUE`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	there := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		there[id] = true
	}
	for i := range u.items {
		if it := &u.items[i]; it.subjectKind == "meeting" && !there[it.subjectID] {
			it.takeBack()
		}
	}
	return rows.Err()
}
