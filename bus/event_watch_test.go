package bus

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestWatcherSeesWhatMatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		created, paid := told("orders.created"), told("payments.paid")
		created.Subscribe(n.View("mail"), func(context.Context, ping) error { return nil })
		var lines []string
		stop, err := n.View("console").SubscribeAll("orders.>", func(_ context.Context, s Notice) error {
			lines = append(lines, fmt.Sprint(s.Event, " ", s.Emitter, " ", s.RequestID, " ", s.Broadcast, " ", string(s.Body)))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx := WithRequestID(t.Context(), "r-1")
		_ = created.Emit(ctx, n.View("orders"), ping{1})
		_ = paid.Emit(ctx, n.View("payments"), ping{2})
		_ = told("orders.shipped").Broadcast(ctx, n.View("delivery"), ping{3})
		synctest.Wait()
		stop()
		_ = created.Emit(ctx, n.View("orders"), ping{4})
		synctest.Wait()
		want := []string{`orders.created orders r-1 false {"N":1}`, `orders.shipped delivery r-1 true {"N":3}`}
		if !slices.Equal(lines, want) {
			t.Errorf("saw %q, want %q", lines, want)
		}
		if s := countersOf(t, n, "console", "orders.>"); s.Delivered != 2 {
			t.Errorf("counted %+v", s)
		}
		for _, bad := range []string{"", "orders", "orders.created.twice", "Orders.>", "orders.>.x"} {
			if _, err := n.View("console").SubscribeAll(bad, func(context.Context, Notice) error { return nil }); err == nil {
				t.Errorf("%q is taken for a pattern", bad)
			}
		}
	})
}

func TestPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		">": "orders.created payments.paid", "*.created": "orders.created", "payments.*": "payments.paid",
		"orders.created": "orders.created", "*.*": "orders.created payments.paid", "orders.paid": "",
	} {
		var got []string
		for _, name := range []string{"orders.created", "payments.paid"} {
			if matches(pattern, name) {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s matches %v, want %s", pattern, got, want)
		}
	}
}
