package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// Proves: S-01 (the admin token).
func TestTokenIsNeverPrinted(t *testing.T) {
	o := Options{Token: testToken}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		_, _ = fmt.Fprintf(&out, verb+verb, testToken, o)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("options", "token", testToken, "options", o)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("options", "token", testToken)
	if err := json.NewEncoder(&out).Encode(map[string]any{"token": testToken}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), string(testToken)) || strings.Contains(out.String(), fmt.Sprintf("%x", string(testToken))) {
		t.Error(out.String())
	}
}

func TestTokenEquals(t *testing.T) {
	for _, wrong := range []string{"", "x", string(testToken[:31]), string(testToken) + "0", strings.ToUpper(string(testToken))} {
		if testToken.equals(wrong) {
			t.Errorf("%q passes", wrong)
		}
	}
	if !testToken.equals(string(testToken)) {
		t.Error("the token itself does not pass")
	}
}
