package modules

import (
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

// workFile is the go.work that a folder is in; empty when there is none.
func workFile(dir string) string {
	if file := setting("GOWORK"); file == "off" {
		return ""
	} else if file != "" {
		return file
	}
	for {
		file := filepath.Join(dir, "go.work")
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
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
