//go:build unix

package embedded

import (
	"os"
	"syscall"
)

// acquire takes the lock that ends with the file's descriptor, and so with the
// process, however that ends.
func acquire(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
