// Package promotion counts what discounts take off a subtotal. It is pure:
// what the providers offer and what was typed goes in, amounts and reasons come
// out.
package promotion
