package scan

import (
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// contract says what the names of a contract's package stand for.
type contract struct {
	service string
	// known tells one whose source was looked for; of another everything counts as a call.
	known bool
	pkg   *pkg
	// clause is the name in the package clause; empty when there is no such package.
	clause   string
	problems []config.Problem
	// byHand tells one that config.yml describes instead.
	byHand bool
}

// found tells whether it can be said what a name of the contract stands for.
func (c contract) found() bool { return c.known && c.clause != "" || c.byHand }

// contract reads a contract. The error is one of the file system.
func (s *Scanner) contract(h home) (contract, error) {
	c := contract{service: h.name, clause: layout.Contract(h.name)}
	if !h.read() {
		e := s.external(h.path)
		c.byHand = e != nil && (e.NeedsSet || s.library == nil && !s.some)
		return c, nil
	}
	c.known, c.pkg = true, s.pkg(h.path)
	if c.pkg.err != nil {
		return c, c.pkg.err
	}
	c.pkg.declared(s)
	c.clause, c.problems = c.pkg.name, slices.Concat(c.pkg.problems, c.pkg.broken)
	for _, b := range s.births(c.pkg) {
		if p := s.birthProblem(b); p != nil {
			c.problems = append(c.problems, *p)
		}
	}
	return c, nil
}

// reach is what the use of a name makes of the user. Ok is false where the
// contract has no such name.
func (c contract) reach(s *Scanner, name string) (found reach, ok bool) {
	if !c.known {
		return reach{c.service: graph.Calls}, true
	}
	if c.pkg.declared(s)[name] == nil {
		return nil, false
	}
	return s.reach(c.pkg, name), true
}

// linking is what the import of the contract makes of the user, whatever is used of it.
func (c contract) linking(s *Scanner) reach {
	if !c.known {
		return nil
	}
	return s.linking(c.pkg)
}

// lacks describes a name that the contract has not.
func (c contract) lacks(s *Scanner, name string) (message, help string) {
	var have []string
	for _, known := range slices.Sorted(maps.Keys(c.pkg.declared(s))) {
		if token.IsExported(known) && !strings.HasPrefix(known, "_") {
			have = append(have, known)
		}
	}
	message = fmt.Sprintf("the contract of %s has no %s", c.service, name)
	if near, ok := config.Nearest(name, have); ok {
		return message, fmt.Sprintf("did you mean %q?", near)
	}
	return message, "it has " + strings.Join(have[:min(len(have), mostNames)], ", ")
}

// mostNames is how many names a message lists.
const mostNames = 20
