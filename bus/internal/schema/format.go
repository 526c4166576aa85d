package schema

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// formats are the formats of strings there are, with what a message calls them.
var formats = map[string]*format{
	"date":      {"a date such as 2006-01-02", isDate},
	"date-time": {"a time such as 2006-01-02T15:04:05Z", isDateTime},
	"email":     {"an e-mail address", isEmail},
	"uri":       {"an absolute URI", isURI},
	"uuid":      {"a UUID such as 123e4567-e89b-12d3-a456-426614174000", isUUID},
}

type format struct {
	noun string
	has  func(string) bool
}

func formatNames() string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// dateTime is the form of RFC 3339: time.Parse is kinder, to an hour of one digit, a comma
// and an offset of 24 hours.
var dateTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

func isDateTime(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil && dateTime.MatchString(s)
}

// address is a local part in the letters that need no quotes, and a domain of labels,
// both in any script. Whether somebody reads it only a message to it can tell.
var address = regexp.MustCompile("^" + atom + `(\.` + atom + `)*@` + label + `(\.` + label + `)*$`)

const (
	atom  = "[\\pL\\pM\\pN!#$%&'*+/=?^_`{|}~-]+"
	label = `[\pL\pN]([\pL\pM\pN-]*[\pL\pM\pN])?`
)

func isEmail(s string) bool {
	return len(s) <= 254 && strings.IndexByte(s, '@') <= 64 && address.MatchString(s)
}

// uri is a scheme and something after it, in the characters that RFC 3986 knows: brackets
// only around an address of IPv6, and a percent sign only before two hex digits. Package
// net/url would say more, and bring the network's types with it.
var uri = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:` +
	`(//(` + char(":") + `*@)?(\[[0-9A-Fa-f:.]+\]|` + char("") + `*)(:[0-9]*)?([/?]` + char(":@/?") + `*)?|` + char(":@/?") + `+)` +
	`(#` + char(":@/?") + `*)?$`)

// char is one character of a part of a URI, in which those of more mean nothing else.
func char(more string) string {
	return `([A-Za-z0-9._~!$&'()*+,;=` + more + `-]|%[0-9A-Fa-f]{2})`
}

func isURI(s string) bool { return uri.MatchString(s) }

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !isHex(s[i]) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
