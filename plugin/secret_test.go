package plugin_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/plugin"
)

func TestSecretIsNeverShown(t *testing.T) {
	secret := struct{ Key plugin.Secret }{"k-123"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("opened", "key", secret.Key, "settings", secret)
	slog.New(slog.NewTextHandler(&log, nil)).Info("opened", "key", secret.Key, "settings", secret)
	encoded, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	for how, text := range map[string]string{
		"log": log.String(), "JSON": string(encoded), "String": secret.Key.String(),
		"verbs": fmt.Sprintf("%v %+v %#v %s %q %x %d", secret, secret, secret, secret.Key, secret.Key, secret.Key, secret.Key),
	} {
		if strings.Contains(text, "k-123") || strings.Contains(text, "6b2d313233") || !strings.Contains(text, "[REDACTED]") {
			t.Errorf("%s shows %s", how, text)
		}
	}
	if plugin.Secret("").String() != "" {
		t.Error("an empty secret does not show that it is empty")
	}
}
