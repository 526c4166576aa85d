//go:build !unix

package runfile

import (
	"errors"
	"io/fs"
	"os"
)

// A user's cache directory is the user's alone where permissions are no mode bits.
func mine(fs.FileInfo) bool { return true }

func exposed(fs.FileInfo) bool { return false }

func lock(*os.File) error { return errors.ErrUnsupported }

func locked(*os.File) bool { return true }
