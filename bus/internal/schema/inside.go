package schema

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// inside makes the check of what a t consists of.
func (c *compiler) inside(t reflect.Type, path string, tag tags) check {
	collection := codec.IsCollection(t)
	if !collection && !tag.items.empty() {
		c.refuse(path, fmt.Sprintf("has a tag items, and a %s has none", t))
		return nil
	}
	switch {
	case collection:
		element := tags{value: tag.items, doc: tag.doc}
		find := c.present(t.Elem(), c.value(t.Elem(), path+"[]", element), element, path+"[]")
		return elements(t, find)
	case codec.Opaque(t):
		if field := ruled(t, map[reflect.Type]bool{}); field != "" {
			c.refuse(path+field, fmt.Sprintf("has rules that nobody would apply, because %s marshals itself: let it say them in a method Validate", t))
		}
	case t.Kind() == reflect.Struct:
		return c.structOf(t, path)
	}
	return nil
}

// elements checks each one, where there is anything to check.
func elements(t reflect.Type, find check) check {
	switch {
	case find == nil:
		return nil
	case t.Kind() == reflect.Map:
		return eachValue(t, find)
	}
	size := t.Elem().Size()
	return func(p pointer, w *walk) {
		v := reflect.NewAt(t, p).Elem()
		n, base := v.Len(), p
		if t.Kind() == reflect.Slice {
			base = v.UnsafePointer()
		}
		for i := range n {
			if w.tooDeep() {
				return
			}
			w.enter(step{index: i})
			find(unsafe.Add(base, uintptr(i)*size), w)
			w.leave()
		}
	}
}

// eachValue checks the values of a map, and reports them in the order of the keys.
func eachValue(t reflect.Type, find check) check {
	return func(p pointer, w *walk) {
		value, before := reflect.New(t.Elem()).Elem(), len(w.found)
		for iter := reflect.NewAt(t, p).Elem().MapRange(); iter.Next() && !w.tooDeep(); {
			value.SetIterValue(iter)
			w.enter(step{name: fmt.Sprint(iter.Key())})
			find(value.Addr().UnsafePointer(), w)
			w.leave()
		}
		slices.SortStableFunc(w.found[before:], func(a, b Problem) int { return cmp.Compare(a.Field, b.Field) })
	}
}

// part is a field with its check.
type part struct {
	codec.Member

	find check
	// missing is what is said of a required member whose embedded pointer is nil; "" if
	// it may be absent.
	missing string
}

func (c *compiler) structOf(t reflect.Type, path string) check {
	var parts []part
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.Anonymous && name == "" && tagged(f) {
			c.refuse(path+"."+f.Name, "is embedded and has a tag: its fields are the outer struct's, tag those")
		}
	}
	members, _ := codec.Members(t) // package isolate says what is wrong with them
	for _, f := range members {
		at := path + "." + f.StructField.Name
		tag := c.tagsOf(f.StructField, at)
		find := c.present(f.Type, c.value(f.Type, at, tag), tag, at)
		if find == nil {
			continue
		}
		made := part{Member: f, find: find}
		switch {
		case tag.value.required:
			made.missing = missing(f.Type, tag.doc)
		case f.Optional:
			made.find = unlessAbsent(f.Type, find)
		}
		parts = append(parts, made)
	}
	if len(parts) == 0 {
		return nil
	}
	return func(p pointer, w *walk) {
		if w.tooDeep() {
			return
		}
		for i := range parts {
			w.enter(step{name: parts[i].Name})
			if at := parts[i].Reach(p); at != nil {
				parts[i].find(at, w)
			} else if parts[i].missing != "" {
				w.report("required", parts[i].missing)
			}
			w.leave()
		}
	}
}

// follow checks what a pointer points to; a nil one is absent.
func follow(find check) check {
	if find == nil {
		return nil
	}
	return func(p pointer, w *walk) {
		if to := *(*pointer)(p); to != nil {
			find(to, w)
		}
	}
}

// present refuses an empty value where the tag requires one.
func (c *compiler) present(t reflect.Type, find check, tag tags, path string) check {
	if !tag.value.required {
		return find
	}
	if t.Kind() == reflect.Bool {
		c.refuse(path, "is a required bool, which could not be false: let it be a pointer")
		return nil
	}
	empty, message := emptiness(t, true), missing(t, tag.doc)
	return func(p pointer, w *walk) {
		switch {
		case empty(p):
			w.report("required", message)
		case find != nil:
			find(p, w)
		}
	}
}

// missing is what is said of a required t that is none.
func missing(t reflect.Type, doc string) string {
	message := "must be given"
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.String {
		message = "must not be empty"
	}
	if doc != "" {
		message += ": " + doc
	}
	return message
}

func unlessAbsent(t reflect.Type, find check) check {
	empty := emptiness(t, false)
	return func(p pointer, w *walk) {
		if !empty(p) {
			find(p, w)
		}
	}
}

// emptiness says whether a value is none. Where one is required, blank text is none, and
// a pointer to an empty text, list or map is as good as that; a number or a boolean behind
// a pointer may be zero.
func emptiness(t reflect.Type, blank bool) func(pointer) bool {
	switch t.Kind() {
	case reflect.Pointer:
		inner := func(pointer) bool { return false }
		switch t.Elem().Kind() {
		case reflect.String, reflect.Slice, reflect.Map, reflect.Pointer:
			if blank {
				inner = emptiness(t.Elem(), true)
			}
		}
		return func(p pointer) bool {
			to := *(*pointer)(p)
			return to == nil || inner(to)
		}
	case reflect.String:
		if blank {
			return func(p pointer) bool { return strings.TrimSpace(*(*string)(p)) == "" }
		}
		return func(p pointer) bool { return *(*string)(p) == "" }
	case reflect.Slice, reflect.Map:
		length := lengthOf(t)
		return func(p pointer) bool { return length(p) == 0 }
	}
	return func(p pointer) bool { return reflect.NewAt(t, p).Elem().IsZero() }
}
