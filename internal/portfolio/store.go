package portfolio

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// column gives the column of project_version in which a fact stands.
func column(f Field) string {
	if f == Parent {
		return "parent_id"
	}
	return string(f)
}

// factColumns lists the columns of all facts, prefixed, in the order of Fields.
var factColumns = func() string {
	var out []string
	for _, i := range Fields {
		out = append(out, "v."+column(i.Field))
	}
	return strings.Join(append(out, "v.missing", "v.custom"), ", ")
}()

const keyColumns = "name_key, code_key, category_key, org_unit_key, phase_key, status_key, end_key, budget_key, rating_key"

// versionColumns lists the columns of project_version.
var versionColumns = func() string {
	var cols []string
	for _, i := range Fields {
		cols = append(cols, column(i.Field))
	}
	return "project_id, valid_from, valid_to, known_from, known_to, is_current, " + strings.Join(cols, ", ") + ", missing, custom, " + keyColumns
}()

func insertVersion(ctx context.Context, tx *work.Tx, project string, p period) error {
	row, err := versionRow(tx, project, p)
	if err != nil {
		return err
	}
	if err := sqldb.Insert(ctx, tx, "project_version ("+versionColumns+")", "", [][]any{row}); err != nil || p.to != forever {
		return err
	}
	return putCustomKeys(ctx, tx, project, p.facts)
}

// versionRow gives a period the values of versionColumns.
func versionRow(tx *work.Tx, project string, p period) ([]any, error) {
	args := []any{project, p.from, p.to, sqldb.Micros(tx.Now), knownEver, p.to == forever}
	reasons := map[Field]string{}
	for _, i := range Fields {
		v := p.facts[i.Field]
		if v.Reason != "" {
			reasons[i.Field] = v.Reason
		}
		if i.Type == Money {
			args = append(args, nullMoney(p.facts, i.Field))
			continue
		}
		args = append(args, v.Text)
	}
	missing := ""
	if len(reasons) > 0 {
		b, err := json.Marshal(reasons)
		if err != nil {
			return nil, err
		}
		missing = string(b)
	}
	custom, err := p.facts.customJSON()
	return append(args, append([]any{missing, custom}, sortKeys(p.facts)...)...), err
}

// sortKeys are the folded, never missing forms by which lists sort and filter.
func sortKeys(f Facts) []any {
	end := f.End()
	if end == "" {
		end = forever
	}
	budget := "" // missing sorts before every amount
	if n, ok := f.Money(Budget); ok {
		budget = fmt.Sprintf("%020d", n+1<<60) // shifted so that text sorts as numbers do
	}
	return []any{
		fold.Sort(f.Text(Name)), fold.Sort(f.Text(Code)), fold.Sort(f.Text(Category)), fold.Sort(f.Text(OrgUnit)),
		fold.Sort(f.Text(Phase)), fold.Sort(f.Text(Status)), end, budget, strconv.Itoa(rank(f.Text(Rating))),
	}
}

// scanFacts reads the columns of factColumns after those that the caller puts first.
func scanFacts(rows interface{ Scan(...any) error }, before ...any) (Facts, error) {
	texts := make([]string, len(Fields))
	monies := make([]sql.NullInt64, len(Fields))
	dest := before
	for i, info := range Fields {
		if info.Type == Money {
			dest = append(dest, &monies[i])
		} else {
			dest = append(dest, &texts[i])
		}
	}
	var missing, custom string
	if err := rows.Scan(append(dest, &missing, &custom)...); err != nil {
		return nil, err
	}
	reasons := map[Field]string{}
	if missing != "" {
		if err := json.Unmarshal([]byte(missing), &reasons); err != nil {
			return nil, err
		}
	}
	f := Facts{}
	for i, info := range Fields {
		v := Value{Text: texts[i], Reason: reasons[info.Field]}
		if monies[i].Valid {
			v.Text = strconv.FormatInt(monies[i].Int64, 10)
		}
		if v != (Value{}) {
			f[info.Field] = v
		}
	}
	return f, f.addCustom(custom)
}

func nodeName(ctx context.Context, q sqldb.Querier, id string) (programme, portfolio string, err error) {
	err = q.QueryRowContext(ctx, `SELECT name, portfolio_name FROM v_programme WHERE id = $1
		UNION ALL SELECT '', name FROM portfolio WHERE id = $2`, id, id).Scan(&programme, &portfolio)
	return programme, portfolio, err
}

const assignmentInto = `assignment (id, project_id, person_id, kind, for_person_id, work_role, from_on, to_on, origin, source, version)`

func insertAssignment(ctx context.Context, tx *work.Tx, a Assignment) error {
	return sqldb.Insert(ctx, tx, assignmentInto, ``, [][]any{{a.ID, a.Project, a.Person, string(a.Kind), a.For, string(a.Role), a.From, a.To, string(a.Origin), a.Source, 1}})
}

func updateAssignment(ctx context.Context, tx *work.Tx, a Assignment) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE assignment SET kind = $1, for_person_id = $2, work_role = $3, from_on = $4, to_on = $5, version = version + 1
		WHERE id = $6 AND version = $7`, string(a.Kind), a.For, string(a.Role), a.From, a.To, a.ID, a.Version)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

const assignmentColumns = `a.id, a.project_id, a.person_id, p.name, a.kind, a.for_person_id, COALESCE(f.name, ''), a.work_role, a.from_on, a.to_on, a.origin, a.source, a.version`

const assignmentFrom = ` FROM assignment a JOIN v_person p ON p.id = a.person_id LEFT JOIN v_person f ON f.id = a.for_person_id`

func listAssignments(ctx context.Context, q sqldb.Querier, w *sqldb.Where, order string) ([]Assignment, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+assignmentColumns+assignmentFrom+w.SQL()+` ORDER BY `+order, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Assignment
	for rows.Next() {
		var a Assignment
		if err := rows.Scan(&a.ID, &a.Project, &a.Person, &a.PersonName, &a.Kind, &a.For, &a.ForName, &a.Role, &a.From, &a.To, &a.Origin, &a.Source, &a.Version); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// likeEscaped escapes text for LIKE ... ESCAPE '!'.
func likeEscaped(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}
