package portfolio

import (
	"context"
	"slices"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
)

// putWords keeps the comparable form of the facts that have no key column: long
// texts. A filter asks these rows, and they tell of the present only.
func putWords(ctx context.Context, tx authz.Writer, ids []string) error {
	list, err := readWords(ctx, tx, ids)
	if err != nil {
		return err
	}
	var old sqldb.Where
	old.AndIn("project_id", ids)
	if _, err := tx.ExecContext(ctx, `DELETE FROM project_words`+old.SQL(), old.Values()...); err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, w := range list {
		rows[i] = []any{w.field, w.project, w.words}
	}
	return sqldb.Insert(ctx, tx, `project_words (field, project_id, words)`, ``, rows)
}

type word struct{ field, project, words string }

// readWords gives the words as they should be.
func readWords(ctx context.Context, q sqldb.Querier, ids []string) (out []word, err error) {
	custom, err := customFields(ctx, q)
	if err != nil {
		return nil, err
	}
	var w sqldb.Where
	w.AndIn("v.project_id", ids)
	w.And("v.is_current = TRUE")
	rows, err := q.QueryContext(ctx, `SELECT v.project_id, v.purpose, v.rating_note, v.notes, v.custom FROM project_version v`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, own string
		var long [3]string
		if err := rows.Scan(&id, &long[0], &long[1], &long[2], &own); err != nil {
			return nil, err
		}
		f := Facts{Purpose: {Text: long[0]}, RatingNote: {Text: long[1]}, Notes: {Text: long[2]}}
		if err := f.addCustom(own); err != nil {
			return nil, err
		}
		out = append(out, wordsOf(id, f, custom)...)
	}
	return out, rows.Err()
}

// longTexts are the facts of every register that have no key column.
var longTexts = []FieldInfo{{Field: Purpose, Type: LongText}, {Field: RatingNote, Type: LongText}, {Field: Notes, Type: LongText}}

func wordsOf(project string, f Facts, custom []FieldInfo) (out []word) {
	for _, list := range [][]FieldInfo{longTexts, custom} {
		for _, i := range list {
			if key := i.comparable(f.Text(i.Field)); key != "" {
				out = append(out, word{string(i.Field), project, key})
			}
		}
	}
	return out
}

// comparable is the form in which a filter compares a value: texts folded and
// whole, numbers so that they compare as text; empty for a missing value.
func (i FieldInfo) comparable(s string) string {
	switch i.Type {
	case Number, Money:
		return i.sortKey(Value{Text: s})
	case Date, PersonRef:
		return s
	case Text, LongText, Choice, OfRating, OfScale, Node:
	}
	return fold.Key(s)
}

var senseOf = map[Type]Sense{Date: OfDate, Money: OfMoney, Number: OfNumber, PersonRef: OfPerson}

// askables are the fields about which a filter of this register can ask.
func askables(ctx context.Context, q sqldb.Querier) (Askables, error) {
	fields, err := fieldsIn(ctx, q)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(builtIn)
	for _, i := range fields {
		if i.Custom {
			out = append(out, Askable{Name: string(i.Field), Label: i.Label, Sense: senseOf[i.Type], Choices: i.Choices, words: true, sortable: i.Sortable, info: i})
		}
	}
	return out, nil
}
