package conformance

import (
	"slices"
	"testing"

	"github.com/shopanaio/orchestrator/bus/bustest"
)

// Without faults the transport is as it was.
func TestConformanceWithoutFaults(t *testing.T) {
	none := bustest.Fault(t, 1, bustest.Rates{})
	if failed := failures(t, linked(none.Transport)); len(failed) > 0 {
		t.Errorf("%d rows failed: %q", len(failed), failed)
	}
}

// With faults it is not, and the table shows it.
func TestConformanceFindsFaults(t *testing.T) {
	for name, r := range map[string]bustest.Rates{"drop": {Drop: 0.05}, "lose": {Lose: 0.05}, "refuse": {Refuse: 0.05}, "duplicate": {Duplicate: 0.2}} {
		if failed := failures(t, linked(bustest.Fault(t, 1, r).Transport)); !slices.Contains(failed, "load/one caller's calls are served in order") {
			t.Errorf("%s: found %q", name, failed)
		}
	}
}
