package scan

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
)

// file is one Go file. It is parsed as far as is asked for, each way once.
type file struct {
	// path is relative to the tree; shown is the same as the user sees it.
	path, shown string
	text        []byte
	// set has the positions of all files of a folder.
	set *token.FileSet

	readHead, readBody sync.Once
	head, body         parsed
	// eager tells a file of which all will be read in any case.
	eager bool
}

// parsed is the syntax of a file. What could be read of a broken one is kept.
type parsed struct {
	*ast.File
	// broken is the first syntax error, if there is one.
	broken *syntaxError
}

// syntaxError is where a file stops being Go, and why.
type syntaxError struct {
	offset int
	text   string
}

// imports is the file up to its imports at least.
func (f *file) imports() *parsed {
	if f.eager {
		return f.whole()
	}
	f.readHead.Do(func() { f.head = f.parse(parser.ImportsOnly | parser.SkipObjectResolution) })
	return &f.head
}

// whole is all of the file, in which identifiers know the local declarations that they mean.
func (f *file) whole() *parsed {
	f.readBody.Do(func() {
		f.body = f.parse(0)
		if f.body.broken == nil {
			f.readHead.Do(func() { f.head = f.body })
		}
	})
	return &f.body
}

func (f *file) parse(mode parser.Mode) parsed {
	syntax, err := parser.ParseFile(f.set, f.path, f.text, mode|parser.ParseComments)
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return parsed{syntax, &syntaxError{offset: list[0].Pos.Offset, text: list[0].Msg}}
	}
	return parsed{syntax, nil}
}

// hides tells whether an identifier means something that is declared inside a
// function or a list of parameters.
func (f *file) hides(id *ast.Ident) bool {
	return id.Obj != nil && f.whole().Scope.Lookup(id.Name) != id.Obj //nolint:staticcheck // what replaces it is the type checker
}

// mentions tells whether the text has one of words in it.
func (f *file) mentions(words ...string) bool {
	for _, word := range words {
		if bytes.Contains(f.text, []byte(word)) {
			return true
		}
	}
	return false
}

// at is a place in the file as the file itself counts, whatever //line says.
func (f *file) at(pos token.Pos) config.Position {
	p := f.set.PositionFor(pos, false)
	return config.Position{Path: f.shown, Line: p.Line, Column: p.Column}
}

// place is where the file stops being Go.
func (e *syntaxError) place(f *file) config.Position {
	before := f.text[:min(e.offset, len(f.text))]
	start := bytes.LastIndexByte(before, '\n') + 1
	line := bytes.Count(before, []byte("\n")) + 1
	return config.Position{Path: f.shown, Line: line, Column: len(before) - start + 1}
}

// excerpt shows the line of a position with a caret under it.
func (f *file) excerpt(at config.Position) string {
	rest := f.text
	for range at.Line - 1 {
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	if at.Line < 1 || len(rest) == 0 {
		return ""
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	text := strings.TrimRight(string(line), "\r")
	before := text[:min(max(at.Column-1, 0), len(text))]
	return config.Excerpt(text, at.Line, utf8.RuneCountInString(before)+1)
}

// edge is what a place of the file makes of a service.
func (f *file) edge(from, to string, kind graph.Kind, pos token.Pos) graph.Edge {
	at := f.at(pos)
	return graph.Edge{From: from, To: to, Kind: kind, Witness: at, Excerpt: f.excerpt(at)}
}

// importPath is what an import declaration imports.
func importPath(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return name
}
