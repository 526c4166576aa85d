package services_test

import (
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// defaultMistakes wants the default of each setting in its row.
func defaultMistakes(readme string, defaults map[string]string) (mistakes []string) {
	for _, key := range slices.Sorted(maps.Keys(defaults)) {
		row := regexp.MustCompile("(?m)^\\| `" + key + "` \\| `([^`]*)`").FindStringSubmatch(readme)
		if row == nil || !sameDefault(row[1], defaults[key]) {
			mistakes = append(mistakes, "does not have a row of `"+key+"` with the default `"+defaults[key]+"`")
		}
	}
	return mistakes
}

// sameDefault compares two as they are meant: 1m30s is 90s.
func sameDefault(written, is string) bool {
	a, errA := time.ParseDuration(written)
	b, errB := time.ParseDuration(is)
	return written == is || errA == nil && errB == nil && a == b
}

// defaultsOf are the values that DefaultConfig gives to the fields of a config, where they
// are numbers, texts or durations that are written out.
func defaultsOf(file *ast.File, config *ast.StructType) map[string]string {
	keys, defaults := map[string]string{}, map[string]string{}
	for _, field := range config.Fields.List {
		if name := members(&ast.StructType{Fields: &ast.FieldList{List: []*ast.Field{field}}}, "yaml"); len(name) == 1 && len(field.Names) == 1 {
			keys[field.Names[0].Name] = name[0]
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		made, ok := node.(*ast.CompositeLit)
		if !ok || !isConfig(made) {
			return true
		}
		for _, element := range made.Elts {
			pair, _ := element.(*ast.KeyValueExpr)
			if pair == nil {
				continue
			}
			name, _ := pair.Key.(*ast.Ident)
			if value := writtenOut(pair.Value); name != nil && value != "" && keys[name.Name] != "" {
				defaults[keys[name.Name]] = value
			}
		}
		return true
	})
	return defaults
}

func isConfig(made *ast.CompositeLit) bool {
	of, ok := made.Type.(*ast.Ident)
	return ok && of.Name == "Config"
}

// units are how Go and config.yml write those of durations.
var units = map[string]string{"Millisecond": "ms", "Second": "s", "Minute": "m", "Hour": "h"}

// writtenOut is a literal, or 5 * time.Second, as config.yml has it; "" for anything else.
func writtenOut(value ast.Expr) string {
	switch value := value.(type) {
	case *ast.BasicLit:
		return strings.Trim(value.Value, "`\"")
	case *ast.SelectorExpr:
		if unit, of, _ := selected(value); of == "time" && units[unit] != "" {
			return "1" + units[unit]
		}
	case *ast.BinaryExpr:
		number, _ := value.X.(*ast.BasicLit)
		unit, of, _ := selected(value.Y)
		if number != nil && value.Op == token.MUL && of == "time" && units[unit] != "" {
			return number.Value + units[unit]
		}
	}
	return ""
}
