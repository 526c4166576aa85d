package codec

import (
	"fmt"
	"reflect"
	"strconv"
)

// MaxDepth is how deeply lists and objects may nest, wherever a value passes. What is
// copied in memory is held to it as well, and a value that refers to itself reaches it.
const MaxDepth = 1000

// cursor reads one body.
type cursor struct {
	body    []byte
	at      int
	depth   int
	strict  bool
	unknown string // the first name that no field has
}

// peek is the next byte that is no space, 0 at the end.
func (c *cursor) peek() byte {
	for c.at < len(c.body) {
		switch b := c.body[c.at]; b {
		case ' ', '\t', '\r', '\n':
			c.at++
		default:
			return b
		}
	}
	return 0
}

// syntax is the mistake of a body that is no JSON where the cursor is.
func (c *cursor) syntax() *Mistake {
	if c.at >= len(c.body) {
		return &Mistake{Message: "ends before the JSON value does"}
	}
	return &Mistake{Message: fmt.Sprintf("is no JSON: %s is out of place at byte %d", strconv.QuoteRune(rune(c.body[c.at])), c.at+1)}
}

// wrong is the mistake of a value of another type.
func (c *cursor) wrong(t reflect.Type) *Mistake {
	var found string
	switch b := c.peek(); {
	case b == '"':
		found = "a string"
	case b == '{':
		found = "an object"
	case b == '[':
		found = "a list"
	case b == 't', b == 'f':
		found = "true or false"
	case b == 'n':
		found = "null"
	case b == '-', b >= '0' && b <= '9':
		found = "a number"
	default:
		return c.syntax()
	}
	return mistyped(t, found)
}

func mistyped(t reflect.Type, found string) *Mistake {
	return &Mistake{Rule: "type", Message: "must be " + describe(t) + ", not " + found}
}

// word reads true, false or null.
func (c *cursor) word(text string) *Mistake {
	for i := range len(text) {
		if c.at >= len(c.body) || c.body[c.at] != text[i] {
			return c.syntax()
		}
		c.at++
	}
	return nil
}

// open enters a list or an object, whose bracket is next.
func (c *cursor) open() *Mistake {
	if c.depth == MaxDepth {
		return &Mistake{Rule: "maxDepth", Message: "nests deeper than 1,000 levels"}
	}
	c.depth++
	c.at++
	return nil
}

// begin enters a list or an object of type t, unless it is null, which is the zero value
// that is there already.
func (c *cursor) begin(t reflect.Type, bracket byte) (bool, *Mistake) {
	switch c.peek() {
	case bracket:
		err := c.open()
		return err == nil, err
	case 'n':
		return false, c.word("null")
	}
	return false, c.wrong(t)
}

// more reports whether another element follows, of a list or an object that ends with
// the bracket end; first says that none was read yet.
func (c *cursor) more(end byte, first bool) (bool, *Mistake) {
	switch b := c.peek(); {
	case b == end:
		c.at++
		c.depth--
		return false, nil
	case first:
		return true, nil
	case b != ',':
		return false, c.syntax()
	}
	c.at++
	return true, nil
}

// name reads the name of a member, and what follows it.
func (c *cursor) name() (text, *Mistake) {
	if c.peek() != '"' {
		return text{}, c.syntax()
	}
	name, err := c.text()
	if err != nil {
		return text{}, err
	}
	if c.peek() != ':' {
		return text{}, c.syntax()
	}
	c.at++
	return name, nil
}

// end demands that nothing follows.
func (c *cursor) end() *Mistake {
	if c.peek() != 0 || c.at < len(c.body) {
		return &Mistake{Message: "has more than one JSON value"}
	}
	return nil
}
