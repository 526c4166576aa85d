package money

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// UnmarshalJSON reads {"amount":10000,"currency":"USD"} and nothing looser: both
// members once each, under exactly these names, no other; the amount a whole
// number of 64 bits written in digits; the currency a code that Validate
// accepts. The one exception is the zero value, {"amount":0,"currency":""},
// which round-trips. As with other Go types, null changes nothing. The error
// wraps ErrSyntax, ErrOverflow or ErrUnknownCurrency.
//
// Money needs no MarshalJSON: the field tags say it all.
func (m *Money) UnmarshalJSON(data []byte) error {
	if string(bytes.TrimSpace(data)) == "null" {
		return nil
	}
	members, err := readMembers(data)
	if err != nil {
		return err
	}
	read, err := members.money()
	if err != nil {
		return err
	}
	*m = read
	return nil
}

// members are the two members of the object as they were written.
type members struct {
	amount   *json.Number
	currency *string
}

// readMembers walks the object token by token: decoding into a struct would let
// repeated and differently cased names pass.
func readMembers(data []byte) (members, error) {
	var found members
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return members{}, fmt.Errorf(`%w: want an object such as {"amount":10000,"currency":"USD"}`, ErrSyntax)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return members{}, fmt.Errorf("%w: %w", ErrSyntax, err)
		}
		value, err := decoder.Token()
		if err != nil {
			return members{}, fmt.Errorf("%w: %w", ErrSyntax, err)
		}
		if err := found.set(name, value); err != nil {
			return members{}, err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return members{}, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return members{}, fmt.Errorf("%w: text follows the object", ErrSyntax)
	}
	return found, nil
}

// set keeps one member, refusing what is unknown, repeated or of another type.
func (f *members) set(name, value json.Token) error {
	switch {
	case name == "amount" && f.amount == nil:
		number, ok := value.(json.Number)
		if !ok {
			return fmt.Errorf("%w: amount has to be a number of minor units, not %v", ErrSyntax, value)
		}
		f.amount = &number
	case name == "currency" && f.currency == nil:
		code, ok := value.(string)
		if !ok {
			return fmt.Errorf("%w: currency has to be a string, not %v", ErrSyntax, value)
		}
		f.currency = &code
	case name == "amount" || name == "currency":
		return fmt.Errorf("%w: %v is given twice", ErrSyntax, name)
	default:
		return fmt.Errorf("%w: unknown member %q, want amount and currency", ErrSyntax, name)
	}
	return nil
}

// money turns the members into a value.
func (f members) money() (Money, error) {
	if f.amount == nil || f.currency == nil {
		return Money{}, fmt.Errorf("%w: want both amount and currency", ErrSyntax)
	}
	sign, digits := cutSign(f.amount.String())
	if !isDigits(digits) {
		return Money{}, fmt.Errorf("%w: amount %s is no whole number of minor units", ErrSyntax, f.amount)
	}
	amount, err := strconv.ParseInt(sign+digits, 10, 64)
	if err != nil {
		return Money{}, fmt.Errorf("amount %s: %w", f.amount, ErrOverflow)
	}
	read := Of(amount, Currency(*f.currency))
	if read == (Money{}) {
		return read, nil
	}
	return read, read.Validate()
}
