package config

import (
	"fmt"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// excerptWidth is how many characters of a long line an excerpt shows.
const excerptWidth = 120

// lineBreaks makes every line break that YAML knows the same one, so that line
// numbers agree with the parser's.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// source is the text of a file, for excerpts. It has no veil until it is parsed.
type source struct {
	path  string
	lines []string
	veil  *veil
}

func newSource(path string, data []byte) *source {
	text := strings.TrimPrefix(string(data), "\ufeff")
	return &source{path: path, lines: strings.Split(lineBreaks.Replace(text), "\n")}
}

func (s *source) position(n *yaml.Node) Position {
	return Position{Path: s.path, Line: n.Line, Column: n.Column}
}

// problem makes a Problem at a position, with the excerpt of its line.
func (s *source) problem(pos Position, code, message, help string) Problem {
	p := Problem{Path: pos.Path, Line: pos.Line, Column: pos.Column, Code: code, Message: message, Help: help}
	p.Excerpt = s.excerpt(pos)
	return p
}

// excerpt shows a place without what may be secret.
func (s *source) excerpt(pos Position) string {
	switch {
	case pos.Path != s.path || pos.Line < 1 || pos.Line > len(s.lines):
		return ""
	case s.veil != nil:
		return excerpt(s.veil.line(pos.Line), pos.Line, pos.Column)
	}
	return Excerpt(coverUnread(s.lines[pos.Line-1]), pos.Line, pos.Column)
}

// Excerpt renders one line of a file with its number, and under it carets that
// mark the word at column (which counts characters from 1). Characters that do not
// print are replaced, so that the result can go to a terminal or a log. It is for
// lines of source code and hides nothing; [File.Problem] is for those of config.yml.
func Excerpt(line string, number, column int) string { return excerpt([]rune(line), number, column) }

func excerpt(runes []rune, number, column int) string {
	from := max(0, min(column-1, len(runes)))
	width := wordWidth(runes[from:min(len(runes), from+excerptWidth)])
	prefix := fmt.Sprintf("%5d | ", number)
	margin := strings.Repeat(" ", len(prefix)-2) + "| "
	if start := from - excerptWidth/2; start > 0 && len(runes) > excerptWidth {
		end := min(len(runes), start+2*excerptWidth)
		runes, from = append([]rune("…"), runes[start:end]...), from-start+1
	}
	if len(runes) > excerptWidth {
		runes = append(runes[:excerptWidth:excerptWidth], '…')
	}
	width = max(1, min(width, len(runes)-from))
	shown := strings.TrimRight(prefix+printable(string(runes)), " ")
	return shown + "\n" + margin + strings.Repeat(" ", from) + strings.Repeat("^", width)
}

// wordWidth is the length of the YAML token that text begins with.
func wordWidth(text []rune) int {
	if len(text) == 0 {
		return 1
	}
	if quote := text[0]; quote == '"' || quote == '\'' {
		return quotedWidth(text, quote)
	}
	inReference := false
	for i, r := range text {
		switch {
		case r == '{' && i > 0 && text[i-1] == '$':
			inReference = true
			continue
		case r == '}' && inReference:
			inReference = false
			continue
		case unicode.IsSpace(r) || strings.ContainsRune(",[]{}\"'#", r):
			return max(1, i)
		}
		if r == ':' && (i+1 == len(text) || text[i+1] == ' ') {
			return max(1, i)
		}
	}
	return len(text)
}

// quotedWidth is the length of a quoted text, 1 when the quote is not closed.
func quotedWidth(text []rune, quote rune) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return 1
}

func printable(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, line)
}
