package bus

import (
	"context"
	"encoding/json"
	"testing"
	"time"
)

// adder is what a service would be without a bus: the floor.
type adder interface {
	Add(ctx context.Context, req sum) (total, error)
}

type sum struct{ A, B int64 }

type total struct{ Sum int64 }

type direct struct{}

//go:noinline
func (direct) Add(_ context.Context, req sum) (total, error) { return total{req.A + req.B}, nil }

// plain is a variable so that the compiler does not see which type is behind it.
var plain adder = direct{}

// sink keeps results alive.
var sink int64

func addNode(tb testing.TB) (*Bus, *Action[sum, total]) {
	tb.Helper()
	n := NewNode(Options{})
	add := NewAction[sum, total]("math.add")
	add.Handle(n.View("math"), direct{}.Add)
	if err := n.Check(); err != nil {
		tb.Fatal(err)
	}
	return n.View("bench"), add
}

// within runs f inside a root call, so that what it calls is nested.
func within(tb testing.TB, b *Bus, f func(ctx context.Context)) {
	tb.Helper()
	run := NewAction[struct{}, struct{}]("outer.run")
	run.Handle(b.node.View("outer"), func(ctx context.Context, _ struct{}) (struct{}, error) {
		f(ctx)
		return struct{}{}, nil
	})
	if _, err := run.With(Timeout(time.Hour)).Call(context.Background(), b, struct{}{}); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkInterface is the first half of the floor: a call through an interface.
func BenchmarkInterface(b *testing.B) {
	ctx := context.Background()
	b.ReportAllocs()
	for i := range b.N {
		res, err := plain.Add(ctx, sum{int64(i), 1})
		if err != nil {
			b.Fatal(err)
		}
		sink = res.Sum
	}
}

// BenchmarkTwoClockReads is the second half of the floor.
func BenchmarkTwoClockReads(b *testing.B) {
	base := time.Now()
	b.ReportAllocs()
	for range b.N {
		from := time.Since(base)
		sink = int64(time.Since(base) - from)
	}
}

func BenchmarkNested(b *testing.B) {
	view, add := addNode(b)
	within(b, view, func(ctx context.Context) {
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			res, err := add.Call(ctx, view, sum{int64(i), 1})
			if err != nil {
				b.Fatal(err)
			}
			sink = res.Sum
		}
		b.StopTimer()
	})
}

// BenchmarkNestedWithValue is a nested call whose context is not the frame itself.
func BenchmarkNestedWithValue(b *testing.B) {
	type key struct{}
	view, add := addNode(b)
	within(b, view, func(ctx context.Context) {
		ctx = context.WithValue(ctx, key{}, 1)
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			res, err := add.Call(ctx, view, sum{int64(i), 1})
			if err != nil {
				b.Fatal(err)
			}
			sink = res.Sum
		}
		b.StopTimer()
	})
}

func BenchmarkNestedParallel(b *testing.B) {
	view, add := addNode(b)
	within(b, view, func(ctx context.Context) {
		b.ReportAllocs()
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := add.Call(ctx, view, sum{1, 2}); err != nil {
					b.Error(err)
				}
			}
		})
		b.StopTimer()
	})
}

func BenchmarkRoot(b *testing.B) {
	view, add := addNode(b)
	ctx := context.Background()
	b.ReportAllocs()
	for i := range b.N {
		res, err := add.Call(ctx, view, sum{int64(i), 1})
		if err != nil {
			b.Fatal(err)
		}
		sink = res.Sum
	}
}

func BenchmarkRootParallel(b *testing.B) {
	view, add := addNode(b)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		ctx := context.Background()
		for pb.Next() {
			if _, err := add.Call(ctx, view, sum{1, 2}); err != nil {
				b.Error(err)
			}
		}
	})
}

type cart struct {
	ID    string            `json:"id"`
	Lines []line            `json:"lines"`
	Notes map[string]string `json:"notes"`
}

type line struct {
	Product  string   `json:"product"`
	Quantity int64    `json:"quantity"`
	Price    *int64   `json:"price"`
	Tags     []string `json:"tags"`
}

func fiftyLines() cart {
	c := cart{ID: "cart-1", Notes: map[string]string{"gift": "yes", "lang": "en"}}
	for i := range 50 {
		price := int64(1000 + i)
		c.Lines = append(c.Lines, line{Product: "product-with-a-name", Quantity: int64(i), Price: &price, Tags: []string{"a", "b"}})
	}
	return c
}

func BenchmarkNestedCart(b *testing.B) {
	n := NewNode(Options{})
	count := NewAction[cart, total]("math.count")
	count.Handle(n.View("math"), func(_ context.Context, req cart) (total, error) {
		return total{int64(len(req.Lines))}, nil
	})
	view, req := n.View("bench"), fiftyLines()
	within(b, view, func(ctx context.Context) {
		b.ReportAllocs()
		b.ResetTimer()
		for range b.N {
			if _, err := count.Call(ctx, view, req); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
	})
}

// BenchmarkCartThroughJSON is what the copy of BenchmarkNestedCart replaces.
func BenchmarkCartThroughJSON(b *testing.B) {
	req := fiftyLines()
	b.ReportAllocs()
	for range b.N {
		body, err := json.Marshal(req)
		if err != nil {
			b.Fatal(err)
		}
		var out cart
		if err := json.Unmarshal(body, &out); err != nil {
			b.Fatal(err)
		}
		sink = int64(len(out.Lines))
	}
}
