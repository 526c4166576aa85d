package contracttest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// samples are values to use, by their type.
type samples map[reflect.Type]reflect.Value

// filler gives every field a value that is not zero, the same in every run.
type filler struct {
	samples samples
	count   int64
	within  []reflect.Type
}

func (f *filler) sample(v any) { f.samples[reflect.TypeOf(v)] = reflect.ValueOf(v) }

// fill fills what into points to.
func (f *filler) fill(into any) {
	for _, known := range []any{
		time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC), json.RawMessage(`{"any":"value"}`), json.Number("1.5"),
	} {
		if _, ok := f.samples[reflect.TypeOf(known)]; !ok {
			f.sample(known)
		}
	}
	f.value(reflect.ValueOf(into).Elem(), "value")
}

// value fills v, whose JSON name is name.
func (f *filler) value(v reflect.Value, name string) {
	t := v.Type()
	if sample, ok := f.samples[t]; ok {
		v.Set(sample)
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		f.value(v.Elem(), name)
	case reflect.Struct:
		f.structure(v)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(t, 1, 1))
		f.value(v.Index(0), name)
	case reflect.Array:
		for i := range v.Len() {
			f.value(v.Index(i), name)
		}
	case reflect.Map:
		key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		f.value(key, "key")
		f.value(value, name)
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(key, value)
	default:
		f.scalar(v, name)
	}
}

// structure fills the fields, but not those of a type inside itself.
func (f *filler) structure(v reflect.Value) {
	for _, outer := range f.within {
		if outer == v.Type() {
			return
		}
	}
	f.within = append(f.within, v.Type())
	defer func() { f.within = f.within[:len(f.within)-1] }()
	for field, at := range v.Fields() {
		if !field.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" {
			name = field.Name
		}
		f.value(at, name)
	}
}

// scalar tells texts apart by their names and numbers by counting.
func (f *filler) scalar(v reflect.Value, name string) {
	f.count = f.count%99 + 1 // fits the smallest type
	switch {
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("%s %d", name, f.count))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(f.count)
	case v.CanUint():
		v.SetUint(uint64(f.count))
	case v.CanFloat():
		v.SetFloat(float64(f.count) + 0.5)
	}
}
