// Package webhookweb is the pages and the API of webhooks, and what sends them.
package webhookweb

import (
	"net/http"

	"cairn/internal/kit/web"
	"cairn/internal/webhook"
)

// Web serves webhooks.
type Web struct{ hooks *webhook.Service }

// Module is what the server needs of this feature.
func Module(s *webhook.Service) web.Module {
	w := &Web{hooks: s}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/settings/webhooks", Action: webhook.RegisterHook, Handle: w.list},
			{Method: http.MethodPost, Pattern: "/settings/webhooks", Action: webhook.RegisterHook, Handle: w.register},
			{Method: http.MethodGet, Pattern: "/settings/webhooks/{id}", Action: webhook.OwnHook, Handle: w.hook},
			{Method: http.MethodPost, Pattern: "/settings/webhooks/{id}/pause", Action: webhook.OwnHook, Handle: w.pause},
			{Method: http.MethodPost, Pattern: "/settings/webhooks/{id}/resume", Action: webhook.OwnHook, Handle: w.resume},
			{Method: http.MethodPost, Pattern: "/settings/webhooks/{id}/remove", Action: webhook.OwnHook, Handle: w.remove},
			{Method: http.MethodPost, Pattern: "/settings/webhooks/{id}/deliveries/{delivery}/again", Action: webhook.OwnHook, Handle: w.again},
		},
		Settings: []web.SettingsItem{{
			Label: "Webhooks", Text: "Other systems that are told of what happens.", Href: "/settings/webhooks", Action: webhook.RegisterHook,
		}},
		API: w.operations(),
	}
}
