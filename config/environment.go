package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The two environments. NODE_ENV chooses; development is the default.
const (
	Development = "development"
	Production  = "production"
)

var environments = []string{Development, Production}

// lookup is how the environment is read: os.LookupEnv, or a map in tests.
type lookup = func(string) (string, bool)

// Environment returns what NODE_ENV says: Development when it is not set or
// empty. Any other value but the two is one of Problems, and lists them.
func Environment(env func(string) (string, bool)) (string, error) {
	value, _ := env("NODE_ENV")
	if value = cmp.Or(value, Development); slices.Contains(environments, value) {
		return value, nil
	}
	return "", Problems{{
		Code: "invalid-value", Message: fmt.Sprintf("NODE_ENV is %s, which is no environment", quoted(value, wordForm)),
		Help: suggestion(value, "environments", environments),
	}}
}

// set returns a variable's value when it is set and not empty.
func set(env lookup, name string) (string, bool) {
	value, ok := env(name)
	value = strings.TrimSpace(value)
	return value, ok && value != ""
}
