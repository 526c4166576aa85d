package config

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// MinAdminToken is the fewest characters an admin token may have: 32 hexadecimal
// digits hold 128 bits, which nobody guesses.
const MinAdminToken = 32

// hostName is what a Host header may carry beside an IP address.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// parseToken does not repeat the value, also when it is wrong.
func parseToken(text string) (Secret, string, error) {
	const help = "make one with `openssl rand -hex 32`"
	text = strings.TrimSpace(text) // the newline of the file that it was kept in
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", help, errors.New("no token: it has a space, a line break or another character that cannot stand in an HTTP header")
	}
	if len(text) < MinAdminToken {
		return "", help, fmt.Errorf("%d characters long, and must have at least %d", len(text), MinAdminToken)
	}
	return Secret(text), help, nil
}

// adminHosts reads a list in the file, or names separated by commas in the variable.
func (r *settingsReader) adminHosts(into *[]string) {
	const key = "admin_hosts"
	if e, ok := r.file.settings[key]; ok && !isNull(e.value) {
		if e.value.Kind != yaml.SequenceNode {
			r.tree.report(e.value, "wrong-type", "write it as [admin.example]", "orchestrator.%s must be a list of names, not %s", key, kindOf(e.value))
		}
		for _, item := range e.value.Content {
			text, ok := r.text(entry{value: item}, key)
			if !ok {
				continue
			}
			if err := checkHost(text); err != nil {
				r.tree.report(item, "invalid-value", hostHelp, "orchestrator.%s has %s", key, masked(err, item))
			}
			*into = append(*into, text)
		}
	}
	read(r, "", "ADMIN_HOSTS", parseHosts, into)
}

// parseHosts says all that is wrong.
func parseHosts(text string) (hosts []string, help string, err error) {
	if !hostsForm.MatchString(text) {
		return nil, hostHelp, fmt.Errorf("%s, which is no list of host names", described(text))
	}
	for item := range strings.SplitSeq(text, ",") {
		item = strings.TrimSpace(item)
		hosts = append(hosts, item)
		if wrong := checkHost(item); err == nil {
			err = wrong
		} else if wrong != nil {
			err = fmt.Errorf("%w; and %w", err, wrong)
		}
	}
	return hosts, hostHelp, err
}

const hostHelp = "write a host name or an IP address, without http:// and without a port"

func checkHost(text string) error {
	if _, err := netip.ParseAddr(text); err != nil && !hostName.MatchString(text) {
		return fmt.Errorf("%s, which is no host name", quoted(text, hostForm))
	}
	return nil
}
