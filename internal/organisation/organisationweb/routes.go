// Package organisationweb is the page of settings and the organisation's own.
package organisationweb

import (
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/organisation"
)

// Web serves the settings.
type Web struct{ settings *organisation.Service }

// Module is what the server needs of this feature.
func Module(s *organisation.Service) web.Module {
	w := &Web{settings: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/settings", Action: organisation.SeeSettings, Handle: w.index},
			{Method: http.MethodGet, Pattern: "/settings/organisation", Action: organisation.SeeSettings, Handle: w.page},
			{Method: http.MethodPost, Pattern: "/settings/organisation", Action: organisation.ChangeSettings, Handle: w.change},
		},
		Nav:    []ui.NavItem{{ID: "settings", Label: "Settings", Href: "/settings", Icon: "settings", Key: "t", Group: "foot"}},
		NavFor: map[string]authz.Action{"settings": organisation.SeeSettings},
		Settings: []web.SettingsItem{{
			Label: "Organisation", Href: "/settings/organisation", Action: organisation.SeeSettings,
			Text: "Name, time zone, working days and holidays, currency, rating scale, when reports are due.",
		}},
		API: w.operations(),
	}
}
