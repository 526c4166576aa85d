package services_test

import (
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
)

// contract is what the sources of a service say, to be compared with its README. It is
// read from them, so that a new service needs no line here.
type contract struct {
	names    []string // of actions, events and errors
	fields   []string // the JSON names in all requests, responses and payloads
	codes    []string // texts in capitals, such as those of warnings
	settings []string // the keys of the configuration
	errors   []string // the rows of errors, each with reason and code
}

var sections = []string{"Name", "Purpose", "Config", "Actions", "Errors", "Metrics"}

// TestReadmesSayWhatTheCodeSays compares names in both directions where a README
// writes them in a way of their own: actions, events and errors as service.name,
// settings with underscores, codes in capitals.
func TestReadmesSayWhatTheCodeSays(t *testing.T) {
	// The codes of providers, and those that every service which asks them passes on.
	everywhere := slices.Concat(contractOf(t, os.DirFS("."), "apps").codes, []string{plugin.UnknownParam})
	for _, service := range serviceNames(t) {
		content, err := os.ReadFile(service + "/README.md")
		if err != nil {
			t.Error(err)
			continue
		}
		readme, said := string(content), contractOf(t, os.DirFS("."), service)
		var got []string
		for _, heading := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(readme, -1) {
			got = append(got, heading[1])
		}
		if !slices.Equal(got, sections) {
			t.Errorf("services/%s/README.md has the sections %q, and those of all services are %q", service, got, sections)
		}
		compare(t, service, readme, service+`\.[A-Za-z]+`, said.names)
		compare(t, service, readme, `[a-z]+(?:_[a-z]+)+`, said.settings, append(busCodes(), "bus_")...)
		compare(t, service, readme, `[A-Z]+(?:_[A-Z]+)+`, said.codes, everywhere...)
		for _, row := range said.errors {
			if !strings.Contains(readme, row) {
				t.Errorf("services/%s/README.md does not have the row %s", service, row)
			}
		}
		for _, field := range said.fields {
			if !regexp.MustCompile(`[\x60.]` + field + `\x60`).MatchString(readme) {
				t.Errorf("services/%s/README.md does not have `%s`, which is a member of the contract", service, field)
			}
		}
	}
}

// serviceNames are the folders that have a module, as tools/gen finds services.
func serviceNames(t *testing.T) (names []string) {
	t.Helper()
	modules, err := filepath.Glob("*/module.go")
	if err != nil || len(modules) == 0 {
		t.Fatalf("found %d services, %v", len(modules), err)
	}
	for _, module := range modules {
		names = append(names, filepath.Dir(module))
	}
	return names
}

// compare wants the words between backquotes that match the pattern to be those
// of the code, but for words with one of the prefixes.
func compare(t *testing.T, service, readme, pattern string, want []string, ignored ...string) {
	t.Helper()
	for _, word := range want {
		if !strings.Contains(readme, "`"+word+"`") {
			t.Errorf("services/%s/README.md does not have `%s`, which is in the code", service, word)
		}
	}
	for _, match := range regexp.MustCompile("`("+pattern+")`").FindAllStringSubmatch(readme, -1) {
		word := match[1]
		ignore := slices.ContainsFunc(ignored, func(prefix string) bool { return strings.HasPrefix(word, prefix) })
		if !ignore && !slices.Contains(want, word) {
			t.Errorf("services/%s/README.md has `%s`, and the code has not", service, word)
		}
	}
}

// busCodes are the codes of errors, which are written like settings.
func busCodes() (codes []string) {
	for code := range bus.NumCodes {
		codes = append(codes, bus.Code(code).String())
	}
	return codes
}

// contractOf reads what a service says in its contract and in its Config.
func contractOf(t *testing.T, tree fs.FS, service string) (c contract) {
	t.Helper()
	for _, name := range sources(t, tree, path.Join(service, service+"api")) {
		for _, d := range declarations(t, tree, name) {
			c.names = append(c.names, d.name)
		}
		file, _ := parsed(t, tree, name)
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CallExpr:
				if selects(node.Fun, "bus", "NewError") {
					c.names = append(c.names, literal(node, 1))
					c.errors = append(c.errors, "| `"+literal(node, 1)+"` | `"+codeOf(node.Args[0])+"` |")
				}
			case *ast.GenDecl:
				if node.Tok == token.CONST {
					c.codes = append(c.codes, capitals(node)...)
				}
			case *ast.StructType:
				c.fields = append(c.fields, members(node, "json")...)
			}
			return true
		})
	}
	file, _ := parsed(t, tree, path.Join(service, "config.go"))
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if config, ok := spec.Type.(*ast.StructType); ok && spec.Name.Name == "Config" {
			c.settings = members(config, "yaml")
		}
		return false
	})
	slices.Sort(c.fields)
	c.fields = slices.Compact(c.fields)
	return c
}

// codeOf is how bus.NotFound is written: not_found.
func codeOf(code ast.Expr) string {
	name, _, _ := selected(code)
	return strings.ToLower(wordStart.ReplaceAllString(name, "${1}_$2"))
}

var inCapitals = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)

// capitals are the constants whose value is a text in capitals.
func capitals(constants *ast.GenDecl) (values []string) {
	ast.Inspect(constants, func(node ast.Node) bool {
		if text, ok := node.(*ast.BasicLit); ok && text.Kind == token.STRING {
			if value, _ := strconv.Unquote(text.Value); inCapitals.MatchString(value) {
				values = append(values, value)
			}
		}
		return true
	})
	return values
}

var wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// members are the names that the fields of a struct have in files of a kind. In
// config.yml one without a tag is in snake case.
func members(structure *ast.StructType, kind string) (names []string) {
	for _, field := range structure.Fields.List {
		name := ""
		if field.Tag != nil {
			tag, _ := strconv.Unquote(field.Tag.Value)
			name, _, _ = strings.Cut(reflect.StructTag(tag).Get(kind), ",")
		}
		if name == "" && kind == "yaml" && len(field.Names) > 0 {
			name = strings.ToLower(wordStart.ReplaceAllString(field.Names[0].Name, "${1}_$2"))
		}
		if name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
