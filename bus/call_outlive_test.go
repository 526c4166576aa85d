package bus

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A call with a context that does not end with the call it belongs to is a root: it has a
// deadline, is in the list, and the drain waits for it.
func TestCallThatOutlivesItsRootIsARoot(t *testing.T) {
	type key struct{}
	cut := context.WithoutCancel
	for name, c := range map[string]struct {
		ctx     func(context.Context) (context.Context, context.CancelFunc)
		options Options
		limit   time.Duration
	}{
		"without its cancellation": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return cut(ctx), func() {}
		}, Options{}, DefaultTimeout},
		"and with a value": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithValue(WithRequestID(cut(ctx), "r"), key{}, 1), func() {}
		}, Options{}, DefaultTimeout},
		"and with a cancellation of its own": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithCancel(cut(ctx))
		}, Options{}, DefaultTimeout},
		"and with a later deadline": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(cut(ctx), time.Minute)
		}, Options{}, time.Minute},
		"and with an earlier deadline": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(cut(ctx), time.Second)
		}, Options{}, time.Second},
		"of a root without a deadline": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return cut(ctx), func() {}
		}, Options{DefaultTimeout: -1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, _ := quietNode(t, c.options)
				first, second := echo("alpha.first"), echo("beta.second")
				release, left := make(chan struct{}), make(chan time.Duration, 1)
				second.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
					at, limited := ctx.Deadline()
					if !limited {
						at = time.Now()
					}
					left <- time.Until(at)
					<-release
					return pong{}, nil
				})
				first.Handle(n.View("alpha"), func(ctx context.Context, _ ping) (pong, error) {
					own, cancel := c.ctx(ctx)
					go func() {
						defer cancel()
						_, _ = second.Call(own, n.View("alpha"), ping{})
					}()
					return pong{<-asInt(left)}, nil
				})
				res, err := first.Call(t.Context(), n.View("test"), ping{})
				if err != nil || time.Duration(res.N) != c.limit {
					t.Errorf("the call had %s, %v; want %s", time.Duration(res.N), err, c.limit)
				}
				if list := n.InFlight(); len(list) != 1 || list[0].Action != "beta.second" {
					t.Errorf("in flight %+v, want beta.second", list)
				}
				drained := make(chan error, 1)
				go func() { drained <- n.Drain(t.Context()) }()
				synctest.Wait()
				select {
				case err := <-drained:
					t.Errorf("the drain ended before the call: %v", err)
				default:
				}
				close(release)
				if err := <-drained; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func asInt(from <-chan time.Duration) <-chan int {
	to := make(chan int, 1)
	to <- int(<-from)
	return to
}

// What ends with its call stays nested: it is in no list, and the drain lets it in.
func TestCallWithADerivedContextIsNested(t *testing.T) {
	type key struct{}
	for name, derive := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"a value": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithValue(ctx, key{}, 1), func() {}
		},
		"a cancellation": context.WithCancel,
		"an earlier deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
		"a later deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Hour)
		},
	} {
		n, _ := quietNode(t, Options{})
		first, second := echo("alpha.first"), echo("beta.second")
		second.Handle(n.View("beta"), func(context.Context, ping) (pong, error) { return pong{len(n.InFlight())}, nil })
		first.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
			own, cancel := derive(ctx)
			defer cancel()
			n.stop.Or(draining)
			return second.Call(own, n.View("alpha"), req)
		})
		if res, err := first.Call(t.Context(), n.View("test"), ping{}); err != nil || res.N != 1 {
			t.Errorf("with %s: %d in flight, %v; want the root alone", name, res.N, err)
		}
	}
}

func TestNestedCallWithAValueAllocatesNothing(t *testing.T) {
	type key struct{}
	view, add := addNode(t)
	within(t, view, func(ctx context.Context) {
		ctx = context.WithValue(ctx, key{}, 1)
		if got := testing.AllocsPerRun(1000, func() { _, _ = add.Call(ctx, view, sum{1, 2}) }); got != 0 {
			t.Errorf("allocates %v times, want 0", got)
		}
	})
}

// A time that is too long to be added to now is no limit, and not one that has passed.
func TestTimesSaturate(t *testing.T) {
	const ages = time.Duration(math.MaxInt64)
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Hour) // the node's clock is not at its beginning
		n, _ := quietNode(t, Options{DefaultTimeout: ages})
		<-time.After(time.Hour)
		a, calls := counted(n)
		long, cancel := context.WithTimeout(t.Context(), ages)
		defer cancel()
		call := func(what string, a *Action[ping, pong], ctx context.Context) {
			if _, err := a.Call(ctx, n.View("test"), ping{}); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		call("the node's default", a, t.Context())
		call("the context's deadline", a, long)
		call("a policy", a.With(Timeout(ages)), t.Context())
		call("attempts", a.With(Retry(RetryPolicy{AttemptTimeout: ages})), t.Context())
		kept := a.With(Cache(CachePolicy{TTL: ages}))
		call("a cache", kept, t.Context())
		before := *calls
		if call("a cache", kept, t.Context()); *calls != before {
			t.Error("a cache that keeps for ages has forgotten")
		}
		r := &retrier{RetryPolicy: &RetryPolicy{Base: ages, Max: ages, Random: func() float64 { return math.Nextafter(1, 0) }}}
		if got := r.wait(1); got < ages/2 {
			t.Errorf("a wait of %s, want ages", got)
		}
		patient, _ := quietNode(t, Options{DefaultTimeout: ages})
		e, limit := told("alpha.told"), make(chan error, 1)
		e.Subscribe(patient.View("beta"), func(ctx context.Context, _ ping) error { limit <- ctx.Err(); return nil })
		if emit(t, e, patient.View("test"), 1); <-limit != nil {
			t.Error("an event's handler has no time")
		}
	})
}

// Who is cut learns of it, and nothing else is called on its behalf.
func TestCutCallsAreCanceled(t *testing.T) {
	for _, close := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n, _ := quietNode(t, Options{})
			a, b, e := echo("alpha.wait"), echo("beta.ask"), told("alpha.told")
			b.Handle(n.View("beta"), func(context.Context, ping) (pong, error) { return pong{}, nil })
			after := make(chan error, 2)
			wait := func(ctx context.Context, _ ping) (pong, error) {
				<-ctx.Done()
				_, err := b.Call(ctx, n.View("alpha"), ping{})
				after <- err
				return pong{}, ctx.Err()
			}
			a.Handle(n.View("alpha"), wait)
			e.Subscribe(n.View("alpha"), func(ctx context.Context, p ping) error { _, err := wait(ctx, p); return err })
			emit(t, e, n.View("test"), 1)
			ended := make(chan error, 1)
			go func() {
				_, err := a.Call(t.Context(), n.View("test"), ping{})
				ended <- err
			}()
			synctest.Wait()
			want := Canceled
			if close {
				want = Unavailable
				if err := n.Close(t.Context()); err != nil {
					t.Error(err)
				}
			} else {
				var cut *DrainError
				if err := n.Drain(canceledContext()); !errors.As(err, &cut) || len(cut.Cut) != 2 || !strings.Contains(err.Error(), "alpha.wait") {
					t.Errorf("the drain says %v", err)
				}
			}
			began := time.Now()
			if err := <-ended; CodeOf(err) != Canceled || time.Since(began) != 0 {
				t.Errorf("the call that was cut got %v after %s, want canceled now", err, time.Since(began))
			}
			for range 2 {
				if err := <-after; CodeOf(err) != want {
					t.Errorf("closed %v: a call below one that was cut got %v, want %s", close, err, want)
				}
			}
		})
	}
}
