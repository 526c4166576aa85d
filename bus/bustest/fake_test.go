package bustest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
)

type list struct{ Items []string }

var count = bus.NewAction[list, int]("counter.count")

func TestFakeRecordsWhatItWasAsked(t *testing.T) {
	node := bustest.New(t)
	fake := bustest.Fake(t, node, count, nil)
	mine := list{Items: []string{"a"}}
	if n, err := count.Call(t.Context(), node.View("shop"), mine); n != 0 || err != nil {
		t.Errorf("without an answer: %d, %v", n, err)
	}
	mine.Items[0] = "spoilt"
	fake.Answer(func(_ context.Context, l list) (int, error) { return len(l.Items), nil })
	if n, err := count.Call(t.Context(), node.View("shop"), list{Items: []string{"b", "c"}}); n != 2 || err != nil {
		t.Errorf("with an answer: %d, %v", n, err)
	}
	calls := fake.Calls()
	if len(calls) != 2 || calls[0].Items[0] != "a" || !slices.Equal(calls[1].Items, []string{"b", "c"}) {
		t.Errorf("calls %v", calls)
	}
}

func TestWhatIsWiredWronglyFailsTheTest(t *testing.T) {
	for name, c := range map[string]struct {
		says string
		body func(t testing.TB)
	}{
		"a fake of what is handled": {"counter.count cannot be faked: counter.count has two handlers", func(t testing.TB) {
			node := bustest.New(t)
			bustest.Fake(t, node, count, nil)
			bustest.Fake(t, node, count, nil)
			t.Log("not reached")
		}},
		"a mistake nobody looked at": {"the bus was wired wrongly", func(t testing.TB) {
			count.Handle(bustest.New(t).View("other"), func(context.Context, list) (int, error) { return 0, nil })
		}},
		"a call in flight": {"the test ended while counter.count was being called by shop", func(t testing.TB) {
			release, arrived := make(chan struct{}), make(chan struct{})
			t.Cleanup(func() { close(release) })
			node := bustest.New(t)
			bustest.Fake(t, node, count, func(context.Context, list) (int, error) {
				close(arrived)
				<-release
				return 0, nil
			})
			go func() { _, _ = count.Call(context.Background(), node.View("shop"), list{}) }()
			<-arrived
		}},
	} {
		r := bustest.Trial(c.body)
		if !r.Failed || !strings.Contains(r.String(), c.says) || strings.Contains(r.String(), "not reached") {
			t.Errorf("%s: failed %v, log:\n%s", name, r.Failed, r)
		}
	}
}

// A deadline takes no time in a bubble.
func TestVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := bustest.New(t)
		bustest.Fake(t, node, count, func(ctx context.Context, _ list) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		})
		start := time.Now()
		_, err := count.Call(t.Context(), node.View("shop"), list{})
		if bus.CodeOf(err) != bus.DeadlineExceeded || time.Since(start) != bus.DefaultTimeout {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

func TestTheLogIsTheTests(t *testing.T) {
	var node *bus.Node
	call := func() { _, _ = count.Call(context.Background(), node.View("shop"), list{}) }
	r := bustest.Trial(func(t testing.TB) {
		node = bustest.New(t, func(o *bus.Options) { o.NodeID = "n1" })
		bustest.Fake(t, node, count, func(context.Context, list) (int, error) { panic("out of paper") })
		call()
	})
	if r.Failed || node.ID() != "n1" || !strings.Contains(r.String(), `panic="out of paper"`) || strings.Contains(r.String(), "time=") {
		t.Errorf("failed %v, log:\n%s", r.Failed, r)
	}
	call() // logs to a test that is over
}
