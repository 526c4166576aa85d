package codec

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Keywords are the rules that stand in the tags schema and items.
var Keywords = []string{
	"required", "minLength", "maxLength", "pattern", "format", "enum", "minimum", "maximum",
	"minItems", "maxItems", "minProperties", "maxProperties",
}

// known are the keys of struct tags that the bus reads.
var known = []string{"json", "schema", "items", "doc"}

// Tag finds out what is wrong with a struct tag as it is written. Package reflect reads
// one that is malformed as none, or as its first part, so that what is in it would
// silently not hold.
func Tag(tag reflect.StructTag) error {
	var keys []string
	for rest := strings.TrimLeft(string(tag), " "); rest != ""; {
		key, quoted, found := strings.Cut(rest, ":")
		if !found || key == "" || strings.ContainsAny(key, " \t\"`,;=") {
			return fmt.Errorf("has a malformed tag at %q: write key:\"value\" pairs, separated by spaces", short(rest))
		}
		value, err := strconv.QuotedPrefix(quoted)
		if err != nil || value[0] != '"' {
			return fmt.Errorf("has a malformed tag at %q: after %s: comes a value in double quotes, without a space, and with each backslash written twice",
				short(rest), key)
		}
		if err := isKey(key, keys); err != nil {
			return err
		}
		keys = append(keys, key)
		rest = quoted[len(value):]
		if rest != "" && rest[0] != ' ' {
			return fmt.Errorf("has a malformed tag at %q: its key:\"value\" pairs are separated by spaces", short(rest))
		}
		rest = strings.TrimLeft(rest, " ")
	}
	return nil
}

// isKey finds keys that somebody meant otherwise.
func isKey(key string, before []string) error {
	if slices.Contains(before, key) {
		return fmt.Errorf("has the tag %s twice: the second is not read", key)
	}
	if slices.Contains(known, key) {
		return nil
	}
	for _, word := range known {
		if strings.EqualFold(key, word) || len(word) > 4 && distance(strings.ToLower(key), word) == 1 {
			return fmt.Errorf("has the tag %s: did you mean %s?", key, word)
		}
	}
	for _, rule := range Keywords {
		if strings.EqualFold(key, rule) {
			return errors.New("has the tag " + key + `: rules stand in the tag schema, for example schema:"required,maxLength=40"`)
		}
	}
	return nil
}
