package contracttest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// side is what two schemas are of. It says which of those who write it and those who
// read it may be the older ones, and whether the readers judge.
type side uint8

const (
	// request is written by earlier callers, and judged by later services. A later
	// caller whose request an earlier service refuses is told so.
	request side = iota
	// response is read by earlier callers, who judge nothing.
	response
	// event is written by earlier emitters and judged by later subscribers, and the
	// other way round; what is refused is lost, and nobody is told.
	event
)

// comparison walks two schemas of the same thing.
type comparison struct {
	old, now map[string]any // the documents, for references
	side     side
	seen     map[[2]string]bool
	breaks   []string
}

// compareSchemas lists what breaks between two schemas.
func compareSchemas(t testing.TB, what string, old, now json.RawMessage, s side) []string {
	t.Helper()
	c := comparison{side: s, seen: map[[2]string]bool{}}
	c.old, _ = tree(old).(map[string]any)
	c.now, _ = tree(now).(map[string]any)
	if c.old == nil || c.now == nil {
		t.Fatalf("%s has no schema", what)
	}
	c.value(what, c.old, c.now, false, false)
	return c.breaks
}

func (c *comparison) breaksAt(path, format string, args ...any) {
	c.breaks = append(c.breaks, path+" "+fmt.Sprintf(format, args...))
}

// value compares what is at one place; wasAbsent and isAbsent say that it may be absent
// there, and so may be null as well.
func (c *comparison) value(path string, old, now map[string]any, wasAbsent, isAbsent bool) {
	from, to := reference(old), reference(now)
	old, wasNull := orNull(c.old, old)
	now, isNull := orNull(c.now, now)
	switch {
	case c.side != response && wasNull && !isNull && !isAbsent:
		c.breaksAt(path, "may no longer be null")
	case c.side != request && isNull && !wasNull && !wasAbsent:
		c.breaksAt(path, "may be null now, and never was")
	}
	if from != "" && to != "" {
		if c.seen[[2]string{from, to}] {
			return
		}
		c.seen[[2]string{from, to}] = true
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
			c.value(path+"[]", inner, other, false, false)
		}
	}
	if names, other := member(old, "propertyNames"), member(now, "propertyNames"); names != nil || other != nil {
		c.limits(path+"{}", names, other)
	}
	c.limits(path, old, now)
	c.values(path, old, now)
}

// member is the schema under a keyword, nil if there is none.
func member(schema map[string]any, keyword string) map[string]any {
	inner, _ := schema[keyword].(map[string]any)
	return inner
}

// reference is what a schema refers to, also one that allows null beside it.
func reference(schema map[string]any) string {
	if either, ok := schema["anyOf"].([]any); ok && len(either) > 0 {
		schema, _ = either[0].(map[string]any)
	}
	return text(schema["$ref"])
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
		c.value(path+"."+name, before, member, !lists(old, c.always(), name), !lists(now, "required", name))
	}
	for _, name := range sorted(is) {
		c.presence(path+"."+name, name, was[name] != nil, old, now)
		for other := range was {
			if was[name] == nil && strings.EqualFold(name, other) {
				c.breaksAt(path+"."+name, "is new and is %s but for the case: who reads names in any case takes one for the other", other)
			}
		}
	}
}

// always is where a schema lists what is always there.
func (c *comparison) always() string {
	if c.side == event {
		return "always"
	}
	return "required"
}

// presence is about whether a member has to be there, and whether it is.
func (c *comparison) presence(path, name string, known bool, old, now map[string]any) {
	required, before := lists(now, "required", name), lists(old, "required", name)
	switch {
	case c.side == request && required && !known:
		c.breaksAt(path, "is new and required: an earlier caller does not send it")
	case c.side == event && required && !known:
		c.breaksAt(path, "is new and required: an earlier emitter does not send it")
	case c.side != response && required && !before:
		c.breaksAt(path, "is required now, and was not")
	case c.side == event && known && before && !required:
		c.breaksAt(path, "is not required any more: %s an event without it", refused)
	case c.side != request && known && lists(old, c.always(), name) && !lists(now, c.always(), name):
		c.breaksAt(path, "may be absent now, and was always there")
	}
}

// refused says what becomes of events that are more than they were, and unexpected the
// same of responses.
const (
	refused    = "an earlier subscriber refuses"
	unexpected = "an earlier caller does not expect"
)

// beyond is refused or unexpected; "" where more is welcome.
func (c *comparison) beyond() string {
	return map[side]string{event: refused, response: unexpected}[c.side]
}

func lists(schema map[string]any, keyword, name string) bool {
	names, _ := schema[keyword].([]any)
	return slices.Contains(names, any(name))
}

// limits lists how a request is limited more than it was, how a response is limited less,
// and how an event is limited otherwise. Of a response that is what its type brings: a
// format, the length of an array, the keys of a map.
func (c *comparison) limits(path string, old, now map[string]any) {
	for _, keyword := range []string{"Length", "imum", "Items", "Properties"} {
		c.bound(path, "min"+keyword, old, now, func(was, is *big.Rat) bool { return is.Cmp(was) > 0 })
		c.bound(path, "max"+keyword, old, now, func(was, is *big.Rat) bool { return is.Cmp(was) < 0 })
	}
	for _, keyword := range []string{"pattern", "format"} {
		switch was, is := text(old[keyword]), text(now[keyword]); {
		case is == was:
		case is != "" && (c.side != response || was != ""):
			c.breaksAt(path, "has another %s: %s", keyword, is)
		case is == "" && c.beyond() != "":
			c.breaksAt(path, "has no %s any more: %s what is not %s", keyword, c.beyond(), was)
		}
	}
}

// values is limits for a list of what is allowed.
func (c *comparison) values(path string, old, now map[string]any) {
	is, limited := now["enum"].([]any)
	was, wasLimited := old["enum"].([]any)
	switch {
	case c.side == response: // nobody sees to it
		return
	case limited && !wasLimited:
		c.breaksAt(path, "may only be one of %v now", is)
		return
	case !limited && wasLimited && c.side == event:
		c.breaksAt(path, "may be anything now: %s what is not one of %v", refused, was)
		return
	case !limited:
		return
	}
	for _, v := range was {
		if !slices.Contains(is, v) {
			c.breaksAt(path, "may no longer be %v", v)
		}
	}
	for _, v := range is {
		if c.side == event && !slices.Contains(was, v) {
			c.breaksAt(path, "may be %v now: %s it", v, refused)
		}
	}
}

func (c *comparison) bound(path, keyword string, old, now map[string]any, tighter func(was, is *big.Rat) bool) {
	is, limited := rational(now[keyword])
	was, wasLimited := rational(old[keyword])
	switch {
	case c.side != response && limited && !wasLimited:
		c.breaksAt(path, "has a new %s of %v", keyword, now[keyword])
	case c.side != response && limited && tighter(was, is):
		c.breaksAt(path, "had %s %v and has %v", keyword, old[keyword], now[keyword])
	case c.beyond() != "" && wasLimited && !limited:
		c.breaksAt(path, "has no %s any more: %s what is beyond %v", keyword, c.beyond(), old[keyword])
	case c.beyond() != "" && wasLimited && tighter(is, was):
		c.breaksAt(path, "had %s %v and has %v: %s what is beyond it", keyword, old[keyword], now[keyword], c.beyond())
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
