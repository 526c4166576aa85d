package services_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
)

// answered are requests whose answers differ in what is empty or absent, besides the
// example of each action.
var answered = map[string][]string{
	"apps.execute": {
		`{"projectId":"demo","domain":"delivery","operation":"list"}`,
		`{"projectId":"demo","domain":"payments","operation":"list","params":{"currency":"GBP","unknown":1}}`,
		`{"projectId":"demo","domain":"inventory","operation":"getOffers","params":{"currency":"JPY","items":[{"purchasableId":"mug-blue","quantity":1}]}}`,
	},
	"delivery.createDeliveryGroups": {`{"projectId":"demo"}`, `{"projectId":"demo","items":[{"ref":"card"}]}`},
	"inventory.getOffers": {
		`{"projectId":"demo","currency":"USD","items":[{"lineId":"1","purchasableId":"nosuch","quantity":1}]}`,
		`{"projectId":"demo","currency":"JPY","items":[{"lineId":"1","purchasableId":"mug-blue","quantity":1}]}`,
	},
	"payments.getPaymentMethods": {`{"projectId":"demo"}`, `{"projectId":"demo","shippingMethod":"other:courier"}`},
	"pricing.evaluateDiscounts": {
		`{"projectId":"demo","currency":"USD","lines":[{"lineId":"1","quantity":1,"unit":{"id":"x","price":{"amount":1,"currency":"USD"}}}]}`,
		`{"projectId":"demo","currency":"EUR","lines":[{"lineId":"1","quantity":1,"unit":{"id":"x","price":{"amount":1,"currency":"EUR"}}}],"appliedDiscountCodes":["WELCOME10","NOSUCH"]}`,
	},
	"pricing.validateDiscount": {`{"projectId":"demo","code":"nosuch"}`},
}

// Schema and wire agree: what the services answer is what their published schemas say,
// with the demo's providers, without any, and without apps to ask for them. And what the
// contracts promise on top of that: lists and objects are never null.
func TestAnswersAreWhatTheSchemasSay(t *testing.T) {
	full, _ := openShop(t)
	poor, alone := bustest.New(t), bustest.New(t)
	start(t, poor, devServices)
	start(t, alone, devServices[1:], servicetest.Without("apps.execute"))
	for _, action := range full.Actions() {
		for _, request := range append(slices.Clone(answered[action.Name]), string(action.Example)) {
			conforms(t, full, action, request)
			conforms(t, poor, action, request)
			if action.Service != "apps" {
				conforms(t, alone, action, request)
			}
		}
	}
}

// conforms compares one answer, if it is one and no error, with the schema.
func conforms(t *testing.T, node *bus.Node, action bus.ActionInfo, request string) {
	t.Helper()
	answer, err := node.CallJSON(t.Context(), node.View("storefront"), action.Name, []byte(request))
	if err != nil {
		if code := bus.CodeOf(err); code == bus.Internal || code == bus.InvalidArgument {
			t.Errorf("%s %s: %v", action.Name, request, err)
		}
		return
	}
	for _, mistake := range misfits(action.ResponseSchema, answer) {
		t.Errorf("%s %s answers %s: %s", action.Name, request, answer, mistake)
	}
}

// The comparison bites: one answer for each way not to be what the schema says.
func TestMisfitsAreFound(t *testing.T) {
	const schema = `{"type":"object","required":["list","map","ref"],"properties":{
		"list":{"type":"array","items":{"type":"integer","minimum":0}},
		"map":{"type":["object","null"],"additionalProperties":{"type":"string","pattern":"^a"}},
		"ref":{"$ref":"#/$defs/part"},"any":{}},
		"$defs":{"part":{"type":"object","required":["x"],"properties":{"x":{"type":"string","enum":["A"]}}}}}`
	for answer, want := range map[string]string{
		`{"list":[1],"map":{"a":"a"},"ref":{"x":"A"},"any":null}`: "",
		`{"list":null,"map":{},"ref":{"x":"A"}}`:                  "list is null, and lists and objects never are",
		`{"list":[],"map":null,"ref":{"x":"A"}}`:                  "map is null, and lists and objects never are",
		`{"list":[],"map":{},"ref":null}`:                         "ref is null, and lists and objects never are",
		`{"list":[],"map":{}}`:                                    "ref is missing",
		`{"list":[],"map":{},"ref":{}}`:                           "ref.x is missing",
		`{"list":[],"map":{},"ref":{"x":"B"}}`:                    `ref.x is "B", none of [A]`,
		`{"list":[1.5],"map":{},"ref":{"x":"A"}}`:                 "list[0] is number, not integer",
		`{"list":[-1],"map":{},"ref":{"x":"A"}}`:                  "list[0] is below 0",
		`{"list":"x","map":{},"ref":{"x":"A"}}`:                   "list is string, not array",
		`{"list":[],"map":{"b":"b"},"ref":{"x":"A"}}`:             `map.b is "b" and does not match ^a`,
		`{"list":[],"map":{},"ref":{"x":"A"},"more":1}`:           "more is in no schema",
	} {
		if got := strings.Join(misfits([]byte(schema), []byte(answer)), "; "); got != want {
			t.Errorf("%s: found %q, want %q", answer, got, want)
		}
	}
}

// misfits lists how a value is not what a schema says, in the keywords that the bus
// writes. A member that the schema does not have is one too many.
func misfits(schema, value []byte) []string {
	w := &wire{}
	if err := json.Unmarshal(schema, &w.root); err != nil {
		return []string{"the schema is no JSON: " + err.Error()}
	}
	decoder := json.NewDecoder(strings.NewReader(string(value)))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		return []string{"the answer is no JSON: " + err.Error()}
	}
	w.compare("", w.root, decoded)
	return w.found
}

type wire struct {
	root  map[string]any
	found []string
}

func (w *wire) report(path, format string, args ...any) {
	w.found = append(w.found, strings.TrimPrefix(path, ".")+" "+fmt.Sprintf(format, args...))
}

func (w *wire) compare(path string, schema map[string]any, value any) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = w.resolve(ref)
	}
	want, is := types(schema["type"]), typeOf(value)
	if is == "null" && (slices.Contains(want, "array") || slices.Contains(want, "object")) {
		w.report(path, "is null, and lists and objects never are")
		return
	}
	if len(want) > 0 && !slices.Contains(want, is) && (is != "integer" || !slices.Contains(want, "number")) {
		w.report(path, "is %s, not %s", is, strings.Join(want, " or "))
		return
	}
	switch value := value.(type) {
	case map[string]any:
		w.members(path, schema, value)
	case []any:
		for i, element := range value {
			w.compare(fmt.Sprintf("%s[%d]", path, i), part(schema, "items"), element)
		}
	default:
		w.limits(path, schema, value)
	}
}

func (w *wire) resolve(ref string) map[string]any {
	at := w.root
	for step := range strings.SplitSeq(strings.TrimPrefix(strings.TrimPrefix(ref, "#"), "/"), "/") {
		if step != "" {
			at = part(at, step)
		}
	}
	return at
}

func (w *wire) members(path string, schema, value map[string]any) {
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, there := value[fmt.Sprint(name)]; !there {
			w.report(path+"."+fmt.Sprint(name), "is missing")
		}
	}
	more, open := schema["additionalProperties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(value)) {
		known, ok := part(schema, "properties")[name].(map[string]any)
		switch {
		case ok:
			w.compare(path+"."+name, known, value[name])
		case open:
			w.compare(path+"."+name, more, value[name])
		case schema["type"] != nil: // else it is any value
			w.report(path+"."+name, "is in no schema")
		}
	}
}

func (w *wire) limits(path string, schema map[string]any, value any) {
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, value) {
		w.report(path, "is %q, none of %v", value, enum)
	}
	if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(fmt.Sprint(value)) {
		w.report(path, "is %q and does not match %s", value, pattern)
	}
	if least, ok := schema["minimum"].(float64); ok {
		if got, ok := new(big.Float).SetString(fmt.Sprint(value)); !ok || got.Cmp(big.NewFloat(least)) < 0 {
			w.report(path, "is below %v", least)
		}
	}
}

func part(schema map[string]any, name string) map[string]any {
	inner, _ := schema[name].(map[string]any)
	return inner
}

// types are what a keyword type allows: one, or a list.
func types(keyword any) (names []string) {
	switch keyword := keyword.(type) {
	case string:
		return []string{keyword}
	case []any:
		for _, name := range keyword {
			names = append(names, fmt.Sprint(name))
		}
	}
	return names
}

func typeOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case json.Number:
		if _, whole := new(big.Int).SetString(value.String(), 10); whole {
			return "integer"
		}
	}
	return "number"
}
