package portfolioweb

import (
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// waits are the live projects that nobody manages because who did has left.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.register.Unled(r.Context(), r.Who())
	for _, u := range list {
		out = append(out, ui.Wait{
			Cost: ui.HoldsUp, Title: u.Name + " has no project manager", Href: "/projects/" + u.Project + "#people",
			Says: or(u.Manager, "Who managed it") + " has left, or their account is deactivated.", When: "No date", Why: "nobody reports on it, and nobody is reminded", Act: "Assign somebody",
		})
	}
	return out, err
}
