package promotion_test

import (
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/pricing/internal/promotion"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

func TestFindTakesTheFirstOfACode(t *testing.T) {
	offered := promotion.Catalogue{Discounts: []pricingapi.Discount{
		{Code: "Ten", Provider: "first"}, {Code: "TEN", Provider: "second"}, {Code: "Five", Provider: "second"},
	}}
	for typed, provider := range map[string]string{" ten\t": "first", "FIVE": "second", "": "", "t en": ""} {
		if found, ok := offered.Find(typed); ok != (provider != "") || found.Provider != provider {
			t.Errorf("%q is %+v, %t; want that of %q", typed, found, ok, provider)
		}
	}
}

func TestCheckSaysWhatIsWrongWithADiscount(t *testing.T) {
	zero, odd := money.Of(0, "USD"), money.Of(5_00, "odd")
	for says, discount := range map[string]pricingapi.Discount{
		"it has no code":                          {Code: " ", Type: pricingapi.Percentage, Percent: 5},
		"101 percent is not between 1 and 100":    {Code: "A", Type: pricingapi.Percentage, Percent: 101},
		"it is fixed and has no amount above":     {Code: "A", Type: pricingapi.Fixed, FixedAmount: &zero},
		"its minimum amount has the unknown curr": {Code: "A", Type: pricingapi.Percentage, Percent: 5, Conditions: pricingapi.Conditions{MinAmount: &odd}},
		`"gift" is no type of discount`:           {Code: "A", Type: "gift"},
	} {
		sound, warnings := promotion.Check([]pricingapi.Discount{discount, {Code: "GOOD", Type: pricingapi.Percentage, Percent: 5}})
		if len(sound) != 1 || sound[0].Code != "GOOD" || len(warnings) != 1 ||
			warnings[0].Code != pricingapi.DiscountInvalid || !strings.Contains(warnings[0].Message, says) {
			t.Errorf("sound are %+v, warnings %+v; want that %s", sound, warnings, says)
		}
	}
}
