package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FileName is the name that Find looks for.
const FileName = "config.yml"

// WorkingDir returns the folder that the user is in: the working directory, but
// for a program that bazel run started in its runfiles, where
// BUILD_WORKING_DIRECTORY says it. The variable alone says nothing: it is also
// inherited by what such a program starts in another place.
func WorkingDir(env func(string) (string, bool)) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the working directory: %w", err)
	}
	if user, _ := env("BUILD_WORKING_DIRECTORY"); user != "" && inRunfiles(dir) {
		return user, nil
	}
	return dir, nil
}

func inRunfiles(dir string) bool {
	for element := range strings.SplitSeq(filepath.ToSlash(dir), "/") {
		if strings.HasSuffix(element, ".runfiles") {
			return true
		}
	}
	return false
}

// Find looks for config.yml in dir and in every directory above it, the file
// system's root included. It returns the file's absolute path and the
// directories that were searched, in order; path is empty when there is none.
// A config.yml that is a directory is passed over. The error is one of the file
// system, such as a missing permission.
func Find(dir string) (path string, searched []string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", nil, fmt.Errorf("look for %s: %w", FileName, err)
	}
	for {
		searched = append(searched, dir)
		candidate := filepath.Join(dir, FileName)
		info, err := os.Stat(candidate)
		switch {
		case err == nil && !info.IsDir():
			return candidate, searched, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return "", searched, fmt.Errorf("look for %s: %w", FileName, err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", searched, nil
		}
		dir = parent
	}
}
