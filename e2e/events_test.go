package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/shopanaio/orchestrator/config/manifest"
)

const fixtureHearing = "e2e/fixtures/orchestrator/cmd/hearing"

// A subscription through the real API makes the generator see a listener: it needs
// nobody, and orders nothing.
func TestGeneratorSeesASubscription(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root(t), fixtureHearing, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := manifest.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Services {
		if s.Name == "hearing" && slices.Equal(s.Listens, []string{"slow"}) && len(s.Calls) == 0 {
			return
		}
	}
	t.Errorf("hearing does not listen to slow: %+v", m.Services)
}

// A call in flight when the signal comes emits an event, whose handler takes its
// time: the service stops after it.
func TestSIGTERMLetsEventsBeHandled(t *testing.T) {
	p := start(t, binary(t, fixtureHearing), selection("")).ready()
	answers := p.callAsync("slow.wait", map[string]int{"milliseconds": 300})
	p.await("slow is waiting")
	p.signal(syscall.SIGTERM)
	if a := <-answers; a.err != nil || a.status != http.StatusOK {
		t.Errorf("the call in flight ended with %d %q %v", a.status, a.body, a.err)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	log := p.lines.text()
	heard, stopped := strings.Index(log, "hearing has heard"), strings.Index(log, "hearing is stopping")
	if heard < 0 || stopped < heard {
		t.Errorf("the event was not handled before the stop:\n%s", log)
	}
}
