//go:build !unix

package embedded

import "os"

// acquire takes nothing: a lock that outlives a crash would be worse than none.
// The port keeps two servers with the same settings apart.
func acquire(*os.File) error { return nil }
