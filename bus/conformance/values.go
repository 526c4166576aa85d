package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"
)

// there gives the handler v and hands it back: what both sides got, in the words
// of show. One text means that they got the same.
func there[T any](v T, show func(T) string) func(w *world) string {
	return func(w *world) string {
		var seen string
		a := serve(w, "oracle.echo", func(_ context.Context, v T) (T, error) {
			seen = show(v)
			return v, nil
		})
		w.start()
		back, err := a.Call(w.t.Context(), w.shop, v)
		switch {
		case err != nil:
			return describe(err)
		case show(back) != seen:
			return lines("handler got "+seen, "caller got "+show(back))
		}
		return seen
	}
}

func printed[T any](v T) string { return fmt.Sprintf("%v", v) }
func quoted(v string) string    { return fmt.Sprintf("%#q", v) }

// absence tells nil from empty.
func absence[T any](v []T) string {
	if v == nil {
		return "nil"
	}
	return fmt.Sprint(v)
}

type numbers struct {
	Small, Large int64
	Unsigned     uint64
	Exact        int64
	Byte         int8
}

type lists struct {
	None, Empty, Some []string
	Bytes, NoBytes    []byte
}

func (l lists) String() string {
	return lines(absence(l.None), absence(l.Empty), absence(l.Some), absence(l.Bytes), absence(l.NoBytes))
}

type tables struct {
	None, Empty map[string]int
	ByNumber    map[int]string
	ByName      map[named][]int
}

type named string

func (t tables) String() string {
	return fmt.Sprint(t.None == nil, t.Empty == nil, len(t.Empty), t.ByNumber, t.ByName)
}

type moment struct{ Then, Zero time.Time }

func (m moment) String() string {
	return fmt.Sprint(m.Then.Format(time.RFC3339Nano), " ", m.Zero.IsZero())
}

type pointers struct {
	None, Zero, Set *int
	Twice           **string
}

func (p pointers) String() string {
	return fmt.Sprint(p.None == nil, p.Zero != nil && *p.Zero == 0, *p.Set, " ", **p.Twice)
}

type inner struct{ ID string }

type chain struct {
	Embedded

	Array [2]inner
	Items []inner
	Next  *chain
}

// Embedded is promoted into what embeds it, which only exported types are.
type Embedded struct{ Promoted string }

func (c chain) String() string {
	text := c.Promoted + c.Array[1].ID
	for _, i := range c.Items {
		text += i.ID
	}
	if c.Next != nil {
		text += ">" + c.Next.String()
	}
	return text
}

func valueRows() []row {
	seven, zero, text := 7, 0, "deep"
	deep := &text
	zone := time.FixedZone("Kyiv", 2*60*60)
	return []row{
		{name: "values/empty struct", run: there(struct{}{}, printed), want: "{}"},
		{name: "values/zero struct", run: there(numbers{}, printed), want: "{0 0 0 0 0}"},
		{name: "values/large integers", run: there(numbers{math.MinInt64, math.MaxInt64, math.MaxUint64, 1<<53 + 1, -128}, printed),
			want: "{-9223372036854775808 9223372036854775807 18446744073709551615 9007199254740993 -128}"},
		{name: "values/floats", run: there([]float64{math.MaxFloat64, math.SmallestNonzeroFloat64, 0.1, math.Copysign(0, -1)}, printed),
			want: "[1.7976931348623157e+308 5e-324 0.1 -0]"},
		{name: "values/text", run: there("Привіт, 世界 👋 \u2028 \x00 <b>&\"\\\n\t", quoted), want: quoted("Привіт, 世界 👋 \u2028 \x00 <b>&\"\\\n\t")},
		{name: "values/nil and empty lists", run: there(lists{Empty: []string{}, Some: []string{"a", ""}, Bytes: []byte{0, 128, 255}}, lists.String),
			want: "nil; []; [a ]; [0 128 255]; nil"},
		{name: "values/maps", run: there(tables{Empty: map[string]int{}, ByNumber: map[int]string{-1: "x"}, ByName: map[named][]int{"a b": {1}}}, tables.String),
			want: "true false 0 map[-1:x] map[a b:[1]]"},
		{name: "values/times", run: there(moment{Then: time.Date(2026, 11, 23, 12, 30, 0, 123456789, zone)}, moment.String),
			want: "2026-11-23T12:30:00.123456789+02:00 true"},
		{name: "values/durations", run: there(1500*time.Millisecond, time.Duration.String), want: "1.5s"},
		{name: "values/pointers", run: there(pointers{Zero: &zero, Set: &seven, Twice: &deep}, pointers.String), want: "true true 7 deep"},
		{name: "values/nested structs", run: there(chain{
			Embedded: Embedded{"p"}, Array: [2]inner{{"a"}, {"b"}}, Items: []inner{{"c"}, {"d"}}, Next: &chain{Embedded: Embedded{"q"}},
		}, chain.String), want: "pbcd>q"},
		{name: "values/a list as the request", run: there([][]string{{"a"}, nil, {}}, func(v [][]string) string {
			return lines(absence(v[0]), absence(v[1]), absence(v[2]))
		}), want: "[a]; nil; []"},
		{name: "values/a map as the request", run: there(map[string]bool{"": true}, printed), want: "map[:true]"},
		{name: "values/a type with an encoding of its own", run: there(netip.MustParseAddr("2001:db8::1"), netip.Addr.String), want: "2001:db8::1"},
		{name: "values/raw JSON", run: there(struct{ Data json.RawMessage }{json.RawMessage(`{"a":[1,"<"]}`)}, func(v struct{ Data json.RawMessage }) string {
			return string(v.Data)
		}), want: `{"a":[1,"<"]}`, differs: encodes, other: `{"a":[1,"\u003c"]}`},
		{name: "values/900 KiB both ways", run: there(strings.Repeat("x", 900<<10), func(v string) string { return fmt.Sprint(len(v)) }), want: "921600"},
	}
}
