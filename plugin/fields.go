package plugin

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// decodeStrict decodes exactly one JSON value and refuses unknown fields.
func decodeStrict(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fmt.Errorf("there is more after the value")
	}
	return nil
}

// inspect finds what of data does not fit the type, with paths. It exists
// because encoding/json reports one mistake without the
// index of the list element it is in, and takes names in any letter case.
func inspect(data json.RawMessage, t reflect.Type, path string) []FieldError {
	if string(bytes.TrimSpace(data)) == "null" {
		return nil
	}
	if t.Kind() == reflect.Pointer {
		return inspect(data, t.Elem(), path)
	}
	if decodesItself(t) {
		return inspectLeaf(data, t, path)
	}
	switch t.Kind() {
	case reflect.Struct:
		return inspectStruct(data, t, path)
	case reflect.Map:
		return inspectMap(data, t, path)
	case reflect.Slice, reflect.Array:
		return inspectList(data, t, path)
	default:
		return inspectLeaf(data, t, path)
	}
}

func inspectStruct(data json.RawMessage, t reflect.Type, path string) []FieldError {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return []FieldError{wrongType(data, path, "an object")}
	}
	fields := structFields(t)
	var mistakes []FieldError
	for _, name := range sortedKeys(members) {
		fieldType, known := fields[name]
		if !known {
			mistakes = append(mistakes, unknownField(join(path, name), fields))
			continue
		}
		mistakes = append(mistakes, inspect(members[name], fieldType, join(path, name))...)
	}
	return mistakes
}

func inspectMap(data json.RawMessage, t reflect.Type, path string) []FieldError {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return []FieldError{wrongType(data, path, "an object")}
	}
	var mistakes []FieldError
	for _, name := range sortedKeys(members) {
		mistakes = append(mistakes, inspect(members[name], t.Elem(), join(path, name))...)
	}
	return mistakes
}

func inspectList(data json.RawMessage, t reflect.Type, path string) []FieldError {
	var elements []json.RawMessage
	if json.Unmarshal(data, &elements) != nil {
		return []FieldError{wrongType(data, path, "a list")}
	}
	var mistakes []FieldError
	for i, element := range elements {
		mistakes = append(mistakes, inspect(element, t.Elem(), path+"["+strconv.Itoa(i)+"]")...)
	}
	return mistakes
}

func inspectLeaf(data json.RawMessage, t reflect.Type, path string) []FieldError {
	err := json.Unmarshal(data, reflect.New(t).Interface())
	if err == nil {
		return nil
	}
	if t == reflect.TypeFor[Secret]() { // what stands there may be the secret
		return []FieldError{{Field: path, Rule: "type", Message: "must be a string; put it in quotes"}}
	}
	switch name := jsonName(t.Kind()); {
	case name == "" || decodesItself(t):
	case t.Kind() == reflect.String:
		return []FieldError{wrongType(data, path, name)}
	default:
		return []FieldError{{Field: path, Rule: "type", Message: fmt.Sprintf("must be %s, not %s", name, excerpt(data))}}
	}
	return []FieldError{{Field: path, Rule: "type", Message: err.Error()}}
}

// decodesItself reports whether encoding/json leaves the type's decoding to it.
func decodesItself(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	return pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) ||
		pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func jsonName(kind reflect.Kind) string {
	switch kind {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number that fits"
	case reflect.Float32, reflect.Float64:
		return "a number"
	default:
		return ""
	}
}

const longestExcerpt = 40

// excerpt shows what stands where a number or a switch should.
func excerpt(data json.RawMessage) string {
	text := string(bytes.TrimSpace(data))
	if len(text) > longestExcerpt {
		text = strings.ToValidUTF8(text[:longestExcerpt], "") + "…"
	}
	return text
}

// wrongType does not show what stands where a text, a list or an object should: any of
// them may hold a secret.
func wrongType(data json.RawMessage, path, want string) FieldError {
	return FieldError{Field: path, Rule: "type", Message: fmt.Sprintf("must be %s, not %s", want, kindOf(data))}
}

func kindOf(data json.RawMessage) string {
	text := bytes.TrimSpace(data)
	if len(text) == 0 {
		return "nothing"
	}
	switch text[0] {
	case '"':
		return "a string"
	case '[':
		return "a list"
	case '{':
		return "an object"
	case 't', 'f':
		return "true or false"
	}
	return "a number"
}

func unknownField(path string, fields map[string]reflect.Type) FieldError {
	known := "there are none"
	if len(fields) > 0 {
		known = "the fields are " + strings.Join(sortedKeys(fields), ", ")
	}
	return FieldError{Field: path, Rule: "unknown", Message: "there is no such field; " + known}
}

// structFields returns the JSON names of a struct's fields, those of embedded
// structs included.
func structFields(t reflect.Type) map[string]reflect.Type {
	fields := make(map[string]reflect.Type)
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || name == "-" || (field.Anonymous && name == "") {
			continue
		}
		if name == "" {
			name = field.Name
		}
		fields[name] = field.Type
	}
	return fields
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
