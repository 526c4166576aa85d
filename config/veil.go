package config

import (
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// sight says what of a value may be seen.
type sight uint8

const (
	hidden    sight = iota
	address         // all but the credentials in it
	server          // the same, but a word that the setting does not have is hidden
	host            // all of it, if it has the form of a host
	importing       // as an address, but it may end with @version
	visible         // all of it, if it has the form of what is no secret
)

// veil knows which characters of a file may be seen in an excerpt. It goes by the
// parsed nodes and never by the look of a text: a value is hidden unless it belongs
// to a key that is known and holds no secret, so a key that is misspelt, or that
// only a service knows, gives nothing away.
type veil struct {
	src   *source
	marks []mark // in the order of the text

	mu      sync.Mutex
	text    []rune // the line that was asked for last: a file may have all it says in one
	number  int    // which that is, while the veil is made
	covered int    // and afterwards, when it is covered
}

// mark is a node that has text of its own: a single value, a key, an alias, or
// what has an anchor or a tag.
type mark struct {
	line, column int
	width        int // of its text, in characters; 0 when it is not one word on one line
	sight        sight
	holds        bool // the text stands in the file exactly as it is read
}

// newVeil looks at every node once.
func newVeil(src *source, root *yaml.Node) *veil {
	v := &veil{src: src}
	v.look(root, &fileOutline)
	slices.SortStableFunc(v.marks, mark.compare)
	return v
}

func (m mark) compare(other mark) int {
	return cmp.Or(cmp.Compare(m.line, other.line), cmp.Compare(m.column, other.column))
}

// look marks what stands at and below n, where o is expected.
func (v *veil) look(n *yaml.Node, o *outline) {
	switch {
	case n.Kind == yaml.AliasNode:
		v.mark(n, visible) // the name of an anchor
	case n.Anchor != "", n.Style&yaml.TaggedStyle != 0, n.Kind == yaml.ScalarNode && (n.Value != "" || n.Style != 0):
		v.mark(n, o.value)
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for _, item := range n.Content {
			v.look(item, o.item())
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, below := n.Content[i], o.below(n.Content[i].Value)
			v.look(key, &outline{value: v.key(key, o)})
			v.look(n.Content[i+1], below)
		}
	}
}

func (v *veil) mark(n *yaml.Node, s sight) {
	m := mark{line: n.Line, column: n.Column, sight: s}
	m.width, m.holds = wordOf(n, v.from(n))
	v.marks = append(v.marks, m)
}

// from is the line of a node from its first character on.
func (v *veil) from(n *yaml.Node) []rune {
	if n.Line < 1 || n.Line > len(v.src.lines) {
		return nil
	}
	if v.number != n.Line {
		v.number, v.text = n.Line, []rune(v.src.lines[n.Line-1])
	}
	return v.text[min(max(0, n.Column-1), len(v.text)):]
}

// key is what of a key may be seen. A word without a colon behind it may be a value
// that lost its key, and is seen only if it is a key that is known.
func (v *veil) key(key *yaml.Node, o *outline) sight {
	switch {
	case !o.mapping:
		return hidden
	case o.keys[key.Value] != nil, key.Tag == "!!merge":
		return visible
	}
	text := v.from(key)
	width, _ := wordOf(key, text)
	for width > 0 && width < len(text) && (text[width] == ' ' || text[width] == '\t') {
		width++
	}
	if width > 0 && width < len(text) && text[width] == ':' {
		return address
	}
	return hidden
}

// wordOf is the length of a node's text at the beginning of text, 0 when it goes on
// in other lines; holds says that it is written as it is read.
func wordOf(n *yaml.Node, text []rune) (width int, holds bool) {
	if len(text) == 0 {
		return 0, false
	}
	if text[0] == '&' || text[0] == '!' || text[0] == '*' && n.Kind == yaml.AliasNode {
		for width = 1; width < len(text) && !strings.ContainsRune(" \t,[]{}", text[width]); width++ {
		}
		return width, n.Kind == yaml.AliasNode
	}
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		if width = quotedWidth(text, text[0]); width < 2 {
			return 0, false
		}
		return width, string(text[1:width-1]) == n.Value
	}
	value := []rune(n.Value)
	if len(value) > len(text) || !slices.Equal(text[:len(value)], value) {
		return 0, false
	}
	return len(value), true
}

// place is where a node stands.
type place struct{ line, column int }

// except is the veil with another sight of some places.
func (v *veil) except(sights map[place]sight) *veil {
	if v == nil || len(sights) == 0 {
		return v
	}
	other := &veil{src: v.src, marks: slices.Clone(v.marks)}
	for i, m := range other.marks {
		if s, ok := sights[place{m.line, m.column}]; ok {
			other.marks[i].sight = s
		}
	}
	return other
}

// shows tells whether a node may be named in a message.
func (v *veil) shows(n *yaml.Node) bool {
	if v == nil {
		return false
	}
	i, found := slices.BinarySearchFunc(v.marks, mark{line: n.Line, column: n.Column}, mark.compare)
	return found && v.marks[i].sight != hidden
}

// line returns a line of the file in which stars stand for what is hidden. It is
// not to be changed.
func (v *veil) line(number int) []rune {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.covered != number {
		v.covered, v.text = number, v.cover(number, []rune(v.src.lines[number-1]))
	}
	return v.text
}

func (v *veil) cover(number int, text []rune) []rune {
	i := sort.Search(len(v.marks), func(i int) bool { return v.marks[i].line >= number })
	open := i == 0 || v.marks[i-1].ends()
	at := 0
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	for ; i < len(v.marks) && v.marks[i].line == number; i++ {
		m := v.marks[i]
		from := min(m.column-1, len(text))
		if from < at {
			open = open && m.ends()
			continue
		}
		coverGap(text[at:from], open)
		at, open = from, m.ends()
		if open {
			at = min(from+m.width, len(text))
			m.cover(text[from:at])
		}
	}
	coverGap(text[at:], open)
	return text
}

// ends tells whether it is known where the text of a mark ends. What of an address is
// secret can be found only where it stands as it is read.
func (m mark) ends() bool { return m.width > 0 && (m.sight == visible || m.holds) }

// cover hides of the text of a mark what must not be seen.
func (m mark) cover(text []rune) {
	if m.sight != hidden && m.holds && len(text) > 1 && (text[0] == '"' || text[0] == '\'') {
		text = text[1 : len(text)-1]
	}
	switch all := string(text); {
	case m.sight != hidden && plainReference.MatchString(all) || m.sight.form() != nil && m.sight.form().MatchString(all):
	case m.sight == address, m.sight == importing, m.sight == server && isServer(all):
		coverCredentials(text)
	default:
		coverGap(text, false)
	}
}

// form is what a text must have to be seen as it is; nil when nothing is.
func (s sight) form() *regexp.Regexp {
	switch s {
	case visible:
		return excerptForm
	case host:
		return hostForm
	case importing:
		return importForm
	}
	return nil
}

// structural are the characters that YAML itself needs between values.
const structural = " \t:,[]{}-?|><&*!\"'#"

// coverGap hides what stands between two nodes: behind a hidden one all of it, since
// nobody knows where that ends, else what is no structure, such as a comment.
func coverGap(text []rune, open bool) {
	for i, r := range text {
		if !open || !strings.ContainsRune(structural, r) {
			text[i] = '*'
		}
	}
}

func coverCredentials(text []rune) {
	masked := []rune(maskCredentials(string(text), func(part string) string {
		return strings.Repeat("*", len([]rune(part)))
	}))
	copy(text, masked)
}

// coverUnread hides a line of a file that could not be parsed: all but the words
// that the format itself has, and the structure.
func coverUnread(line string) string {
	return unreadWord.ReplaceAllStringFunc(line, func(word string) string {
		if vocabulary[word] {
			return word
		}
		return strings.Repeat("*", len([]rune(word)))
	})
}
