package codec

import (
	"encoding/json"
	"math"
	"math/big"
	"net/netip"
	"time"
)

// zoo has one of each kind of member that a contract may have.
type zoo struct {
	Bool     bool              `json:"bool"`
	Int      int               `json:"int"`
	Int8     int8              `json:"int8"`
	Int64    int64             `json:"int64"`
	Uint16   uint16            `json:"uint16"`
	Uint64   uint64            `json:"uint64"`
	Float32  float32           `json:"float32"`
	Float64  float64           `json:"float64"`
	Text     string            `json:"text"`
	Named    named             `json:"named"`
	Exact    json.Number       `json:"exact"`
	Raw      json.RawMessage   `json:"raw"`
	Bytes    []byte            `json:"bytes"`
	Texts    []string          `json:"texts,omitempty"`
	Lists    [][]int           `json:"lists"`
	Array    [2]bool           `json:"array"`
	Digest   [3]byte           `json:"digest"`
	Labels   map[string]string `json:"labels"`
	ByName   map[named]*cage   `json:"byName"`
	ByNumber map[int8][]uint   `json:"byNumber"`
	ByAddr   map[netip.Addr]int
	Cage     cage               `json:"cage"`
	Pointer  *cage              `json:"pointer"`
	Twice    **string           `json:"twice"`
	Cages    []cage             `json:"cages"`
	Pointers []*int             `json:"pointers"`
	At       time.Time          `json:"at"`
	Until    *time.Time         `json:"until"`
	Big      *big.Int           `json:"big"`
	Addr     netip.Addr         `json:"addr"`
	Quoted   int64              `json:"quoted,string"`
	QuotedTx string             `json:"quotedText,string"`
	QuotedPt *float64           `json:"quotedPointer,string"`
	Took     time.Duration      `json:"took"`
	Flat     struct{ X, Y int } `json:"flat"`
	Any      any                `json:"any"`
	Keeper
	*Guest
}

type named string

type cage struct {
	Name  string  `json:"name"`
	Inner []*cage `json:"inner,omitempty"`
	Size  float64
}

type Keeper struct {
	Since int `json:"since"`
}

type Guest struct {
	Visits int    `json:"visits"`
	Badge  string `json:"badge"`
}

func someZoo() zoo {
	text, seven, half := "deep", 7, 0.5
	deep := &text
	at := time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	return zoo{
		Bool: true, Int: -1, Int8: math.MinInt8, Int64: math.MaxInt64, Uint16: math.MaxUint16, Uint64: math.MaxUint64,
		Float32: 1.5, Float64: -2e-300, Text: "Привіт \u2028 \x00 <b>&\"\\\n\t👋", Named: "n", Exact: "12345678901234567890.5", Raw: json.RawMessage(`{"a":[1,{"b":null}]}`),
		Bytes: []byte{0, 255}, Texts: []string{"", "a"}, Lists: [][]int{{1}, nil, {}}, Array: [2]bool{false, true}, Digest: [3]byte{1, 2, 3},
		Labels: map[string]string{"k": "v", "": ""}, ByName: map[named]*cage{"x": nil, "y": {Name: "y"}}, ByNumber: map[int8][]uint{-1: {1}},
		ByAddr: map[netip.Addr]int{netip.MustParseAddr("::1"): 1}, Cage: cage{Name: "c", Inner: []*cage{{Name: "d", Size: 1}, nil}},
		Pointer: &cage{Size: 2}, Twice: &deep, Cages: []cage{{}, {Name: "e"}}, Pointers: []*int{nil, &seven}, At: at, Until: &at,
		Big: big.NewInt(42), Addr: netip.MustParseAddr("10.0.0.1"), Quoted: 9, QuotedTx: `a"b`, QuotedPt: &half, Took: time.Second,
		Flat: struct{ X, Y int }{1, 2}, Any: []any{1.5, "x", nil}, Keeper: Keeper{3}, Guest: &Guest{4, "b"},
	}
}
