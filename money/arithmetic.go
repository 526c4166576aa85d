package money

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
)

// Add returns m + other. The error wraps ErrCurrencyMismatch, ErrUnknownCurrency
// or ErrOverflow.
func (m Money) Add(other Money) (Money, error) {
	if err := m.sameCurrency(other); err != nil {
		return Money{}, fmt.Errorf("add %s to %s: %w", other, m, err)
	}
	sum := m.Amount + other.Amount
	if (sum > m.Amount) != (other.Amount > 0) {
		return Money{}, fmt.Errorf("add %s to %s: %w", other, m, ErrOverflow)
	}
	return Of(sum, m.Currency), nil
}

// Sub returns m - other. The error wraps ErrCurrencyMismatch, ErrUnknownCurrency
// or ErrOverflow.
func (m Money) Sub(other Money) (Money, error) {
	if err := m.sameCurrency(other); err != nil {
		return Money{}, fmt.Errorf("subtract %s from %s: %w", other, m, err)
	}
	difference := m.Amount - other.Amount
	if (difference < m.Amount) != (other.Amount > 0) {
		return Money{}, fmt.Errorf("subtract %s from %s: %w", other, m, ErrOverflow)
	}
	return Of(difference, m.Currency), nil
}

// Mul returns m times n, such as a price times a quantity. The error wraps
// ErrUnknownCurrency or ErrOverflow.
func (m Money) Mul(n int64) (Money, error) {
	product, err := m.mulDiv(n, 1)
	if err != nil {
		return Money{}, fmt.Errorf("multiply %s by %d: %w", m, n, err)
	}
	return product, nil
}

// Percent returns p percent of m, rounded down toward minus infinity to a whole
// minor unit: floor(amount * p / 100). 10 percent of 333.33 USD is 33.33 USD, of
// -333.33 USD it is -33.34 USD. Only the result has to fit, not amount * p. The
// error wraps ErrUnknownCurrency or ErrOverflow.
func (m Money) Percent(p int64) (Money, error) {
	part, err := m.mulDiv(p, 100)
	if err != nil {
		return Money{}, fmt.Errorf("take %d percent of %s: %w", p, m, err)
	}
	return part, nil
}

// Compare returns -1 if m is less than other, 0 if they are equal and +1 if m is
// more. The error wraps ErrCurrencyMismatch or ErrUnknownCurrency.
func (m Money) Compare(other Money) (int, error) {
	if err := m.sameCurrency(other); err != nil {
		return 0, fmt.Errorf("compare %s with %s: %w", m, other, err)
	}
	return cmp.Compare(m.Amount, other.Amount), nil
}

// Min returns the lesser of a and b. The error wraps ErrCurrencyMismatch or
// ErrUnknownCurrency.
func Min(a, b Money) (Money, error) {
	order, err := a.Compare(b)
	if err != nil {
		return Money{}, err
	}
	if order <= 0 {
		return a, nil
	}
	return b, nil
}

// Sum adds amounts that are all in the currency; the sum of none is zero of it.
// The error wraps ErrCurrencyMismatch, ErrUnknownCurrency or ErrOverflow; the
// last is about the running total, in the order given.
func Sum(currency Currency, amounts ...Money) (Money, error) {
	total := Of(0, currency)
	if err := total.Validate(); err != nil {
		return Money{}, err
	}
	for _, amount := range amounts {
		var err error
		if total, err = total.Add(amount); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}

// sameCurrency refuses two currencies in one operation, and no currency twice.
func (m Money) sameCurrency(other Money) error {
	if m.Currency != other.Currency {
		return ErrCurrencyMismatch
	}
	return m.Validate()
}

// mulDiv returns floor(m * factor / divisor). The product takes 128 bits, so
// that only a result outside of 64 is refused.
func (m Money) mulDiv(factor int64, divisor uint64) (Money, error) {
	if err := m.Validate(); err != nil {
		return Money{}, err
	}
	negative := (m.Amount < 0) != (factor < 0)
	hi, lo := bits.Mul64(magnitude(m.Amount), magnitude(factor))
	if hi >= divisor { // the quotient would not fit into 64 bits
		return Money{}, ErrOverflow
	}
	quotient, remainder := bits.Div64(hi, lo, divisor)
	if !negative {
		if quotient > math.MaxInt64 {
			return Money{}, ErrOverflow
		}
		return Of(int64(quotient), m.Currency), nil
	}
	// Down means away from zero here: -7/2 is -3.5, its floor -4.
	if quotient > 1<<63 || quotient == 1<<63 && remainder > 0 {
		return Money{}, ErrOverflow
	}
	result := -int64(quotient) // 1<<63 wraps to the least int64, which is right
	if remainder > 0 {
		result--
	}
	return Of(result, m.Currency), nil
}

// magnitude returns |n|, also of the least int64.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
