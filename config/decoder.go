package config

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"gopkg.in/yaml.v3"
)

// decoder sets Go values from nodes and collects what does not fit.
type decoder struct {
	tree     tree
	env      lookup
	warnings []Warning
	fault    error           // a mistake in the program, not in the file
	sights   map[place]sight // what is known of values now that their types are
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	secretType   = reflect.TypeFor[Secret]()
	rawType      = reflect.TypeFor[json.RawMessage]()
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	jsonType     = reflect.TypeFor[json.Unmarshaler]()
)

// see notes what of the values and keys at and below n may be seen in excerpts. What
// is hidden once stays so.
func (d *decoder) see(n *yaml.Node, s sight) {
	at := place{n.Line, n.Column}
	if before, noted := d.sights[at]; !noted || before != hidden {
		if d.sights == nil {
			d.sights = map[place]sight{}
		}
		d.sights[at] = s
	}
	for _, child := range n.Content {
		d.see(child, s)
	}
}

// structure decodes into a struct. Keys that are retired only warn.
func (d *decoder) structure(n *yaml.Node, v reflect.Value, where string, retired map[string]string) {
	fields := fieldsOf(v)
	for _, e := range d.tree.entries(n, where) {
		key := e.key.Value
		if field, ok := fields[key]; ok {
			d.value(e.value, field, where+"."+key)
		} else if message, ok := retired[key]; ok {
			d.warnings = append(d.warnings, Warning{Position: d.tree.src.position(e.key), Code: "retired-setting",
				Subject: where + "." + key, Message: message})
		} else {
			d.tree.unknown(e.key, where, slices.Sorted(maps.Keys(fields)))
			d.see(e.value, hidden)
		}
	}
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, where string) {
	t := v.Type()
	if t == secretType {
		d.see(n, hidden)
	}
	switch {
	case isNull(n):
		d.null(v)
	case t == rawType:
		if data, ok := d.json(n, where); ok {
			v.SetBytes(data)
		}
	case t == durationType, t == secretType:
		d.scalar(n, v, where)
	case v.Kind() == reflect.Pointer:
		d.pointer(n, v, where)
	case reflect.PointerTo(t).Implements(jsonType):
		d.selfJSON(n, v, where)
	case reflect.PointerTo(t).Implements(textType):
		d.selfText(n, v, where)
	default:
		d.kind(n, v, where)
	}
}

func (d *decoder) kind(n *yaml.Node, v reflect.Value, where string) {
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, where, nil)
	case reflect.Slice:
		d.slice(n, v, where)
	case reflect.Map:
		d.mapping(n, v, where)
	case reflect.Interface:
		if v.NumMethod() == 0 {
			d.anything(n, v, where)
			return
		}
		d.unsupported(v, where)
	default:
		d.scalar(n, v, where)
	}
}

// null leaves the default, but takes away what can be absent.
func (d *decoder) null(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		v.SetZero()
	}
}

// pointer decodes into what is pointed to, keeping a default that is there; it
// is copied first, since defaults may be shared.
func (d *decoder) pointer(n *yaml.Node, v reflect.Value, where string) {
	target := reflect.New(v.Type().Elem())
	if !v.IsNil() {
		target.Elem().Set(v.Elem())
	}
	d.value(n, target.Elem(), where)
	v.Set(target)
}

func (d *decoder) slice(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.SequenceNode {
		d.tree.report(n, "wrong-type", "", "%s must be a list, not %s", where, kindOf(n))
		return
	}
	list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.value(item, list.Index(i), fmt.Sprintf("%s[%d]", where, i))
	}
	v.Set(list)
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.MappingNode {
		d.tree.report(n, "wrong-type", "", "%s must be a mapping of keys to values, not %s", where, kindOf(n))
		return
	}
	if v.Type().Key().Kind() != reflect.String {
		d.unsupported(v, where)
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(n.Content)/2)
	for key, value := range d.pairs(n, where) {
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(value, item, where+"."+key)
		out.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), item)
	}
	v.Set(out)
}

func (d *decoder) unsupported(v reflect.Value, where string) {
	if d.fault == nil {
		d.fault = fmt.Errorf("decode %s: a setting cannot have the type %s", where, v.Type())
	}
}
