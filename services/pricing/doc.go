// Package pricing is the service that knows discounts: it lists what the
// project's providers offer, looks codes up, and counts what the codes of a cart
// take off. The contract is package pricingapi, the arithmetic package
// internal/promotion.
//
// It keeps nothing: what it knows it asks the service apps for, once per
// request.
package pricing
