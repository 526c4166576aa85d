// Package inventoryapi is the contract of the service inventory: at which price,
// and whether at all, things can be bought.
//
// Every item that is asked for ends in exactly one of two ways: as an offer, in
// the requested currency, or as a warning with its line id that says why there
// is none; one warning stands for all items when nobody could be asked
// ([InternalError]). "There is no such product" ([ProductNotFound]) and "the
// source could not be asked" ([OfferNotChecked]) are never confused.
package inventoryapi
