package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Money is an amount in whole minor units of a currency: {10000, "USD"} is
// 100.00 USD. Values compare with ==. The zero value means "no amount was
// given"; see the package comment.
type Money struct {
	// Amount counts minor units (cents), negative for a debt.
	Amount int64 `json:"amount"`
	// Currency is the ISO 4217 code the amount is counted in.
	Currency Currency `json:"currency"`
}

// Of returns amount minor units of the currency: Of(10000, "USD") is 100.00 USD.
// It does not look the code up, so that constants stay expressions; Validate and
// every operation do.
func Of(amount int64, currency Currency) Money {
	return Money{Amount: amount, Currency: currency}
}

// Validate returns nil if m has a currency that ISO 4217 knows, else an error
// that wraps ErrUnknownCurrency.
func (m Money) Validate() error { return m.Currency.Validate() }

// IsZero reports whether m is an amount of zero, in whatever currency.
func (m Money) IsZero() bool { return m.Amount == 0 }

// IsNegative reports whether m is less than zero.
func (m Money) IsNegative() bool { return m.Amount < 0 }

// String returns the amount in major units and the code: "100.00 USD". The zero
// value is "0". Parse reads the part before the space.
func (m Money) String() string {
	if m.Currency == "" {
		return m.Decimal()
	}
	return m.Decimal() + " " + string(m.Currency)
}

// Decimal returns the amount in major units with exactly the currency's number
// of fraction digits and a point, "100.00" or "-0.05", without the code. For a
// code that Validate refuses it is the bare count of minor units.
func (m Money) Decimal() string {
	digits := m.Currency.Digits()
	text := strconv.FormatInt(m.Amount, 10)
	if digits == 0 {
		return text
	}
	sign, text := cutSign(text)
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	point := len(text) - digits
	return sign + text[:point] + "." + text[point:]
}

// Parse reads a decimal amount in major units: an optional minus sign, digits,
// and optionally a point with at most as many digits as the currency has, so
// that Parse("100.5", "USD") is 100.50 USD. It is exact and refuses everything
// else: no plus sign, no blanks, no grouping, no exponent. The error wraps
// ErrSyntax, ErrPrecision, ErrOverflow or ErrUnknownCurrency.
func Parse(text string, currency Currency) (Money, error) {
	if err := currency.Validate(); err != nil {
		return Money{}, fmt.Errorf("read amount %q: %w", text, err)
	}
	sign, rest := cutSign(text)
	whole, fraction, hasPoint := strings.Cut(rest, ".")
	if !isDigits(whole) || hasPoint && !isDigits(fraction) {
		return Money{}, fmt.Errorf("read amount %q: %w, want digits with an optional point such as 12.50", text, ErrSyntax)
	}
	missing := currency.Digits() - len(fraction)
	if missing < 0 {
		return Money{}, fmt.Errorf("read amount %q: %w, %s has %d", text, ErrPrecision, currency, currency.Digits())
	}
	amount, err := strconv.ParseInt(sign+whole+fraction+strings.Repeat("0", missing), 10, 64)
	if err != nil { // digits only, so that the range is all that can be wrong
		return Money{}, fmt.Errorf("read amount %q: %w", text, ErrOverflow)
	}
	return Of(amount, currency), nil
}

// cutSign splits a leading minus off.
func cutSign(text string) (sign, rest string) {
	if strings.HasPrefix(text, "-") {
		return "-", text[1:]
	}
	return "", text
}

// isDigits reports whether text is one or more ASCII digits.
func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
