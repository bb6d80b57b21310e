package governance

import (
	"context"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/work"
)

// ReviewSheet is all that the page of a review shows.
type ReviewSheet struct {
	Review
	Today      clock.Day
	Method     *method.Method // the frozen version
	WhoName    string         // the role that decides, in words
	Criteria   []CriterionReady
	Readiness  *Readiness
	Said       []GateOpinion
	Mine       map[string]GateOpinion // the reader's last words, by criterion
	Journey    Journey
	Count      Count
	Reviewers  int      // findings still needed
	Unheard    []string // roles whose opinion is still needed, in words
	Choices    []Choice // if each unmet must had its condition
	Decision   *GateDecision
	Conditions []Condition // of this decision
	Before     Precedents
	Suggested  []Suggestion // people who are near, for naming
	MaySeat    bool
	MaySpeak   bool
	MayDecide  bool
	Own        bool // the reader manages the project
	Conflicted bool // the reader declared a conflict
}

// Suggestion is somebody whom one is likely to name.
type Suggestion struct{ Person, Name string }

// Precedents are how such gates went before, over all projects that the reader sees.
type Precedents struct {
	Reviews int
	By      map[string]int // decisions
}

// ReviewOf reads a review with all that its page shows, in a fixed number of queries.
func (s *Service) ReviewOf(ctx context.Context, who authz.Actor, id string) (sh ReviewSheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if sh.Review, err = getReview(ctx, v, id); err != nil {
			return err
		}
		if err := v.May(ctx, SeeGates, authz.On(sh.Project)); err != nil {
			return err
		}
		sh.Today = v.Today
		if sh.Method, err = s.method(ctx, v, sh.MethodVersion); err != nil {
			return err
		}
		if sh.Journey, err = s.journey(ctx, v, sh.Project, v.Today); err != nil {
			return err
		}
		if err := s.fillReview(ctx, v, &sh); err != nil {
			return err
		}
		return s.permit(ctx, v, &sh)
	})
	return sh, err
}

// fillReview reads what stands beside the criteria.
func (s *Service) fillReview(ctx context.Context, v *work.View, sh *ReviewSheet) (err error) {
	if sh.Said, err = saidOf(ctx, v, sh.ID); err != nil {
		return err
	}
	if sh.Decision, err = decisionOf(ctx, v, sh.ID); err != nil {
		return err
	}
	for _, c := range sh.Journey.Conditions {
		if c.Review == sh.ID {
			sh.Conditions = append(sh.Conditions, c)
		}
	}
	states, err := controlStates(ctx, v, []string{sh.Project}, v.Today)
	if err != nil {
		return err
	}
	seen, err := s.seenOf(ctx, v, []string{sh.Project}, v.Today)
	if err != nil {
		return err
	}
	asked := s.require(sh.MethodVersion, sh.Method, sh.Tier, sh.Frozen.Involves)
	if g := asked.Gate(sh.Gate); g != nil {
		sh.Readiness = &Readiness{}
		sh.Readiness.weigh(g, sh.Method, sh.Tier, states[sh.Project], seen[sh.Project].facts)
		sh.Readiness.missing(sh.Method, asked.Documents, g.Gate, seen[sh.Project].documents)
		sh.Criteria = sh.Readiness.Criteria
	}
	names, err := s.bodyNames(ctx, v, []string{sh.Body})
	if err != nil {
		return err
	}
	sh.BodyName, sh.WhoName = names[sh.Body], roleName(sh.Method, sh.Who)
	sh.Count = sh.count(sh.Method, "")
	var roles []string
	sh.Reviewers, roles = sh.unheard(sh.Said)
	for _, role := range roles {
		sh.Unheard = append(sh.Unheard, roleName(sh.Method, role))
	}
	sh.Choices = choices(sh.Method, sh.Gate, sh.hopeful(), &sh.Frozen)
	if sh.Before, err = precedents(ctx, v, sh.Gate, sh.Tier); err != nil {
		return err
	}
	sh.Suggested, err = suggested(ctx, v, sh.Project)
	return err
}

// hopeful is the standing under which decisions are offered before the chair has
// filled in the form: all musts met for a go, or each covered by a condition.
// What cannot change by filling in the form limits them: an open condition, or a
// dial that has not been asked.
func (sh *ReviewSheet) hopeful() Standing {
	return Standing{Blocking: openOf(earlier(sh.Journey.Conditions, sh.ID)), Asked: 1, Dial: sh.Journey.Dial.Missing()}
}

// earlier leaves out the conditions that this review set.
func earlier(list []Condition, review string) (out []Condition) {
	for _, c := range list {
		if c.Review != review {
			out = append(out, c)
		}
	}
	return out
}

// permit says what the reader may do here.
func (s *Service) permit(ctx context.Context, v *work.View, sh *ReviewSheet) error {
	managers, err := managersOf(ctx, v, sh.Project, v.Today)
	if err != nil {
		return err
	}
	me := v.Who.Person
	for _, m := range managers {
		sh.Own = sh.Own || m == me && me != ""
	}
	sh.Mine = map[string]GateOpinion{}
	for _, o := range sh.Said {
		if o.Person == me {
			sh.Mine[o.Criterion] = o
		}
	}
	for _, seat := range sh.Seats {
		sh.Conflicted = sh.Conflicted || seat.Person == me && seat.Conflicted()
	}
	if sh.State != ReviewOpen {
		return nil
	}
	owner, _ := sh.decider(me)
	if sh.Own {
		owner = ""
	}
	sh.MaySeat = v.Can(ctx, SeatReview, authz.Target{Node: sh.Project, Owner: sh.runs(me)})
	sh.MaySpeak = v.Can(ctx, GiveOpinion, authz.Target{Node: sh.Project, Owner: sh.seated(me, Capacity.Speaks)})
	sh.Journey.MayDial = v.Can(ctx, AnswerDial, authz.On(sh.Project))
	sh.MayDecide = v.Can(ctx, DecideGate, authz.Target{Node: sh.Project, Owner: owner})
	return nil
}

// precedents counts how this gate was decided at this tier, over the projects
// that the reader sees.
func precedents(ctx context.Context, v *work.View, gate string, tier method.Tier) (p Precedents, err error) {
	p.By = map[string]int{}
	w := whereScoped(v, "d.project_id")
	w.And("d.gate_id = ? AND r.tier = ?", gate, int(tier))
	rows, err := v.QueryContext(ctx, `SELECT d.decision, COUNT(*) FROM gate_decision d JOIN gate_review r ON r.id = d.review_id`+w.SQL()+` GROUP BY d.decision`, w.Values()...)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var d string
		var n int
		if err := rows.Scan(&d, &n); err != nil {
			return p, err
		}
		p.By[d] = n
		p.Reviews += n
	}
	return p, rows.Err()
}

// suggested lists who has to do with the project, and the PMO: whom one is likely
// to name. Anybody else is named by typing.
func suggested(ctx context.Context, v *work.View, project string) (out []Suggestion, err error) {
	rows, err := v.QueryContext(ctx, `SELECT p.id, p.name FROM v_person p WHERE NOT p.erased AND p.left_on = '' AND
		(p.id IN (SELECT a.person_id FROM v_assignment a WHERE a.project_id = $1 AND a.to_on = '')
		OR p.id IN (SELECT c.person_id FROM v_account c WHERE c.active = TRUE AND c.role IN ('pmo_member', 'head_of_pmo'))) ORDER BY p.name_key, p.id LIMIT 60`, project)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x Suggestion
		if err := rows.Scan(&x.Person, &x.Name); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}
