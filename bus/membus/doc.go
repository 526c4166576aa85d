// Package membus is the bus of a process that is complete by itself: services in
// it call each other, and nobody else is reached.
package membus
