package schema

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// keywords are what one tag says about one value.
type keywords struct {
	required bool
	limits   map[string]string // minimum, maxLength, ...: as written
	format   string
	pattern  *regexp.Regexp
	enum     []string
}

// bounds are the keywords that limit a number or a count, in pairs.
var bounds = [][2]string{
	{"minLength", "maxLength"},
	{"minimum", "maximum"},
	{"minItems", "maxItems"},
	{"minProperties", "maxProperties"},
}

// known lists every keyword, for errors.
var known = strings.Join(codec.Keywords, ", ")

func (k keywords) empty() bool {
	return !k.required && len(k.limits) == 0 && k.format == "" && k.pattern == nil && k.enum == nil
}

// parse reads a tag. What it says is checked against a type by fits.
func parse(tag string) (keywords, error) {
	k := keywords{limits: map[string]string{}}
	for rest := tag; rest != ""; {
		var part string
		if strings.HasPrefix(rest, "pattern=") {
			part, rest = rest, ""
		} else {
			part, rest, _ = strings.Cut(rest, ",")
		}
		name, value, hasValue := strings.Cut(part, "=")
		if err := k.set(strings.TrimSpace(name), value, hasValue); err != nil {
			return k, err
		}
	}
	return k, k.ordered()
}

func (k *keywords) set(name, value string, hasValue bool) error {
	switch {
	case k.has(name):
		return fmt.Errorf("says %s twice", name)
	case name == "required":
		if hasValue {
			return fmt.Errorf("gives required a value: it has none")
		}
		k.required = true
		return nil
	case !isKeyword(name):
		return fmt.Errorf("has the unknown keyword %q: known are %s; pattern comes last%s", name, known, codec.DidYouMean(name, codec.Keywords))
	case value == "":
		return fmt.Errorf("gives %s no value: write %s=VALUE", name, name)
	}
	return k.setValue(name, value)
}

func (k *keywords) setValue(name, value string) error {
	switch name {
	case "pattern":
		pattern, err := regexp.Compile(value)
		if err != nil {
			return fmt.Errorf("has a pattern that is none: %w", err)
		}
		k.pattern = pattern
	case "format":
		if formats[value] == nil {
			return fmt.Errorf("has the unknown format %q: known are %s%s", value, formatNames(), codec.DidYouMean(value, slices.Sorted(maps.Keys(formats))))
		}
		k.format = value
	case "enum":
		k.enum = strings.Split(value, "|")
	default:
		k.limits[name] = value
	}
	return nil
}

func (k *keywords) has(name string) bool {
	switch name {
	case "required":
		return k.required
	case "pattern":
		return k.pattern != nil
	case "format":
		return k.format != ""
	case "enum":
		return k.enum != nil
	}
	return k.limits[name] != ""
}

// names lists the keywords but required, in the order of known.
func (k *keywords) names() []string {
	return slices.DeleteFunc(slices.Clone(codec.Keywords), func(name string) bool {
		return name == "required" || !k.has(name)
	})
}

// ordered refuses bounds that no value is between.
func (k *keywords) ordered() error {
	for _, pair := range bounds {
		low, lowErr := strconv.ParseFloat(k.limits[pair[0]], 64)
		high, highErr := strconv.ParseFloat(k.limits[pair[1]], 64)
		if lowErr == nil && highErr == nil && low > high {
			return fmt.Errorf("has %s=%s above %s=%s", pair[0], k.limits[pair[0]], pair[1], k.limits[pair[1]])
		}
	}
	return nil
}

func isKeyword(name string) bool { return slices.Contains(codec.Keywords, name) }

// fits says what is wrong about the keywords for values of t, "" if nothing is.
func (k *keywords) fits(t reflect.Type) string {
	for _, name := range k.names() {
		value := k.limits[name]
		if !applies(name, t) {
			return fmt.Sprintf("has %s, which a %s cannot be asked for", name, t)
		}
		if value != "" && !isNumber(value, name, t) {
			return fmt.Sprintf("has %s=%s, which is no number that fits a %s", name, value, t)
		}
	}
	for _, value := range k.enum {
		if isInteger(t) && !isNumber(value, "minimum", t) {
			return fmt.Sprintf("has %q in its enum, which is no %s", value, t)
		}
	}
	return ""
}

// applies reports whether a keyword is about values of t.
func applies(keyword string, t reflect.Type) bool {
	if codec.Opaque(t) {
		return false
	}
	switch keyword {
	case "minLength", "maxLength", "pattern", "format":
		return t.Kind() == reflect.String
	case "enum":
		return t.Kind() == reflect.String || isInteger(t)
	case "minimum", "maximum":
		return isInteger(t) || isFloat(t)
	case "minItems", "maxItems":
		return t.Kind() == reflect.Slice && !codec.IsBytes(t)
	default: // minProperties, maxProperties
		return t.Kind() == reflect.Map
	}
}

// isNumber reports whether text can be the value of the keyword for a t.
func isNumber(text, keyword string, t reflect.Type) bool {
	var err error
	switch {
	case keyword != "minimum" && keyword != "maximum":
		_, err = strconv.ParseUint(text, 10, 31)
	case isUnsigned(t):
		_, err = strconv.ParseUint(text, 10, t.Bits())
	case isInteger(t):
		_, err = strconv.ParseInt(text, 10, t.Bits())
	default:
		_, err = strconv.ParseFloat(text, t.Bits())
	}
	return err == nil
}

func isUnsigned(t reflect.Type) bool {
	return t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uintptr
}

func isInteger(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uintptr
}

func isFloat(t reflect.Type) bool {
	return t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64
}
