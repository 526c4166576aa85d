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

func isDateTime(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

// isEmail asks for what every address has: whether somebody reads it only a
// message to it can tell.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t\r\n<>") && len(s) <= 254
}

// uri is a scheme and something after it, in the characters that RFC 3986 knows.
// Package net/url would say more, and bring the network's types with it.
var uri = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9:/?#\[\]@!$&'()*+,;=._~%-]+$`)

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
