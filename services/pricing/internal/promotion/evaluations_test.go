package promotion_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/pricing/internal/promotion"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
	"pgregory.net/rapid"
)

// anyDiscount is one that Check may accept or refuse.
func anyDiscount(code string) *rapid.Generator[pricingapi.Discount] {
	return rapid.Custom(func(t *rapid.T) pricingapi.Discount {
		currency := rapid.SampledFrom([]money.Currency{"USD", "EUR", "xxx"})
		d := pricingapi.Discount{
			Code:    code,
			Type:    rapid.SampledFrom([]pricingapi.DiscountType{pricingapi.Percentage, pricingapi.Fixed, "gift"}).Draw(t, "type"),
			Percent: rapid.IntRange(-1, 102).Draw(t, "percent"),
		}
		if rapid.Bool().Draw(t, "has amount") {
			amount := money.Of(rapid.Int64Range(-1, 1000_00).Draw(t, "amount"), currency.Draw(t, "amount currency"))
			d.FixedAmount = &amount
		}
		if rapid.Bool().Draw(t, "has minimum") {
			minimum := money.Of(rapid.Int64Range(0, 500_00).Draw(t, "minimum"), currency.Draw(t, "minimum currency"))
			d.Conditions.MinAmount = &minimum
		}
		return d
	})
}

// Whatever the providers offer and the customer types: the amounts add up to the
// total, which is between nothing and the subtotal; and every code ends as a
// discount or as a warning.
func TestEvaluateKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subtotal := money.Of(rapid.Int64Range(0, 1000_00).Draw(t, "subtotal"), "USD")
		var offered []pricingapi.Discount
		var codes []string
		for i := range rapid.IntRange(0, 5).Draw(t, "n") {
			code := fmt.Sprintf("CODE%d", i)
			codes = append(codes, code)
			offered = append(offered, anyDiscount(code).Draw(t, code))
		}
		sound, flawed := promotion.Check(offered)
		if len(sound)+len(flawed) != len(offered) {
			t.Fatalf("%d offered, %d sound, %d flawed", len(offered), len(sound), len(flawed))
		}
		result, err := promotion.Evaluate(subtotal, promotion.Catalogue{Discounts: sound, Complete: true}, codes)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Applied)+len(result.Warnings) != len(codes) {
			t.Fatalf("%d codes, %d discounts, %d warnings", len(codes), len(result.Applied), len(result.Warnings))
		}
		checkAmounts(t, subtotal, result)
	})
}

func checkAmounts(t *rapid.T, subtotal money.Money, result promotion.Result) {
	sum := money.Of(0, "USD")
	for _, applied := range result.Applied {
		if applied.Amount.IsNegative() {
			t.Fatalf("%s takes off %s", applied.Code, applied.Amount)
		}
		var err error
		if sum, err = sum.Add(applied.Amount); err != nil {
			t.Fatal(err)
		}
	}
	if sum != result.Total || result.Total.Amount > subtotal.Amount {
		t.Fatalf("the amounts add up to %s, the total is %s, the subtotal %s", sum, result.Total, subtotal)
	}
}

// Proves: G7. A percentage alone takes off floor(subtotal * p / 100), also of
// the largest subtotal there can be.
func TestPercentageIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subtotal := money.Of(rapid.Int64Min(0).Draw(t, "subtotal"), "USD")
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		offered := promotion.Catalogue{Discounts: []pricingapi.Discount{
			{Code: "P", Type: pricingapi.Percentage, Percent: percent},
		}}
		result, err := promotion.Evaluate(subtotal, offered, []string{"p"})
		if err != nil {
			t.Fatal(err)
		}
		want := new(big.Int).Mul(big.NewInt(subtotal.Amount), big.NewInt(int64(percent)))
		want.Div(want, big.NewInt(100))
		if result.Total.Amount != want.Int64() {
			t.Fatalf("%d %% of %s = %s, want %s minor units", percent, subtotal, result.Total, want)
		}
	})
}
