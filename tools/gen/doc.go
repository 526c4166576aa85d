// Command gen makes programs of the services that config.yml selects.
//
// It reads config.yml and the source tree and writes, for each variant, a
// program that imports exactly the selected services and nothing else:
//
//	orchestrator/cmd/<variant>/main.go          package main; calls orchestrator.Main
//	orchestrator/cmd/<variant>/services_gen.go  imports the services, plugins and transports
//	orchestrator/cmd/<variant>/manifest.json    what is in it and why; embedded
//	orchestrator/cmd/<variant>/BUILD.bazel      the same program for Bazel
//	orchestrator/variants.bzl                   //orchestrator:<variant> for all of them
//
// Run it by go generate ./..., or directly:
//
//	go run ./tools/gen                 write what changed
//	go run ./tools/gen check           tell whether something should be written
//	go run ./tools/gen graph           who uses whom, and where
//	go run ./tools/gen help            the rest
//
// # Where the graph comes from
//
// A service is a folder services/<name> whose package declares a variable
// Module, and its contract is services/<name>/<name>api. What a service uses of
// another's contract decides what it needs: an action, and whatever is not
// provably data, a type or an event, is a call, so that the other service must be
// linked, or be named under remote, and starts first. An event is listened to and
// needs nobody. Anything else is a type. What cannot be read is an error. The comments
// //orchestrator:optional and //orchestrator:types at the end of an import's
// line, each with a reason, say otherwise.
//
// The sources are read with go/parser: nothing is compiled, no command is run,
// code that does not build is read as well as it can be, and the result does
// not depend on the machine. Files for all platforms count. Of other modules what
// may call a service is read where the go command keeps it; where it is not, that
// is an error.
//
// # What it promises
//
// The same input gives the same bytes. A file that is right is not touched. All
// mistakes are reported together, with their places and what mends them, and
// with any mistake nothing is written. Files that gen did not write are never
// overwritten or removed.
package main
