package slot

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/plugin"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type list func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error)

func made(t *testing.T, code string, priority, places int, serve list, domains ...plugin.Domain) *Slot {
	t.Helper()
	provider := plugin.NewProvider(nil)
	plugin.ListDiscounts.Serve(provider, serve)
	manifest := plugin.Manifest{Code: code, Priority: priority, Domains: append(domains, plugin.Pricing)}
	s, err := New("demo", manifest, Active, provider, places)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func nothing(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
	return nil, nil, nil
}

func TestDirectory(t *testing.T) {
	directory := NewDirectory()
	sleeping := made(t, "asleep", 0, 1, nothing)
	sleeping.Status = Inactive
	directory.Put("demo", []*Slot{
		made(t, "b", 10, 1, nothing), made(t, "late", 20, 1, nothing, plugin.Delivery), made(t, "a", 10, 1, nothing), sleeping})
	project, ok := directory.Project("demo")
	if !ok || directory.Len() != 1 {
		t.Fatal("the project is not there")
	}
	if got := project.Codes(plugin.Pricing); !slices.Equal(got, []string{"asleep", "a", "b", "late"}) {
		t.Errorf("the codes are %v", got)
	}
	var active []string
	for _, s := range project.Active(plugin.Pricing) {
		active = append(active, s.Code())
	}
	if !slices.Equal(active, []string{"a", "b", "late"}) {
		t.Errorf("active are %v", active)
	}
	if _, ok := project.Find("late", plugin.Delivery); !ok {
		t.Error("a slot is not found in its second domain")
	}
	if _, ok := project.Find("a", plugin.Delivery); ok {
		t.Error("a slot is found in a domain it does not serve")
	}
	if _, ok := directory.Project("other"); ok {
		t.Error("a project that nobody put is there")
	}
}

func TestSettingsThatAreNoJSON(t *testing.T) {
	if _, err := New("demo", plugin.Manifest{Code: "a"}, Active, plugin.NewProvider(math.NaN()), 1); err == nil {
		t.Error("a slot is made whose settings cannot be shown")
	}
}

func TestPanicIsAnError(t *testing.T) {
	s := made(t, "a", 0, 1, func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
		panic("broken")
	})
	for range 2 { // the place is given back
		_, err := s.Run(t.Context(), plugin.Pricing, "list", nil)
		var panicked *PanicError
		if !errors.As(err, &panicked) || panicked.Error() != "panic: broken" || !strings.HasPrefix(panicked.Trace.At, "services/apps/internal/slot/slots_test.go:") {
			t.Errorf("got %v", err)
		}
	}
}

func TestCallsWaitForAPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		takesASecond := func(context.Context, plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
			<-time.After(time.Second)
			return nil, nil, nil
		}
		s := made(t, "a", 0, 2, takesASecond)
		begin := time.Now()
		took := make(chan time.Duration, 4)
		for range 4 {
			context.AfterFunc(ended(), func() {
				if _, err := s.Run(t.Context(), plugin.Pricing, "list", nil); err != nil {
					t.Error(err)
				}
				took <- time.Since(begin)
			})
		}
		for _, want := range []time.Duration{1, 1, 2, 2} {
			if got := <-took; got != want*time.Second {
				t.Errorf("a call ended after %s, want %ds", got, want)
			}
		}
	})
}

// ended returns a ctx that has ended, at which functions start immediately.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestCallWithoutAPlaceEndsWithItsContext(t *testing.T) {
	s := made(t, "a", 0, 0, nothing)
	if _, err := s.Run(ended(), plugin.Pricing, "list", nil); !errors.Is(err, ErrBusy) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
