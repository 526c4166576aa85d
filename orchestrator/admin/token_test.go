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
	if strings.Contains(out.String(), testToken.Reveal()) || strings.Contains(out.String(), fmt.Sprintf("%x", testToken.Reveal())) {
		t.Error(out.String())
	}
}

func TestSameToken(t *testing.T) {
	right := testToken.Reveal()
	for _, wrong := range []string{"", "x", right[:31], right + "0", strings.ToUpper(right)} {
		if sameToken(testToken, wrong) {
			t.Errorf("%q passes", wrong)
		}
	}
	if !sameToken(testToken, right) {
		t.Error("the token itself does not pass")
	}
}
