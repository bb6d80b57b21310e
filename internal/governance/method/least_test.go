package method_test

import (
	"strings"
	"testing"

	"cairn/internal/governance/method"
)

// least is about the smallest method that has everything once, questions of its own
// among it.
const least = `schema: cairn/method/1
id: least
version: 1
name: Least
dial:
  max_points: 5
  questions:
    - id: size
      ask: How much?
      answers: [{id: small, label: little, points: 0}, {id: big, label: much, points: 3}]
    - id: touches
      ask: What does it touch?
      choose: many
      combine: sum
      answers:
        - {id: none, label: nothing, points: 0, alone: true}
        - {id: water, label: water, points: 1, sets: [involves.water]}
        - {id: air, label: air, points: 1, sets: [involves.air]}
  tiers: [{id: S, points: [0, 2]}, {id: L, points: [3, 5]}]
  floors: [{id: two, when: "size(dial.touches) > 1 && involved", at_least: L, because: both}]
roles: [{id: boss, kind: person, name: Boss}]
phases: [{id: all, name: All, exit: {gate: g}}]
gates:
  - id: g
    name: Enough?
    after: all
    form: {S: note, L: review}
    criteria: [{id: c, text: It works, level: must, record: ["lesson.count >= 1"]}]
decisions:
  - {id: go, label: Go, allowed_when: "criteria.must_unmet_count == 0"}
  - {id: stop, label: Stop, allowed_when: "true"}
authority: [{decision: gate, tier: S, who: boss}, {decision: gate, tier: L, who: boss}]
quorum: {L: {members: 2, share: "1/2"}}
documents: [{id: d, name: D, phase: all, when: involves.air, pages: 1}]
groups: [{id: a, name: A}]
events: [{name: test.done, means: tested}]
controls:
  - id: k
    name: K
    group: a
    purpose: it is tested
    phases: [all]
    due: g
    when: tier >= L && involves.water
    accepts: [{kind: event, name: test.done}, {kind: document, id: d, state: draft}, {kind: attestation, by: boss, says: done}, {kind: fact, when: "report.age_days <= fresh"}]
    fresh_days: {L: 10}
    rhythm: once
    owner: boss
    missing: {urgency: do-now, do: test it}
    strength: fair
`

// leastMethod is the text without its one mistake.
func leastMethod() string { return strings.Replace(least, " && involved", "", 1) }

func TestAMethodHasQuestionsOfItsOwn(t *testing.T) {
	if _, problems := method.Read([]byte(least)); len(problems) != 1 || problems[0].Path != "dial/floors/two/when" {
		t.Fatalf("a name that is none has to be refused: %v", problems)
	}
	m, problems := method.Read([]byte(leastMethod()))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got, err := m.Decide(method.Answers{"size": {"small"}, "touches": {"water", "air"}}, method.Register{})
	if err != nil || got.Points != 2 || got.ByPoints != method.S || got.Tier != method.L || len(got.Involves) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if len(got.Rules) != 1 || !got.Rules[0].Decides || got.PointsToNext != 1 || got.Method != "least" {
		t.Errorf("%+v", got)
	}
	var untick int
	for _, w := range got.WouldChange {
		if w.Untick && w.Tier == method.S {
			untick++
		}
	}
	if untick != 2 || len(got.WouldChange) != 3 {
		t.Errorf("without either of them it is S: %+v", got.WouldChange)
	}
	sizes, err := m.Sizes()
	if err != nil || sizes.S != (method.Range{}) || sizes.L != (method.Range{From: 0, To: 1}) {
		t.Errorf("%+v, %v", sizes, err)
	}
	if q := m.QuorumOf(method.L, 5); q.Members != 3 {
		t.Errorf("%+v", q)
	}
}
