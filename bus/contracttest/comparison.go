package contracttest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// comparison walks two schemas of the same thing.
type comparison struct {
	old, now map[string]any // the documents, for references
	request  bool           // else a response
	seen     map[[2]string]bool
	breaks   []string
}

// compareSchemas lists what breaks between two schemas.
func compareSchemas(t testing.TB, what string, old, now json.RawMessage, request bool) []string {
	t.Helper()
	c := comparison{request: request, seen: map[[2]string]bool{}}
	c.old, _ = tree(old).(map[string]any)
	c.now, _ = tree(now).(map[string]any)
	if c.old == nil || c.now == nil {
		t.Fatalf("%s has no schema", what)
	}
	c.value(what, c.old, c.now)
	return c.breaks
}

func (c *comparison) breaksAt(path, format string, args ...any) {
	c.breaks = append(c.breaks, path+" "+fmt.Sprintf(format, args...))
}

func (c *comparison) value(path string, old, now map[string]any) {
	from, to := text(old["$ref"]), text(now["$ref"])
	if from != "" || to != "" {
		if c.seen[[2]string{from, to}] && from != "" && to != "" {
			return
		}
		c.seen[[2]string{from, to}] = true
		old, now = resolve(c.old, old), resolve(c.now, now)
	}
	if was, is := kind(old), kind(now); was != is {
		c.breaksAt(path, "was %s and is %s", was, is)
		return
	}
	c.members(path, old, now)
	for _, part := range []string{"items", "additionalProperties"} {
		inner, _ := old[part].(map[string]any)
		other, _ := now[part].(map[string]any)
		if inner != nil && other != nil {
			c.value(path+"[]", inner, other)
		}
	}
	if c.request {
		c.limits(path, old, now)
	}
}

// kind names what a value is, as a reader of JSON sees it.
func kind(schema map[string]any) string {
	name := text(schema["type"])
	if name == "" {
		return "any value"
	}
	if name == "integer" || name == "number" {
		return strings.TrimSpace(name + " " + text(schema["format"]))
	}
	if schema["contentEncoding"] != nil {
		return name + " in " + text(schema["contentEncoding"])
	}
	return name
}

func (c *comparison) members(path string, old, now map[string]any) {
	was, _ := old["properties"].(map[string]any)
	is, _ := now["properties"].(map[string]any)
	for _, name := range sorted(was) {
		member, ok := is[name].(map[string]any)
		if !ok {
			c.breaksAt(path+"."+name, "was removed")
			continue
		}
		before, _ := was[name].(map[string]any)
		c.value(path+"."+name, before, member)
	}
	for _, name := range sorted(is) {
		required, was := has(now, name), was[name] != nil
		switch {
		case c.request && required && !was:
			c.breaksAt(path+"."+name, "is new and required: an earlier caller does not send it")
		case c.request && required && !has(old, name):
			c.breaksAt(path+"."+name, "is required now, and was not")
		case !c.request && was && has(old, name) && !required:
			c.breaksAt(path+"."+name, "may be absent now, and was always there")
		}
	}
}

func has(schema map[string]any, name string) bool {
	required, _ := schema["required"].([]any)
	return slices.Contains(required, any(name))
}

// limits lists what a request may no longer be.
func (c *comparison) limits(path string, old, now map[string]any) {
	for _, keyword := range []string{"Length", "imum", "Items", "Properties"} {
		c.bound(path, "min"+keyword, old, now, func(was, is float64) bool { return is > was })
		c.bound(path, "max"+keyword, old, now, func(was, is float64) bool { return is < was })
	}
	for _, keyword := range []string{"pattern", "format"} {
		if is := text(now[keyword]); is != "" && is != text(old[keyword]) {
			c.breaksAt(path, "has another %s: %s", keyword, is)
		}
	}
	values, limited := now["enum"].([]any)
	before, wasLimited := old["enum"].([]any)
	switch {
	case limited && !wasLimited:
		c.breaksAt(path, "may only be one of %v now", values)
	case limited:
		for _, v := range before {
			if !slices.Contains(values, v) {
				c.breaksAt(path, "may no longer be %v", v)
			}
		}
	}
}

func (c *comparison) bound(path, keyword string, old, now map[string]any, tighter func(was, is float64) bool) {
	is, limited := number(now[keyword])
	was, wasLimited := number(old[keyword])
	switch {
	case limited && !wasLimited:
		c.breaksAt(path, "has a new %s of %v", keyword, now[keyword])
	case limited && tighter(was, is):
		c.breaksAt(path, "had %s %v and has %v", keyword, old[keyword], now[keyword])
	}
}

// resolve follows a reference within its document.
func resolve(document, schema map[string]any) map[string]any {
	ref := text(schema["$ref"])
	switch {
	case ref == "":
		return schema
	case ref == "#":
		return document
	}
	defs, _ := document["$defs"].(map[string]any)
	found, _ := defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	return found
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.String(), 64)
	return f, err == nil
}
