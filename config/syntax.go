package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// parseTree turns the text into the root mapping. A root of nil without
// problems means that the file is empty.
func parseTree(src *source, data []byte) (*yaml.Node, Problems) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	document, err := decode(decoder)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, Problems{syntaxProblem(src, err)}
	}
	second, err := decode(decoder)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, Problems{syntaxProblem(src, err)}
	}
	if err == nil {
		return nil, Problems{src.problem(documentStart(src, second), "second-document",
			"a second document begins here, and only one is read", "remove this line and what follows, or put it into a file of its own")}
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil
	}
	return root, nil
}

// decode reads one document. The library panics where it meets a state that it
// did not expect; that is a fault of the file for us, too.
func decode(decoder *yaml.Decoder) (document *yaml.Node, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("yaml: %v", fault)
		}
	}()
	var node yaml.Node
	if err := decoder.Decode(&node); err != nil {
		return nil, err
	}
	if len(node.Content) == 0 {
		return nil, io.EOF
	}
	return &node, nil
}

// documentStart is the line with --- before a document, or else its first line.
func documentStart(src *source, document *yaml.Node) Position {
	first := document.Content[0]
	for line := min(first.Line, len(src.lines)); line > 1; line-- {
		if strings.HasPrefix(src.lines[line-1], "---") {
			return Position{src.path, line, 1}
		}
	}
	return src.position(first)
}

var unknownAnchor = regexp.MustCompile(`unknown anchor '.*'`)

var yamlMessage = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntaxProblem gives a parser's error a position. The library states a line
// that may be off by one, and no column.
func syntaxProblem(src *source, err error) Problem {
	message, hint := err.Error(), len(src.lines)
	if part := yamlMessage.FindStringSubmatch(message); part != nil {
		message = unknownAnchor.ReplaceAllString(part[2], "unknown anchor") // its name may be a value that begins with *
		if n, err := strconv.Atoi(part[1]); err == nil {
			hint = n
		}
	}
	pos := fault(src, hint, message)
	return src.problem(pos, "syntax", "this is not valid YAML: "+message, syntaxHelp(message))
}

func syntaxHelp(message string) string {
	switch {
	case strings.Contains(message, "mapping values are not allowed"):
		return "check the indentation; a value that holds \": \" needs quotes"
	case strings.Contains(message, "did not find expected ',' or"):
		return "a [ or { is not closed, or a comma is missing"
	case strings.Contains(message, "quoted scalar"), strings.Contains(message, "unexpected end of stream"):
		return "a quote is not closed"
	case strings.Contains(message, "cannot start any token"):
		return "put the value in quotes"
	case strings.Contains(message, "unknown anchor"):
		return "a value that begins with * needs quotes, unless it is an alias of an anchor above"
	}
	return "check the indentation, the colons and the quotes around here"
}

// fault finds the place of a syntax error: the line whose addition makes the
// text above it unreadable, and in that line the first character that does. An
// unclosed bracket or quote is therefore reported where it was opened.
func fault(src *source, hint int, message string) Position {
	s := &search{lines: src.lines, left: maxParsed}
	if strings.HasSuffix(message, noContent) && !s.holds(s.above(len(src.lines))) {
		line, column := s.boundary(len(src.lines), s.holds)
		return Position{src.path, line + 1, min(column+1, len([]rune(src.lines[line])))}
	}
	last := min(max(1, hint+1), len(src.lines))
	if s.readable(s.above(last)) {
		last = len(src.lines)
	}
	line, column := s.boundary(last, s.readable)
	text := []rune(src.lines[line])
	indent := len(text) - len([]rune(strings.TrimLeft(src.lines[line], " ")))
	column = max(indent, column)
	if column >= len(text) || text[column] == ':' && !strings.ContainsRune(string(text[indent:column]), ':') {
		column = indent // the line as a whole stands wrong, not its colon
	}
	return Position{src.path, line + 1, column + 1}
}

// noContent ends the parser's error where a value is missing, as in [a,,b].
const noContent = "did not find expected node content"

// maxParsed is how many bytes are parsed in search of a place. Each attempt parses all
// that stands before it, so that a file of one long line would take seconds.
const maxParsed = 4 << 20

// search looks for a place by parsing more or less of a text.
type search struct {
	lines []string
	left  int // bytes that may still be parsed
}

// failure is why a text cannot be parsed. Once the bytes are spent every text is good,
// by which the place is the nearest one that was found.
func (s *search) failure(text string) error {
	if len(text) > s.left {
		return nil
	}
	s.left -= len(text)
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decode(decoder); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (s *search) readable(text string) bool { return s.failure(text) == nil }

// holds tells whether a value can stand behind a text, which an opening bracket in it,
// not yet closed, says nothing about.
func (s *search) holds(text string) bool {
	err := s.failure(text + "a")
	return err == nil || !strings.HasSuffix(err.Error(), noContent)
}

func (s *search) above(line int) string {
	if line == 0 {
		return ""
	}
	return strings.Join(s.lines[:line], "\n") + "\n"
}

// boundary is the first line, of those before last, that makes the text above it bad,
// and in it the character that does, both counted from 0.
func (s *search) boundary(last int, good func(text string) bool) (line, column int) {
	line = lastGood(last, func(n int) bool { return good(s.above(n)) })
	text, above := []rune(s.lines[line]), s.above(line)
	return line, lastGood(len(text), func(n int) bool { return good(above + string(text[:n])) })
}

// lastGood returns a length below bad that is good while the next one is not.
// It goes back in growing steps and then halves, so that a long file takes few
// attempts; 0 counts as good.
func lastGood(bad int, good func(n int) bool) int {
	low := 0
	for step := 1; bad-step > 0; step *= 2 {
		if good(bad - step) {
			low = bad - step
			break
		}
		bad -= step
	}
	for bad-low > 1 {
		if middle := (low + bad) / 2; good(middle) {
			low = middle
		} else {
			bad = middle
		}
	}
	return low
}
