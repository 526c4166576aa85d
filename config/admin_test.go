package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const sampleToken = "0123456789abcdef0123456789abcdef"

func TestAdminTokenAndHosts(t *testing.T) {
	for name, test := range map[string]struct {
		file  string
		env   []string
		token string
		hosts []string
	}{
		"default":        {"", nil, "", nil},
		"file":           {"admin_token: ${T}\n  admin_hosts: [door.example, 10.0.0.5, \"::2\"]", []string{"T=" + sampleToken}, sampleToken, []string{"door.example", "10.0.0.5", "::2"}},
		"environment":    {"admin_hosts: [door.example]", []string{"ADMIN_TOKEN=" + sampleToken, "ADMIN_HOSTS=a, b.c"}, sampleToken, []string{"a", "b.c"}},
		"a newline":      {"admin_token: ${T}", []string{"T=" + sampleToken + "\n"}, sampleToken, nil},
		"empty variable": {"admin_hosts: [door.example]", []string{"ADMIN_TOKEN=", "ADMIN_HOSTS="}, "", []string{"door.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := mustParse(t, "orchestrator:\n  services: [apps]\n  "+test.file+"\n")
			s, _, err := f.Settings(variables(test.env...))
			if err != nil {
				t.Fatal(err)
			}
			if s.AdminToken.Reveal() != test.token || !slices.Equal(s.AdminHosts, test.hosts) {
				t.Errorf("%q %q", s.AdminToken.Reveal(), s.AdminHosts)
			}
			if test.token != "" && strings.Contains(fmt.Sprintf("%v %+v %#v", s, s, s), test.token) {
				t.Error("the token is printed with the settings")
			}
		})
	}
}

func TestAdminTokenAndHostsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		env  []string
		want string
	}{
		"short token":             {"admin_token: hunter2-hunter2", nil, "15 characters"},
		"short token in variable": {"", []string{"ADMIN_TOKEN=hunter2-hunter2"}, "openssl rand -hex 32"},
		"newline within":          {"", []string{"ADMIN_TOKEN=hunter2-hunter2-hunter2\nhunter2-hunter2"}, "a line break"},
		"letters of a language":   {"admin_token: 'hunter2-hunter2-hunter2-hunter2-ü'", nil, "cannot stand in an HTTP header"},
		"host with port":          {"admin_hosts: [\"door.example:80\"]", nil, "without a port"},
		"URL":                     {"", []string{"ADMIN_HOSTS=http://door.example"}, "ADMIN_HOSTS"},
		"no list":                 {"admin_hosts: door.example", nil, "must be a list"},
		"nested list":             {"admin_hosts: [[a]]", nil, "must be a single value"},
	} {
		t.Run(name, func(t *testing.T) {
			f := mustParse(t, "orchestrator:\n  services: [apps]\n  "+test.file+"\n")
			_, _, err := f.Settings(variables(test.env...))
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
