package career

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/career/framework"
	"cairn/internal/kit/sqldb"
)

// countsAs fills in what an entry that somebody is asked about counts as. A confirmation
// makes its kind, role, time and size count, and not its wording alone: who confirms has
// to see them. They are those that were asked about: an entry that is changed ends the
// request. Of somebody who said no, nothing more is shown.
func (s *Service) countsAs(ctx context.Context, q sqldb.Querier, a *Attestation) error {
	if a.AboutKind != AboutEntry || a.State == AttestDeclined || a.State == AttestRefused {
		return nil
	}
	by, err := s.inForce(ctx, q)
	if err != nil {
		return err
	}
	list, err := entriesOf(ctx, q, a.Person)
	for i := range list {
		if list[i].ID == a.AboutID {
			a.CountsAs = list[i].countsAs(by)
		}
	}
	return err
}

// countsAs is what an entry says beside its wording, without names of people and projects.
func (e *Entry) countsAs(by *framework.Framework) string {
	when := monthWords(e.From)
	switch to := monthWords(e.To); {
	case to == "":
		when = "since " + when
	case to != when:
		when += " to " + to
	}
	parts := []string{by.KindName(e.Kind), string(e.Role), when}
	if e.Tier != "" {
		parts = append(parts, "tier "+e.Tier)
	}
	if e.Finished {
		parts = append(parts, "finished")
	}
	if e.Outside {
		parts = append(parts, "for a sponsor outside the office")
	}
	for _, n := range []struct {
		value     int64
		one, many string
	}{{e.Pieces, "piece", "pieces"}, {e.Hours, "hour", "hours"}, {e.Projects, "project", "projects"}, {e.People, "person", "people"}, {e.Bodies, "governing body", "governing bodies"}} {
		if n.value == 1 {
			parts = append(parts, "1 "+n.one)
		}
		if n.value > 1 {
			parts = append(parts, strconv.FormatInt(n.value, 10)+" "+n.many)
		}
	}
	var about []string
	for _, c := range by.Competencies {
		if slices.Contains(e.About, c.ID) {
			about = append(about, c.Name)
		}
	}
	if len(about) > 0 {
		parts = append(parts, "about "+strings.Join(about, " and "))
	}
	return strings.Join(parts, ", ")
}
