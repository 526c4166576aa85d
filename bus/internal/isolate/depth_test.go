package isolate

import (
	"errors"
	"testing"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// knot nests in every way there is; what it holds at the end nests without a reference.
type knot struct {
	Next  *knot             `json:"next,omitempty"`
	List  []knot            `json:"list,omitempty"`
	Lists [][]*knot         `json:"lists,omitempty"`
	Map   map[string]knot   `json:"map,omitempty"`
	Texts []string          `json:"texts,omitempty"`
	Bytes []byte            `json:"bytes,omitempty"`
	Attrs map[string]string `json:"attrs,omitempty"`
	Flat  *flat             `json:"flat,omitempty"`
	Pairs *[1][1]int        `json:"pairs,omitempty"`
	Kept  []string          `json:"kept"`
	*Base
}

type flat struct {
	A struct {
		B struct{ C int }
	}
}

// Base is embedded: its members are those of the outer object.
type Base struct {
	Inner *knot `json:"inner,omitempty"`
}

// Proves: B3 (what nests too deeply is refused in memory where it is on the wire).
func TestDepthIsThatOfTheWire(t *testing.T) {
	p := plan[*knot](t)
	type shape struct {
		name   string
		levels int // that one more of it adds
		wrap   func(*knot) *knot
	}
	shapes := []shape{
		{"pointers", 1, func(k *knot) *knot { return &knot{Next: k} }},
		{"lists", 2, func(k *knot) *knot { return &knot{List: []knot{*k}} }},
		{"lists of lists", 3, func(k *knot) *knot { return &knot{Lists: [][]*knot{nil, {k}}} }},
		{"maps", 2, func(k *knot) *knot { return &knot{Map: map[string]knot{"k": *k}} }},
		{"embedded pointers", 1, func(k *knot) *knot { return &knot{Base: &Base{Inner: k}} }},
	}
	ends := map[string]*knot{
		"nothing": {}, "texts": {Texts: []string{"x"}}, "no texts": {Kept: []string{}}, "bytes": {Bytes: []byte{1}},
		"attributes": {Attrs: map[string]string{"a": "b"}}, "a struct": {Flat: &flat{}}, "an array": {Pairs: &[1][1]int{}},
	}
	for _, s := range shapes {
		for end, v := range ends {
			fit, refused := 0, 0
			for n := range codec.MaxDepth/s.levels + 2 {
				if n > codec.MaxDepth/s.levels-5 {
					_, copying := p.Copy(v)
					_, sending := p.RoundTrip(v)
					if (copying == nil) != (sending == nil) || copying != nil && !errors.Is(copying, errDepth) {
						t.Fatalf("%s of %s, %d times: memory says %v, the wire %v", s.name, end, n, copying, sending)
					}
					if copying == nil {
						fit++
					} else {
						refused++
					}
				}
				v = s.wrap(v)
			}
			if fit == 0 || refused == 0 {
				t.Errorf("%s of %s: %d fit and %d are refused", s.name, end, fit, refused)
			}
		}
	}
}
