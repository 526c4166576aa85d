package isolate

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

type pointer = unsafe.Pointer

// fixer turns the shallow copy at p into a deep one, in place. It works on
// memory addresses because reflect.Value costs three times as much per field;
// each write of a pointer goes through a typed assignment, so the garbage
// collector sees it. The depth is how many lists and objects JSON would have opened
// before the value: all transports are held to the same bound, that of the wire.
type fixer func(p pointer, depth int) error

// part is how a type is copied.
type part struct {
	fix    fixer // nil: it holds no references
	height int   // without a fix: how many lists and objects of JSON are in one another
}

var errDepth = errors.New("the value nests deeper than 1,000 levels or refers to itself")

type fieldFixer struct {
	offset uintptr
	inner  int // 1, and 0 for an embedded struct: its fields are in the same object
	fix    fixer
}

// structFixer copies a struct; height is that of the fields which need no fixer.
func structFixer(fields []fieldFixer, height int) fixer {
	if len(fields) == 0 {
		return nil
	}
	return func(p pointer, depth int) error {
		if depth+height > codec.MaxDepth {
			return errDepth
		}
		for i := range fields {
			if err := fields[i].fix(unsafe.Add(p, fields[i].offset), depth+fields[i].inner); err != nil {
				return err
			}
		}
		return nil
	}
}

func sliceFixer(t reflect.Type, elem part) fixer {
	if codec.IsBytes(t) {
		return cloneFixer[byte] // a text in JSON, which does not nest
	}
	if elem.fix == nil {
		switch t.Elem().Kind() {
		case reflect.Uint8:
			return shallow(cloneFixer[byte])
		case reflect.String:
			return shallow(cloneFixer[string])
		case reflect.Int64:
			return shallow(cloneFixer[int64])
		}
	}
	size := t.Elem().Size()
	return func(p pointer, depth int) error {
		v := reflect.NewAt(t, p).Elem()
		if v.IsNil() {
			return nil
		}
		n := v.Len()
		c := reflect.MakeSlice(t, n, n)
		reflect.Copy(c, v)
		v.Set(c)
		return fixElements(v.UnsafePointer(), n, size, elem, depth)
	}
}

// shallow bounds the depth of a list whose elements do not nest.
func shallow(clone fixer) fixer {
	return func(p pointer, depth int) error {
		if depth >= codec.MaxDepth && *(*pointer)(p) != nil {
			return errDepth
		}
		return clone(p, depth)
	}
}

// cloneFixer copies the commonest slices without reflection. The capacity is
// cut to the length, so that an append cannot reach the other side's array.
func cloneFixer[E any](p pointer, _ int) error {
	s := (*[]E)(p)
	*s = slices.Clip(slices.Clone(*s))
	return nil
}

func arrayPart(t reflect.Type, elem part) part {
	if elem.fix == nil {
		return part{height: 1 + elem.height}
	}
	n, size := t.Len(), t.Elem().Size()
	return part{fix: func(p pointer, depth int) error { return fixElements(p, n, size, elem, depth) }}
}

// fixElements copies the elements of a list, which is at the depth given.
func fixElements(base pointer, n int, size uintptr, elem part, depth int) error {
	if tooDeep(n, elem, depth) {
		return errDepth
	}
	if elem.fix == nil {
		return nil
	}
	for i := range n {
		if err := elem.fix(unsafe.Add(base, uintptr(i)*size), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// tooDeep reports whether a list or an object of n elements has too much above it.
func tooDeep(n int, elem part, depth int) bool {
	if n == 0 {
		return depth >= codec.MaxDepth
	}
	return depth+1+elem.height > codec.MaxDepth
}

func pointerFixer(t reflect.Type, elem part) fixer {
	return func(p pointer, depth int) error {
		v := reflect.NewAt(t, p).Elem()
		if v.IsNil() {
			return nil
		}
		c := reflect.New(t.Elem())
		c.Elem().Set(v.Elem())
		v.Set(c)
		if elem.fix != nil {
			return elem.fix(c.UnsafePointer(), depth)
		}
		if depth+elem.height > codec.MaxDepth {
			return errDepth
		}
		return nil
	}
}

func mapFixer(t reflect.Type, elem part) fixer {
	if t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String {
		return cloneStrings
	}
	return func(p pointer, depth int) error {
		v := reflect.NewAt(t, p).Elem()
		if v.IsNil() {
			return nil
		}
		if tooDeep(v.Len(), elem, depth) {
			return errDepth
		}
		c := reflect.MakeMapWithSize(t, v.Len())
		key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		for iter := v.MapRange(); iter.Next(); {
			key.SetIterKey(iter)
			value.SetIterValue(iter)
			if elem.fix != nil {
				if err := elem.fix(value.Addr().UnsafePointer(), depth+1); err != nil {
					return err
				}
			}
			c.SetMapIndex(key, value)
		}
		v.Set(c)
		return nil
	}
}

// cloneStrings copies the commonest map without reflection. A named map type
// has the memory of map[string]string; its name is not kept in the map.
func cloneStrings(p pointer, depth int) error {
	m := (*map[string]string)(p)
	if depth >= codec.MaxDepth && *m != nil {
		return errDepth
	}
	*m = maps.Clone(*m)
	return nil
}

func marshalFixer(t reflect.Type) fixer {
	return func(p pointer, _ int) error {
		v := reflect.NewAt(t, p)
		data, err := json.Marshal(v.Interface())
		if err != nil {
			return err
		}
		c := reflect.New(t)
		if err := json.Unmarshal(data, c.Interface()); err != nil {
			return err
		}
		v.Elem().Set(c.Elem())
		return nil
	}
}
