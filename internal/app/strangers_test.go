package app

import (
	"context"
	"reflect"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// open are the methods that a guest may call, each with its reason.
var open = map[string]string{
	"Exchange.Case":    "a case may be open to readers without an account; an unknown one is not found",
	"Exchange.Earlier": "the same as Case",
}

// TestStrangersAreRefused calls every exported service method that takes an
// actor as a guest with empty arguments, and expects a refusal.
func TestStrangersAreRefused(t *testing.T) {
	eachApp(t, func(t *testing.T, a *App) {
		services := map[string]any{
			"People": a.People, "Portfolio": a.Portfolio, "Transfer": a.Transfer, "Reporting": a.Reporting, "Career": a.Career, "Exchange": a.Exchange, "Webhooks": a.Webhooks, "Documents": a.Documents, "Raid": a.Raid, "Bodies": a.Bodies, "Governance": a.Governance, "Opposites": a.Opposites, "CPD": a.CPD,
			"Mentoring": a.Mentoring, "Development": a.Development, "Opportunities": a.Opportunities, "Mail": a.Mail,
		}
		called := 0
		for name, s := range services {
			v := reflect.ValueOf(s)
			for i := range v.NumMethod() {
				m := v.Type().Method(i)
				if m.Type.NumIn() < 3 || m.Type.In(2) != reflect.TypeFor[authz.Actor]() {
					continue
				}
				called++
				err := callAsGuest(v.Method(i))
				kind := errs.KindOf(err)
				refused := err != nil && (kind == errs.Unauthenticated || kind == errs.Forbidden || kind == errs.NotFound)
				if open[name+"."+m.Name] == "" && !refused {
					t.Errorf("%s.%s as a guest: %v", name, m.Name, err)
				}
				if err == nil {
					t.Errorf("%s.%s let a guest do it", name, m.Name)
				}
			}
		}
		if called < 40 {
			t.Errorf("only %d methods were tried", called)
		}
	})
}

// callAsGuest calls a method with a guest and zero values, and gives its error.
func callAsGuest(m reflect.Value) error {
	in := []reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(authz.Nobody())}
	for i := 2; i < m.Type().NumIn(); i++ {
		arg := m.Type().In(i)
		if arg.Kind() == reflect.Func {
			in = append(in, reflect.MakeFunc(arg, func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.Zero(arg.Out(0))} }))
			continue
		}
		in = append(in, reflect.Zero(arg))
	}
	if m.Type().IsVariadic() {
		in = in[:len(in)-1]
	}
	out := m.Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}
