package orchestrator

import (
	"strings"
	"testing"
	"time"
)

// What the usage says is what call waits for, and with --timeout a second more at most.
func TestCallWaitsAsTheUsageSays(t *testing.T) {
	for _, c := range []struct {
		args []string
		want time.Duration
	}{
		{[]string{"apps.echo"}, 30 * time.Second},
		{[]string{"apps.echo", "--timeout", "1s"}, 2 * time.Second},
		{[]string{"apps.echo", "--timeout", "10m"}, 10*time.Minute + time.Second},
	} {
		parsed, err := parseCall(c.args)
		if got := parsed.patience(); err != nil || got != c.want {
			t.Errorf("%q waits %v, want %v; %v", c.args, got, c.want, err)
		}
	}
	if !strings.Contains(callUsage, "--timeout 30s") {
		t.Errorf("the usage says %s", callUsage)
	}
}
