// Package runfile records where running processes can be reached, so that
// another invocation of the same binary finds them without being told a port.
//
// There is one file per process, written when the process is ready and removed
// when it stops. The directory is readable by its owner only: who could write
// there could make the owner's calls go elsewhere. A file whose process is gone
// is stale and is removed by whoever finds it.
package runfile
