// Package manifest is the record of what a binary was built from: its variant,
// the services, plugins and transports that are linked, why each one is there,
// and what config.yml asked for when the selection was generated.
//
// tools/gen writes it as manifest.json beside the generated main, the binary
// embeds that file, and three readers use it: the binary itself (the manifest
// command and /debug/manifest), the start-up check that compares the binary
// with the config.yml it reads ([Diff]), and [FromBinary], which reads the
// manifest out of a binary file of any platform without running it.
//
// The package imports the standard library only.
package manifest
