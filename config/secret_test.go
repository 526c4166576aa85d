package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// checkHidden prints values in every usual way and looks for what must not show.
func checkHidden(t *testing.T, hidden string, values ...any) {
	t.Helper()
	for _, value := range values {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%X", "%d", "%t", "%10v", "%-40s"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "value", value)
		data, err := json.Marshal(value)
		if err != nil {
			t.Error(err)
		}
		out.Write(data)
		if text := out.String(); strings.Contains(text, hidden) || strings.Contains(text, fmt.Sprintf("%x", hidden)) {
			t.Errorf("%T shows the secret:\n%s", value, text)
		}
	}
}

func TestSecretIsNotShown(t *testing.T) {
	secret := Secret("hunter2")
	checkHidden(t, "hunter2", secret, &secret, struct{ Key Secret }{secret}, []Secret{secret}, map[string]Secret{"key": secret}, map[string]any{"key": secret})
	if secret.Reveal() != "hunter2" || fmt.Sprint(secret) != "[REDACTED]" || fmt.Sprintf("%q|%12v", secret, secret) != `"[REDACTED]"|  [REDACTED]` {
		t.Errorf("it prints %v, %q", secret, secret)
	}
	if got := fmt.Sprintf("%v%q", Secret(""), Secret("")); got != `""` {
		t.Errorf("an empty secret prints %s", got)
	}
}
