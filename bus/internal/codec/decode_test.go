package codec

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func strictly[T any](body string) (v T, err error) {
	err = Strict([]byte(body), &v)
	return v, err
}

func leniently[T any](body string) (v T, unknown string, err error) {
	unknown, err = Lenient([]byte(body), &v)
	return v, unknown, err
}

func sameZoo(a, b zoo) bool {
	if (a.Big == nil) != (b.Big == nil) || a.Big != nil && a.Big.Cmp(b.Big) != 0 {
		return false
	}
	a.Big, b.Big = (*big.Int)(nil), nil
	return reflect.DeepEqual(a, b)
}

func TestReadsWhatPackageJSONWrites(t *testing.T) {
	for _, want := range []zoo{{}, someZoo()} {
		body, err := json.MarshalIndent(want, " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		var theirs zoo
		if err := json.Unmarshal(body, &theirs); err != nil {
			t.Fatal(err)
		}
		ours, err := strictly[zoo](string(body))
		if err != nil || !sameZoo(ours, theirs) {
			t.Errorf("got  %+v, %v\nwant %+v", ours, err, theirs)
		}
	}
}

// agree compares one body with what package encoding/json makes of it.
func agree(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, body []byte) {
	t.Helper()
	var ours, theirs zoo
	unknown, err := Lenient(body, &ours)
	their := json.Unmarshal(body, &theirs)
	var m *Mistake
	switch strictErr := Strict(body, &zoo{}); {
	case errors.As(strictErr, &m) && (m.Rule == "uniqueNames" || m.Rule == "additionalProperties"), unknown != "":
		return // there they differ, on purpose
	case errors.As(err, &m) && (m.Rule == "contentEncoding" || m.Rule == "maxDepth" || strings.HasPrefix(m.Field, "bytes") || strings.HasPrefix(m.Field, "quoted")):
		return // a list of numbers is no bytes, "00" is no number; nesting has another bound
	}
	if (err == nil) != (their == nil) || err == nil && !sameZoo(ours, theirs) {
		t.Fatalf("%q\nours   %+v, %v\ntheirs %+v, %v", body, ours, err, theirs, their)
	}
}

// What is not said in the package's doc is as in package encoding/json, for bodies that
// are nearly right.
func TestAgreesWithPackageJSON(t *testing.T) {
	whole, err := json.Marshal(someZoo())
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{`null`, `"x"`, `1`, `-0.5e3`, `[]`, `{}`, `true`, `""`, `"\ud83d\ude00"`, `"\ud800"`, `"\uD800\u0041"`, "\"\xff\"", `1e999`, `300`, `01`, `-`, `[null]`,
		`{"name":null}`, `"2026-01-02T03:04:05Z"`, `"7"`, `"\"7\""`, ` `, `,`, `}`, `]`, `"`, `\`, `tru`, "\x00", `{"a":}`, `[1,]`, `"MTI="`}
	rapid.Check(t, func(t *rapid.T) {
		body := string(whole)
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			from := rapid.IntRange(0, len(body)).Draw(t, "from")
			to := min(len(body), from+rapid.IntRange(0, 6).Draw(t, "length"))
			if rapid.Bool().Draw(t, "value") { // replace the value of a member
				if at := strings.IndexByte(body[from:], ':'); at >= 0 {
					from += at + 1
					to = from
					if end := strings.IndexAny(body[from:], ",}"); end >= 0 {
						to += end
					}
				}
			}
			body = body[:from] + rapid.SampledFrom(parts).Draw(t, "part") + body[to:]
		}
		agree(t, []byte(body))
	})
}

func FuzzAgreesWithPackageJSON(f *testing.F) {
	for _, v := range []zoo{{}, someZoo()} {
		if body, err := json.Marshal(v); err == nil {
			f.Add(body)
		}
	}
	f.Add([]byte(`{"text":"\ud800","raw":[{"a":1,"a":2}],"Any":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) { agree(t, body) })
}

type priced struct {
	Amount int64  `json:"amount"`
	Note   string `json:"note"`
	Lines  []line `json:"lines"`
	Raw    json.RawMessage
	Attrs  map[string]string
	Count  map[int]bool
	Pair   [2]int
}

type line struct {
	Price int32 `json:"price"`
}

func TestNamesAreExact(t *testing.T) {
	v, unknown, err := leniently[priced](`{"AMOUNT":5,"amount":7,"Amount":9,"note":"n"}`)
	if err != nil || v.Amount != 7 || v.Note != "n" || unknown != "AMOUNT" {
		t.Errorf("got %+v, %q, %v", v, unknown, err)
	}
	if v, _, err := leniently[priced](`{"amoun\u0074":5,"ſ":1,"aſount":2}`); err != nil || v.Amount != 5 {
		t.Errorf("an escaped name: %+v, %v", v, err)
	}
}

// Of a member that comes twice the last is the whole of it.
func TestTheLastOfANameCounts(t *testing.T) {
	v, _, err := leniently[priced](`{"lines":[{"price":1},{"price":2}],"lines":[{}],"Attrs":{"a":"1"},"Attrs":{"b":"2"}}`)
	if err != nil || !reflect.DeepEqual(v, priced{Lines: []line{{}}, Attrs: map[string]string{"b": "2"}}) {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestStrictRefuses(t *testing.T) {
	for body, want := range map[string]string{
		`{"AMOUNT":5}`:                      `AMOUNT additionalProperties is no known field: write it as amount`,
		`{"lines":[{},{"colour":1}]}`:       `lines[1].colour additionalProperties is no known field`,
		`{"amount":5,"amount":5}`:           `amount uniqueNames is there twice`,
		`{"Raw":{"a":[{"b":1,"b":2}]}}`:     `Raw.a[0].b uniqueNames is there twice`,
		`{"Attrs":{"x":"","\u0078":""}}`:    `Attrs.x uniqueNames is there twice`,
		`{"Count":{"1":true,"01":true}}`:    `Count.01 uniqueNames is there twice`,
		`{"Pair":[1]}`:                      `Pair minItems must have exactly 2 items`,
		`{"Pair":[1,2,3]}`:                  `Pair minItems must have exactly 2 items`,
		"{\"note\":\"a\xffb\"}":             `note type is no UTF-8`,
		"{\"Raw\":[\"\xff\"]}":              `Raw[0] type is no UTF-8`,
		"{\"\xff\":1}":                      ` type is no UTF-8`,
		`{"note":"\ud800"}`:                 `note type has half of a surrogate pair in a \u escape: it is no text`,
		`{"note":"\\ud800"}`:                ``,
		`{"note":"\ud83d\ude00 \ufffd é"}`:  ``,
		`{"Pair":[1,2],"Count":{"1":true}}`: ``,
	} {
		_, err := strictly[priced](body)
		got := ""
		if m, ok := errors.AsType[*Mistake](err); ok {
			got = m.Field + " " + m.Rule + " " + m.Message
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
		if _, _, err := leniently[priced](body); err != nil {
			t.Errorf("%s is refused where we are lenient: %v", body, err)
		}
	}
}

func TestMistakesNameTheirPlace(t *testing.T) {
	for body, want := range map[string]string{
		`{"lines":[{"price":"1"}]}`:        `lines[0].price must be a whole number that fits int32, not a string`,
		`{"lines":[{"price":2147483648}]}`: `lines[0].price must be a whole number that fits int32, not 2147483648`,
		`{"lines":[{"price":1.5}]}`:        `lines[0].price must be a whole number that fits int32, not 1.5`,
		`{"lines":{}}`:                     `lines must be a list, not an object`,
		`[]`:                               `it must be an object, not a list`,
		`{"amount":1`:                      `it ends before the JSON value does`,
		`{"amount":1}{}`:                   `it has more than one JSON value`,
		`{"amount" 1}`:                     `it is no JSON: '1' is out of place at byte 11`,
		`{"Count":{"x":true}}`:             `Count.x is a key that must be a whole number that fits int`,
		``:                                 `it ends before the JSON value does`,
	} {
		if _, _, err := leniently[priced](body); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

// nested is JSON that is so many levels deep, of lists and objects in turn.
func nested(levels int) string {
	var open, end strings.Builder
	for i := range levels {
		if i%2 == 0 {
			open.WriteString(`[`)
		} else {
			open.WriteString(`{"x":`)
		}
	}
	for i := levels - 1; i >= 0; i-- {
		end.WriteString([]string{`]`, `}`}[i%2])
	}
	return open.String() + "0" + end.String()
}

type knot struct {
	Next *knot  `json:"next"`
	All  []knot `json:"all"`
}

func TestDepthIsBounded(t *testing.T) {
	for _, c := range []struct {
		body string
		into any
		fits bool
	}{
		{nested(MaxDepth), new(json.RawMessage), true},
		{nested(MaxDepth + 1), new(json.RawMessage), false},
		{strings.Repeat(`{"next":`, MaxDepth-1) + "{}" + strings.Repeat("}", MaxDepth-1), new(knot), true},
		{strings.Repeat(`{"next":`, MaxDepth) + "{}" + strings.Repeat("}", MaxDepth), new(knot), false},
		{strings.Repeat(`{"all":[`, MaxDepth/2) + strings.Repeat("]}", MaxDepth/2), new(knot), true},
		{strings.Repeat(`{"all":[`, MaxDepth/2) + "{}" + strings.Repeat("]}", MaxDepth/2), new(knot), false},
		{`{"unknown":` + nested(MaxDepth-1) + `}`, new(knot), true},
		{`{"unknown":` + nested(MaxDepth) + `}`, new(knot), false},
	} {
		_, err := Lenient([]byte(c.body), c.into)
		if m, ok := errors.AsType[*Mistake](err); c.fits != (err == nil) || !c.fits && (!ok || m.Rule != "maxDepth") {
			t.Errorf("%.30s… into %T: %v", c.body, c.into, err)
		}
	}
}

// stubborn takes nothing.
type stubborn struct{}

func (*stubborn) UnmarshalJSON([]byte) error { return errors.New("takes nothing") }

func TestTypesThatRefuseAreNamed(t *testing.T) {
	_, _, err := leniently[struct{ List []stubborn }](`{"List":[1]}`)
	if want := "List[0] is no codec.stubborn: takes nothing"; err == nil || err.Error() != want || errors.Unwrap(err) == nil {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A struct may have more fields than one word has bits.
func TestManyFields(t *testing.T) {
	var fields []reflect.StructField
	body := "{"
	for i := range 200 {
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: reflect.TypeFor[int]()})
		body += fmt.Sprintf("%q:%d,", fields[i].Name, i)
	}
	v := reflect.New(reflect.StructOf(fields))
	if err := Strict([]byte(body[:len(body)-1]+"}"), v.Interface()); err != nil || v.Elem().Field(199).Int() != 199 {
		t.Errorf("got %v, %v", v.Elem(), err)
	}
	if err := Strict([]byte(body+`"F150":1}`), v.Interface()); err == nil {
		t.Error("a field that comes twice is not seen")
	}
}

// Whatever is in a body, a mistake about it is short.
func TestMistakesAreShort(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, body := range []string{
		`{"` + long + `":1}`, `{"amount":` + strings.Repeat("1", 1<<20) + `}`, `{"Count":{"` + long + `":true}}`,
		`{"Attrs":{"` + long + `":1}}`, strings.Repeat(`{"`+long[:100]+`":`, 999) + "?",
	} {
		if _, err := strictly[priced](body); err == nil || len(err.Error()) > 3*maxPath {
			t.Errorf("%.20s: %d bytes", body, len(err.Error()))
		}
	}
}
