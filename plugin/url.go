package plugin

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/secret"
)

// URL is a configuration value that says where a provider's server is: an
// absolute http or https URL. In production only https is accepted; see
// [Config.RequireHTTPS]. Printed, logged or written as JSON, user, password and what
// follows a question mark are masked, of which each may be a token; convert it to a
// string for the request that needs it. Default: empty.
type URL string

// String returns the URL with what may be secret in it masked.
func (u URL) String() string {
	parsed, err := url.Parse(string(u))
	switch {
	case u == "":
		return ""
	case err != nil || parsed.Host == "":
		return secret.Redacted
	}
	text := parsed.Scheme + "://"
	if parsed.User != nil {
		text += secret.Redacted + "@"
	}
	text += parsed.Host + parsed.EscapedPath()
	if parsed.RawQuery != "" || parsed.Fragment != "" {
		text += "?" + secret.Redacted
	}
	return text
}

// Format prints String for every verb, quoted for %q.
func (u URL) Format(f fmt.State, verb rune) { secret.Format(f, verb, u.String()) }

// MarshalText makes encoding/json write what String returns.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText accepts an absolute http or https URL, or nothing. The error
// does not show the text, which may hold a password.
func (u *URL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if len(text) > 0 && (err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https") {
		return errors.New("must be an absolute URL such as https://api.example.com")
	}
	*u = URL(text)
	return nil
}

// insecure finds every URL below v that is not https, with its path.
func insecure(v reflect.Value, path string) []FieldError {
	switch {
	case v.Type() == reflect.TypeFor[URL]():
		if text := v.String(); text != "" && !strings.HasPrefix(strings.ToLower(text), "https://") {
			return []FieldError{{Field: path, Rule: "https", Message: "must begin with https:// in production"}}
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return insecure(v.Elem(), path)
	case v.Kind() == reflect.Struct:
		return insecureFields(v, path)
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
		return insecureElements(v, path)
	case v.Kind() == reflect.Map:
		return insecureMembers(v, path)
	}
	return nil
}

func insecureFields(v reflect.Value, path string) []FieldError {
	var mistakes []FieldError
	for _, field := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || field.Anonymous {
			continue
		}
		if name == "" {
			name = field.Name
		}
		if inner, err := v.FieldByIndexErr(field.Index); err == nil {
			mistakes = append(mistakes, insecure(inner, join(path, name))...)
		}
	}
	return mistakes
}

func insecureElements(v reflect.Value, path string) []FieldError {
	var mistakes []FieldError
	for i := range v.Len() {
		mistakes = append(mistakes, insecure(v.Index(i), path+"["+strconv.Itoa(i)+"]")...)
	}
	return mistakes
}

func insecureMembers(v reflect.Value, path string) []FieldError {
	members := make(map[string]reflect.Value, v.Len())
	for key, value := range v.Seq2() {
		members[key.String()] = value
	}
	var mistakes []FieldError
	for _, name := range sortedKeys(members) {
		mistakes = append(mistakes, insecure(members[name], join(path, name))...)
	}
	return mistakes
}
