package codec

// skip reads a value of any type, and gives the bytes it is written in.
func (c *cursor) skip() ([]byte, *Mistake) {
	b := c.peek()
	start := c.at
	var err *Mistake
	switch {
	case b == '"':
		_, err = c.text()
	case b == '{':
		err = c.skipObject()
	case b == '[':
		err = c.skipList()
	case b == 't':
		err = c.word("true")
	case b == 'f':
		err = c.word("false")
	case b == 'n':
		err = c.word("null")
	case isNumber(b):
		_, _, err = c.number()
	default:
		err = c.syntax()
	}
	return c.body[start:c.at], err
}

func (c *cursor) skipList() *Mistake {
	if err := c.open(); err != nil {
		return err
	}
	for i := 0; ; i++ {
		more, err := c.more(']', i == 0)
		if !more {
			return err
		}
		if _, err := c.skip(); err != nil {
			return at(err, step{index: i})
		}
	}
}

// skipObject refuses names that come twice where the cursor is strict: what is in the
// object is for a type that reads itself, or for whoever gets raw JSON.
func (c *cursor) skipObject() *Mistake {
	if err := c.open(); err != nil {
		return err
	}
	var seen map[string]bool
	if c.strict {
		seen = map[string]bool{}
	}
	for first := true; ; first = false {
		more, err := c.more('}', first)
		if !more {
			return err
		}
		name, err := c.name()
		if err != nil {
			return err
		}
		if c.strict {
			if seen[name.string()] {
				return twice(name)
			}
			seen[name.string()] = true
		}
		if _, err := c.skip(); err != nil {
			return at(err, step{name: name.string()})
		}
	}
}

// twice is the mistake of an object that has a name again.
func twice(name text) *Mistake {
	return at(&Mistake{Rule: "uniqueNames", Message: "is there twice"}, step{name: name.string()})
}
