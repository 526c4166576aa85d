package config

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// text returns a scalar's text with references replaced. Of a text that has any, the
// YAML type says nothing, and messages must not show it.
func (d *decoder) text(n *yaml.Node, where, want string) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		d.tree.report(n, "wrong-type", "", "%s must be %s, not %s", where, want, kindOf(n))
		return "", false
	}
	return substitute(&d.tree, n, where, d.env)
}

// scalar decodes a single value whose type has no parts.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value, where string) {
	want, parse, ok := scalarOf(v)
	if !ok {
		d.unsupported(v, where)
		return
	}
	text, ok := d.text(n, where, want)
	if !ok {
		return
	}
	literal := !hasReference(n.Value)
	if v.Kind() != reflect.String && literal {
		d.see(n, visible) // numbers, durations and switches; a text may hold anything
	}
	if literal && !tagFits(n, v) || !parse(text) {
		help := ""
		if v.Kind() == reflect.String {
			help = "put the value in quotes"
		}
		d.tree.report(n, "wrong-type", help, "%s must be %s, not %s", where, want, describe(n, v))
	}
}

// describe says what stands there instead, without showing what may be secret.
func describe(n *yaml.Node, v reflect.Value) string {
	switch {
	case hasReference(n.Value):
		return "the value of " + mentioned(n.Value)
	case v.Kind() == reflect.String:
		return kindOf(n)
	}
	return quoted(n.Value, nameForm)
}

// scalarOf returns what a type wants, in words, and a function that sets it.
func scalarOf(v reflect.Value) (want string, parse func(string) bool, ok bool) {
	if v.Type() == durationType {
		return `a duration such as "3s"`, func(text string) bool {
			d, err := time.ParseDuration(text)
			v.SetInt(int64(d))
			return err == nil
		}, true
	}
	switch {
	case v.Kind() == reflect.String:
		return "a text", func(text string) bool { v.SetString(text); return true }, true
	case v.Kind() == reflect.Bool:
		return "true or false", func(text string) bool {
			v.SetBool(text == "true")
			return text == "true" || text == "false"
		}, true
	case v.CanInt(), v.CanUint():
		return "a whole number" + span(v), func(text string) bool { return setInteger(v, text) }, true
	case v.CanFloat():
		return "a number", func(text string) bool {
			f, err := strconv.ParseFloat(text, v.Type().Bits())
			v.SetFloat(f)
			return err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
		}, true
	}
	return "", nil, false
}

// setInteger takes decimal numbers only: YAML reads 010 as eight, people do not.
func setInteger(v reflect.Value, text string) bool {
	if len(text) > 1 && text[0] == '0' {
		return false
	}
	if v.CanInt() {
		i, err := strconv.ParseInt(text, 10, v.Type().Bits())
		v.SetInt(i)
		return err == nil
	}
	u, err := strconv.ParseUint(text, 10, v.Type().Bits())
	v.SetUint(u)
	return err == nil
}

// span names the range of the small integer types.
func span(v reflect.Value) string {
	switch bits := v.Type().Bits(); {
	case v.CanUint() && bits < 32:
		return " from 0 to " + strconv.FormatUint(1<<bits-1, 10)
	case v.CanUint():
		return ", not negative"
	case bits < 32:
		return " from " + strconv.FormatInt(-1<<(bits-1), 10) + " to " + strconv.FormatInt(1<<(bits-1)-1, 10)
	}
	return ""
}

// tagFits tells whether the YAML type of a literal is the one that v wants.
func tagFits(n *yaml.Node, v reflect.Value) bool {
	switch {
	case v.Type() == durationType:
		return n.Tag == "!!str" || n.Value == "0"
	case v.Kind() == reflect.String:
		return n.Tag == "!!str" || n.Tag == "!!timestamp"
	case v.Kind() == reflect.Bool:
		return n.Tag == "!!bool"
	case v.CanFloat():
		return n.Tag == "!!float" || n.Tag == "!!int"
	}
	return n.Tag == "!!int"
}

func (d *decoder) selfText(n *yaml.Node, v reflect.Value, where string) {
	text, ok := d.text(n, where, "a single value")
	if target, is := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok && is {
		d.invalid(n, where, target.UnmarshalText([]byte(text)))
	}
}

func (d *decoder) selfJSON(n *yaml.Node, v reflect.Value, where string) {
	data, ok := d.json(n, where)
	if target, is := reflect.TypeAssert[json.Unmarshaler](v.Addr()); ok && is {
		d.invalid(n, where, target.UnmarshalJSON(data))
	}
}

// quotation is a part of an error's text that was quoted with %q.
var quotation = regexp.MustCompile(`"(\\.|[^"\\])*"`)

// invalid reports the error of a type that decodes itself, if there is one. It may quote
// the value, so it is left out when that came from the environment.
func (d *decoder) invalid(n *yaml.Node, where string, err error) {
	switch {
	case err == nil:
	case hasReference(n.Value):
		d.tree.report(n, "invalid-value", "", "%s cannot take the value of %s", where, mentioned(n.Value))
	case !nameForm.MatchString(n.Value): // it may be an address, of which the error quotes any part
		text := strings.ReplaceAll(err.Error(), n.Value, described(n.Value))
		d.tree.report(n, "invalid-value", "", "%s: %s", where, quotation.ReplaceAllString(text, `"…"`))
	default:
		d.tree.report(n, "invalid-value", "", "%s: %v", where, err)
	}
}
