package services_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Every service is run from its module by a test of its own: once with a call,
// and through the lives that package servicetest puts it through.
func TestEveryServiceTestsItsModule(t *testing.T) {
	modules, err := filepath.Glob("*/module.go")
	if err != nil || len(modules) == 0 {
		t.Fatalf("found %d services, %v", len(modules), err)
	}
	for _, module := range modules {
		file := filepath.Join(filepath.Dir(module), "module_test.go")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v: every service has one", err)
			continue
		}
		for _, call := range []string{"servicetest.Start(t,", "servicetest.Lifecycle(t,"} {
			if !bytes.Contains(text, []byte(call)) {
				t.Errorf("services/%s does not call %s…)", file, call)
			}
		}
	}
}
