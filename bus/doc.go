// Package bus is how services talk to each other.
package bus
