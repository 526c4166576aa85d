package conformance

import (
	"context"
	"fmt"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// ruled is a request with rules.
type ruled struct {
	Name  string `json:"name" schema:"required,maxLength=3"`
	Count int    `json:"count" schema:"minimum=1"`
}

// Validate says what no tag can.
func (r ruled) Validate() error {
	if r.Name == "bad" {
		return bus.Invalid(bus.FieldError{Field: "name", Rule: "taste", Message: "must not be bad"})
	}
	return nil
}

func policyRows() []row {
	return []row{
		{name: "validation/a sound request", run: validated(ruled{"abc", 1}), want: "ok, handler ran 1 times"},
		{name: "validation/rules of the type", run: validated(ruled{"abcd", 0}), want: "invalid_argument name maxLength count minimum, handler ran 0 times"},
		{name: "validation/the type's own method", run: validated(ruled{"bad", 1}), want: "invalid_argument name taste, handler ran 0 times"},
		{name: "policies/a retry of an idempotent action", run: retried, want: "ok, handler ran 3 times"},
		{name: "policies/an answer from the cache", run: cached, want: "1 1, handler ran 1 times"},
		{name: "policies/a full bulkhead", run: bulkhead, want: "resource_exhausted bus.bulkheadFull"},
		{name: "policies/an open breaker", run: breaker, want: "unavailable, handler ran 2 times"},
	}
}

func validated(req ruled) func(w *world) string {
	return func(w *world) string {
		ran := 0
		a := serve(w, "oracle.check", func(context.Context, ruled) (nothing, error) {
			ran++
			return nothing{}, nil
		})
		w.start()
		_, err := a.Call(w.t.Context(), w.shop, req)
		text := bus.CodeOf(err).String()
		if e, ok := err.(*bus.Error); ok { //nolint:errorlint // Call returns nothing else
			for _, f := range e.Fields() {
				text += " " + f.Field + " " + f.Rule
			}
		}
		return fmt.Sprintf("%s, handler ran %d times", text, ran)
	}
}

// retried calls an action that fails twice, with a policy of retries.
func retried(w *world) string {
	ran := 0
	a := serve(w, "oracle.try", func(context.Context, nothing) (nothing, error) {
		if ran++; ran < 3 {
			return nothing{}, bus.Errorf(bus.Unavailable, "not yet")
		}
		return nothing{}, nil
	}, bus.Idempotent())
	patient := a.With(bus.Retry(bus.RetryPolicy{Attempts: 5, Base: time.Millisecond}))
	w.start()
	_, err := patient.Call(w.t.Context(), w.shop, nothing{})
	return fmt.Sprintf("%s, handler ran %d times", bus.CodeOf(err), ran)
}

func cached(w *world) string {
	ran := 0
	a := serve(w, "oracle.count", func(context.Context, nothing) (int, error) {
		ran++
		return ran, nil
	}, bus.Idempotent())
	kept := a.With(bus.Cache(bus.CachePolicy{}))
	w.start()
	first, err := kept.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	second, err := kept.Call(w.t.Context(), w.shop, nothing{})
	if err != nil {
		return describe(err)
	}
	return fmt.Sprintf("%d %d, handler ran %d times", first, second, ran)
}

func bulkhead(w *world) string {
	arrived, release := make(chan nothing, several), newGate(w)
	a := serve(w, "oracle.wait", func(context.Context, nothing) (nothing, error) {
		arrived <- nothing{}
		<-release.opened
		return nothing{}, nil
	})
	one := a.With(bus.Bulkhead(bus.BulkheadPolicy{Concurrency: 1}))
	w.start()
	first := make(chan error, 1)
	go func() {
		_, err := one.Call(w.t.Context(), w.shop, nothing{})
		first <- err
	}()
	await(w, arrived, "the first call")
	_, err := one.Call(w.t.Context(), w.shop, nothing{})
	release.open()
	if err := await(w, first, "the first answer"); err != nil {
		return describe(err)
	}
	if e, ok := err.(*bus.Error); ok { //nolint:errorlint // Call returns nothing else
		return e.Code.String() + " " + e.Reason
	}
	return fmt.Sprint(err)
}

func breaker(w *world) string {
	ran := 0
	a := serve(w, "oracle.fail", func(context.Context, nothing) (nothing, error) {
		ran++
		return nothing{}, bus.Errorf(bus.Unavailable, "closed")
	})
	guarded := a.With(bus.Breaker(bus.BreakerPolicy{MinRequests: 2}))
	w.start()
	var err error
	for range 5 {
		_, err = guarded.Call(w.t.Context(), w.shop, nothing{})
	}
	return fmt.Sprintf("%s, handler ran %d times", bus.CodeOf(err), ran)
}
