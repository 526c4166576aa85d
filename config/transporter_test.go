package config

import (
	"strings"
	"testing"
)

// A port that nothing can listen on would be tried again for ever.
func TestTransporterWithNoPort(t *testing.T) {
	for _, url := range []string{"nats://127.0.0.1:42222222", "tls://u:hunter2@h:0", "nats://a:4222,nats://b:65536"} {
		got := settingsError(t, "", "ORCHESTRATOR_TRANSPORTER="+url).Error()
		if !strings.Contains(got, "ports are 1 to 65535") || strings.Contains(got, "hunter2") {
			t.Errorf("%s: %s", url, got)
		}
	}
}
