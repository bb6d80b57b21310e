package portfolio

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// AllFields lists the fields of this register: those of every register, then
// the active custom ones in their order.
func (s *Service) AllFields(ctx context.Context, who authz.Actor) (out []FieldInfo, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		out, err = fieldsIn(ctx, v)
		return err
	})
	return out, err
}

// CustomFields lists the custom fields, the retired ones last, and whether the
// reader may define them.
func (s *Service) CustomFields(ctx context.Context, who authz.Actor) (out []Definition, may bool, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeRegister, authz.Instance); err != nil {
			return err
		}
		may = v.Can(ctx, DefineFields, authz.Instance)
		out, err = definitions(ctx, v)
		return err
	})
	return out, may, err
}

// DefineField adds a custom field after the others. Its id comes from its label
// and stays when the label changes.
func (s *Service) DefineField(ctx context.Context, who authz.Actor, d Definition) (Definition, error) {
	err := s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, DefineFields, authz.Instance); err != nil {
			return err
		}
		if err := d.check(); err != nil {
			return err
		}
		list, err := definitions(ctx, tx)
		if err != nil {
			return err
		}
		if len(list) >= maxCustom {
			return errs.OnField("label", "A register has at most %d custom fields.", maxCustom)
		}
		d.Field, d.Custom, d.Retired, d.Position, d.Version = slug(d.Label), true, false, len(list)+1, 1
		if err := insertDefinition(ctx, tx, d); err != nil {
			return err
		}
		tx.Record(FieldDefined{Field: d.Field, New: true})
		return reindex(ctx, tx, d.FieldInfo)
	})
	return d, err
}

// ChangeField changes label, choices, hint, whether lists sort by it, place and
// retirement; a stale version is a Conflict. The type stays: what was stated
// was stated as that type.
func (s *Service) ChangeField(ctx context.Context, who authz.Actor, d Definition) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, DefineFields, authz.Instance); err != nil {
			return err
		}
		list, err := definitions(ctx, tx)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(o Definition) bool { return o.Field == d.Field })
		if at < 0 {
			return errs.Missing("custom field")
		}
		old := list[at]
		if d.Type != old.Type {
			return errs.OnField("type", "The type of a field stays. Retire this one and add another.")
		}
		if err := d.check(); err != nil {
			return err
		}
		if err := updateDefinition(ctx, tx, d); err != nil {
			return err
		}
		if d.Position != old.Position && d.Position > 0 {
			if err := place(ctx, tx, list, d.Field, d.Position); err != nil {
				return err
			}
		}
		tx.Record(FieldDefined{Field: d.Field, Changed: d.changed(old)})
		if d.Sortable == old.Sortable && d.Retired == old.Retired && slices.Equal(d.Choices, old.Choices) {
			return nil
		}
		return reindex(ctx, tx, d.FieldInfo)
	})
}

// changed names what differs from the definition before.
func (d Definition) changed(old Definition) (out []string) {
	for _, c := range []struct {
		name string
		same bool
	}{
		{"label", d.Label == old.Label},
		{"choices", slices.Equal(d.Choices, old.Choices)},
		{"hint", d.Hint == old.Hint},
		{"sortable", d.Sortable == old.Sortable},
		{"retired", d.Retired == old.Retired},
		{"position", d.Position == old.Position},
	} {
		if !c.same {
			out = append(out, c.name)
		}
	}
	return out
}
