// Package bodiesweb is the pages and the API of governing bodies, meetings and decisions.
package bodiesweb

import (
	"cairn/internal/bodies"
	"cairn/internal/kit/web"
)

// Web serves governing bodies, meetings and decisions.
type Web struct{ bodies *bodies.Service }

// Module is what the server needs of this feature.
func Module(s *bodies.Service) web.Module {
	return web.Module{}
}
