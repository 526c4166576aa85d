// Package simplepromo is the provider simple-promo: a fixed list of promo codes
// that take a percentage off from a minimum amount on.
package simplepromo
