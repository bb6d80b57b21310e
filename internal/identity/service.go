package identity

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Service is what people can do about people and accounts.
type Service struct {
	unit    *work.Unit
	shares  *shares
	holders []privacy.Holder
	post    Post // nil: links are handed over
}

// NewService makes the service.
func NewService(u *work.Unit) *Service {
	return &Service{unit: u, shares: &shares{most: UsualRate, of: map[string]share{}}}
}

// Holders names the other features that hold data about people: for the
// preview of an erasure, the erasure and a person's own copy.
func (s *Service) Holders(list ...privacy.Holder) { s.holders = list }

// KeepTables are the tables of this feature that hold no changes of state.
var KeepTables = []string{"session", "rate_limit", "api_token_use", "person_moved"}

// Page is a part of the list of people.
type Page struct {
	People []Person
	More   bool
}

// pageSize is how many people a page holds.
const pageSize = 50

// State is a part of the directory.
type State string

// The states by which the directory can be filtered.
const (
	WithAccount State = "active"      // they can sign in
	Waiting     State = "invited"     // the invitation waits
	NoAccount   State = "no_account"  // named in the record only
	Closed      State = "deactivated" // the account is closed
	Left        State = "left"        // they left the organisation
	Asked       State = "erasure"     // they asked to be erased; for the administrator
)

// Filter says which people a list holds, and where it goes on.
type Filter struct {
	Find              string // part of the name, or of the address where one sees it
	State             State
	AfterKey, AfterID string
}

// People lists people by name.
func (s *Service) People(ctx context.Context, who authz.Actor, f Filter) (page Page, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeePeople, authz.Instance); err != nil {
			return err
		}
		if f.State == Asked {
			if err := v.May(ctx, ErasePerson, authz.Instance); err != nil {
				return err
			}
		}
		w, err := f.conditions(v.Today, v.Can(ctx, AddPeople, authz.Instance))
		if err != nil {
			return err
		}
		page.People, err = listPeople(ctx, v, w, pageSize+1)
		if len(page.People) > pageSize {
			page.People, page.More = page.People[:pageSize], true
		}
		return err
	})
	return page, err
}

func (f Filter) conditions(today clock.Day, addresses bool) (*sqldb.Where, error) {
	var w sqldb.Where
	w.And("p.erased_at = 0 AND p.merged_into = ''")
	if f.Find != "" {
		pattern := "%" + likeEscaped(fold.Key(f.Find)) + "%"
		if addresses {
			w.And("(p.name_key LIKE ? ESCAPE '!' OR p.email_key LIKE ? ESCAPE '!' OR p.id IN (SELECT n.merged_into FROM person_merged m JOIN person n ON n.id = m.person_id WHERE m.ended_at = 0 AND m.name_key LIKE ? ESCAPE '!'))", pattern, pattern, pattern)
		} else {
			w.And("p.name_key LIKE ? ESCAPE '!'", pattern)
		}
	}
	switch f.State {
	case "":
	case WithAccount:
		w.And("a.active = TRUE AND a.password <> ''")
	case Waiting:
		w.And("a.active = TRUE AND a.password = ''")
	case Closed:
		w.And("a.active = FALSE")
	case NoAccount:
		w.And("a.person_id IS NULL")
	case Left:
		w.And("p.left_on <> '' AND p.left_on < ?", today)
	case Asked:
		w.And("p.id IN (SELECT r.person_id FROM erasure_request r)")
	default:
		return nil, errs.OnField("state", "Choose one of the states.")
	}
	if f.AfterID != "" {
		w.AfterKey("p.name_key", "p.id", false, f.AfterKey, f.AfterID)
	}
	return &w, nil
}

// Person shows one person; under the number of an entry that was merged into
// another, that one.
func (s *Service) Person(ctx context.Context, who authz.Actor, id string) (p Person, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeePeople, authz.Instance); err != nil {
			return err
		}
		now, err := nowIs(ctx, v, id)
		if err != nil {
			return err
		}
		p, err = getPerson(ctx, v, now)
		return err
	})
	return p, err
}

// AddPerson adds somebody without an account.
func (s *Service) AddPerson(ctx context.Context, who authz.Actor, p Person) (Person, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AddPeople, authz.Instance); err != nil {
			return err
		}
		return addIn(ctx, tx, &p)
	})
	return p, err
}

func addIn(ctx context.Context, tx *work.Tx, p *Person) error {
	var c errs.Check
	checkPerson(*p, &c)
	if err := c.Err(); err != nil {
		return err
	}
	p.ID, p.Version = tx.NewID(), 1
	if err := insertPerson(ctx, tx, *p); err != nil {
		if sqldb.IsDuplicate(err) {
			return errs.OnField("email", "Somebody already has this address.")
		}
		return err
	}
	tx.Record(Changed{Person: p.ID, What: personAdded})
	return nil
}

// ChangePerson changes what is known about somebody; a stale version is a Conflict.
func (s *Service) ChangePerson(ctx context.Context, who authz.Actor, p Person) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AddPeople, authz.Instance); err != nil {
			return err
		}
		var c errs.Check
		checkPerson(p, &c)
		if err := c.Err(); err != nil {
			return err
		}
		old, err := getPerson(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		// An address is what a reset link is for: with an account it is the administrator's to change.
		if old.Email != p.Email && old.HasAccount {
			if err := tx.May(ctx, ManageAccounts, authz.Instance); err != nil {
				return errs.OnField("email", "The address of an account is changed by an administrator.")
			}
		}
		ok, err := updatePerson(ctx, tx, p)
		if sqldb.IsDuplicate(err) {
			return errs.OnField("email", "Somebody already has this address.")
		}
		if err == nil && !ok {
			return errs.New(errs.Conflict, "Somebody changed this person meanwhile. Their version is shown beside yours.")
		}
		tx.Record(Changed{Person: p.ID, What: personChanged})
		return err
	})
}

// FindIn finds people by folded name within another's unit of work: the ids of
// each name, by its key; also under the name of an entry that was merged into
// theirs, so that the same file does not bring it in again. It is for the person
// columns of an import.
func (s *Service) FindIn(ctx context.Context, tx *work.Tx, names []string) (map[string][]string, error) {
	keys := map[string]bool{}
	for _, n := range names {
		keys[NameKey(n)] = true
	}
	var args sqldb.Args
	sorted := slices.Sorted(maps.Keys(keys))
	rows, err := tx.QueryContext(ctx, `SELECT name_key, id FROM person WHERE erased_at = 0 AND merged_into = '' AND name_key IN (`+args.List(sorted)+`)
		UNION SELECT m.name_key, p.merged_into FROM person_merged m JOIN person p ON p.id = m.person_id WHERE m.ended_at = 0 AND m.name_key IN (`+args.List(sorted)+`) ORDER BY 2`, args.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string][]string{}
	for rows.Next() {
		var key, id string
		if err := rows.Scan(&key, &id); err != nil {
			return nil, err
		}
		found[key] = append(found[key], id)
	}
	return found, rows.Err()
}

// NameKey is the form in which names of people are compared.
func NameKey(name string) string { return fold.Sort(name) }

// AddIn adds somebody whom a file names, within another's unit of work.
func (s *Service) AddIn(ctx context.Context, tx *work.Tx, name string) (id string, err error) {
	p := Person{Name: name}
	err = addIn(ctx, tx, &p)
	return p.ID, err
}

func likeEscaped(s string) string {
	var b []rune
	for _, r := range s {
		if r == '%' || r == '_' || r == '!' {
			b = append(b, '!')
		}
		b = append(b, r)
	}
	return string(b)
}

func isNoRow(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func after(at int64, life time.Duration, now time.Time) bool {
	return now.After(sqldb.Time(at).Add(life))
}
