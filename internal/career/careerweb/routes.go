// Package careerweb is the pages and the API of a person's own career.
package careerweb

import (
	"net/http"
	"slices"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves careers, each to its owner alone.
type Web struct {
	career *career.Service
	url    string // of this Cairn, for links that are handed to somebody
}

// Module is what the server needs of this feature. Links that it makes begin with
// the address.
func Module(s *career.Service, url string) web.Module {
	w := &Web{career: s, url: url}
	m := web.Module{
		Routes: append(w.frameworkRoutes(), []web.Route{
			{Method: http.MethodGet, Pattern: "/career", Action: career.OwnCareer, Handle: w.standing},
			{Method: http.MethodPost, Pattern: "/career/on", Action: career.OwnCareer, Handle: w.turnOn},
			{Method: http.MethodPost, Pattern: "/career/off", Action: career.OwnCareer, Handle: w.turnOff},
			{Method: http.MethodGet, Pattern: "/career/counters/{id}", Action: career.OwnCareer, Handle: w.counter},
			{Method: http.MethodGet, Pattern: "/career/competencies/{id}", Action: career.OwnCareer, Handle: w.competency},
			{Method: http.MethodGet, Pattern: "/career/roles", Action: career.OwnCareer, Handle: w.roles},
			{Method: http.MethodGet, Pattern: "/career/roles/{id}", Action: career.OwnCareer, Handle: w.role},
			{Method: http.MethodGet, Pattern: "/career/options", Action: career.OwnCareer, Handle: w.options},
			{Method: http.MethodPost, Pattern: "/career/counted", Action: career.OwnCareer, Handle: w.chooseCounted},
			{Method: http.MethodGet, Pattern: "/career/looks", Action: career.OwnCareer, Handle: w.looks},
			{Method: http.MethodGet, Pattern: "/coverage", Action: career.SeeCoverage, Handle: w.coverage},
			{Method: http.MethodGet, Pattern: "/career/past", Action: career.OwnCareer, Handle: w.past},
			{Method: http.MethodPost, Pattern: "/career/past", Action: career.OwnCareer, Handle: w.statePast},
			{Method: http.MethodPost, Pattern: "/career/past/{id}/remove", Action: career.OwnCareer, Handle: w.removePast},
		}...),
		Nav: []ui.NavItem{
			{ID: "career", Label: "My standing", Href: "/career", Icon: "mountain", Key: "s", Group: "Career"},
			{ID: "evidence", Label: "My evidence", Href: "/career/evidence", Icon: "file-check", Key: "y", Group: "Career"},
			{ID: "options", Label: "My options", Href: "/career/options", Icon: "route", Key: "o", Group: "Career"},
			{ID: "framework", Label: "Framework", Href: "/framework", Icon: "scroll-text", Key: "f", Group: "Career"},
			{ID: "coverage", Label: "Team coverage", Href: "/coverage", Icon: "layers", Group: "Career"},
		},
		NavFor: map[string]authz.Action{"career": career.OwnCareer, "options": career.OwnCareer, "evidence": career.OwnCareer, "framework": career.SeeFramework, "coverage": career.SeeCoverage},
		Panels: []web.Panel{{Slot: "desk", Order: 20, Show: w.deskPanel}},
		API:    slices.Concat(w.operations(), w.ownRecords(), w.planning(), w.frameworkOperations(), w.teamOperations()),
	}
	w.addEvidence(&m)
	w.addDocuments(&m)
	return m
}

// addEvidence adds the pages of evidence and of attestation.
func (w *Web) addEvidence(m *web.Module) {
	own := func(method, pattern string, handle func(*web.Req) error) {
		m.Routes = append(m.Routes, web.Route{Method: method, Pattern: pattern, Action: career.OwnCareer, Handle: handle})
	}
	own(http.MethodGet, "/career/evidence", w.evidence)
	own(http.MethodGet, "/career/entries/new", w.newEntry)
	own(http.MethodPost, "/career/entries", w.enter)
	own(http.MethodGet, "/career/entries/{id}", w.entry)
	own(http.MethodPost, "/career/entries/{id}", w.enter)
	own(http.MethodPost, "/career/entries/{id}/remove", w.takeBack)
	own(http.MethodPost, "/career/entries/{id}/ask", w.askAboutEntry)
	own(http.MethodGet, "/career/evidence/{id}", w.piece)
	own(http.MethodPost, "/career/evidence/{id}", w.claim)
	own(http.MethodPost, "/career/evidence/{id}/ask", w.askAboutPiece)
	own(http.MethodPost, "/career/attestations/{id}/withdraw", w.withdraw)
	own(http.MethodPost, "/career/attestations/{id}/take", w.take)
	m.Routes = append(m.Routes,
		web.Route{Method: http.MethodGet, Pattern: "/attestations/{id}", Action: career.Attest, Handle: w.request},
		web.Route{Method: http.MethodPost, Pattern: "/attestations/{id}", Action: career.Attest, Handle: w.answer},
		web.Route{Method: http.MethodGet, Pattern: "/attest/{token}", Action: career.AttestByLink, Handle: w.linked},
		web.Route{Method: http.MethodPost, Pattern: "/attest/{token}", Action: career.AttestByLink, Handle: w.answerLinked},
	)
	m.Waits = append(m.Waits, w.waits)
	m.API = append(m.API, w.evidenceAPI()...)
}
