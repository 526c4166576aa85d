// Package payments is the service that knows what a customer can pay with. It
// asks the project's providers through the service apps, names every method
// "provider:code", and leaves out what does not go with the shipping method. The
// contract is package paymentsapi.
//
// It keeps nothing.
package payments
