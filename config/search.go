package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	elements := strings.Split(filepath.ToSlash(dir), "/")
	return slices.ContainsFunc(elements, func(element string) bool { return strings.HasSuffix(element, ".runfiles") })
}

// Find looks for config.yml in dir and in every directory above it, the file
// system's root included. It returns the file's absolute path and the
// directories that were searched, in order; path is empty when there is none.
// The error is one of the file system, such as a missing permission; a config.yml that
// is a directory, or a link to nothing, is one as well: somebody meant it to be the file.
func Find(dir string) (path string, searched []string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", nil, fmt.Errorf("look for %s: %w", FileName, err)
	}
	for {
		searched = append(searched, dir)
		candidate := filepath.Join(dir, FileName)
		found, err := isFile(candidate)
		switch {
		case err != nil:
			return "", searched, fmt.Errorf("look for %s: %w", FileName, err)
		case found:
			return candidate, searched, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", searched, nil
		}
		dir = parent
	}
}

func isFile(path string) (bool, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return false, fmt.Errorf("%s is a directory, as a mount makes one of a file that is not there", path)
	case err == nil:
		return true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	if target, err := os.Readlink(path); err == nil {
		return false, fmt.Errorf("%s is a link to %s, which does not exist", path, target)
	}
	return false, nil
}

// Misnamed lists the files in the given directories whose name is nearly that of the
// file: config.yaml is not read.
func Misnamed(dirs []string) []string {
	var found []string
	for _, dir := range dirs {
		path := filepath.Join(dir, "config.yaml")
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			found = append(found, path)
		}
	}
	return found
}
