// Package meest is the provider meest: shipping by the carrier Meest Express,
// and payment in cash on delivery by them.
package meest
