package money

import "errors"

// What can go wrong. Every error of this package wraps exactly one of these, so
// errors.Is tells the cases apart.
var (
	// ErrCurrencyMismatch: two different currencies met in one operation.
	ErrCurrencyMismatch = errors.New("currencies differ")
	// ErrOverflow: the result does not fit into 64 bits of minor units.
	ErrOverflow = errors.New("amount is out of range")
	// ErrUnknownCurrency: the code is no active ISO 4217 code with a minor unit.
	ErrUnknownCurrency = errors.New("unknown currency")
	// ErrSyntax: the text is no decimal amount, or the JSON no money object.
	ErrSyntax = errors.New("malformed amount")
	// ErrPrecision: the text has more fraction digits than the currency.
	ErrPrecision = errors.New("too many fraction digits")
)
