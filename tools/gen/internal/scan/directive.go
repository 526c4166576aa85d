package scan

import (
	"go/ast"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
)

// directivePrefix begins the comments by which an import says what it is for.
const directivePrefix = "//orchestrator:"

// directives are the words after the prefix, and the kind of edge each asks for.
var directives = map[string]graph.Kind{"optional": graph.Optional, "types": graph.Types}

// directiveHelp is how to write one.
const directiveHelp = `write it at the end of the import's line: import "..." //orchestrator:optional why it can do without`

// directive is one such comment.
type directive struct {
	word, reason string
	at           config.Position
}

// kind is the kind of edge that the directive asks for.
func (d *directive) kind() graph.Kind { return directives[d.word] }

// text is the directive as it is written, without the reason.
func (d *directive) text() string { return directivePrefix + d.word }

// readDirectives finds the directives of a file: those at the end of an import's
// line, and problems for those that are elsewhere, unknown or without a reason.
func (s *Scanner) readDirectives(f *file) (map[*ast.ImportSpec]*directive, []config.Problem) {
	imports := make(map[*ast.Comment]*ast.ImportSpec)
	for _, spec := range f.whole().Imports {
		if spec.Comment != nil {
			imports[spec.Comment.List[0]] = spec
		}
	}
	found := make(map[*ast.ImportSpec]*directive)
	var problems []config.Problem
	for _, group := range f.whole().Comments {
		for _, c := range group.List {
			d := parseDirective(f, c)
			if d == nil {
				continue
			}
			if p := s.misuse(f, d, imports[c] != nil); p != nil {
				problems = append(problems, *p)
			}
			// One without a reason counts, so that nothing else is reported for it.
			if imports[c] != nil && d.kind() != "" {
				found[imports[c]] = d
			}
		}
	}
	return found, problems
}

// parseDirective reads a comment; nil when it is an ordinary one.
func parseDirective(f *file, c *ast.Comment) *directive {
	text, ok := strings.CutPrefix(c.Text, directivePrefix)
	if !ok {
		return nil
	}
	word, reason, _ := strings.Cut(strings.TrimSpace(text), " ")
	return &directive{word: word, reason: strings.TrimSpace(reason), at: f.at(c.Pos())}
}

// misuse says what is wrong with the way a directive is written, if anything is.
func (s *Scanner) misuse(f *file, d *directive, atImport bool) *config.Problem {
	var message, help string
	switch {
	case directives[d.word] == "":
		message, help = "there is no directive "+d.text(), "the directives are "+directivePrefix+"optional and "+directivePrefix+"types"
	case !atImport:
		message, help = d.text()+" says nothing here: it belongs to an import", directiveHelp
	case d.reason == "":
		message, help = d.text()+" has no reason", directiveHelp
	default:
		return nil
	}
	p := s.problem(f, d.at, "directive", message, help)
	return &p
}

// unused reports a directive that changes nothing.
func (s *Scanner) unused(f *file, d *directive, why string) config.Problem {
	return s.problem(f, d.at, "unused-directive", d.text()+" changes nothing: "+why, "remove the comment")
}
