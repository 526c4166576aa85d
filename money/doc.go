// Package money holds amounts of money as whole minor units of an ISO 4217
// currency, and the few operations a shop needs, all of them exact.
//
// A [Money] is 10000 minor units of USD: 100.00 USD. How many digits the minor
// unit has is a property of the currency (USD 2, JPY 0, KWD 3, CLF 4), never of
// the amount. There is no floating point anywhere, and no rounding but the one
// that [Money.Percent] states.
//
// What cannot be exact is an error: two different currencies in one operation
// ([ErrCurrencyMismatch]), a result outside of 64 bits ([ErrOverflow]), a code
// that ISO 4217 does not list ([ErrUnknownCurrency]), text that is no amount
// ([ErrSyntax]) or has more digits than the currency ([ErrPrecision]).
//
// # The zero value
//
// Money{} means "no amount was given": zero of no currency. It prints as "0",
// survives JSON, and is refused by Validate and by every operation with
// ErrUnknownCurrency, so that a forgotten price cannot pass for a free one.
// Zero of a currency is Of(0, "USD").
//
// Do not put omitzero on a Money field: encoding/json would ask [Money.IsZero]
// and drop 0.00 USD. Optional amounts are *Money with omitempty.
package money
