package money_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/shopanaio/orchestrator/money"
	"pgregory.net/rapid"
)

// currencies has one code of every number of digits.
var currencies = []money.Currency{"USD", "JPY", "KWD", "CLF"}

func anyMoney() *rapid.Generator[money.Money] {
	return rapid.Custom(func(t *rapid.T) money.Money {
		return money.Of(rapid.Int64().Draw(t, "amount"), rapid.SampledFrom(currencies).Draw(t, "currency"))
	})
}

func TestParseReadsWhatDecimalWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMoney().Draw(t, "m")
		got, err := money.Parse(m.Decimal(), m.Currency)
		if err != nil || got != m {
			t.Fatalf("Parse(%q) = %v, %v; want %v", m.Decimal(), got, err, m)
		}
	})
}

func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMoney().Draw(t, "m")
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var got money.Money
		if err := json.Unmarshal(text, &got); err != nil || got != m {
			t.Fatalf("%s became %v, %v; want %v", text, got, err, m)
		}
	})
}

// Every operation agrees with unlimited integers, and refuses exactly the
// results that do not fit.
func TestArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Of(rapid.Int64().Draw(t, "a"), "USD")
		b := money.Of(rapid.Int64().Draw(t, "b"), "USD")
		x, y := big.NewInt(a.Amount), big.NewInt(b.Amount)

		agree(t, "add", a.Add, b, new(big.Int).Add(x, y))
		agree(t, "sub", a.Sub, b, new(big.Int).Sub(x, y))
		agree(t, "mul", a.Mul, b.Amount, new(big.Int).Mul(x, y))
		agree(t, "percent", a.Percent, b.Amount, floorPercent(x, y))

		order, err := a.Compare(b)
		if err != nil || order != x.Cmp(y) {
			t.Fatalf("compare = %d, %v; want %d", order, err, x.Cmp(y))
		}
	})
}

func agree[T any](t *rapid.T, name string, operation func(T) (money.Money, error), operand T, want *big.Int) {
	got, err := operation(operand)
	if fits := want.IsInt64(); fits != (err == nil) {
		t.Fatalf("%s: error %v, but the exact result is %s", name, err, want)
	}
	if err == nil && got.Amount != want.Int64() {
		t.Fatalf("%s = %d, want %s", name, got.Amount, want)
	}
}

// floorPercent is floor(amount * p / 100); Div of big rounds down for a
// positive divisor.
func floorPercent(amount, p *big.Int) *big.Int {
	product := new(big.Int).Mul(amount, p)
	return product.Div(product, big.NewInt(100))
}

func TestAddThenSubIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Of(rapid.Int64Range(-1<<61, 1<<61).Draw(t, "a"), "EUR")
		b := money.Of(rapid.Int64Range(-1<<61, 1<<61).Draw(t, "b"), "EUR")
		sum, err := a.Add(b)
		if err != nil {
			t.Fatal(err)
		}
		back, err := sum.Sub(b)
		if err != nil || back != a {
			t.Fatalf("(%v + %v) - %v = %v, %v", a, b, b, back, err)
		}
		least, err := money.Min(a, b)
		if err != nil || (least != a && least != b) || least.Amount > a.Amount || least.Amount > b.Amount {
			t.Fatalf("Min(%v, %v) = %v, %v", a, b, least, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"100.00", "-0.05", "1.", ".5", "92233720368547758.08", "1e5", ""} {
		for _, currency := range currencies {
			f.Add(seed, string(currency))
		}
	}
	f.Fuzz(func(t *testing.T, text, code string) {
		m, err := money.Parse(text, money.Currency(code))
		if err != nil {
			if m != (money.Money{}) {
				t.Fatalf("Parse(%q, %q) gave %v beside the error %v", text, code, m, err)
			}
			return
		}
		again, err := money.Parse(m.Decimal(), m.Currency)
		if err != nil || again != m {
			t.Fatalf("Parse(%q, %q) = %v, but %q reads as %v, %v", text, code, m, m.Decimal(), again, err)
		}
	})
}
