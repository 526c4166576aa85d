// Package e2e drives what a user gets: the built binaries, the generator and
// the commands of the README. It holds tests only.
//
// The fixture services under fixtures/ (one is slow, one fails to start, one
// panics) are selected by the same generator as the real ones:
//
//	go run ./tools/gen --root e2e/fixtures
//
// These tests need the go command and the source tree, so they are no Bazel
// targets.
package e2e
