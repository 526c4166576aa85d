package operation

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type list func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error)

var call = Call{Domain: plugin.Pricing, Operation: "list"}

func made(t *testing.T, places int, serve list) *slot.Slot {
	t.Helper()
	provider := plugin.NewProvider(nil)
	plugin.ListDiscounts.Serve(provider, serve)
	manifest := plugin.Manifest{Code: "a", Domains: []plugin.Domain{plugin.Pricing}}
	s, err := slot.New("demo", manifest, slot.Active, provider, places)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func gives(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
	return []plugin.Discount{{Code: "FIVE"}}, nil, nil
}

// waits honours its ctx.
func waits(ctx context.Context, _ plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
	<-ctx.Done()
	return nil, nil, ctx.Err()
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(service.NewGroup(nil), 3*time.Second)
		for left, want := range map[time.Duration]time.Duration{
			0: 3 * time.Second, 10 * time.Second: 3 * time.Second, 2 * time.Second: 1800 * time.Millisecond,
		} {
			ctx, cancel := t.Context(), context.CancelFunc(func() {})
			if left > 0 {
				ctx, cancel = context.WithTimeout(ctx, left)
			}
			if got := d.Limit(ctx); got != want {
				t.Errorf("with %s left the limit is %s, want %s", left, got, want)
			}
			cancel()
		}
	})
}

// A provider that hangs for ever takes its places, and the time of calls of its
// own; it takes nothing from the others, however often it is called.
func TestDeafProviderRunsOutOfPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		released, begun := make(chan struct{}), make(chan struct{}, 10)
		deaf := made(t, 2, func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
			begun <- struct{}{}
			<-released
			return nil, nil, nil
		})
		works := made(t, 2, gives)
		group := service.NewGroup(nil)
		d := New(group, time.Second)
		for i := range 5 {
			begin := time.Now()
			outcomes := d.Run(t.Context(), []*slot.Slot{deaf, works}, call)
			if !errors.Is(outcomes[0].Err, ErrTimeout) || outcomes[1].Err != nil || len(outcomes[1].Reply.Data) != 1 {
				t.Errorf("run %d: %+v", i, outcomes)
			}
			if took := time.Since(begin); took != time.Second {
				t.Errorf("run %d took %s", i, took)
			}
		}
		if len(begun) != 2 {
			t.Errorf("the provider was begun %d times, and it has 2 places", len(begun))
		}
		close(released)
		if err := group.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestStopEndsTheWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		group := service.NewGroup(nil)
		d := New(group, time.Hour)
		released := make(chan struct{})
		deaf := made(t, 1, func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
			<-released
			return nil, nil, nil
		})
		time.AfterFunc(time.Second, d.Stop)
		if outcomes := d.Run(t.Context(), []*slot.Slot{deaf}, call); !errors.Is(outcomes[0].Err, ErrStopping) {
			t.Errorf("got %+v", outcomes)
		}
		d.Stop() // a second one does nothing
		close(released)
		if err := group.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		// A group that has stopped runs nothing, so nothing is waited for.
		if outcomes := d.Run(t.Context(), []*slot.Slot{made(t, 1, gives)}, call); !errors.Is(outcomes[0].Err, ErrStopping) {
			t.Errorf("after the stop: %+v", outcomes)
		}
	})
}

func TestProvidersSeeTheStopOfTheService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		group := service.NewGroup(nil)
		d := New(group, time.Hour)
		ended := make(chan error, 1)
		s := made(t, 1, func(ctx context.Context, q plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
			_, _, err := waits(ctx, q)
			ended <- err
			return nil, nil, err
		})
		stopped := make(chan error, 1)
		time.AfterFunc(time.Second, func() { stopped <- group.Stop(context.Background()) })
		outcomes := d.Run(t.Context(), []*slot.Slot{s}, call)
		if outcomes[0].Err == nil || !errors.Is(<-ended, context.Canceled) || <-stopped != nil {
			t.Errorf("got %+v", outcomes)
		}
	})
}

func TestNothingToRun(t *testing.T) {
	if outcomes := New(service.NewGroup(nil), time.Second).Run(t.Context(), nil, call); len(outcomes) != 0 {
		t.Errorf("got %+v", outcomes)
	}
}
