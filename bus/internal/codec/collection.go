package codec

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"unsafe"
)

func (b *builder) list(t reflect.Type) reader {
	element, size := b.reader(t.Elem()), t.Elem().Size()
	return func(c *cursor, p pointer) *Mistake {
		inside, err := c.begin(t, '[')
		if !inside {
			return err
		}
		v := reflect.NewAt(t, p).Elem()
		for n := 0; ; n++ {
			more, err := c.more(']', n == 0)
			if err != nil {
				return err
			}
			if !more {
				if n == 0 {
					v.Set(reflect.MakeSlice(t, 0, 0)) // empty, and not nil
				}
				return nil
			}
			if n == v.Cap() {
				v.Grow(1)
			}
			v.SetLen(n + 1)
			if err := element(c, unsafe.Add(v.UnsafePointer(), uintptr(n)*size)); err != nil {
				return at(err, step{index: n})
			}
		}
	}
}

// array takes what there is: elements more are skipped, and elements less are zero,
// unless the cursor is strict.
func (b *builder) array(t reflect.Type) reader {
	element, size, length := b.reader(t.Elem()), t.Elem().Size(), t.Len()
	return func(c *cursor, p pointer) *Mistake {
		inside, err := c.begin(t, '[')
		if !inside {
			return err
		}
		for n := 0; ; n++ {
			more, err := c.more(']', n == 0)
			switch {
			case err != nil:
				return err
			case c.strict && more == (n >= length):
				return &Mistake{Rule: "minItems", Message: fmt.Sprintf("must have exactly %d items", length)}
			case !more:
				return nil
			case n < length:
				err = element(c, unsafe.Add(p, uintptr(n)*size))
			default:
				_, err = c.skip()
			}
			if err != nil {
				return at(err, step{index: n})
			}
		}
	}
}

// table reads a map.
func (b *builder) table(t reflect.Type) reader {
	if t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String && !Unmarshals(t.Key()) && !Unmarshals(t.Elem()) {
		return readStrings(t)
	}
	key, element := readKey(t.Key()), b.reader(t.Elem())
	return func(c *cursor, p pointer) *Mistake {
		inside, err := c.begin(t, '{')
		if !inside {
			return err
		}
		v := reflect.NewAt(t, p).Elem()
		v.Set(reflect.MakeMap(t))
		k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		for first := true; ; first = false {
			more, err := c.more('}', first)
			if !more {
				return err
			}
			name, err := c.name()
			if err != nil {
				return err
			}
			k.SetZero()
			e.SetZero()
			if err = key(name, k); err == nil && c.strict && v.MapIndex(k).IsValid() {
				return twice(name)
			}
			if err == nil {
				err = element(c, e.Addr().UnsafePointer())
			}
			if err != nil {
				return at(err, step{name: name.string()})
			}
			v.SetMapIndex(k, e)
		}
	}
}

// readStrings reads the commonest map without reflection. A named map type has the
// memory of map[string]string.
func readStrings(t reflect.Type) reader {
	value := readString(t.Elem())
	return func(c *cursor, p pointer) *Mistake {
		inside, err := c.begin(t, '{')
		if !inside {
			return err
		}
		m := map[string]string{}
		*(*map[string]string)(p) = m
		for first := true; ; first = false {
			more, err := c.more('}', first)
			if !more {
				return err
			}
			name, err := c.name()
			if err != nil {
				return err
			}
			key, text := name.string(), ""
			if _, again := m[key]; again && c.strict {
				return twice(name)
			}
			if err := value(c, pointer(&text)); err != nil {
				return at(err, step{name: key})
			}
			m[key] = text
		}
	}
}

// readKey makes a key of a member's name.
func readKey(t reflect.Type) func(name text, into reflect.Value) *Mistake {
	refuse := func(text) *Mistake {
		return &Mistake{Rule: "propertyNames", Message: "is a key that must be " + describe(t)}
	}
	switch {
	case Implements[encoding.TextUnmarshaler](t):
		return func(name text, into reflect.Value) *Mistake {
			u := into.Addr().Interface().(encoding.TextUnmarshaler) //nolint:forcetypeassert // Implements looked
			if err := u.UnmarshalText([]byte(name.string())); err != nil {
				return &Mistake{Rule: "propertyNames", Message: "is no key: " + short(err.Error()), cause: err}
			}
			return nil
		}
	case t.Kind() == reflect.String:
		return func(name text, into reflect.Value) *Mistake {
			into.SetString(name.string())
			return nil
		}
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uintptr:
		return func(name text, into reflect.Value) *Mistake {
			n, err := strconv.ParseUint(short(name.string()), 10, t.Bits())
			if err != nil {
				return refuse(name)
			}
			into.SetUint(n)
			return nil
		}
	}
	return func(name text, into reflect.Value) *Mistake {
		n, err := strconv.ParseInt(short(name.string()), 10, t.Bits())
		if err != nil {
			return refuse(name)
		}
		into.SetInt(n)
		return nil
	}
}
