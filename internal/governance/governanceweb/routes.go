// Package governanceweb is the pages and the API of governance: what is asked of
// a project, gaps, methods, the use of controls.
package governanceweb

import (
	"slices"

	"cairn/internal/governance"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// Web serves governance.
type Web struct{ gov *governance.Service }

// Module is what the server needs of this feature.
func Module(s *governance.Service) web.Module {
	w := &Web{gov: s}
	return web.Module{
		Routes: slices.Concat(w.projectRoutes(), w.mapRoutes(), w.methodRoutes(), w.useRoutes()),
		Nav:    []ui.NavItem{{ID: "governance", Label: "Governance", Href: "/governance", Icon: "shield-alert", Key: "v", Group: "Office"}},
		Panels: w.panels(),
		API:    w.api(),
	}
}
