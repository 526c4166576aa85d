package contracttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// verdicts are what a contract really did with values that differ in one place from the
// recorded one, by that place: a schema does not say what a type takes that reads itself,
// or what a Validate refuses.
type verdicts map[string][]json.RawMessage

// judged tries variations of an example on T. Those that it took, and has in full, are in takes;
// those that it refused in refuses.
func judged[T any](document, example json.RawMessage) (takes, refuses verdicts) {
	takes, refuses = verdicts{}, verdicts{}
	for _, sample := range samplesAround(document, example) {
		body, err := json.Marshal(sample.whole)
		if err != nil || len(sample.value) > maxSample {
			continue
		}
		switch why := refusalOf[T](body); {
		case why != "":
			refuses[sample.at] = append(refuses[sample.at], sample.value)
		case len(compareWire[T]("", body)) == 0:
			takes[sample.at] = append(takes[sample.at], sample.value)
		}
	}
	return takes, refuses
}

// refusalOf is why T does not take body as a request or an event; "" if it does.
func refusalOf[T any](body []byte) string {
	var v T
	if err := codec.Strict(body, &v); err != nil {
		return err.Error()
	}
	check, err := schema.Compile(reflect.TypeFor[T]())
	if err != nil || check == nil {
		return ""
	}
	for _, p := range check.Run(unsafe.Pointer(&v), func(error) []schema.Problem { return nil }) {
		return strings.TrimSpace(p.Field + " " + p.Message)
	}
	return ""
}

// compareVerdicts lists what was taken and is not any more; for an event also what was
// refused and is taken now, because who refuses it may be the older one.
func compareVerdicts[T any](what string, old, now *payload, s side) (breaks []string) {
	for _, sample := range samplesAround(old.Schema, old.example()) {
		body, err := json.Marshal(sample.whole)
		if err != nil {
			continue
		}
		why, lost := refusalOf[T](body), compareWire[T](what, body)
		switch {
		case old.Takes.has(sample) && why != "":
			breaks = append(breaks, fmt.Sprintf("%s%s may no longer be %s: %s", what, sample.at, sample.value, why))
		case old.Takes.has(sample) && len(lost) > 0:
			breaks = append(breaks, fmt.Sprintf("%s%s may no longer be %s: %s", what, sample.at, sample.value, lost[0]))
		case s == event && old.Refuses.has(sample) && why == "" && now.Takes.has(sample):
			breaks = append(breaks, fmt.Sprintf("%s%s may be %s now: %s it", what, sample.at, sample.value, refused))
		default:
			continue
		}
		if len(breaks) == maxBreaks {
			return append(breaks, "and maybe more: the rest was not tried")
		}
	}
	return breaks
}

const (
	maxBreaks = 20
	maxSample = 400 // bytes
)

func (v verdicts) has(s sample) bool {
	return slices.ContainsFunc(v[s.at], func(value json.RawMessage) bool { return reflect.DeepEqual(tree(value), tree(s.value)) })
}

// sample is a value that differs from another one in one place.
type sample struct {
	at    string // ".lines[0].quantity"
	value json.RawMessage
	whole any
}

// variation makes samples of what a schema describes.
type variation struct {
	document map[string]any
	samples  []sample
	depth    int
}

// samplesAround are variations of an example of what a schema describes.
func samplesAround(document, example json.RawMessage) []sample {
	root, _ := tree(document).(map[string]any)
	v := variation{document: root}
	v.value(root, tree(example), "", func(other any) any { return other })
	return v.samples
}

// maxNesting bounds how deeply a value is varied.
const maxNesting = 6

// value varies what is at one place; put makes the whole value with another one there.
func (v *variation) value(schema map[string]any, now any, at string, put func(any) any) {
	if v.depth == maxNesting {
		return
	}
	v.depth++
	defer func() { v.depth-- }()
	schema, _ = orNull(v.document, schema)
	for _, other := range others(schema) {
		text, err := json.Marshal(other)
		if err == nil && !reflect.DeepEqual(tree(text), now) {
			v.samples = append(v.samples, sample{at, text, put(tree(text))})
		}
	}
	switch now := now.(type) {
	case map[string]any:
		v.object(schema, now, at, put)
	case []any:
		if len(now) == 0 {
			return
		}
		items, _ := schema["items"].(map[string]any)
		twice := append(slices.Clone(now), now[0])
		if text, err := json.Marshal(twice); err == nil {
			v.samples = append(v.samples, sample{at, text, put(twice)})
		}
		v.value(items, now[0], at+"[0]", func(other any) any {
			changed := slices.Clone(now)
			changed[0] = other
			return put(changed)
		})
	}
}

// object varies the members, or the first entry of a map.
func (v *variation) object(schema, now map[string]any, at string, put func(any) any) {
	with := func(name string) func(any) any {
		return func(other any) any {
			changed := maps.Clone(now)
			changed[name] = other
			return put(changed)
		}
	}
	members, _ := schema["properties"].(map[string]any)
	entries, isMap := schema["additionalProperties"].(map[string]any)
	if isMap && len(now) > 0 {
		first := sorted(now)[0]
		v.value(entries, now[first], at+"."+first, with(first))
		for _, key := range []string{"", "1", "a"} {
			if text, err := json.Marshal(map[string]any{key: now[first]}); err == nil {
				v.samples = append(v.samples, sample{at, text, put(map[string]any{key: now[first]})})
			}
		}
	}
	for _, name := range sorted(members) {
		member, _ := members[name].(map[string]any)
		v.value(member, now[name], at+"."+name, with(name))
	}
}

// others are values that something of the schema may have, and some that it may not.
func others(schema map[string]any) []any {
	list := []any{nil}
	limit := func(keywords ...string) {
		for _, keyword := range keywords {
			if n, ok := schema[keyword].(json.Number); ok {
				list = append(list, n)
			}
		}
	}
	switch kind(schema) {
	case "string":
		list = append(list, "", " ", "a", "1", "Ж 1", strings.Repeat("ж", 41), "2024-02-29", "2024-02-29T12:00:00Z")
	case "string in base64":
		list = append(list, "", "AA==")
	case "boolean":
		list = append(list, false, true)
	case "array":
		list = append(list, []any{})
	case "object":
		list = append(list, map[string]any{})
	case "any value":
		list = append(list, false, 0, "", "a", []any{}, map[string]any{})
	default: // a number
		list = append(list, 0, 1, -1, json.Number("9007199254740993"))
		if strings.HasPrefix(kind(schema), "number") {
			list = append(list, 0.5)
		}
		limit("minimum", "maximum")
	}
	if allowed, ok := schema["enum"].([]any); ok {
		list = append(list, allowed...)
	}
	return list
}
