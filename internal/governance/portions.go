package governance

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"cairn/internal/governance/method"
	"cairn/internal/kit/work"
)

// Whatever is shown of what people said about a control is made of portions, each
// of at least five people, that never change once their months are over and never
// overlap. So two figures, of one day or of two, differ by whole portions: by
// nobody, or by five people and more.

// portion is the smallest part of the answers about a control that figures are
// made of. What is not known of it is left out of figures by it.
type portion struct {
	from, to string      // months of its block
	tier     method.Tier // of all its answers; NoTier for several
	version  string      // the same; empty for several
	answers  []answer
}

// waits is how many months a block that five people answered in waits for a tier
// that fewer than five answered for.
const waits = 3

// portions puts the answers about one control, by month, together. Months of a year
// make blocks of five people and more; the month that runs, and what is left over at
// the end of the list or of a year, is in none.
func portions(list []answer, now string) (out []portion) {
	from := 0
	for i := range list {
		month := list[i].month
		if month >= now {
			break
		}
		if month[:4] != list[from].month[:4] { // each year begins anew, so that no more is read than two of them
			from = i
		}
		last := i+1 == len(list) || list[i+1].month != month
		if whole := list[from : i+1]; last && closed(whole) {
			for _, p := range partitioned(whole) {
				p.from, p.to = list[from].month, month
				out = append(out, p)
			}
			from = i + 1
		}
	}
	return out
}

// closed reports whether a block may end with its last month. It depends on nothing
// but what lies in it, so that it is the same on every later day.
func closed(list []answer) bool {
	if people(list) < fewest {
		return false
	}
	first, last := list[0].month, list[len(list)-1].month
	if last[5:] == "12" || number(last)-number(first) >= waits-1 {
		return true
	}
	for _, part := range grouped(list, func(a answer) method.Tier { return a.tier }) {
		if people(part) < fewest {
			return false
		}
	}
	return true
}

// number counts the months of a year.
func number(month string) int { return int(month[5]-'0')*10 + int(month[6]-'0') }

func people(list []answer) int {
	have := map[string]bool{}
	for _, a := range list {
		have[a.person] = true
	}
	return len(have)
}

func grouped[K comparable](list []answer, key func(answer) K) map[K][]answer {
	by := map[K][]answer{}
	for _, a := range list {
		by[key(a)] = append(by[key(a)], a)
	}
	return by
}

// partitioned splits a block by tier and version as far as five people allow: by
// both, else by tier, else by version. What is left over is one portion of nothing
// known, and takes another one in if it is of too few itself.
func partitioned(list []answer) (out []portion) {
	type cell struct {
		tier    method.Tier
		version string
	}
	for _, of := range []func(answer) cell{
		func(a answer) cell { return cell{a.tier, a.version} },
		func(a answer) cell { return cell{tier: a.tier} },
		func(a answer) cell { return cell{version: a.version} },
	} {
		by := grouped(list, of)
		list = nil
		for _, c := range slices.SortedFunc(maps.Keys(by), func(a, b cell) int {
			return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(a.version, b.version))
		}) {
			if people(by[c]) >= fewest {
				out = append(out, portion{tier: c.tier, version: c.version, answers: by[c]})
				continue
			}
			list = append(list, by[c]...)
		}
	}
	if len(list) == 0 {
		return out
	}
	if people(list) < fewest { // there is another one: the block is of five people
		least := 0
		for i := range out {
			if len(out[i].answers) < len(out[least].answers) {
				least = i
			}
		}
		list = append(list, out[least].answers...)
		out = slices.Delete(out, least, least+1)
	}
	return append(out, portion{answers: list})
}

// figures are the portions that each figure about a control is made of.
type figures struct {
	all      []portion
	tiers    map[method.Tier][]portion
	quarters map[string][]portion
}

// figuresOf chooses the portions that lie in the twelve months from a month on.
func figuresOf(list []portion, from string) figures {
	f := figures{tiers: map[method.Tier][]portion{}, quarters: map[string][]portion{}}
	for _, p := range list {
		if p.from < from {
			continue
		}
		f.all = append(f.all, p)
		f.quarters[quarter(p.to)] = append(f.quarters[quarter(p.to)], p)
		if p.tier != method.NoTier {
			f.tiers[p.tier] = append(f.tiers[p.tier], p)
		}
	}
	return f
}

// sides are the portions of versions before one, and of it and later ones.
func (f figures) sides(number map[string]int, split int) (before, since []portion) {
	for _, p := range f.all {
		switch n := number[p.version]; {
		case n == 0:
		case n < split:
			before = append(before, p)
		default:
			since = append(since, p)
		}
	}
	return before, since
}

// total adds portions up.
func total(control string, tier method.Tier, list []portion) Balance {
	var all []answer
	for _, p := range list {
		all = append(all, p.answers...)
	}
	return balance(control, tier, all)
}

// figuresFor reads what may be shown of what was said about the controls of some
// versions, by control.
func figuresFor(ctx context.Context, v *work.View, control string, versions map[string]int) (map[string]figures, error) {
	from := yearBefore(v.Today)
	all, err := answersSince(ctx, v, control, from[:5]+"01")
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a answer) bool { return versions[a.version] == 0 })
	out := map[string]figures{}
	for control, list := range grouped(all, func(a answer) string { return a.control }) {
		out[control] = figuresOf(portions(list, v.Today[:7]), from)
	}
	return out, nil
}
