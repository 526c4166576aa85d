// Package pricingapi is the contract of the service pricing: which discounts a
// project offers, whether a code is one of them, and what the codes of a cart
// take off.
//
// Amounts are in minor units with their currency (package money). Lists are
// never null. A source that fails is visible: as a warning beside a result that
// is good without it, or as [ErrProvidersUnavailable] where there is no answer
// without it.
package pricingapi
