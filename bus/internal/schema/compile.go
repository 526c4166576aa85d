package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// Check says what is wrong with values of one type. It is made once per type and
// is safe for concurrent use.
type Check struct {
	find check
}

// TypeError says which tags of a type are malformed.
type TypeError struct {
	Type     string
	Problems []string // one sentence for each tag, with the path of its field
}

// Error lists all problems.
func (e *TypeError) Error() string {
	return "the tags of " + e.Type + " are wrong: " + strings.Join(e.Problems, "; ")
}

// Compile makes the check of t; it is nil if every value of t is right. The error
// is a [*TypeError].
func Compile(t reflect.Type) (*Check, error) {
	c := &compiler{seen: map[reflect.Type]*node{}}
	find := c.value(t, t.String(), tags{})
	if len(c.problems) > 0 {
		return nil, &TypeError{Type: t.String(), Problems: c.problems}
	}
	if find == nil {
		return nil, nil //nolint:nilnil // nothing to check is the usual case
	}
	return &Check{find: find}, nil
}

// Run lists what is wrong with the value at p, which is of the type the check was
// made for. split takes apart an error of a Validate that names fields.
func (c *Check) Run(p pointer, split func(error) []Problem) []Problem {
	w := &walk{split: split}
	w.path = w.first[:0]
	c.find(p, w)
	if w.more > 0 {
		w.found = append(w.found, Problem{Message: fmt.Sprintf("and %d more", w.more)})
	}
	return w.found
}

// tags are what a field says about its value and the elements of that.
type tags struct {
	value keywords
	items keywords
	doc   string
}

func (t tags) empty() bool { return t.value.empty() && t.items.empty() }

// node is the check of a type while it is being made and after; a recursive type
// finds its own node and refers to it.
type node struct {
	find check
	done bool
}

type compiler struct {
	seen     map[reflect.Type]*node
	problems []string
}

func (c *compiler) refuse(path, what string) {
	c.problems = append(c.problems, path+" "+what)
}

// value makes the check of values of t that are there; nil when all are right.
func (c *compiler) value(t reflect.Type, path string, tag tags) check {
	if !speaks(t, map[reflect.Type]bool{}) && tag.empty() {
		return nil
	}
	if !tag.empty() || t.Name() == "" {
		return c.make(t, path, tag)
	}
	n := c.seen[t]
	if n == nil {
		n = &node{}
		c.seen[t] = n
		n.find, n.done = c.make(t, path, tag), true
	}
	if n.done {
		return n.find
	}
	return func(p pointer, w *walk) { n.find(p, w) }
}

func (c *compiler) make(t reflect.Type, path string, tag tags) check {
	if t.Kind() == reflect.Pointer {
		return follow(c.value(t.Elem(), path, tag))
	}
	if problem := tag.value.fits(t); problem != "" {
		c.refuse(path, problem)
		return nil
	}
	return c.all(t, rulesOf(t, tag.value, tag.doc), c.inside(t, path, tag))
}

// all joins the checks of a t that there are. What its Validate says comes last:
// it may rely on the parts.
func (c *compiler) all(t reflect.Type, inner ...check) check {
	inner = slices.DeleteFunc(inner, func(f check) bool { return f == nil })
	own := codec.Implements[validator](t)
	switch {
	case !own && len(inner) == 0:
		return nil
	case !own && len(inner) == 1:
		return inner[0]
	}
	return func(p pointer, w *walk) {
		before := len(w.found)
		for _, f := range inner {
			f(p, w)
		}
		if own {
			w.validate(asValidator(t, p), before)
		}
	}
}

// speaks reports whether a tag or a Validate is anywhere in t.
func speaks(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch {
	case codec.Implements[validator](t):
		return true
	case codec.Opaque(t):
		return ruled(t, map[reflect.Type]bool{}) != ""
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return speaks(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if tagged(f) || speaks(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// ruled is the first field with a rule anywhere in t, as a path; "" if there is none.
func ruled(t reflect.Type, seen map[reflect.Type]bool) string {
	if seen[t] {
		return ""
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer:
		return ruled(t.Elem(), seen)
	case reflect.Slice, reflect.Array, reflect.Map:
		if inner := ruled(t.Elem(), seen); inner != "" {
			return "[]" + inner
		}
	case reflect.Struct:
		for f := range t.Fields() {
			if tagged(f) {
				return "." + f.Name
			}
			if inner := ruled(f.Type, seen); inner != "" {
				return "." + f.Name + inner
			}
		}
	}
	return ""
}

func tagged(f reflect.StructField) bool {
	_, schema := f.Tag.Lookup("schema")
	_, items := f.Tag.Lookup("items")
	return schema || items
}

// tagsOf reads what a field says.
func (c *compiler) tagsOf(f reflect.StructField, path string) tags {
	tag := tags{doc: f.Tag.Get("doc")}
	for _, t := range []struct {
		name string
		into *keywords
	}{{"schema", &tag.value}, {"items", &tag.items}} {
		k, err := parse(f.Tag.Get(t.name))
		if err != nil {
			c.refuse(path, fmt.Sprintf("%s in its tag %s", err, t.name))
			continue
		}
		*t.into = k
	}
	return tag
}
