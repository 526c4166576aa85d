package money

import "testing"

// The lookup is a binary search: the table has to be sorted, in records.
func TestTableIsSorted(t *testing.T) {
	if len(iso4217)%recordSize != 0 {
		t.Fatalf("the table has %d bytes, no multiple of %d", len(iso4217), recordSize)
	}
	previous := ""
	for i := 0; i < len(iso4217); i += recordSize {
		code, digits := iso4217[i:i+3], iso4217[i+3]
		if code <= previous {
			t.Errorf("%s follows %s", code, previous)
		}
		if digits < '0' || digits > '4' || digits == '1' {
			t.Errorf("%s has %c digits; ISO 4217 knows 0, 2, 3 and 4", code, digits)
		}
		if got, ok := Currency(code).lookup(); !ok || got != int(digits-'0') {
			t.Errorf("lookup of %s = %d, %v; want %c", code, got, ok, digits)
		}
		previous = code
	}
}
