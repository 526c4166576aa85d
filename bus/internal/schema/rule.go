package schema

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// rule is one keyword for values of type V.
type rule[V any] struct {
	keyword string
	holds   func(V) bool
	message func(V) string // of a value for which it does not hold
}

// checkOf applies rules to what read finds; nil without rules.
func checkOf[V any](read func(pointer) V, rules []rule[V]) check {
	if len(rules) == 0 {
		return nil
	}
	return func(p pointer, w *walk) {
		v := read(p)
		for i := range rules {
			if !rules[i].holds(v) {
				w.report(rules[i].keyword, rules[i].message(v))
			}
		}
	}
}

// rulesOf makes the check of the keywords for values of t, which they fit.
func rulesOf(t reflect.Type, k keywords, doc string) check {
	switch {
	case t.Kind() == reflect.String:
		return checkOf(func(p pointer) string { return *(*string)(p) }, stringRules(k, doc))
	case isUnsigned(t):
		return checkOf(readUnsigned(t), numberRules(k, func(s string) (uint64, error) { return strconv.ParseUint(s, 10, 64) }))
	case isInteger(t):
		return checkOf(readInteger(t), numberRules(k, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }))
	case isFloat(t):
		return checkOf(readFloat(t), numberRules(k, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }))
	case t.Kind() == reflect.Slice:
		return checkOf(lengthOf(t), countRules(k, "Items", "item", "items"))
	case t.Kind() == reflect.Map:
		return checkOf(lengthOf(t), countRules(k, "Properties", "entry", "entries"))
	}
	return nil
}

func stringRules(k keywords, doc string) []rule[string] {
	var rules []rule[string]
	for _, counted := range countRules(k, "Length", "character", "characters") {
		rules = append(rules, rule[string]{
			counted.keyword,
			func(s string) bool { return counted.holds(utf8.RuneCountInString(s)) },
			func(s string) string { return counted.message(utf8.RuneCountInString(s)) },
		})
	}
	if k.pattern != nil {
		message := "must be " + cmp.Or(doc, "written as "+k.pattern.String())
		rules = append(rules, rule[string]{"pattern", k.pattern.MatchString, func(string) string { return message }})
	}
	if f := formats[k.format]; f != nil {
		rules = append(rules, rule[string]{"format", f.has, func(string) string { return "must be " + f.noun }})
	}
	if k.enum != nil {
		rules = append(rules, rule[string]{
			"enum",
			func(s string) bool { return slices.Contains(k.enum, s) },
			func(s string) string { return oneOf(k.enum) + strconv.Quote(short(s)) },
		})
	}
	return rules
}

func oneOf(enum []string) string { return "must be one of " + strings.Join(enum, ", ") + ", not " }

// numberRules compares numbers as what they are: a float64 would not tell large
// integers apart.
func numberRules[V cmp.Ordered](k keywords, parse func(string) (V, error)) []rule[V] {
	var rules []rule[V]
	if low, err := parse(k.limits["minimum"]); err == nil {
		rules = append(rules, rule[V]{
			"minimum",
			func(v V) bool { return v >= low },
			func(v V) string { return fmt.Sprintf("must be at least %v, not %v", low, v) },
		})
	}
	if high, err := parse(k.limits["maximum"]); err == nil {
		rules = append(rules, rule[V]{
			"maximum",
			func(v V) bool { return v <= high },
			func(v V) string { return fmt.Sprintf("must be at most %v, not %v", high, v) },
		})
	}
	if values := parseAll(k.enum, parse); values != nil {
		rules = append(rules, rule[V]{
			"enum",
			func(v V) bool { return slices.Contains(values, v) },
			func(v V) string { return oneOf(k.enum) + fmt.Sprint(v) },
		})
	}
	return rules
}

// parseAll reads the values of an enum, which fit the type.
func parseAll[V any](texts []string, parse func(string) (V, error)) []V {
	var values []V
	for _, text := range texts {
		if v, err := parse(text); err == nil {
			values = append(values, v)
		}
	}
	return values
}

// countRules limits how many there are of what one and many call it.
func countRules(k keywords, suffix, one, many string) []rule[int] {
	var rules []rule[int]
	of := func(n int) string {
		if n == 1 {
			return "1 " + one
		}
		return strconv.Itoa(n) + " " + many
	}
	if low, err := strconv.Atoi(k.limits["min"+suffix]); err == nil {
		rules = append(rules, rule[int]{
			"min" + suffix,
			func(n int) bool { return n >= low },
			func(n int) string { return "must have at least " + of(low) + ", not " + strconv.Itoa(n) },
		})
	}
	if high, err := strconv.Atoi(k.limits["max"+suffix]); err == nil {
		rules = append(rules, rule[int]{
			"max" + suffix,
			func(n int) bool { return n <= high },
			func(n int) string { return "must have at most " + of(high) + ", not " + strconv.Itoa(n) },
		})
	}
	return rules
}

// short keeps a message from carrying a text of any size back.
func short(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

func readUnsigned(t reflect.Type) func(pointer) uint64 {
	return func(p pointer) uint64 { return reflect.NewAt(t, p).Elem().Uint() }
}

func readInteger(t reflect.Type) func(pointer) int64 {
	if t.Kind() == reflect.Int64 {
		return func(p pointer) int64 { return *(*int64)(p) }
	}
	return func(p pointer) int64 { return reflect.NewAt(t, p).Elem().Int() }
}

func readFloat(t reflect.Type) func(pointer) float64 {
	return func(p pointer) float64 { return reflect.NewAt(t, p).Elem().Float() }
}

func lengthOf(t reflect.Type) func(pointer) int {
	return func(p pointer) int { return reflect.NewAt(t, p).Elem().Len() }
}
