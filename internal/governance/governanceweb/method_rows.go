package governanceweb

import (
	"strconv"

	"cairn/internal/governance/method"
	"cairn/internal/kit/ui"
)

// gateRows says how each gate is held at each tier.
func gateRows(m *method.Method) (out []tierRow) {
	for _, g := range m.Gates {
		row := tierRow{What: g.Name}
		for i, t := range method.Tiers() {
			row.Cells[i] = gateForm(m, g.Form.At(t))
		}
		out = append(out, row)
	}
	return out
}

// dialChanges is what the method itself says that the tiers change.
func dialChanges(m *method.Method) (out []tierRow) {
	for _, t := range m.Dial.Changes {
		out = append(out, tierRow{t.What, [4]string{orDash(t.S), orDash(t.M), orDash(t.L), orDash(t.XL)}})
	}
	return out
}

func documentRows(m *method.Method) (out []tierRow) {
	for _, d := range m.Documents {
		row := tierRow{What: d.Name}
		for i, t := range method.Tiers() {
			row.Cells[i] = "–"
			if n := d.Pages.At(t); n > 0 {
				row.Cells[i] = plainNumber(n)
			}
		}
		out = append(out, row)
	}
	return out
}

// quorums says by tier how many have to be there; the words are the method's.
func quorums(m *method.Method) (out []tierRow) {
	for i, q := range []method.QuorumRule{m.Quorum.S, m.Quorum.M, m.Quorum.L, m.Quorum.XL} {
		words := q.Words
		if words == "" {
			words = ui.Count(q.Members, "member", "members")
			if q.Reviewers > 0 {
				words += ", " + ui.Count(q.Reviewers, "reviewer", "reviewers")
			}
			if s := q.Share.String(); s != "" {
				words += ", " + s + " of the body"
			}
		}
		out = append(out, tierRow{method.Tiers()[i].String(), [4]string{words}})
	}
	return out
}

// changedCount says how many statements differ.
func changedCount(list []changesOf) string {
	n := 0
	for _, k := range list {
		n += len(k.List)
	}
	if n == 0 {
		return "no difference yet"
	}
	return strconv.Itoa(n) + " differences"
}
