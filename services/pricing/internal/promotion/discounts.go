package promotion

import (
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// Catalogue is what the providers of a project offer at one moment.
type Catalogue struct {
	// Discounts in the order of their providers; the first of a code counts.
	Discounts []pricingapi.Discount
	// Warnings of the round, to be passed on.
	Warnings []appsapi.Warning
	// Asked is false when no provider could be asked at all.
	Asked bool
	// Complete is false when a provider failed, so that a code which is not
	// here may exist all the same.
	Complete bool
}

// Find returns the discount of a code as a customer types it: blanks around it
// and its case do not matter.
func (c Catalogue) Find(code string) (pricingapi.Discount, bool) {
	key := normal(code)
	for _, discount := range c.Discounts {
		if normal(discount.Code) == key {
			return discount, true
		}
	}
	return pricingapi.Discount{}, false
}

// Check separates the discounts that can be counted from those that cannot,
// with a warning for each of these.
func Check(offered []pricingapi.Discount) (sound []pricingapi.Discount, warnings []appsapi.Warning) {
	sound = make([]pricingapi.Discount, 0, len(offered))
	for _, discount := range offered {
		flaw := flaw(discount)
		if flaw == "" {
			sound = append(sound, discount)
			continue
		}
		warnings = append(warnings, appsapi.Warning{
			Code:     pricingapi.DiscountInvalid,
			Message:  fmt.Sprintf("The discount %q of %s is left out: %s.", discount.Code, discount.Provider, flaw),
			Provider: discount.Provider,
			Subject:  discount.Code,
		})
	}
	return sound, warnings
}

// flaw says why a discount cannot be counted; "" when it can.
func flaw(d pricingapi.Discount) string {
	if normal(d.Code) == "" {
		return "it has no code"
	}
	if minimum := d.Conditions.MinAmount; minimum != nil && minimum.Validate() != nil {
		return fmt.Sprintf("its minimum amount has the unknown currency %q", minimum.Currency)
	}
	switch d.Type {
	case pricingapi.Percentage:
		if d.Percent < 1 || d.Percent > 100 {
			return fmt.Sprintf("%d percent is not between 1 and 100", d.Percent)
		}
	case pricingapi.Fixed:
		if d.FixedAmount == nil || d.FixedAmount.Validate() != nil || d.FixedAmount.Amount < 1 {
			return "it is fixed and has no amount above zero"
		}
	default:
		return fmt.Sprintf("%q is no type of discount", d.Type)
	}
	return ""
}

// normal is the form in which codes are compared.
func normal(code string) string { return strings.ToLower(strings.TrimSpace(code)) }
