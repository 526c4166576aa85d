// Package client calls a running process through its admin server.
//
// An error that the process answered is a *bus.Error and works as if the action had been called in this process: errors.Is
// finds its declared reason, bus.CodeOf its code, and bus.IsRemote is true. Every other error says what stood in the way and what
// to do: nothing listens there, something else does, a token is missing, calls are switched off in production.
package client
