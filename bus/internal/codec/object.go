package codec

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"
)

// object reads a struct.
type object struct {
	typ    reflect.Type
	fields []objectField
	byName map[string]int
}

type objectField struct {
	Member

	read reader
}

func (b *builder) object(t reflect.Type) reader {
	o := &object{typ: t, byName: map[string]int{}}
	members, _ := Members(t)
	for i, m := range members {
		f := objectField{m, b.reader(m.Type)}
		if m.Quoted {
			f.read = readQuoted(m.Type, f.read)
		}
		o.fields = append(o.fields, f)
		o.byName[m.Name] = i
	}
	return o.read
}

func (o *object) read(c *cursor, p pointer) *Mistake {
	inside, err := c.begin(o.typ, '{')
	if !inside {
		return err
	}
	var had seen
	expected := 0 // members mostly come in the order of the fields
	for first := true; ; first = false {
		more, err := c.more('}', first)
		if !more {
			return err
		}
		name, err := c.name()
		if err != nil {
			return err
		}
		i := o.find(name, expected)
		if i < 0 {
			err = o.stranger(c, name)
		} else {
			expected = i + 1
			err = o.fields[i].readInto(c, p, had.again(i))
		}
		if err != nil {
			return at(err, step{name: name.string()})
		}
	}
}

// find is the field of the name, -1 if there is none.
func (o *object) find(name text, expected int) int {
	if !name.plain {
		name.raw = []byte(name.string())
	}
	if expected < len(o.fields) && o.fields[expected].Name == string(name.raw) {
		return expected
	}
	if i, ok := o.byName[string(name.raw)]; ok {
		return i
	}
	return -1
}

// stranger is a member that no field has.
func (o *object) stranger(c *cursor, name text) *Mistake {
	if !c.strict {
		if c.unknown == "" {
			c.unknown = short(name.string())
		}
		_, err := c.skip()
		return err
	}
	err := &Mistake{Rule: "additionalProperties", Message: "is no known field"}
	for i := range o.fields {
		if strings.EqualFold(o.fields[i].Name, name.string()) {
			err.Message = fmt.Sprintf("is no known field: write it as %s", o.fields[i].Name)
		}
	}
	return err
}

// readInto reads the member of the struct at p. Of one that comes again the last is
// what counts, and nothing of the one before.
func (f *objectField) readInto(c *cursor, p pointer, again bool) *Mistake {
	p = f.Make(p)
	if again {
		if c.strict {
			return &Mistake{Rule: "uniqueNames", Message: "is there twice"}
		}
		reflect.NewAt(f.Type, p).Elem().SetZero()
	}
	return f.read(c, p)
}

// seen remembers which fields there were.
type seen struct {
	first uint64
	more  []uint64
}

// again reports whether the field i was there before.
func (s *seen) again(i int) bool {
	word := &s.first
	if i >= 64 {
		for len(s.more) < i/64 {
			s.more = append(s.more, 0)
		}
		word = &s.more[i/64-1]
	}
	had := *word&(1<<(i%64)) != 0
	*word |= 1 << (i % 64)
	return had
}

// Make is the address of the member in the struct at p. Embedded pointers on the way
// are made where they are nil.
func (m *Member) Make(p pointer) pointer {
	for _, h := range m.Route {
		p = unsafe.Add(p, h.Offset)
		if h.Embedded == nil {
			continue
		}
		to := (*pointer)(p)
		if *to == nil {
			*to = reflect.New(h.Embedded).UnsafePointer()
		}
		p = *to
	}
	return p
}

// Reach is the address of the member in the struct at p, nil when an embedded pointer
// on the way is.
func (m *Member) Reach(p pointer) pointer {
	for _, h := range m.Route {
		p = unsafe.Add(p, h.Offset)
		if h.Embedded != nil {
			if p = *(*pointer)(p); p == nil {
				return nil
			}
		}
	}
	return p
}
