package services_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every action, and every event that may leave its process, is compared with what was
// recorded of it: see package contracttest.
func TestEveryContractIsRecorded(t *testing.T) {
	node, _ := openShop(t)
	recorded := map[string]bool{}
	files, err := filepath.Glob("*/*api/testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		recorded[file] = true
	}
	for _, action := range node.Actions() {
		file := filepath.Join(action.Service, action.Service+"api", "testdata", action.Name+".json")
		if !recorded[file] {
			t.Errorf("%s has no record: name it in TestContract of %sapi and run that with -update", action.Name, action.Service)
		}
		delete(recorded, file)
		if test := filepath.Join(action.Service, action.Service+"api", "contract_test.go"); !exists(test) {
			t.Errorf("%s is missing: nothing compares %s with its record", test, action.Name)
		}
	}
	events, mistakes := recordsOfEvents(t, os.DirFS("."))
	for _, mistake := range mistakes {
		t.Error(mistake)
	}
	for _, file := range events {
		delete(recorded, filepath.FromSlash(file))
	}
	for file := range recorded {
		t.Errorf("%s is the record of no action and of no event", file)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// Who calls an action uses the value that its contract declares, so that the compiler
// refuses one that does not exist; and each that is declared is served.
//
// Proves: B20
func TestActionsAreNamedByTheirContractsOnly(t *testing.T) {
	declared := 0
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		declares := strings.Count(string(source), "bus.NewAction[")
		if contract := strings.HasSuffix(filepath.Dir(name), "api"); contract {
			declared += declares
		} else if declares > 0 {
			t.Errorf("%s declares an action: that is its contract's", name)
		}
		for _, way := range []string{".CallJSON(", ".Dispatch("} {
			if strings.Contains(string(source), way) {
				t.Errorf("%s calls an action by a text, which nothing checks: %s", name, way)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	node, _ := openShop(t)
	for _, action := range node.Actions() {
		if !action.Handled {
			t.Errorf("%s is called and nobody serves it", action.Name)
		}
		declared--
	}
	if declared != 0 {
		t.Errorf("%d more actions are declared than served", declared)
	}
}
