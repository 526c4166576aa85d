// Package inventory is the service that knows at which price, and whether at
// all, things can be bought. It asks the project's providers through the service
// apps and sees to it that every item ends as an offer in the requested currency
// or as a warning. The contract is package inventoryapi, the rule which offer
// belongs to which item package internal/matching.
//
// It keeps nothing: there is no stock here, so quantities are passed on to the
// providers and not compared with anything.
package inventory
