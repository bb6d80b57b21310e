package career

import (
	"context"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Ledger is everything that a person can take as evidence.
type Ledger struct {
	Standing
	Groups  []Group // of which nothing was dropped yet come first by time; dropped ones too
	Entries []Entry
}

// In gives the groups in a state.
func (l *Ledger) In(state string) (out []*Group) {
	for i := range l.Groups {
		if l.Groups[i].Claim.State == state {
			out = append(out, &l.Groups[i])
		}
	}
	return out
}

// Ledger reads the person's evidence: what the record proposes, what they made of it,
// and their own entries.
func (s *Service) Ledger(ctx context.Context, who authz.Actor) (l Ledger, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		if l, err = s.ledger(ctx, v, who.Person); err != nil || !l.On {
			return err
		}
		return costs(ctx, v, l.Groups)
	})
	return l, err
}

// ledger is Ledger without the money of projects.
func (s *Service) ledger(ctx context.Context, v *work.View, person string) (l Ledger, err error) {
	if l.By, err = s.inForce(ctx, v); err != nil {
		return l, err
	}
	if l.On, err = isOn(ctx, v, person); err != nil || !l.On {
		return l, err
	}
	items, err := listItems(ctx, v, person, v.Today, v.Today)
	if err != nil {
		return l, err
	}
	l.Groups = groupsOf(items, v.Today)
	kept, err := keptOf(ctx, v, person)
	if err != nil {
		return l, err
	}
	for i := range l.Groups {
		g := &l.Groups[i]
		g.Claim, g.Asked = kept.claims[g.ID], kept.asked[AboutGroup+g.ID]
	}
	if l.Entries = kept.entries; l.Entries == nil {
		l.Entries = []Entry{}
	}
	return l, hideNames(ctx, v, l.Groups)
}

// hideNames gives groups the names that do not leave with them.
func hideNames(ctx context.Context, q sqldb.Querier, groups []Group) error {
	names, err := hiddenPeople(ctx, q, groups)
	if err != nil || len(names) == 0 {
		return err
	}
	for i := range groups {
		g, seen := &groups[i], map[string]bool{}
		if !g.Claim.Hidden(HideNames) {
			continue
		}
		for _, it := range g.Items {
			for _, id := range it.People {
				if !seen[id] {
					seen[id] = true
					g.around = append(g.around, names[id])
				}
			}
		}
	}
	return nil
}

// costs adds what the register says of the projects' money, for their scale.
func costs(ctx context.Context, q sqldb.Querier, groups []Group) error {
	var ids []string
	seen := map[string]bool{}
	for i := range groups {
		if p := groups[i].Project; p != "" && !seen[p] {
			seen[p] = true
			ids = append(ids, p)
		}
	}
	var w sqldb.Where
	w.AndIn("v.id", ids)
	rows, err := q.QueryContext(ctx, `SELECT v.id, v.currency, COALESCE(v.budget, 0) FROM v_project v`+w.SQL(), w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	type money struct {
		currency string
		budget   int64
	}
	by := map[string]money{}
	for rows.Next() {
		var id string
		var m money
		if err := rows.Scan(&id, &m.currency, &m.budget); err != nil {
			return err
		}
		by[id] = m
	}
	for i := range groups {
		m := by[groups[i].Project]
		groups[i].Currency, groups[i].Budget = m.currency, m.budget
	}
	return rows.Err()
}

// ledgerKept is what a person made of their evidence, and what others said to it.
type ledgerKept struct {
	claims  map[string]Claim
	asked   map[string][]Attestation // by what they are about
	entries []Entry
}

func keptOf(ctx context.Context, q sqldb.Querier, person string) (k ledgerKept, err error) {
	if k.claims, err = claimsOf(ctx, q, person); err != nil {
		return k, err
	}
	list, err := attestations(ctx, q, `a.person_id = $1`, person)
	if err != nil {
		return k, err
	}
	k.asked = map[string][]Attestation{}
	for _, a := range list {
		k.asked[a.AboutKind+a.AboutID] = append(k.asked[a.AboutKind+a.AboutID], a)
	}
	k.entries, err = entriesOf(ctx, q, person)
	for i := range k.entries {
		k.entries[i].Asked = k.asked[AboutEntry+k.entries[i].ID]
	}
	return k, err
}

func claimsOf(ctx context.Context, q sqldb.Querier, person string) (map[string]Claim, error) {
	rows, err := q.QueryContext(ctx, `SELECT group_id, state, words, leaves, hides, version FROM career_claim WHERE person_id = $1`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]Claim{}
	for rows.Next() {
		var id, hides string
		var c Claim
		if err := rows.Scan(&id, &c.State, &c.Words, &c.Leaves, &hides, &c.Version); err != nil {
			return nil, err
		}
		c.Hides = split(hides)
		out[id] = c
	}
	return out, rows.Err()
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// Claim keeps a proposal in the person's words, drops it, or leaves it undecided
// again. Words that somebody has confirmed are no longer confirmed when they change.
func (s *Service) Claim(ctx context.Context, who authz.Actor, group string, version int64, c Claim) error {
	if err := c.check(); err != nil {
		return err
	}
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		g, err := s.groupOn(ctx, tx, who.Person, group)
		if err != nil {
			return err
		}
		if g.Claim.Version != version {
			return errs.New(errs.Conflict, "You changed this meanwhile, perhaps in another window. Look again.")
		}
		tx.Record(Keeping{Person: who.Person})
		if c.State == Dropped || c.State == Proposed {
			c.Words, c.Leaves, c.Hides = g.Claim.Words, g.Claim.Leaves, g.Claim.Hides // kept for a change of mind
		}
		if c.State != Accepted || g.Claim.Words != c.Words || g.Claim.Leaves != c.Leaves {
			if err := lapse(ctx, tx, who.Person, AboutGroup, group, ""); err != nil {
				return err
			}
		}
		return putClaim(ctx, tx, who.Person, group, c)
	})
}

func putClaim(ctx context.Context, tx *work.Tx, person, group string, c Claim) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO career_claim (person_id, group_id, state, words, leaves, hides, version) VALUES ($1, $2, $3, $4, $5, $6, 1)
		ON CONFLICT (person_id, group_id) DO UPDATE SET state = excluded.state, words = excluded.words, leaves = excluded.leaves, hides = excluded.hides, version = career_claim.version + 1`,
		person, group, c.State, c.Words, c.Leaves, strings.Join(c.Hides, ","))
	return err
}

// groupOn finds a group of a person whose career is on.
func (s *Service) groupOn(ctx context.Context, q interface {
	sqldb.Querier
}, person, id string,
) (*Group, error) {
	on, err := isOn(ctx, q, person)
	if err != nil {
		return nil, err
	}
	if !on {
		return nil, errOff
	}
	items, err := listItems(ctx, q, person, s.unit.Today(), s.unit.Today())
	if err != nil {
		return nil, err
	}
	for _, g := range groupsOf(items, s.unit.Today()) {
		if g.ID != id {
			continue
		}
		claims, err := claimsOf(ctx, q, person)
		if err != nil {
			return nil, err
		}
		g.Claim = claims[id]
		one := []Group{g}
		err = hideNames(ctx, q, one)
		return &one[0], err
	}
	return nil, errs.Missing("piece of evidence")
}

var errOff = errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")

// GroupOf finds a group of the ledger.
func (l *Ledger) GroupOf(id string) (*Group, bool) {
	for i := range l.Groups {
		if l.Groups[i].ID == id {
			return &l.Groups[i], true
		}
	}
	return nil, false
}

// EntryOf finds an entry of the ledger.
func (l *Ledger) EntryOf(id string) (*Entry, bool) {
	for i := range l.Entries {
		if l.Entries[i].ID == id {
			return &l.Entries[i], true
		}
	}
	return nil, false
}

// Grade is the grade of a group: what its confirmation adds to where it comes from.
func (g *Group) Grade() string {
	if g.Origin == Recorded {
		return "recorded"
	}
	return gradeOf(g.Asked)
}

// Grade is the grade of an entry.
func (e *Entry) Grade() string { return gradeOf(e.Asked) }

func gradeOf(asked []Attestation) string {
	for _, a := range asked {
		if a.Counts() {
			return "attested"
		}
	}
	return "self_declared"
}

// attesting gives an item what colleagues confirmed of it.
func attesting(it *Item, asked []Attestation) {
	for _, a := range asked {
		if !a.Counts() || a.CoversTo != "" && it.From > a.CoversTo {
			continue
		}
		if it.Origin != Recorded {
			it.Grade = "attested"
		}
		it.Attesters = append(it.Attesters, a.Attester)
	}
}

// verdict is what was made of a group.
type verdict struct {
	dropped bool
	asked   []Attestation
}

// weigh takes what was dropped out of the items and gives the rest what others
// confirmed, and adds the person's own entries.
func (k *ledgerKept) weigh(items []Item, on clock.Day) []Item {
	if len(k.claims) > 0 || len(k.asked) > 0 {
		left, known := 0, map[string]verdict{}
		for i := range items {
			it := &items[i]
			if it.group == "" {
				it.group = groupOf(it)
			}
			j, seen := known[it.group]
			if !seen {
				j = verdict{k.claims[it.group].State == Dropped, k.asked[AboutGroup+it.group]}
				known[it.group] = j
			}
			if j.dropped {
				continue
			}
			if len(j.asked) > 0 {
				attesting(it, j.asked)
			}
			if left < i {
				items[left] = *it
			}
			left++
		}
		items = items[:left]
	}
	for i := range k.entries {
		for _, it := range k.entries[i].items() {
			if it.From > on {
				continue
			}
			attesting(&it, k.asked[AboutEntry+k.entries[i].ID])
			items = append(items, it)
		}
	}
	return items
}
