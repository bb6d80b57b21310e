package career

import (
	"context"
	"strings"

	"cairn/internal/career/framework"
	"cairn/internal/career/framework/check"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// The actions on the framework, which is published criteria and nobody's own.
const (
	SeeFramework     = authz.Action("career.see_framework")
	WriteFramework   = authz.Action("career.write_framework")
	PublishFramework = authz.Action("career.publish_framework")
)

// FrameworkRules are the part of the policy table about the framework.
var FrameworkRules = []authz.Rule{
	{Action: SeeFramework, Says: "Read the career framework, its versions and what changed", Roles: authz.SignedInRoles},
	{Action: WriteFramework, Says: "Draft a version of the career framework", Roles: []authz.Role{authz.PMOMember, authz.HeadOfPMO, authz.Operator}},
	{Action: PublishFramework, Says: "Publish a version of the career framework", Roles: []authz.Role{authz.HeadOfPMO, authz.Operator}},
}

// FrameworkKeepTables are the tables of drafts, which change nothing for anybody.
var FrameworkKeepTables = []string{"framework_draft"}

// FrameworkPublished is the event of a new version.
type FrameworkPublished struct {
	Version string `json:"version"`
	Number  int    `json:"number"`
	SHA256  string `json:"sha256"`
	By      string `json:"by"`
}

// Activity implements activity.Event.
func (e FrameworkPublished) Activity() activity.Meta {
	m := activity.Meta{Verb: "framework.published", Version: 1, SubjectKind: "framework", SubjectID: e.Version}
	if e.By != "" {
		m.Participants = []activity.Participant{{Person: e.By, Role: activity.Led}}
	}
	return m
}

// FrameworkVersion is a published version of the framework.
type FrameworkVersion struct {
	ID          string
	Number      int
	Framework   string // id in the file
	Title       string
	SHA256      string
	BasedOn     string // id of a version; empty for the first
	Changes     string // what changed and why, in words
	PublishedBy string
	ByName      string
	At          int64 // microseconds
	InForce     bool
}

// InForce is the id by which the version in force is asked for.
const InForce = "in-force"

// EnsureFramework publishes the framework that comes with Cairn as version 1 if
// none is published yet. It is called at the start, and costs one query afterwards.
func (s *Service) EnsureFramework(ctx context.Context) error {
	var have int
	if err := s.unit.DB.Read.QueryRowContext(ctx, `SELECT COUNT(*) FROM framework_version`).Scan(&have); err != nil || have > 0 {
		return err
	}
	err := s.unit.Do(ctx, authz.AtCommandLine(), func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, PublishFramework, authz.Instance); err != nil {
			return err
		}
		f, err := shipped()
		if err != nil {
			return err
		}
		_, err = addFramework(ctx, tx, f, framework.DefaultFile(), FrameworkVersion{Number: 1, Changes: "Comes with Cairn."})
		return err
	})
	if errs.Is(err, errs.Duplicate) {
		return nil // another process was first
	}
	return err
}

// Frameworks lists the published versions, newest first, with the draft for those
// who may write one.
func (s *Service) Frameworks(ctx context.Context, who authz.Actor) (list []FrameworkVersion, draft *FrameworkDraft, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeFramework, authz.Instance); err != nil {
			return err
		}
		if list, err = frameworkVersions(ctx, v); err != nil || !v.Can(ctx, WriteFramework, authz.Instance) {
			return err
		}
		d, err := getFrameworkDraft(ctx, v)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		draft = &d
		return err
	})
	return list, draft, err
}

// Framework gives a published version; the id may be InForce.
func (s *Service) Framework(ctx context.Context, who authz.Actor, id string) (v FrameworkVersion, f *framework.Framework, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, view *work.View) error {
		if err := view.May(ctx, SeeFramework, authz.Instance); err != nil {
			return err
		}
		if v, _, err = getFramework(ctx, view, id); err != nil {
			return err
		}
		f, err = s.frameworkOf(ctx, view, v.ID)
		return err
	})
	return v, f, err
}

// FrameworkFile gives the text of a published version.
func (s *Service) FrameworkFile(ctx context.Context, who authz.Actor, id string) (v FrameworkVersion, text []byte, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, view *work.View) error {
		if err := view.May(ctx, SeeFramework, authz.Instance); err != nil {
			return err
		}
		var content string
		v, content, err = getFramework(ctx, view, id)
		text = []byte(content)
		return err
	})
	return v, text, err
}

// FrameworkDiff tells what a version changed against another: against the one that
// it was based on if none is named. There is no other for the first.
func (s *Service) FrameworkDiff(ctx context.Context, who authz.Actor, id, against string) (v, base FrameworkVersion, out []framework.Change, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, view *work.View) error {
		if err := view.May(ctx, SeeFramework, authz.Instance); err != nil {
			return err
		}
		if v, _, err = getFramework(ctx, view, id); err != nil {
			return err
		}
		if against == "" {
			against = v.BasedOn
		}
		if against == "" {
			return nil
		}
		if base, _, err = getFramework(ctx, view, against); err != nil {
			return err
		}
		before, err := s.frameworkOf(ctx, view, base.ID)
		if err != nil {
			return err
		}
		after, err := s.frameworkOf(ctx, view, v.ID)
		if err != nil {
			return err
		}
		out = framework.Diff(before, after)
		return nil
	})
	return v, base, out, err
}

// PublishFramework makes the draft the version in force, for good. Version is that
// of the draft which was read.
func (s *Service) PublishFramework(ctx context.Context, who authz.Actor, version int64) (v FrameworkVersion, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, PublishFramework, authz.Instance); err != nil {
			return err
		}
		d, err := getFrameworkDraft(ctx, tx)
		if err != nil {
			return err
		}
		if d.Version != version {
			return errs.New(errs.Conflict, "Somebody changed this draft meanwhile. Read it again before it is published.")
		}
		if v, err = publishFrameworkIn(ctx, tx, d); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM framework_draft`)
		return err
	})
	return v, err
}

func publishFrameworkIn(ctx context.Context, tx *work.Tx, d FrameworkDraft) (v FrameworkVersion, err error) {
	f, problems := judge(d.Text)
	var c errs.Check
	d.Changes = strings.TrimSpace(d.Changes)
	c.That(d.Changes != "", "changes", "Say what changes and why: it is what those read who are measured by it.")
	for i, p := range problems.Refused() {
		if i == 20 {
			break
		}
		c.Add("text", "%s", p.String())
	}
	if err := c.Err(); err != nil {
		return v, err
	}
	v = FrameworkVersion{Number: 1, BasedOn: d.BasedOn, Changes: d.Changes}
	last, text, err := getFramework(ctx, tx, InForce)
	switch {
	case errs.Is(err, errs.NotFound):
	case err != nil:
		return v, err
	case last.ID != d.BasedOn:
		return v, errs.New(errs.Conflict, "A newer version was published since this draft was begun. Begin again from that one.")
	case text == d.Text:
		return v, errs.OnField("text", "Nothing is different from version %d.", last.Number)
	default:
		v.Number = last.Number + 1
	}
	final, f := numbered(d.Text, f, v.Number)
	return addFramework(ctx, tx, f, final, v)
}

// numbered lets the text say which version it is, so that an exported file does
// too. A text that does not hold it on one line says what it says.
func numbered(text string, f *framework.Framework, number int) ([]byte, *framework.Framework) {
	final, err := framework.Edit([]byte(text), map[string]string{"framework/version": itoa(number)})
	if err != nil {
		return []byte(text), f
	}
	if again, err := framework.Load(final); err == nil {
		return final, again
	}
	return []byte(text), f
}

// FrameworkEffects tells what a draft would change: in roles, and for the invented
// people of the framework in force. Nobody's standing is looked at.
func (s *Service) FrameworkEffects(ctx context.Context, who authz.Actor) (changes []framework.Change, people []string, err error) {
	d, err := s.FrameworkDraft(ctx, who)
	if err != nil || d.Framework == nil || d.Base == nil {
		return nil, nil, err
	}
	return framework.Diff(d.Base, d.Framework), check.Effects(d.Base, d.Framework), nil
}

// addFramework stores a text as the next version.
func addFramework(ctx context.Context, tx *work.Tx, f *framework.Framework, text []byte, v FrameworkVersion) (FrameworkVersion, error) {
	v.ID, v.Framework, v.Title, v.SHA256, v.PublishedBy, v.At, v.InForce = tx.NewID(), f.About.ID, f.About.Title, sumOf(text), tx.Who.Person, sqldb.Micros(tx.Now), true
	_, err := tx.ExecContext(ctx, `INSERT INTO framework_version (id, number, framework_id, title, content, sha256, based_on, changes, published_by, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, v.ID, v.Number, v.Framework, v.Title, string(text), v.SHA256, v.BasedOn, v.Changes, v.PublishedBy, v.At)
	if sqldb.IsDuplicate(err) {
		return v, errs.New(errs.Duplicate, "Version %d of the framework was published meanwhile.", v.Number)
	}
	if err != nil {
		return v, err
	}
	tx.Record(FrameworkPublished{Version: v.ID, Number: v.Number, SHA256: v.SHA256, By: v.PublishedBy})
	return v, nil
}
