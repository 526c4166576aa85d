package isolate

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"unsafe"
)

type pointer = unsafe.Pointer

// fixer turns the shallow copy at p into a deep one, in place. It works on
// memory addresses because reflect.Value costs three times as much per field;
// each write of a pointer goes through a typed assignment, so the garbage
// collector sees it.
type fixer func(p pointer, depth int) error

var errDepth = errors.New("the value nests deeper than 1,000 levels or refers to itself")

type fieldFixer struct {
	offset uintptr
	fix    fixer
}

func structFixer(fields []fieldFixer) fixer {
	switch len(fields) {
	case 0:
		return nil
	case 1:
		f := fields[0]
		return func(p pointer, depth int) error { return f.fix(unsafe.Add(p, f.offset), depth) }
	}
	return func(p pointer, depth int) error {
		for i := range fields {
			if err := fields[i].fix(unsafe.Add(p, fields[i].offset), depth); err != nil {
				return err
			}
		}
		return nil
	}
}

func sliceFixer(t reflect.Type, elem fixer) fixer {
	if elem == nil {
		switch t.Elem().Kind() {
		case reflect.Uint8:
			return cloneFixer[byte]
		case reflect.String:
			return cloneFixer[string]
		case reflect.Int64:
			return cloneFixer[int64]
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
		if elem == nil {
			return nil
		}
		return fixElements(v.UnsafePointer(), n, size, elem, depth)
	}
}

// cloneFixer copies the commonest slices without reflection. The capacity is
// cut to the length, so that an append cannot reach the other side's array.
func cloneFixer[E any](p pointer, _ int) error {
	s := (*[]E)(p)
	*s = slices.Clip(slices.Clone(*s))
	return nil
}

func arrayFixer(t reflect.Type, elem fixer) fixer {
	if elem == nil {
		return nil
	}
	n, size := t.Len(), t.Elem().Size()
	return func(p pointer, depth int) error { return fixElements(p, n, size, elem, depth) }
}

func fixElements(base pointer, n int, size uintptr, elem fixer, depth int) error {
	if depth >= maxDepth {
		return errDepth
	}
	for i := range n {
		if err := elem(unsafe.Add(base, uintptr(i)*size), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func pointerFixer(t reflect.Type, elem fixer) fixer {
	return func(p pointer, depth int) error {
		v := reflect.NewAt(t, p).Elem()
		if v.IsNil() {
			return nil
		}
		c := reflect.New(t.Elem())
		c.Elem().Set(v.Elem())
		v.Set(c)
		if elem == nil {
			return nil
		}
		return fixElements(c.UnsafePointer(), 1, 0, elem, depth)
	}
}

func mapFixer(t reflect.Type, elem fixer) fixer {
	if t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String {
		return cloneStrings
	}
	return func(p pointer, depth int) error {
		v := reflect.NewAt(t, p).Elem()
		if v.IsNil() {
			return nil
		}
		if depth >= maxDepth {
			return errDepth
		}
		c := reflect.MakeMapWithSize(t, v.Len())
		key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		for iter := v.MapRange(); iter.Next(); {
			key.SetIterKey(iter)
			value.SetIterValue(iter)
			if elem != nil {
				if err := elem(value.Addr().UnsafePointer(), depth+1); err != nil {
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
func cloneStrings(p pointer, _ int) error {
	m := (*map[string]string)(p)
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
