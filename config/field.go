package config

import (
	"reflect"
	"strings"
	"unicode"
)

// fieldsOf returns the fields of a struct by their keys in the file.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		tag, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case tag == "-":
		case field.Anonymous && tag == "" && field.Type.Kind() == reflect.Struct:
			for key, inner := range fieldsOf(v.Field(i)) {
				if _, shadowed := out[key]; !shadowed && inner.CanSet() {
					out[key] = inner
				}
			}
		case !field.IsExported():
		case tag != "":
			out[tag] = v.Field(i)
		default:
			out[snake(field.Name)] = v.Field(i)
		}
	}
	return out
}

// snake turns a Go name into a key: DatabaseURL is database_url.
func snake(name string) string {
	var out strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		begins := unicode.IsUpper(r) && i > 0 &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if begins {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
