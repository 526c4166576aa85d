package process

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/config"
)

// What the names of a file are compared with is bounded: a thousand misspelt services times a
// thousand that there are is a start that takes its time, and nobody reads a thousand hints.
func TestHintsOnServicesAreBounded(t *testing.T) {
	var linked, misspelt strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&linked, "service-%04d, ", i)
		fmt.Fprintf(&misspelt, "  servicee-%04d: {}\n", i)
	}
	file, err := config.Parse("config.yml", fmt.Appendf(nil, "orchestrator:\n  services: [%s]\nservices:\n%s", linked.String(), misspelt.String()))
	if err != nil {
		t.Fatal(err)
	}
	s := selection{conf: Configuration{File: file}}
	warnings, _ := s.unread()
	if n := len(warnings); n == 0 || n > 200 {
		t.Errorf("%d warnings, want some, and 200 at most", n)
	}
}
