package scan

import (
	"bytes"
	"errors"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopanaio/orchestrator/config"
)

// file is one Go file and what was parsed of it so far.
type file struct {
	// path is relative to the tree; shown is the same as the user sees it.
	path, shown string
	text        []byte
	// set has the positions of all files of a folder.
	set    *token.FileSet
	syntax *ast.File
	// broken is the first syntax error, if there is one.
	broken *syntaxError
}

// ignored tells whether a build constraint says that the file is in no program.
func (f *file) ignored() bool {
	for _, group := range f.syntax.Comments {
		for _, c := range group.List {
			if c.Pos() > f.syntax.Package || !constraint.IsGoBuild(c.Text) {
				continue
			}
			expr, err := constraint.Parse(c.Text)
			return err == nil && needsIgnore(expr)
		}
	}
	return false
}

// needsIgnore tells whether expr can only hold with the tag "ignore", which nobody sets.
func needsIgnore(expr constraint.Expr) bool {
	switch e := expr.(type) {
	case *constraint.TagExpr:
		return e.Tag == "ignore"
	case *constraint.AndExpr:
		return needsIgnore(e.X) || needsIgnore(e.Y)
	case *constraint.OrExpr:
		return needsIgnore(e.X) && needsIgnore(e.Y)
	}
	return false
}

// syntaxError is where a file stops being Go, and why.
type syntaxError struct {
	offset int
	text   string
}

// parse reads the file's syntax as far as mode says. What could be read of a
// broken file is kept.
func (f *file) parse(mode parser.Mode) {
	syntax, err := parser.ParseFile(f.set, f.path, f.text, mode|parser.SkipObjectResolution)
	f.syntax, f.broken = syntax, nil
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		f.broken = &syntaxError{offset: list[0].Pos.Offset, text: list[0].Msg}
	}
}

// at is a place in the file as the file itself counts, whatever //line says.
func (f *file) at(pos token.Pos) config.Position {
	p := f.set.PositionFor(pos, false)
	return config.Position{Path: f.shown, Line: p.Line, Column: p.Column}
}

// brokenAt is where the file stops being Go.
func (f *file) brokenAt() config.Position {
	before := f.text[:min(f.broken.offset, len(f.text))]
	start := bytes.LastIndexByte(before, '\n') + 1
	line := bytes.Count(before, []byte("\n")) + 1
	return config.Position{Path: f.shown, Line: line, Column: len(before) - start + 1}
}

// excerpt shows the line of a position with a caret under it.
func (f *file) excerpt(at config.Position) string {
	line := 0
	for text := range strings.Lines(string(f.text)) {
		if line++; line != at.Line {
			continue
		}
		text = strings.TrimRight(text, "\r\n")
		before := text[:min(max(at.Column-1, 0), len(text))]
		return config.Excerpt(text, at.Line, utf8.RuneCountInString(before)+1)
	}
	return ""
}

// importPath is what an import declaration imports.
func importPath(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return name
}

// localName is the name by which a file knows an import whose package is called base.
func localName(spec *ast.ImportSpec, base string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return base
}
