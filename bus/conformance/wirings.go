package conformance

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
)

func wiringRows() []row {
	return []row{
		{name: "wiring/nothing is wrong", want: "<nil>", run: func(w *world) string {
			serve(w, "oracle.ask", answers)
			return fmt.Sprint(w.callee.Check())
		}},
		refused("two handlers", "oracle.ask has two handlers: ", func(w *world) {
			serve(w, "oracle.ask", answers)
			serve(w, "oracle.ask", answers)
		}),
		{name: "wiring/the first of two handlers answers", run: firstHandler, want: "here; <nil>"},
		refused("a handler in another service's view", "the service library handles oracle.ask, which belongs to the service oracle", func(w *world) {
			bus.NewAction[nothing, string]("oracle.ask").Handle(w.callee.View("library"), answers)
		}),
		refused("no handler", "the handler of oracle.ask is nil", func(w *world) { serve[nothing, string](w, "oracle.ask", nil) }),
		refused("a name that is none", `"Oracle" is no name of an action`, func(w *world) { serve(w, "Oracle", answers) }),
		refused("a type that cannot be copied", "the request of oracle.ask cannot cross the bus", func(w *world) {
			serve(w, "oracle.ask", func(context.Context, struct{ Deep []struct{ Any func() } }) (string, error) { return "", nil })
		}),
		refused("a type with fields that are not exported", "the response of oracle.ask cannot cross the bus", func(w *world) {
			serve(w, "oracle.ask", func(context.Context, nothing) (struct{ hidden int }, error) { return struct{ hidden int }{}, nil })
		}),
		refused("a type with fields that JSON leaves out", "the request of oracle.ask cannot cross the bus", func(w *world) {
			serve(w, "oracle.ask", func(context.Context, struct {
				Hidden int `json:"-"`
			}) (string, error) {
				return "", nil
			})
		}),
		refused("one name with other types", "oracle.ask is declared with different types: ", func(w *world) {
			serve(w, "oracle.ask", answers)
			serve(w, "oracle.ask", func(context.Context, nothing) (int, error) { return 0, nil })
		}),
	}
}

// refused is a row about a mistake that Node.Check reports in words that contain
// says; positions are beside them.
func refused(name, says string, wire func(w *world)) row {
	return row{name: "wiring/" + name, want: says, run: func(w *world) string {
		w.open()
		wire(w)
		if err := w.callee.Check(); err == nil || !strings.Contains(err.Error(), says) {
			return fmt.Sprint(err)
		}
		return says
	}}
}

func firstHandler(w *world) string {
	a := serve(w, "oracle.ask", answers)
	serve(w, "oracle.ask", func(context.Context, nothing) (string, error) { return "the second", nil })
	for _, n := range w.nodes() { // Check would refuse to start
		if err := n.Start(w.t.Context()); err != nil {
			return err.Error()
		}
	}
	got := call(w, a)
	var errs error
	for _, n := range w.nodes() {
		errs = errors.Join(errs, n.Close(context.Background()))
	}
	return lines(got, fmt.Sprint(errs))
}
