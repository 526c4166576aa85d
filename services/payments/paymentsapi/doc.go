// Package paymentsapi is the contract of the service payments: what a customer
// of a project can pay with.
//
// A method is named "provider:code", such as "novaposhta:cod_cash", and so are
// the shipping methods it depends on. Lists and maps are never null. When the
// providers fail, the result says so in its warnings.
package paymentsapi
