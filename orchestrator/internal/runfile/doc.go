// Package runfile records where running processes can be reached, so that
// another invocation of the same binary finds them without being told a port.
//
// There is one file per process, written when the process is ready and removed
// when it stops. Directory and files are their owner's only, and are believed by
// nobody else: who could write there could make the owner's calls go elsewhere. The
// process holds a lock on its file; one without is stale, and is removed by whoever
// finds it.
package runfile
