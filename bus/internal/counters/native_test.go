//go:build !race && !bus_portable && !386 && !arm && !mips && !mipsle

package counters

import "testing"

// Processors that are added while the program runs have no cell.
func TestProcessorsWithoutACellAreCounted(t *testing.T) {
	var c Counters
	for range 10 {
		c.Start()
	}
	for range 7 {
		c.Finish(0, 5)
	}
	if s := c.Sum(); s.Codes[0] != 7 || s.Done != 7 || s.InFlight != 3 || s.Hits[0] != 7 {
		t.Errorf("counted %+v", s)
	}
}
