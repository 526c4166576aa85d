package promotion

import (
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// Result is what codes take off a subtotal.
type Result struct {
	// Applied are the discounts that count, in the order of the codes.
	Applied []pricingapi.AppliedDiscount
	// Total is the sum of their amounts, at most the subtotal.
	Total money.Money
	// Warnings are those of the catalogue, then why the other codes do not count.
	// Never nil.
	Warnings []appsapi.Warning
}

// Evaluate counts what the codes take off a subtotal that is not negative. Each
// discount is counted on the whole subtotal, so that 10 and 50 percent take 60
// percent off in either order; what they take off together ends at the
// subtotal. A code that is repeated counts once.
func Evaluate(subtotal money.Money, offered Catalogue, codes []string) (Result, error) {
	result := Result{
		Applied:  []pricingapi.AppliedDiscount{},
		Total:    money.Of(0, subtotal.Currency),
		Warnings: append([]appsapi.Warning{}, offered.Warnings...),
	}
	seen := make(map[string]bool, len(codes))
	for _, code := range codes {
		if seen[normal(code)] {
			continue
		}
		seen[normal(code)] = true
		discount, found := offered.Find(code)
		if !found {
			result.Warnings = append(result.Warnings, unknown(code, offered.Complete))
			continue
		}
		if warning, refused := refusal(discount, subtotal); refused {
			result.Warnings = append(result.Warnings, warning)
			continue
		}
		if err := result.apply(discount, subtotal); err != nil {
			return Result{}, err
		}
	}
	return result, nil
}

// apply adds a discount that counts, with what is left for it.
func (r *Result) apply(discount pricingapi.Discount, subtotal money.Money) error {
	full, err := fullAmount(discount, subtotal)
	if err != nil {
		return err
	}
	left, err := subtotal.Sub(r.Total)
	if err != nil {
		return err
	}
	amount, err := money.Min(full, left)
	if err != nil {
		return err
	}
	if r.Total, err = r.Total.Add(amount); err != nil {
		return err
	}
	r.Applied = append(r.Applied, pricingapi.AppliedDiscount{Discount: discount, Amount: amount})
	return nil
}

// fullAmount is what a discount takes off when nothing else does.
func fullAmount(discount pricingapi.Discount, subtotal money.Money) (money.Money, error) {
	if discount.Type == pricingapi.Fixed {
		return *discount.FixedAmount, nil
	}
	return subtotal.Percent(int64(discount.Percent))
}

// refusal says why a discount does not count for this subtotal. An amount of
// another currency is never compared: nothing here knows a rate.
func refusal(discount pricingapi.Discount, subtotal money.Money) (appsapi.Warning, bool) {
	for _, amount := range []*money.Money{discount.FixedAmount, discount.Conditions.MinAmount} {
		if amount != nil && amount.Currency != subtotal.Currency {
			return about(discount, pricingapi.CurrencyMismatch, fmt.Sprintf(
				"The code %s does not count: it is in %s, the cart in %s.",
				discount.Code, amount.Currency, subtotal.Currency)), true
		}
	}
	minimum := discount.Conditions.MinAmount
	if minimum != nil && subtotal.Amount < minimum.Amount {
		return about(discount, pricingapi.MinAmountNotReached, fmt.Sprintf(
			"The code %s does not count: it needs %s, the cart has %s.",
			discount.Code, minimum, subtotal)), true
	}
	return appsapi.Warning{}, false
}

func about(discount pricingapi.Discount, code appsapi.WarningCode, message string) appsapi.Warning {
	return appsapi.Warning{Code: code, Message: message, Provider: discount.Provider, Subject: discount.Code}
}

// unknown is the warning for a code that no provider which answered has.
func unknown(code string, complete bool) appsapi.Warning {
	code = strings.TrimSpace(code)
	if complete {
		return appsapi.Warning{
			Code:    pricingapi.DiscountNotFound,
			Message: fmt.Sprintf("There is no discount with the code %q.", code),
			Subject: code,
		}
	}
	return appsapi.Warning{
		Code:    pricingapi.DiscountNotChecked,
		Message: fmt.Sprintf("The code %q could not be checked: a provider did not answer.", code),
		Subject: code,
	}
}
