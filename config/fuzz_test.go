package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse: no input makes Parse panic, and what it accepts has only names
// that are safe in a path and in Go source.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yml", "testdata/errors/*.yml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data))
		}
	}
	f.Add("orchestrator: {services: [apps], variants: {a: {extends: dev}}, external: {b: {import: c}}}")
	f.Add("services: {a: &a {<<: [*a, {b: 1}], ? [c] : d, *a : e}}")
	f.Add("!!bool : !!int ''\n? - a\n: ${B:-c}")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("config.yml", []byte(text))
		if err != nil {
			if _, ok := errors.AsType[Problems](err); !ok || err.Error() == "" {
				t.Fatalf("the error is %T %v", err, err)
			}
			return
		}
		checkSafe(t, file)
		var into struct {
			A any
			B map[string]string
			C []int
		}
		for _, name := range file.Services() {
			_, _ = file.DecodeService(name.Value, variables("B=b"), &into)
		}
		_, _, _ = file.Settings(variables("B=b"))
	})
}

func checkSafe(t *testing.T, file *File) {
	t.Helper()
	variants, err := file.Variants()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range variants {
		names := append([]string{v.Name}, values(v.Services)...)
		for _, name := range append(append(names, values(v.Plugins)...), values(v.Remote)...) {
			if CheckName(name) != nil || strings.ContainsAny(name, "./\\\"'`\n ") {
				t.Fatalf("accepted the name %q", name)
			}
		}
		if len(v.Services) == 0 {
			t.Fatalf("accepted the empty variant %s", v.Name)
		}
		for _, path := range v.External {
			if strings.ContainsAny(path, "\\\"'`\n ") || strings.Contains(path, "..") {
				t.Fatalf("accepted the import path %q", path)
			}
		}
	}
}
