package config

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

const largeHelp = "move what is not about services elsewhere"

// scan finds what the YAML parser lets pass or reports without a position:
// too much input, bad UTF-8, and tabs in indentation.
func scan(src *source, data []byte) Problems {
	if len(data) > MaxSize {
		line := bytes.Count(data[:MaxSize], []byte("\n")) + 1
		return Problems{{
			Path: src.path, Line: line, Column: 1, Code: "too-large", Help: largeHelp,
			Message: fmt.Sprintf("the file has more than the %d bytes that are read; they end in this line", MaxSize),
		}}
	}
	if problems := scanEncoding(src); len(problems) > 0 {
		return problems
	}
	return scanTabs(src)
}

// scanEncoding reports the first bad byte of each line.
func scanEncoding(src *source) Problems {
	var problems Problems
	for i, line := range src.lines {
		if column, what := badByte(line); column > 0 {
			problems = append(problems, src.problem(Position{src.path, i + 1, column}, "encoding", what, "save the file as UTF-8"))
		}
	}
	return problems
}

// badByte returns the column of the first byte that is no text, or 0.
func badByte(line string) (column int, what string) {
	for column = 1; line != ""; column++ {
		r, size := utf8.DecodeRuneInString(line)
		switch {
		case r == utf8.RuneError && size == 1:
			return column, fmt.Sprintf("byte 0x%02x is not UTF-8", line[0])
		case r == 0:
			return column, "a zero byte has no place in a text file"
		}
		line = line[size:]
	}
	return 0, ""
}

// scanTabs reports tabs in indentation outside of block scalars, whose text may
// hold any.
func scanTabs(src *source) Problems {
	var problems Problems
	block := -1 // the indentation of the line that began a block scalar
	for i, line := range src.lines {
		text := strings.TrimLeft(line, " \t")
		if text == "" {
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if block >= 0 && indent > block {
			continue
		}
		block = -1
		if at := strings.IndexByte(line[:len(line)-len(text)], '\t'); at >= 0 && text[0] != '#' {
			problems = append(problems, src.problem(Position{src.path, i + 1, at + 1}, "tab",
				"the indentation has a tab", "indent with spaces"))
		}
		if beginsBlock(text) {
			block = indent
		}
	}
	return problems
}

// beginsBlock tells whether a line ends with the | or > of a block scalar.
func beginsBlock(text string) bool {
	if at := strings.Index(text, " #"); at >= 0 {
		text = text[:at]
	}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return false
	}
	last := strings.TrimRight(fields[len(fields)-1], "+-0123456789")
	return (last == "|" || last == ">") && len(fields) > 1
}
