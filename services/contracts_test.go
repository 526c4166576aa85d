package services_test

import (
	"os"
	"path/filepath"
	"testing"
)

// Every action is compared with what was recorded of it: see package contracttest.
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
	for file := range recorded {
		t.Errorf("%s is the record of no action", file)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
