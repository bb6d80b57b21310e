package governanceweb

import "cairn/internal/kit/web"

func (w *Web) gateOperations() []web.Operation { return nil }
