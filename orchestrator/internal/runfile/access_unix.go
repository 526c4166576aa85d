//go:build unix

package runfile

import (
	"io/fs"
	"os"
	"syscall"
)

// mine tells whether a file belongs to the user of this process.
func mine(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int64(stat.Uid) == int64(os.Geteuid())
}

// exposed tells whether other users may write to a file, or into a directory.
func exposed(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }

// lock takes the lock of a file, which ends with the file's descriptor.
func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// locked tells whether a process holds the lock of a file. Where that cannot be asked
// the answer is yes, and the connection will show.
func locked(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil
}
