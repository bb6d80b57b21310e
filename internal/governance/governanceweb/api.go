package governanceweb

import "cairn/internal/kit/web"

// api is what machines can do with governance: the same as people.
func (w *Web) api() []web.Operation { return nil }
