package codec

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"unsafe"
)

type pointer = unsafe.Pointer

// reader reads the next value into the memory at p, which is of the type that the
// reader was made for, and zero.
type reader func(c *cursor, p pointer) *Mistake

// Strict reads body into what into points to, which is a zero value. A member that its
// type does not have, a name that comes twice, text that is no UTF-8 and a list that
// does not fit an array are mistakes. The error is a [*Mistake].
func Strict(body []byte, into any) error {
	_, err := decode(&cursor{body: body, strict: true}, into)
	return err
}

// Lenient reads body into what into points to, which is a zero value. A member that
// its type does not have is passed over, and the name of the first one returned; of a
// name that comes twice the last counts; what is no UTF-8 becomes U+FFFD. The error is
// a [*Mistake].
func Lenient(body []byte, into any) (unknown string, err error) {
	return decode(&cursor{body: body}, into)
}

func decode(c *cursor, into any) (unknown string, err error) {
	v := reflect.ValueOf(into)
	failed := readerOf(v.Type().Elem())(c, v.UnsafePointer())
	if failed == nil {
		failed = c.end()
	}
	if failed != nil {
		return c.unknown, failed.settle()
	}
	return c.unknown, nil
}

// readers are made once for each type.
var readers sync.Map // of reflect.Type to reader

func readerOf(t reflect.Type) reader {
	if r, ok := readers.Load(t); ok {
		return r.(reader) //nolint:forcetypeassert // nothing else is stored
	}
	b := &builder{made: map[reflect.Type]*reader{}}
	r, _ := readers.LoadOrStore(t, b.reader(t))
	return r.(reader) //nolint:forcetypeassert // nothing else is stored
}

// builder makes the readers of a type and of those it consists of.
type builder struct {
	made map[reflect.Type]*reader // nil inside while it is being made
}

func (b *builder) reader(t reflect.Type) reader {
	if r := b.made[t]; r != nil {
		if *r != nil {
			return *r
		}
		return func(c *cursor, p pointer) *Mistake { return (*r)(c, p) } // a type inside itself
	}
	r := new(reader)
	b.made[t] = r
	*r = b.make(t)
	return *r
}

func (b *builder) make(t reflect.Type) reader {
	switch {
	case t == reflect.TypeFor[json.Number]():
		return readExact(t)
	case Implements[json.Unmarshaler](t):
		return readOwn(t)
	case Implements[encoding.TextUnmarshaler](t):
		return readOwnText(t)
	}
	switch t.Kind() {
	case reflect.String:
		return readString(t)
	case reflect.Bool:
		return readBool(t)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt(t)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return readUint(t)
	case reflect.Float32, reflect.Float64:
		return readFloat(t)
	case reflect.Struct:
		return b.object(t)
	case reflect.Map:
		return b.table(t)
	case reflect.Array:
		return b.array(t)
	case reflect.Slice:
		if IsBytes(t) {
			return readBytes(t)
		}
		return b.list(t)
	case reflect.Pointer:
		return b.pointer(t)
	}
	return readAny(t)
}

func (b *builder) pointer(t reflect.Type) reader {
	read := b.reader(t.Elem())
	return func(c *cursor, p pointer) *Mistake {
		if c.peek() == 'n' {
			return c.word("null")
		}
		to := reflect.New(t.Elem()).UnsafePointer()
		*(*pointer)(p) = to
		return read(c, to)
	}
}
