package apps

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// Proves: A5
func TestHangingProvidersLoseTheirOwnResultsOnly(t *testing.T) {
	for name, test := range map[string]struct {
		deadline time.Duration // of the caller; 0 for none of its own
		within   time.Duration
	}{
		"the caller has time": {0, 3 * time.Second},
		"less than 3 s left":  {time.Second, 900 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				released := make(chan struct{})
				apps := development(t, promo("deaf", 1, hangsUntil(released)), promo("slow", 2, waits), promo("works", 3, gives("FIVE")))
				defer close(released)
				ctx := t.Context()
				if test.deadline > 0 {
					limited, cancel := context.WithTimeout(ctx, test.deadline)
					defer cancel()
					ctx = limited
				}
				begin := time.Now()
				res, err := appsapi.Execute.Call(ctx, apps.caller, listDiscounts())
				if err != nil {
					t.Fatal(err)
				}
				expect(t, res, []string{"FIVE"}, []string{"PROVIDER_TIMEOUT deaf", "PROVIDER_TIMEOUT slow"})
				if took := time.Since(begin); took != test.within {
					t.Errorf("the call took %s, want %s", took, test.within)
				}
			})
		})
	}
}

// waits honours its ctx.
func waits(ctx context.Context) ([]plugin.Discount, []plugin.Warning, error) {
	<-ctx.Done()
	return nil, nil, ctx.Err()
}

func TestOneProviderThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		apps := development(t, promo("slow", 0, waits))
		req := listDiscounts()
		req.Provider = "slow"
		_, err := appsapi.Execute.Call(t.Context(), apps.caller, req)
		if !errors.Is(err, appsapi.ErrProviderTimeout) || bus.CodeOf(err) != bus.DeadlineExceeded {
			t.Errorf("got %v", err)
		}
	})
}

func TestCallerThatGivesUp(t *testing.T) {
	for _, provider := range []string{"", "slow"} {
		synctest.Test(t, func(t *testing.T) {
			apps := development(t, promo("slow", 0, waits))
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			req := listDiscounts()
			req.Provider = provider
			begin := time.Now()
			_, err := appsapi.Execute.Call(ctx, apps.caller, req)
			if bus.CodeOf(err) != bus.Canceled || time.Since(begin) != time.Second {
				t.Errorf("got %v after %s", err, time.Since(begin))
			}
		})
	}
}

func TestProvidersRunAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		takesTwoSeconds := func(code string) serve {
			return func(ctx context.Context) ([]plugin.Discount, []plugin.Warning, error) {
				select {
				case <-time.After(2 * time.Second):
					return gives(code)(ctx)
				case <-ctx.Done():
					return nil, nil, ctx.Err()
				}
			}
		}
		apps := development(t, promo("a", 0, takesTwoSeconds("A")), promo("b", 0, takesTwoSeconds("B")))
		begin := time.Now()
		res, err := appsapi.Execute.Call(t.Context(), apps.caller, listDiscounts())
		if err != nil {
			t.Fatal(err)
		}
		expect(t, res, []string{"A", "B"}, nil)
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("the call took %s, want 2s", took)
		}
	})
}
