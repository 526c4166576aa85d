package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is a place in a file. Line and Column count from 1, columns in
// characters; a Line of 0 means the file as a whole, and an empty Path a value
// that comes from no file.
type Position struct {
	Path         string
	Line, Column int
}

// String returns path:line:col, or as much of it as is known.
func (p Position) String() string {
	if p.Line == 0 {
		return p.Path
	}
	return fmt.Sprintf("%s:%d:%d", p.Path, p.Line, p.Column)
}

// Problem is one mistake in config.yml or in the environment.
type Problem struct {
	// Path, Line and Column say where; see Position.
	Path         string
	Line, Column int
	// Code is a stable word for the kind of mistake, such as "unknown-key".
	Code string
	// Message says what is wrong, in one line.
	Message string
	// Excerpt is the line it stands on and a second line of carets under the
	// place. Passwords and other secret values are masked.
	Excerpt string
	// Help says what mends it: a did-you-mean, the valid names, a command.
	Help string
}

// Position returns where the mistake is.
func (p Problem) Position() Position {
	return Position{Path: p.Path, Line: p.Line, Column: p.Column}
}

// Error returns "path:line:col: message", then the excerpt and the help, each
// on lines of their own.
func (p Problem) Error() string {
	var out strings.Builder
	if where := p.Position().String(); where != "" {
		out.WriteString(where + ": ")
	}
	out.WriteString(shortened(p.Message))
	if p.Excerpt != "" {
		out.WriteString("\n" + p.Excerpt)
	}
	if p.Help != "" {
		out.WriteString("\n    " + strings.ReplaceAll(p.Help, "\n", "\n    "))
	}
	return out.String()
}

// maxMessage is how many characters of a message are shown: it may quote a key or a
// value that is as long as the file.
const maxMessage = 400

// shortened cuts what is too long for a message out of its middle.
func shortened(text string) string {
	runes := []rune(text)
	if len(runes) <= maxMessage {
		return text
	}
	return string(runes[:maxMessage/2]) + " … " + string(runes[len(runes)-maxMessage/2:])
}

// Problems are all mistakes that were found, sorted by position.
type Problems []Problem

// shown is how many problems one error text holds; the rest are counted.
const shown = 50

// Error returns the problems' texts, separated by newlines. More than 50 are
// counted instead of shown.
func (p Problems) Error() string {
	texts := make([]string, 0, min(len(p), shown+1))
	for i, problem := range p {
		if i == shown {
			texts = append(texts, fmt.Sprintf("and %d more", len(p)-shown))
			break
		}
		texts = append(texts, problem.Error())
	}
	return strings.Join(texts, "\n")
}

// Unwrap gives errors.As each Problem.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i, problem := range p {
		errs[i] = problem
	}
	return errs
}

// Sort orders problems by path, line, column, code and message, and drops
// those that are equal to their neighbour.
func (p *Problems) Sort() {
	slices.SortStableFunc(*p, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
		)
	})
	*p = slices.Compact(*p)
}

// Err sorts the problems and returns them as an error, nil when there are none.
func (p *Problems) Err() error {
	if len(*p) == 0 {
		return nil
	}
	p.Sort()
	return *p
}

// Warning is something that works but should be changed, such as a setting of
// the original that has another name here.
type Warning struct {
	Position
	// Code is a stable word for the kind of warning, such as "retired-setting".
	Code string
	// Subject is the setting or the variable it is about.
	Subject string
	// Message says what to do instead, in one line.
	Message string
}

// String returns "path:line:col: subject message".
func (w Warning) String() string {
	text := w.Subject + " " + w.Message
	if where := w.Position.String(); where != "" {
		return where + ": " + text
	}
	return text
}

// Collapse joins warnings that say the same about several subjects into one
// each, at the position of the first. It keeps the order.
func Collapse(warnings []Warning) []Warning {
	var out []Warning
	at, said := map[[2]string]int{}, map[[3]string]bool{}
	for _, w := range warnings {
		key := [2]string{w.Code, w.Message}
		i, seen := at[key]
		switch again := [3]string{w.Code, w.Message, w.Subject}; {
		case said[again]:
			continue
		case !seen:
			at[key] = len(out)
			out = append(out, w)
		default:
			out[i].Subject += ", " + w.Subject
			if rest, singular := strings.CutPrefix(out[i].Message, "is "); singular {
				out[i].Message = "are " + rest
			}
		}
		said[[3]string{w.Code, w.Message, w.Subject}] = true
	}
	return out
}
