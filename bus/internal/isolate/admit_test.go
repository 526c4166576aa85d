package isolate

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestAdmit(t *testing.T) {
	list := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	long := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		body string
		want error
	}{
		"nothing":                 {"", nil},
		"no JSON":                 {long, nil},
		"as deep as a value":      {list(maxDepth), nil},
		"deeper":                  {list(maxDepth + 1), errDeep},
		"deeper, in objects":      {strings.Repeat(`{"a":`, maxDepth+1), errDeep},
		"wide":                    {"[" + strings.Repeat("[],", 5000) + "[]]", nil},
		"brackets in a text":      {`{"a":"` + strings.Repeat(`[\"{`, 2000) + `"}`, nil},
		"brackets after a text":   {`{"a\\":` + list(maxDepth) + `}`, errDeep},
		"a text without an end":   {`"` + strings.Repeat("[", 2000), nil},
		"a long text":             {`{"a":"` + long + `"}`, nil},
		"a long text in a list":   {`["` + long + `" , 1]`, nil},
		"a long name":             {`{"` + long + `" : 1}`, errName},
		"a long name in a list":   {`[{"a":"\"b"},{"` + long + `":1}]`, errName},
		"a name of 4,096 bytes":   {`{"` + long[:maxName] + `":"` + long + `"}`, nil},
		"a name with a quote":     {`{"` + strings.Repeat(`\"`, 3000) + `":"` + long + `"}`, errName},
		"no UTF-8":                {`{"a":"` + strings.Repeat("\xff", 20_000) + `"}`, errText},
		"no UTF-8, and not large": {`{"a":"` + strings.Repeat("\xff", 1000) + `"}`, nil},
	} {
		if got := Admit([]byte(c.body)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Where a text ends is what the decoder says.
func FuzzClosing(f *testing.F) {
	for _, s := range []string{`a"`, `\"`, `\\"b"`, `\\\"`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		end := closing(text)
		whole := append([]byte{'"'}, text...)
		if end < len(text) {
			whole = whole[:end+2]
		}
		decoder := json.NewDecoder(bytes.NewReader(append([]byte{'"'}, text...)))
		token, err := decoder.Token()
		if _, isText := token.(string); err != nil || !isText {
			t.Skip() // no text at all
		}
		if got := int(decoder.InputOffset()); got != len(whole) {
			t.Errorf("%q ends at %d, the decoder says %d", text, len(whole), got)
		}
	})
}
