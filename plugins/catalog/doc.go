// Package catalog is the provider catalog: offers from a small list of products
// that is shipped with the program as data (products.json), priced in USD, EUR
// and UAH.
package catalog
