package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// shown is a value as every usual way prints it.
func shown(t *testing.T, value any) string {
	t.Helper()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%#q", "%s", "%x", "%X", "% x", "%d", "%t", "%c", "%U", "%10v", "%-40s", "%.2s"} {
		fmt.Fprintf(&out, verb+"\n", value)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "value", value)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "value", value)
	data, err := json.Marshal(value)
	if err != nil {
		t.Error(err)
	}
	return out.String() + string(data)
}

func TestTextIsNotShown(t *testing.T) {
	const hidden = "hunter2"
	text := Text(hidden)
	for _, value := range []any{text, &text, struct{ Key Text }{text}, []Text{text}, map[string]Text{"key": text}, map[string]any{"key": text}} {
		for _, way := range []string{"%s", "%x", "%X", "% x", "%d"} {
			if out := shown(t, value); strings.Contains(out, strings.Trim(fmt.Sprintf(way, []byte(hidden)), "[]")) {
				t.Errorf("%T shows the secret:\n%s", value, out)
			}
		}
	}
	if text.Reveal() != hidden {
		t.Errorf("it reveals %q", text.Reveal())
	}
}

func TestTextPrintsTheSameForEveryVerb(t *testing.T) {
	for verb, want := range map[string]string{
		"%v": Redacted, "%#v": Redacted, "%s": Redacted, "%d": Redacted, "%x": Redacted,
		"%q": `"[REDACTED]"`, "%12v": "  [REDACTED]", "%-12d|": "[REDACTED]  |",
	} {
		if got := fmt.Sprintf(verb, Text("hunter2")); got != want {
			t.Errorf("%s prints %q, want %q", verb, got, want)
		}
	}
	if got := fmt.Sprintf("%v%d%q", Text(""), Text(""), Text("")); got != `""` {
		t.Errorf("an empty one prints %s", got)
	}
}
