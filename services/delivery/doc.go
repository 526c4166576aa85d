// Package delivery is the service that knows how a project can ship, and which
// lines of a cart go into one delivery. It asks the project's providers through
// the service apps and names every method "provider:code". The contract is
// package deliveryapi.
//
// It keeps nothing.
package delivery
