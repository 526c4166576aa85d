package modules

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// cacheDir is the folder of the module cache.
func cacheDir() string {
	if dir := setting("GOMODCACHE"); dir != "" {
		return dir
	}
	list := filepath.SplitList(setting("GOPATH"))
	if len(list) == 0 || list[0] == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		list = []string{filepath.Join(home, "go")}
	}
	return filepath.Join(list[0], "pkg", "mod")
}

// setting is a setting of the go command: from the environment, or as go env -w wrote it.
func setting(name string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	file := os.Getenv("GOENV")
	if file == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return ""
		}
		file = filepath.Join(dir, "go", "env")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "" // there is none, or GOENV=off
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			return value
		}
	}
	return ""
}

// workspace reads the go.work that a folder is in; file is empty when there is none.
func workspace(dir string) (file string, text []byte, err error) {
	switch file = setting("GOWORK"); file {
	case "off":
		return "", nil, nil
	case "":
		return nearest(dir, "go.work")
	}
	text, err = os.ReadFile(file)
	return file, text, err
}

// nearest reads the file of a name in dir or in the nearest folder above it that
// has one; file is empty when none has.
func nearest(dir, name string) (file string, text []byte, err error) {
	for ; ; dir = filepath.Dir(dir) {
		file = filepath.Join(dir, name)
		text, err = os.ReadFile(file)
		switch {
		case err == nil || !errors.Is(err, fs.ErrNotExist):
			return file, text, err
		case dir == filepath.Dir(dir):
			return "", nil, nil
		}
	}
}

// escaped is a path or version as the module cache spells it, where letters of
// either case may be the same.
func escaped(name string) string {
	var text strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			text.WriteByte('!')
		}
		text.WriteRune(unicode.ToLower(r))
	}
	return text.String()
}
