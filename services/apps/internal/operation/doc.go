// Package operation runs an operation over several providers together, and lets
// none of them take the results of the others along: one that fails, panics or
// hangs costs its own.
package operation
