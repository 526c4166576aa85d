package config

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A form is how a value looks that a message may repeat. What was put into the wrong
// setting may be the secret of another one, so a value is shown only if it is short and
// of the letters that the setting's own values have. None has what parts an address from
// a password or a token: a colon before an @, a slash, a semicolon, % or =.
var (
	wordForm     = regexp.MustCompile(`^[A-Za-z]{0,24}$`)
	switchForm   = regexp.MustCompile(`^([A-Za-z]{0,24}|[0-9]{1,3})$`)
	numberForm   = regexp.MustCompile(`^[0-9.+-]{0,24}$`)
	durationForm = regexp.MustCompile(`^-?([0-9.]{1,9} ?[a-zµ]{0,7}){0,3}$`)
	nameForm     = regexp.MustCompile(`^[A-Za-z0-9._ +-]{0,24}$`)
	hostForm     = regexp.MustCompile(`^([A-Za-z0-9._-]{0,24}(:[0-9]{0,5})?|[0-9A-Fa-f:.]{2,39})$`)
	importForm   = regexp.MustCompile(`^[A-Za-z0-9._~+/@-]*$`)
	// Of a list with commas each item has a form itself, unless a password had the commas.
	namesForm = regexp.MustCompile(`^[A-Za-z0-9._, \t-]*$`)
	hostsForm = regexp.MustCompile(`^[A-Za-z0-9._:, \t-]*$`)
	// plainReference is one to a variable, without a default, which may be secret.
	plainReference = regexp.MustCompile(`^\$\{[A-Za-z_][A-Za-z0-9_]*\}$`)
	// excerptForm is what may be seen in an excerpt of a value that is of no other form.
	excerptForm = regexp.MustCompile(`^[*&!]{0,2}['"]?[\pL\pN_. +<-]{0,31}['"]?$`)
)

// quoted quotes a value for a message if it has the form, and describes it otherwise.
func quoted(value string, form *regexp.Regexp) string {
	if form.MatchString(value) {
		return fmt.Sprintf("%q", value)
	}
	return described(value)
}

func described(value string) string {
	if strings.Contains(value, "://") {
		return "a URL"
	}
	return fmt.Sprintf("a text of %d characters", utf8.RuneCountInString(value))
}

// QuotedName quotes a name for a message. One that is too long for what people type
// may be a token that was put into the wrong place, and is described.
func QuotedName(name string) string { return quoted(name, nameForm) }
