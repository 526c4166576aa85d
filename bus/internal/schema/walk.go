package schema

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

type pointer = unsafe.Pointer

// check looks at the value at p and reports to w what is wrong with it.
type check func(p pointer, w *walk)

// Problem is one thing that is wrong with a value.
type Problem struct {
	Field   string // in JSON terms: lines[2].quantity; empty for the whole value
	Rule    string // the keyword that was broken, or what a Validate says
	Message string // to be read after the field: "must be at least 1, not 0"
}

// maxProblems bounds what is said about a value that may be of any size.
const maxProblems = 100

// walk is one pass over a value. The path is kept as steps, so that nothing is
// built for a value that is right.
type walk struct {
	split   func(error) []Problem
	path    []step
	found   []Problem
	more    int
	endless bool
	first   [8]step // what path begins as: most values nest no deeper
}

// step is a member's name, or an index where the name is empty.
type step struct {
	name  string
	index int
}

func (w *walk) enter(s step) { w.path = append(w.path, s) }

func (w *walk) leave() { w.path = w.path[:len(w.path)-1] }

// tooDeep stops at a value without end, and says so once.
func (w *walk) tooDeep() bool {
	if len(w.path) >= codec.MaxDepth && !w.endless {
		w.endless = true
		w.add(Problem{Field: w.path[0].name, Rule: "maxDepth", Message: "nests deeper than 1,000 levels or refers to itself"})
	}
	return w.endless
}

func (w *walk) report(rule, message string) {
	w.add(Problem{Field: w.field(), Rule: rule, Message: message})
}

func (w *walk) add(p Problem) {
	if len(w.found) >= maxProblems {
		w.more++
		return
	}
	w.found = append(w.found, p)
}

// field writes the path.
func (w *walk) field() string {
	var b strings.Builder
	for _, s := range w.path {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

// validator is a type that says more than its tags.
type validator interface{ Validate() error }

// validate asks the value itself. What the tags have found already is not said
// again: an error that names fields adds those that are right so far, any other
// one counts only when nothing else is wrong with the value.
func (w *walk) validate(v validator, before int) {
	err := v.Validate()
	if err == nil {
		return
	}
	known := w.found[before:]
	fields := w.split(err)
	if len(fields) == 0 && len(known) == 0 {
		w.report(ruleOf(err), err.Error())
	}
	for _, f := range fields {
		f.Field = join(w.field(), f.Field)
		if !slices.ContainsFunc(known, func(k Problem) bool { return k.Field == f.Field }) {
			w.add(f)
		}
	}
}

// ruleOf is the keyword an error of a Validate says it is about.
func ruleOf(err error) string {
	if named, ok := err.(interface{ Rule() string }); ok {
		return named.Rule()
	}
	return "validate"
}

func join(path, field string) string {
	if path == "" || field == "" || field[0] == '[' {
		return path + field
	}
	return path + "." + field
}

// asValidator is the value of type t at p.
func asValidator(t reflect.Type, p pointer) validator {
	return reflect.NewAt(t, p).Interface().(validator) //nolint:forcetypeassert // compile looked
}
