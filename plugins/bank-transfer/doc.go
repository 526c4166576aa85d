// Package banktransfer is the provider bank-transfer: payment by a transfer to
// the shop's bank account, outside of the shop.
package banktransfer
