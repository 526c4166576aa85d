package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// visibilityRule says who may depend on the Bazel targets of a package. The
// reason is part of the failure: a gazelle that made a new BUILD file left it
// public, and the reader has to know what belongs there instead.
type visibilityRule struct {
	packages *regexp.Regexp
	visible  func(match []string) []string
	reason   string
}

// visibilityRules: the first that matches a package holds for it.
var visibilityRules = []visibilityRule{
	{
		regexp.MustCompile(`^(services/[^/]+|plugins/[^/]+)(/.+)?/internal(/.+)?$`),
		func(m []string) []string { return []string{"//" + m[1] + ":__subpackages__"} },
		"what is internal to Go is internal to Bazel",
	},
	{
		regexp.MustCompile(`^services/[^/]+/[^/]+api$`),
		func([]string) []string {
			return []string{"//e2e:__subpackages__", "//orchestrator/cmd:__subpackages__", "//services:__subpackages__"}
		},
		"a contract is for services",
	},
	{
		regexp.MustCompile(`^services/[^/]+$`),
		func([]string) []string {
			return []string{"//e2e:__subpackages__", "//orchestrator/cmd:__subpackages__"}
		},
		"a service is linked by a variant and used by nobody: others use its contract",
	},
	{
		regexp.MustCompile(`^plugins/[^/]+$`),
		func([]string) []string {
			return []string{"//e2e:__subpackages__", "//orchestrator/cmd:__subpackages__"}
		},
		"a provider is linked by a variant and used by nobody: services reach it through apps",
	},
}

// Every service, contract and provider can be depended on by those whom the
// design allows, and by nobody else.
func TestBazelVisibility(t *testing.T) {
	root := os.DirFS("..")
	seen := 0
	for _, dir := range []string{"services", "plugins"} {
		err := fs.WalkDir(root, dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			switch {
			case d.IsDir() && d.Name() == "testdata":
				return fs.SkipDir
			case d.IsDir() && holdsPackage(t, root, p):
				seen++
				checkVisibility(t, root, p)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 15 { // five services, five contracts, five providers
		t.Errorf("looked at %d packages under services and plugins; there are more than that", seen)
	}
}

// holdsPackage reports whether Go code other than tests is in the directory.
func holdsPackage(t *testing.T, root fs.FS, dir string) bool {
	t.Helper()
	files, err := fs.Glob(root, path.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(f string) bool { return !strings.HasSuffix(f, "_test.go") })
}

func checkVisibility(t *testing.T, root fs.FS, dir string) {
	t.Helper()
	file := path.Join(dir, "BUILD.bazel")
	build, err := fs.ReadFile(root, file)
	if err != nil {
		t.Errorf("%s: no BUILD file; run: bazel run //:gazelle", dir)
		return
	}
	for _, rule := range visibilityRules {
		m := rule.packages.FindStringSubmatch(dir)
		if m == nil {
			continue
		}
		want := rule.visible(m)
		for name, got := range ruleVisibility(build) {
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s is visible to %v\nwant %v: %s", file, name, got, want, rule.reason)
			}
		}
		return
	}
	t.Errorf("%s: no rule says who may depend on %s; add one to visibilityRules", file, dir)
}

var (
	ruleCall   = regexp.MustCompile(`(?ms)^([a-z_]+)\(\n(.*?)^\)`)
	nameAttr   = regexp.MustCompile(`(?m)^    name = "([^"]+)"`)
	visibility = regexp.MustCompile(`(?s)\n    visibility = \[(.*?)\]`)
	label      = regexp.MustCompile(`"([^"]+)"`)
)

// ruleVisibility reads the visibility of every rule but tests from a BUILD file
// as gazelle formats it. A rule without one has nil.
func ruleVisibility(build []byte) map[string][]string {
	rules := map[string][]string{}
	for _, call := range ruleCall.FindAllSubmatch(build, -1) {
		name := nameAttr.FindSubmatch(call[2])
		if name == nil || bytes.HasSuffix(call[1], []byte("_test")) {
			continue
		}
		var visible []string
		if v := visibility.FindSubmatch(call[2]); v != nil {
			for _, l := range label.FindAllSubmatch(v[1], -1) {
				visible = append(visible, string(l[1]))
			}
		}
		slices.Sort(visible)
		rules[string(name[1])] = visible
	}
	return rules
}

// The reader above sees what it has to: a test that parses with regular
// expressions proves first that it can fail.
func TestRuleVisibilityReadsGazellesFormat(t *testing.T) {
	const build = `load("@rules_go//go:def.bzl", "go_library", "go_test")

go_library(
    name = "shop",
    srcs = ["a.go"],
    visibility = ["//visibility:public"],
    deps = ["//bus"],
)

go_library(
    name = "list",
    visibility = [
        "//b:__subpackages__",
        "//a:__pkg__",
    ],
)

go_library(
    name = "none",
    srcs = ["a.go"],
)

go_test(
    name = "shop_test",
)
`
	got := ruleVisibility([]byte(build))
	want := map[string][]string{
		"shop": {"//visibility:public"},
		"list": {"//a:__pkg__", "//b:__subpackages__"},
		"none": nil,
	}
	if len(got) != len(want) {
		t.Errorf("read %v, want %v", got, want)
	}
	for name, visible := range want {
		if !slices.Equal(got[name], visible) {
			t.Errorf("%s: read %v, want %v", name, got[name], visible)
		}
	}
}
