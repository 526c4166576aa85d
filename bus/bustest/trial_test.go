package bustest_test

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"

	"github.com/shopanaio/orchestrator/bus/bustest"
)

func TestTrial(t *testing.T) {
	for name, c := range map[string]struct {
		body func(t testing.TB)
		want bustest.Result
	}{
		"passes":  {func(t testing.TB) { t.Logf("%d", 1) }, bustest.Result{Log: []string{"1"}}},
		"error":   {func(t testing.TB) { t.Error("a", 1); t.Log("b") }, bustest.Result{Failed: true, Log: []string{"a 1", "b"}}},
		"fatal":   {func(t testing.TB) { t.Fatal("a"); t.Log("b") }, bustest.Result{Failed: true, Log: []string{"a"}}},
		"skipped": {func(t testing.TB) { t.Skip("a"); t.Log("b") }, bustest.Result{Skipped: true, Log: []string{"a"}}},
		"cleanups": {func(t testing.TB) {
			t.Cleanup(func() { t.Log("first", t.Context().Err()) })
			t.Cleanup(func() { t.Fatalf("second %v", t.Failed()) })
		}, bustest.Result{Failed: true, Log: []string{"second false", "first context canceled"}}},
	} {
		got := bustest.Trial(c.body)
		if got.Failed != c.want.Failed || got.Skipped != c.want.Skipped || !slices.Equal(got.Log, c.want.Log) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if r := bustest.Trial(func(testing.TB) { panic("out of paper") }); !r.Failed || len(r.Log) != 1 {
		t.Errorf("a panic: %+v", r)
	}
}

func TestTrialPutsThingsBack(t *testing.T) {
	var dir string
	bustest.Trial(func(t testing.TB) { dir = t.TempDir() })
	if _, err := os.Stat(dir); dir == "" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder %q was left: %v", dir, err)
	}
}
