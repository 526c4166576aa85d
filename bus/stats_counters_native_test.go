//go:build !race && !bus_portable && !386 && !arm && !mips && !mipsle

package bus

import "testing"

// Processors that are added while the program runs have no cell.
func TestProcessorsWithoutACellAreCounted(t *testing.T) {
	var c counters
	for range 10 {
		c.start()
	}
	for range 7 {
		c.finish(OK, 5)
	}
	var s EdgeStats
	c.stats(&s)
	if s.Requests[OK] != 7 || s.InFlight != 3 || s.Duration.Buckets[0].Count != 7 {
		t.Errorf("counted %+v", s)
	}
}
