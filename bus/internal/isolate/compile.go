package isolate

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// node is the plan of one type while it is being made and after; a recursive
// type finds its own node and refers to it.
type node struct {
	fix    fixer
	height int // of values that need no fixer: how deeply JSON nests them
	done   bool
}

type compiler struct {
	seen     map[reflect.Type]*node
	problems []string
	// ownWire is set below a type that marshals itself: its fields never meet
	// the codec, so only what cannot be copied counts there.
	ownWire bool
}

// path names a field in messages: pricingapi.Request.Lines[].Price.
type path struct {
	root string
	rest string
}

func (p path) field(name string) path { return path{p.root, p.rest + "." + name} }
func (p path) elem() path             { return path{p.root, p.rest + "[]"} }
func (p path) String() string         { return p.root + p.rest }

func (c *compiler) refuse(p path, format string, args ...any) {
	c.problems = append(c.problems, p.String()+" "+fmt.Sprintf(format, args...))
}

// compile returns how to copy a t, or a nil fix where a t holds no references; the
// height is how deeply JSON nests it then.
func (c *compiler) compile(t reflect.Type, p path) part {
	if n, ok := c.seen[t]; ok {
		if n.done {
			return part{n.fix, n.height}
		}
		return part{fix: func(ptr pointer, depth int) error { return n.fix(ptr, depth) }}
	}
	n := &node{}
	c.seen[t] = n
	made := c.compileNew(t, p)
	n.fix, n.height, n.done = made.fix, made.height, true
	return made
}

func (c *compiler) compileNew(t reflect.Type, p path) part {
	if t == reflect.TypeFor[time.Time]() {
		return part{} // immutable: its *Location is never written through
	}
	switch marshals, unmarshals := codec.MarshalsJSON(t) || codec.MarshalsText(t), codec.Unmarshals(t); {
	case marshals && codec.Lender(t) != "" && !c.ownWire:
		c.refuse(p, "(%s) is marshalled as what it embeds, %s, and loses its other fields: give that a name", t, codec.Lender(t))
		return part{}
	case marshals && unmarshals:
		return part{fix: c.selfMarshalling(t, p)}
	case marshals && !c.ownWire:
		c.refuse(p, "(%s) marshals itself but cannot unmarshal itself: give *%s the matching Unmarshal method", t, t)
		return part{}
	}
	return c.structure(t, p)
}

// structure copies a type by its memory.
func (c *compiler) structure(t reflect.Type, p path) part {
	switch t.Kind() {
	case reflect.Struct:
		return c.structOf(t, p)
	case reflect.Slice:
		return part{fix: sliceFixer(t, c.compile(t.Elem(), p.elem()))}
	case reflect.Array:
		return arrayPart(t, c.compile(t.Elem(), p.elem()))
	case reflect.Pointer:
		if endless(t) {
			c.refuse(p, "is a %s, which leads to itself without anything in between", t)
			return part{}
		}
		return part{fix: pointerFixer(t, c.compile(t.Elem(), p))}
	case reflect.Map:
		return part{fix: c.mapOf(t, p)}
	case reflect.Interface:
		c.refuse(p, "is an interface (%s): a copy of it cannot be known, name the type or use json.RawMessage", t)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr:
		c.refuse(p, "is a %s: it means nothing outside of this process", t.Kind())
	case reflect.Complex64, reflect.Complex128:
		if !c.ownWire {
			c.refuse(p, "is a %s: the wire codec cannot send it", t.Kind())
		}
	default: // numbers, booleans, strings: values
	}
	return part{}
}

// endless reports whether a pointer leads to itself through pointers alone.
func endless(t reflect.Type) bool {
	seen := map[reflect.Type]bool{}
	for ; t.Kind() == reflect.Pointer && !seen[t]; t = t.Elem() {
		seen[t] = true
	}
	return seen[t]
}

func (c *compiler) structOf(t reflect.Type, p path) part {
	if !c.ownWire {
		_, losses := codec.Members(t)
		for _, loss := range losses {
			c.refuse(p.field(loss.Field), "%s", loss.Why)
		}
	}
	var fields []fieldFixer
	height := 1
	for f := range t.Fields() {
		if f.Name == "_" || !c.sendable(f, p) {
			continue
		}
		c.stands(f.Type, p.field(f.Name))
		inner := 1 // deeper than the struct itself
		if codec.IsEmbedded(f) {
			inner = 0
		}
		made := c.compile(f.Type, p.field(f.Name))
		if made.fix != nil {
			fields = append(fields, fieldFixer{f.Offset, inner, made.fix})
		} else {
			height = max(height, inner+made.height)
		}
	}
	return part{structFixer(fields, height), height}
}

// stands refuses a type by value that has its own form behind a pointer only.
func (c *compiler) stands(t reflect.Type, p path) {
	if !c.ownWire && codec.ByPointerOnly(t) {
		c.refuse(p, "(%s) marshals itself only behind a pointer: let it be one, or give its Marshal method a value as receiver", t)
	}
}

// sendable reports whether the field may be there, and complains if not.
func (c *compiler) sendable(f reflect.StructField, p path) bool {
	if c.ownWire {
		return true
	}
	if err := codec.Tag(f.Tag); err != nil {
		c.refuse(p.field(f.Name), "%s", err)
	}
	if !f.IsExported() {
		c.refuse(p.field(f.Name), "is unexported: it would be lost between processes, export it or leave it out")
		return false
	}
	if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == "-" && f.Tag.Get("json") == "-" {
		c.refuse(p.field(f.Name), `is tagged json:"-": it would be lost between processes, leave it out`)
		return false
	}
	return true
}

func (c *compiler) mapOf(t reflect.Type, p path) fixer {
	key := t.Key()
	if !c.ownWire && !keySendable(key) {
		c.refuse(p, "has keys of type %s: the wire codec sends strings, integers and text marshalers", key)
		return nil
	}
	if c.compile(key, p.field("(key)")).fix != nil {
		c.refuse(p, "has keys of type %s, which hold references", key)
		return nil
	}
	c.stands(t.Elem(), p.elem())
	return mapFixer(t, c.compile(t.Elem(), p.elem()))
}

// selfMarshalling copies a type that brings its own wire form: by its memory
// where that can be seen through, else by that form.
func (c *compiler) selfMarshalling(t reflect.Type, p path) fixer {
	inner := &compiler{seen: map[reflect.Type]*node{}, ownWire: true}
	fix := inner.structure(t, p).fix
	if len(inner.problems) == 0 && (fix == nil || !hasUnexported(t, map[reflect.Type]bool{})) {
		return fix
	}
	// References behind unexported fields belong to the type: only it knows
	// whether they may be copied.
	return marshalFixer(t)
}

func keySendable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// hasUnexported reports whether an unexported field is anywhere in t's memory.
func hasUnexported(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Map:
		return hasUnexported(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if !f.IsExported() || hasUnexported(f.Type, seen) {
				return true
			}
		}
	}
	return false
}
