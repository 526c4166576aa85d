package money_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/shopanaio/orchestrator/money"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		text     string
		currency money.Currency
		want     int64
		err      error
	}{
		{"100.00", "USD", 10000, nil},
		{"100", "USD", 10000, nil},
		{"100.5", "USD", 10050, nil},
		{"-0.05", "USD", -5, nil},
		{"007", "JPY", 7, nil},
		{"1.234", "KWD", 1234, nil},
		{"1.2345", "CLF", 12345, nil},
		{"92233720368547758.07", "USD", math.MaxInt64, nil},
		{"-92233720368547758.08", "USD", math.MinInt64, nil},
		{"92233720368547758.08", "USD", 0, money.ErrOverflow},
		{"999999999999999999999999", "JPY", 0, money.ErrOverflow},
		{"1.001", "USD", 0, money.ErrPrecision},
		{"1.000", "USD", 0, money.ErrPrecision},
		{"1.0", "JPY", 0, money.ErrPrecision},
		{"1.", "USD", 0, money.ErrSyntax},
		{".5", "USD", 0, money.ErrSyntax},
		{"", "USD", 0, money.ErrSyntax},
		{"-", "USD", 0, money.ErrSyntax},
		{"+1", "USD", 0, money.ErrSyntax},
		{"--1", "USD", 0, money.ErrSyntax},
		{" 1", "USD", 0, money.ErrSyntax},
		{"1e2", "USD", 0, money.ErrSyntax},
		{"1_000", "USD", 0, money.ErrSyntax},
		{"1,50", "USD", 0, money.ErrSyntax},
		{"1.2.3", "USD", 0, money.ErrSyntax},
		{"٣", "USD", 0, money.ErrSyntax},
		{"1", "usd", 0, money.ErrUnknownCurrency},
		{"1", "", 0, money.ErrUnknownCurrency},
	} {
		got, err := money.Parse(tt.text, tt.currency)
		if !errors.Is(err, tt.err) {
			t.Errorf("Parse(%q, %q) error = %v, want %v", tt.text, tt.currency, err, tt.err)
		}
		want := money.Money{}
		if tt.err == nil {
			want = money.Of(tt.want, tt.currency)
		}
		if got != want {
			t.Errorf("Parse(%q, %q) = %v, want %v", tt.text, tt.currency, got, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for want, m := range map[string]money.Money{
		"100.00":                money.Of(10000, "USD"),
		"0.00":                  money.Of(0, "USD"),
		"-0.01":                 money.Of(-1, "USD"),
		"0.001":                 money.Of(1, "KWD"),
		"0.0001":                money.Of(1, "UYW"),
		"15":                    money.Of(15, "JPY"),
		"-92233720368547758.08": money.Of(math.MinInt64, "USD"),
		"0":                     {},
	} {
		if got := m.Decimal(); got != want {
			t.Errorf("%#v.Decimal() = %q, want %q", m, got, want)
		}
	}
}

func TestOverflow(t *testing.T) {
	most, least := money.Of(math.MaxInt64, "USD"), money.Of(math.MinInt64, "USD")
	cent := money.Of(1, "USD")
	for name, operation := range map[string]func() (money.Money, error){
		"add":              func() (money.Money, error) { return most.Add(cent) },
		"add negative":     func() (money.Money, error) { return least.Add(money.Of(-1, "USD")) },
		"sub":              func() (money.Money, error) { return least.Sub(cent) },
		"sub least":        func() (money.Money, error) { return cent.Sub(least) },
		"mul":              func() (money.Money, error) { return most.Mul(2) },
		"negate least":     func() (money.Money, error) { return least.Mul(-1) },
		"mul to far":       func() (money.Money, error) { return most.Mul(math.MaxInt64) },
		"percent over 100": func() (money.Money, error) { return most.Percent(101) },
		"percent of least": func() (money.Money, error) { return least.Percent(101) },
		"sum":              func() (money.Money, error) { return money.Sum("USD", most, cent) },
	} {
		if got, err := operation(); !errors.Is(err, money.ErrOverflow) {
			t.Errorf("%s = %v, %v; want ErrOverflow", name, got, err)
		}
	}
	if got, err := least.Mul(1); err != nil || got != least {
		t.Errorf("least * 1 = %v, %v; want %v", got, err, least)
	}
	if got, err := least.Percent(100); err != nil || got != least {
		t.Errorf("100 %% of least = %v, %v; want %v", got, err, least)
	}
}

func TestPercentRoundsDown(t *testing.T) {
	for _, tt := range []struct{ amount, percent, want int64 }{
		{33333, 10, 3333}, {33333, 50, 16666}, {199, 50, 99}, {-199, 50, -100},
		{199, -50, -100}, {-199, -50, 99}, {1, 99, 0}, {-1, 1, -1}, {0, -7, 0}, {100, 250, 250},
	} {
		got, err := money.Of(tt.amount, "EUR").Percent(tt.percent)
		if err != nil || got.Amount != tt.want {
			t.Errorf("%d %% of %d = %v, %v; want %d", tt.percent, tt.amount, got.Amount, err, tt.want)
		}
	}
}

func TestCurrenciesDoNotMix(t *testing.T) {
	usd, jpy := money.Of(1, "USD"), money.Of(1, "JPY")
	for name, operation := range map[string]func() error{
		"add":     func() error { _, err := usd.Add(jpy); return err },
		"sub":     func() error { _, err := usd.Sub(jpy); return err },
		"compare": func() error { _, err := usd.Compare(jpy); return err },
		"min":     func() error { _, err := money.Min(usd, jpy); return err },
		"sum":     func() error { _, err := money.Sum("USD", usd, jpy); return err },
		"unset":   func() error { _, err := usd.Add(money.Money{}); return err },
	} {
		if err := operation(); !errors.Is(err, money.ErrCurrencyMismatch) {
			t.Errorf("%s = %v, want ErrCurrencyMismatch", name, err)
		}
	}
}

func TestZeroValueIsRefused(t *testing.T) {
	var unset money.Money
	for name, operation := range map[string]func() error{
		"validate": unset.Validate,
		"add":      func() error { _, err := unset.Add(unset); return err },
		"compare":  func() error { _, err := unset.Compare(unset); return err },
		"mul":      func() error { _, err := unset.Mul(1); return err },
		"percent":  func() error { _, err := unset.Percent(1); return err },
		"sum":      func() error { _, err := money.Sum(""); return err },
	} {
		if err := operation(); !errors.Is(err, money.ErrUnknownCurrency) {
			t.Errorf("%s of the zero value = %v, want ErrUnknownCurrency", name, err)
		}
	}
}

func TestUnmarshalJSONIsStrict(t *testing.T) {
	for text, want := range map[string]error{
		`{"amount":1,"currency":"USD"}`:                   nil,
		` { "currency" : "USD" , "amount" : -1 } `:        nil,
		`{"amount":0,"currency":""}`:                      nil,
		`null`:                                            nil,
		`{"amount":1,"currency":""}`:                      money.ErrUnknownCurrency,
		`{"amount":1,"currency":"usd"}`:                   money.ErrUnknownCurrency,
		`{"amount":1,"currency":"XAU"}`:                   money.ErrUnknownCurrency,
		`{"amount":9223372036854775808,"currency":"USD"}`: money.ErrOverflow,
		`{"amount":1.0,"currency":"USD"}`:                 money.ErrSyntax,
		`{"amount":1e2,"currency":"USD"}`:                 money.ErrSyntax,
		`{"amount":"1","currency":"USD"}`:                 money.ErrSyntax,
		`{"amount":null,"currency":"USD"}`:                money.ErrSyntax,
		`{"amount":{},"currency":"USD"}`:                  money.ErrSyntax,
		`{"amount":1,"currency":840}`:                     money.ErrSyntax,
		`{"amount":1}`:                                    money.ErrSyntax,
		`{"currency":"USD"}`:                              money.ErrSyntax,
		`{"Amount":1,"currency":"USD"}`:                   money.ErrSyntax,
		`{"amount":1,"amount":1,"currency":"USD"}`:        money.ErrSyntax,
		`{"amount":1,"currency":"USD","scale":2}`:         money.ErrSyntax,
		`[1,"USD"]`:  money.ErrSyntax,
		`"1.00 USD"`: money.ErrSyntax,
		`{}`:         money.ErrSyntax,
	} {
		var m money.Money
		if err := json.Unmarshal([]byte(text), &m); !errors.Is(err, want) {
			t.Errorf("%s: error = %v, want %v", text, err, want)
		}
	}
}

// Called directly, UnmarshalJSON also meets text that encoding/json would have
// refused before.
func TestUnmarshalJSONOfBrokenText(t *testing.T) {
	for _, text := range []string{``, `{`, `{"amount"`, `{"amount":1,`, `{"amount":1,"currency":"USD"} x`, `{"amount":1,"currency":"USD"`} {
		m := money.Of(7, "EUR")
		if err := m.UnmarshalJSON([]byte(text)); !errors.Is(err, money.ErrSyntax) {
			t.Errorf("%q: error = %v, want ErrSyntax", text, err)
		}
		if m != money.Of(7, "EUR") {
			t.Errorf("%q changed the value to %v", text, m)
		}
	}
}

func TestUnmarshalJSONKeepsTheValueOnNull(t *testing.T) {
	m := money.Of(7, "EUR")
	if err := json.Unmarshal([]byte("null"), &m); err != nil || m != money.Of(7, "EUR") {
		t.Errorf("null gave %v, %v; want the value unchanged", m, err)
	}
}

func TestCurrency(t *testing.T) {
	for code, digits := range map[string]int{"USD": 2, "UAH": 2, "AED": 2, "ZWG": 2, "JPY": 0, "ISK": 0, "KWD": 3, "TND": 3, "CLF": 4, "UYW": 4} {
		c, err := money.ParseCurrency(code)
		if err != nil || c.Digits() != digits {
			t.Errorf("%s: %d digits, %v; want %d", code, c.Digits(), err, digits)
		}
	}
	for _, code := range []string{"", "US", "USDX", "usd", " USD", "XAU", "XXX", "XTS", "HRK", "ANG", "ZWL", "AAA", "ZZZ", "\x00\x00\x00"} {
		if _, err := money.ParseCurrency(code); !errors.Is(err, money.ErrUnknownCurrency) {
			t.Errorf("ParseCurrency(%q) error = %v, want ErrUnknownCurrency", code, err)
		}
	}
}
