package isolate

import (
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type price struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

type line struct {
	ID       string            `json:"id"`
	Quantity int               `json:"quantity"`
	Price    price             `json:"price"`
	Compare  *price            `json:"compare,omitempty"`
	Tags     []string          `json:"tags"`
	Meta     map[string]string `json:"meta"`
	Raw      json.RawMessage   `json:"raw"`
}

type cart struct {
	ID      string             `json:"id"`
	Created time.Time          `json:"created"`
	Lines   []line             `json:"lines"`
	Prices  map[string][]price `json:"prices"`
	Fixed   [2][]int           `json:"fixed"`
}

type tree struct {
	Name     string           `json:"name"`
	Children []*tree          `json:"children"`
	ByName   map[string]*tree `json:"byName"`
}

func plan[T any](t testing.TB) *Plan[T] {
	t.Helper()
	p, err := For[T]()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func fullCart() cart {
	return cart{
		ID: "c1", Created: time.Unix(1, 0).UTC(),
		Lines: []line{{
			ID: "l1", Quantity: 2, Price: price{100, "USD"}, Compare: &price{200, "USD"},
			Tags: []string{"a", "b"}, Meta: map[string]string{"k": "v"}, Raw: json.RawMessage(`{"x":1}`),
		}, {ID: "l2"}},
		Prices: map[string][]price{"USD": {{1, "USD"}}, "EUR": nil},
		Fixed:  [2][]int{{1, 2}, nil},
	}
}

// Proves: B4 (a change of the copy never reaches the original).
func TestCopySharesNothing(t *testing.T) {
	original := fullCart()
	c, err := plan[cart](t).Copy(original)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(original, c); diff != "" {
		t.Fatalf("the copy differs:\n%s", diff)
	}
	c.Lines[0].Tags[0] = "changed"
	c.Lines[0].Meta["k"] = "changed"
	c.Lines[0].Raw[1] = 'y'
	c.Lines[0].Compare.Amount = 999
	c.Lines[1].Quantity = 7
	c.Prices["USD"][0].Amount = 999
	c.Prices["GBP"] = nil
	c.Fixed[0][0] = 999
	if diff := cmp.Diff(fullCart(), original); diff != "" {
		t.Fatalf("a change of the copy reached the original:\n%s", diff)
	}
}

func TestCopyKeepsNilAndEmptyApart(t *testing.T) {
	type lists struct {
		Nil, Empty []price
		NilMap     map[string]int
		EmptyMap   map[string]int
		NilBytes   []byte
	}
	c, err := plan[lists](t).Copy(lists{Empty: []price{}, EmptyMap: map[string]int{}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Nil != nil || c.NilMap != nil || c.NilBytes != nil || c.Empty == nil || c.EmptyMap == nil {
		t.Fatalf("nil and empty were mixed up: %#v", c)
	}
}

// An append within spare capacity would write into the other side's array.
func TestCopyCutsCapacity(t *testing.T) {
	type lists struct {
		Strings []string
		Prices  []price
	}
	original := lists{Strings: make([]string, 0, 8), Prices: make([]price, 1, 8)}
	c, err := plan[lists](t).Copy(original)
	if err != nil {
		t.Fatal(err)
	}
	_ = append(c.Strings, "x")
	_ = append(c.Prices, price{Amount: 1})
	if got := original.Strings[:1][0]; got != "" {
		t.Errorf("an append to the copy wrote %q into the original's array", got)
	}
	if got := original.Prices[:2][1].Amount; got != 0 {
		t.Errorf("an append to the copy wrote %d into the original's array", got)
	}
}

func TestTrivial(t *testing.T) {
	type flat struct {
		ID   string
		At   time.Time
		Took time.Duration
		Pair [2]price
	}
	if !plan[flat](t).Trivial() {
		t.Error("a struct of values is not trivial")
	}
	if plan[cart](t).Trivial() || plan[[]string](t).Trivial() || plan[*price](t).Trivial() {
		t.Error("a type with references is trivial")
	}
}

func TestRecursiveTypes(t *testing.T) {
	leaf := &tree{Name: "leaf"}
	root := tree{Name: "root", Children: []*tree{leaf}, ByName: map[string]*tree{"leaf": leaf}}
	c, err := plan[tree](t).Copy(root)
	if err != nil {
		t.Fatal(err)
	}
	c.Children[0].Name = "changed"
	if leaf.Name != "leaf" || c.ByName["leaf"].Name != "leaf" {
		t.Error("a change of the copied tree was seen elsewhere")
	}
	loop := &tree{Name: "loop"}
	loop.Children = []*tree{loop}
	if _, err := plan[tree](t).Copy(*loop); !errors.Is(err, errDepth) {
		t.Errorf("a value that refers to itself gave %v", err)
	}
}

// stack marshals itself and hides a slice: only it can say how it is copied.
type stack struct{ items []int }

func (s stack) MarshalJSON() ([]byte, error)  { return json.Marshal(s.items) }
func (s *stack) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &s.items) }

type sealed struct{ secret int }

func (sealed) MarshalText() ([]byte, error)  { return []byte("x"), nil }
func (*sealed) UnmarshalText(b []byte) error { return nil }

func TestSelfMarshallingTypes(t *testing.T) {
	type holder struct {
		Stack  stack
		Big    *big.Int
		Sealed sealed
	}
	original := holder{Stack: stack{[]int{1, 2}}, Big: big.NewInt(42), Sealed: sealed{7}}
	c, err := plan[holder](t).Copy(original)
	if err != nil {
		t.Fatal(err)
	}
	c.Stack.items[0] = 99
	c.Big.SetInt64(99)
	if original.Stack.items[0] != 1 || original.Big.Int64() != 42 {
		t.Error("a self-marshalling type was shared")
	}
	if c.Sealed.secret != 7 {
		t.Error("a self-marshalling type without references was not copied by value")
	}
}

type halfway struct{ Items []int }

func (halfway) MarshalJSON() ([]byte, error) { return []byte(`1`), nil }

func TestRefusals(t *testing.T) {
	type inner struct{ hidden []int }
	type bad struct {
		Any     any
		Func    func()
		Chan    chan int
		Inner   []inner
		Skipped string `json:"-"`
		Complex complex128
		Keys    map[price]int
		Half    *halfway
		Fine    string
	}
	_ = inner{}.hidden
	_, err := For[bad]()
	var te *TypeError
	if !errors.As(err, &te) {
		t.Fatalf("For accepted it: %v", err)
	}
	wants := []string{
		"isolate.bad.Any is an interface", "isolate.bad.Func is a func", "isolate.bad.Chan is a chan",
		"isolate.bad.Inner[].hidden is unexported", `isolate.bad.Skipped is tagged json:"-"`,
		"isolate.bad.Complex is a complex128", "isolate.bad.Keys has keys of type isolate.price",
		"isolate.bad.Half (isolate.halfway) marshals itself but cannot unmarshal itself",
	}
	if len(te.Problems) != len(wants) {
		t.Errorf("%d problems, want %d:\n%s", len(te.Problems), len(wants), strings.Join(te.Problems, "\n"))
	}
	for i, want := range wants {
		if i < len(te.Problems) && !strings.HasPrefix(te.Problems[i], want) {
			t.Errorf("problem %d: %q, want prefix %q", i, te.Problems[i], want)
		}
	}
}

type Promoted struct {
	ID   string `json:"id"`
	Name string
}

type endlessPointer *endlessPointer

// What memory keeps and the wire would not is refused with its path, and a tag that
// would not be read as well.
func TestWhatTheWireWouldLoseIsRefused(t *testing.T) {
	type outer struct {
		Promoted

		Name string
	}
	type stamped struct {
		time.Time

		Note string
	}
	type bad struct {
		Lines []outer
		At    map[string]stamped
		Amt   int    `JSON:"amount"`
		Code  string `json:"code,required"`
		Self  endlessPointer
		Sum   big.Int
		Sums  map[string]big.Int
		Fine  []*big.Int
	}
	_, err := For[bad]()
	te, ok := errors.AsType[*TypeError](err)
	if !ok {
		t.Fatalf("For accepted it: %v", err)
	}
	wants := []string{
		`isolate.bad.Code has the option "required"`,
		`isolate.bad.Lines[].Promoted.Name is called "Name" in JSON, as is Name`,
		`isolate.bad.At[] (isolate.stamped) is marshalled as what it embeds, Time`,
		`isolate.bad.Amt has the tag JSON: did you mean json?`,
		`isolate.bad.Self is a isolate.endlessPointer, which leads to itself`,
		`isolate.bad.Sum (big.Int) marshals itself only behind a pointer`,
		`isolate.bad.Sums[] (big.Int) marshals itself only behind a pointer`,
	}
	if len(te.Problems) != len(wants) {
		t.Errorf("%d problems, want %d: %q", len(te.Problems), len(wants), te.Problems)
	}
	for i, want := range wants {
		if i >= len(te.Problems) || !strings.HasPrefix(te.Problems[i], want) {
			t.Errorf("got %q, want %q", te.Problems, want)
		}
	}
}

func TestRoundTripShowsWhatTheWireLoses(t *testing.T) {
	type lossy struct {
		List []int `json:"list,omitempty"`
	}
	out, err := plan[lossy](t).RoundTrip(lossy{List: []int{}})
	if err != nil {
		t.Fatal(err)
	}
	if out.List != nil {
		t.Error("omitempty kept an empty list")
	}
	type number struct{ F float64 }
	zero := 0.0
	if _, err := plan[number](t).RoundTrip(number{F: 1 / zero}); err == nil {
		t.Error("an infinite number was sent")
	}
}

// A copy equals the original and equals what the wire would give.
func TestCopyEqualsRoundTrip(t *testing.T) {
	p := plan[[]line](t)
	rapid.Check(t, func(t *rapid.T) {
		prices := rapid.Custom(func(t *rapid.T) price {
			return price{rapid.Int64().Draw(t, "amount"), rapid.StringMatching(`[A-Z]{3}`).Draw(t, "currency")}
		})
		lines := rapid.SliceOf(rapid.Custom(func(t *rapid.T) line {
			return line{
				ID: rapid.StringMatching(`[a-z0-9]*`).Draw(t, "id"), Price: prices.Draw(t, "price"),
				Compare: rapid.Ptr(prices, true).Draw(t, "compare"),
				Tags:    rapid.SliceOf(rapid.StringMatching(`[a-z]*`)).Draw(t, "tags"),
				Meta:    rapid.MapOf(rapid.StringMatching(`[a-z]+`), rapid.StringMatching(`[a-z]*`)).Draw(t, "meta"),
				Raw:     json.RawMessage(`{"n":1}`),
			}
		})).Draw(t, "lines")
		c, err := p.Copy(lines)
		if err != nil {
			t.Fatal(err)
		}
		w, err := p.RoundTrip(lines)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(c, lines) || !reflect.DeepEqual(w, c) {
			t.Fatalf("original %#v\ncopy %#v\nwire %#v", lines, c, w)
		}
	})
}

func bigCart() cart {
	c := fullCart()
	for len(c.Lines) < 50 {
		c.Lines = append(c.Lines, fullCart().Lines[0])
	}
	return c
}

// BenchmarkCart compares the copy with the JSON round trip it replaces; the
// promise is <= 0.20 of it.
func BenchmarkCart(b *testing.B) {
	p, v := plan[cart](b), bigCart()
	b.Run("copy", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.Copy(v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := p.RoundTrip(v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
