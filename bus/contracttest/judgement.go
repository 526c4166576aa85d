package contracttest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// judgement holds a value against a schema, in the keywords that the bus writes.
type judgement struct {
	document map[string]any
	problems []string
}

// against lists where a value is not what a schema says. A member that may be absent may
// as well be null.
func against(document, value json.RawMessage, at string) []string {
	j := judgement{}
	j.document, _ = tree(document).(map[string]any)
	j.value(at, j.document, tree(value))
	return j.problems
}

func (j *judgement) complain(at, format string, args ...any) {
	j.problems = append(j.problems, at+" "+fmt.Sprintf(format, args...))
}

func (j *judgement) value(at string, schema map[string]any, v any) {
	schema, null := orNull(j.document, schema)
	if null && v == nil {
		return
	}
	if is, want := jsonType(v), text(schema["type"]); want != "" && is != want && (is != "integer" || want != "number") {
		j.complain(at, "is %s in JSON, and its schema says %s", is, want)
		return
	}
	if allowed, ok := schema["enum"].([]any); ok && !slices.ContainsFunc(allowed, func(a any) bool { return reflect.DeepEqual(a, v) }) {
		j.complain(at, "is %v, and its schema says one of %v", v, allowed)
	}
	switch v := v.(type) {
	case map[string]any:
		j.object(at, schema, v)
	case []any:
		j.count(at, schema, "Items", len(v))
		items, _ := schema["items"].(map[string]any)
		for i := range v {
			j.value(fmt.Sprintf("%s[%d]", at, i), items, v[i])
		}
	case string:
		j.text(at, schema, v)
	case json.Number:
		j.number(at, schema, v)
	}
}

// jsonType is what a schema calls the type of v.
func jsonType(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case json.Number:
		if r, ok := rational(v); ok && r.IsInt() {
			return "integer"
		}
		return "number"
	}
	return "object"
}

func (j *judgement) object(at string, schema, v map[string]any) {
	members, _ := schema["properties"].(map[string]any)
	for _, keyword := range []string{"required", "always"} {
		names, _ := schema[keyword].([]any)
		for _, name := range names {
			if _, there := v[text(name)]; !there {
				j.complain(at+"."+text(name), "is not there, and its schema says that it is %s", keyword)
			}
		}
	}
	if members == nil {
		j.count(at, schema, "Properties", len(v))
	}
	entry, _ := schema["additionalProperties"].(map[string]any)
	names, _ := schema["propertyNames"].(map[string]any)
	for _, name := range sorted(v) {
		member, known := members[name].(map[string]any)
		switch {
		case known && v[name] == nil && !lists(schema, "required", name) && !lists(schema, "always", name):
		case known:
			j.value(at+"."+name, member, v[name])
		case entry != nil:
			j.text(at+"."+name, names, name)
			j.value(at+"."+name, entry, v[name])
		}
	}
}

func (j *judgement) count(at string, schema map[string]any, of string, n int) {
	number := json.Number(fmt.Sprint(n))
	j.between(at, schema, "min"+of, "max"+of, number)
}

func (j *judgement) between(at string, schema map[string]any, low, high string, n json.Number) {
	v, _ := rational(n)
	if least, ok := rational(schema[low]); ok && v.Cmp(least) < 0 {
		j.complain(at, "has %s %v, and is %s", low, schema[low], n)
	}
	if most, ok := rational(schema[high]); ok && v.Cmp(most) > 0 {
		j.complain(at, "has %s %v, and is %s", high, schema[high], n)
	}
}

func (j *judgement) number(at string, schema map[string]any, n json.Number) {
	j.between(at, schema, "minimum", "maximum", n)
	var bits uint
	if _, err := fmt.Sscanf(strings.TrimPrefix(text(schema["format"]), "u"), "int%d", &bits); err != nil {
		return
	}
	if v, _ := rational(n); uint(v.Num().BitLen()) > bits {
		j.complain(at, "has format %v, and is %s", schema["format"], n)
	}
}

func (j *judgement) text(at string, schema map[string]any, v string) {
	j.count(at, schema, "Length", utf8.RuneCountInString(v))
	if pattern, err := regexp.Compile(text(schema["pattern"])); err != nil || !pattern.MatchString(v) {
		j.complain(at, "has pattern %v, and is %q", schema["pattern"], v)
	}
	if _, err := time.Parse(time.RFC3339Nano, v); text(schema["format"]) == "date-time" && err != nil {
		j.complain(at, "has format date-time, and is %q", v)
	}
	if _, err := base64.StdEncoding.DecodeString(v); schema["contentEncoding"] != nil && err != nil {
		j.complain(at, "is in base64, and is %q", v)
	}
}

// orNull follows a reference, and takes null off a schema that allows it beside
// something else.
func orNull(document, schema map[string]any) (map[string]any, bool) {
	null := false
	if either, ok := schema["anyOf"].([]any); ok && len(either) == 2 {
		schema, _ = either[0].(map[string]any)
		null = true
	}
	schema = resolve(document, schema)
	if types, ok := schema["type"].([]any); ok && len(types) == 2 {
		other := maps.Clone(schema)
		other["type"] = types[0]
		if allowed, ok := schema["enum"].([]any); ok {
			other["enum"] = slices.DeleteFunc(slices.Clone(allowed), func(v any) bool { return v == nil })
		}
		return other, true
	}
	return schema, null
}

// rational is a number as it is written: a float64 would not tell large ones apart.
func rational(v any) (*big.Rat, bool) {
	n, ok := v.(json.Number)
	if !ok || len(n) > 64 {
		return new(big.Rat), false
	}
	return new(big.Rat).SetString(n.String())
}
