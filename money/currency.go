package money

import (
	"fmt"
	"sort"
	"strings"
)

// Currency is an ISO 4217 alphabetic code in upper case, such as "USD". The
// empty Currency means that none was given.
//
// A constant converts by itself (money.Of(1, "USD")); text that comes from
// outside goes through [ParseCurrency] or is checked with [Currency.Validate].
type Currency string

// ParseCurrency returns the currency with the given code. The code has to be
// exact: three upper-case letters and nothing around them. Anything else is
// ErrUnknownCurrency.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(code)
	return c, c.Validate()
}

// Validate returns nil for an active ISO 4217 code that has a minor unit, else
// an error that wraps ErrUnknownCurrency.
func (c Currency) Validate() error {
	if _, ok := c.lookup(); ok {
		return nil
	}
	if c == "" {
		return unknown(": no code given, want an ISO 4217 code such as USD")
	}
	if upper := Currency(strings.ToUpper(strings.TrimSpace(string(c)))); upper != c {
		if _, ok := upper.lookup(); ok {
			return unknown(fmt.Sprintf(" %q: write %s", string(c), upper))
		}
	}
	return unknown(fmt.Sprintf(" %q: want an active ISO 4217 code such as USD", string(c)))
}

// unknown is ErrUnknownCurrency; the text says what was given instead.
type unknown string

func (u unknown) Error() string { return ErrUnknownCurrency.Error() + string(u) }

func (u unknown) Unwrap() error { return ErrUnknownCurrency }

// Rule is the word of JSON Schema for it: the codes are an enumeration.
func (u unknown) Rule() string { return "enum" }

// Digits returns how many fraction digits the minor unit of c has: 2 for USD, 0
// for JPY, 3 for KWD, 4 for CLF. It is 0 for a code that Validate refuses.
func (c Currency) Digits() int {
	digits, _ := c.lookup()
	return digits
}

// recordSize is the width of one entry of the table: three letters, one digit.
const recordSize = 4

// lookup finds c in the sorted table by binary search: no map to fill at start.
func (c Currency) lookup() (digits int, ok bool) {
	if len(c) != recordSize-1 {
		return 0, false
	}
	at, found := sort.Find(len(iso4217)/recordSize, func(i int) int {
		return strings.Compare(string(c), iso4217[i*recordSize:(i+1)*recordSize-1])
	})
	if !found {
		return 0, false
	}
	return int(iso4217[(at+1)*recordSize-1] - '0'), true
}
