package service

import (
	"fmt"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/plugin"
)

// Checker is what the settings of a service may implement to check values that depend
// on the process. Check is called after Validate, also where that found mistakes, and
// before anything is constructed; its errors get their place in config.yml in the same
// way, by the key that they begin with.
type Checker interface {
	Check(process Surroundings) error
}

// Surroundings are what settings can be checked against.
type Surroundings struct {
	Plugins     plugin.Set // those that are linked
	Environment Environment
}

// DidYouMean is the end of an error about a name that is none of have: a suggestion, or
// nothing where none of them is like it.
func DidYouMean(name string, have []string) string {
	near, ok := config.Likely(name, have)
	if !ok {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}
