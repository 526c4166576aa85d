package config

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// showsNothing fails when a text that users get to see has a part of the secret, which
// is q7Zq7Z, or q7 and 7Z with something between them.
func showsNothing(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: accepted", what)
	} else if strings.Contains(err.Error(), "q7") || strings.Contains(err.Error(), "7Z") {
		t.Errorf("%s shows the secret:\n%v", what, err)
	}
}

// Wherever a secret stands in the file, no mistake in the same lines shows it.
func TestNoMistakeShowsASecret(t *testing.T) {
	for _, section := range []string{
		"admin_token: q7Zq7Z\n  servces: []",
		"admin_tokn: q7Zq7Z",
		"admin_token:\n    q7Zq7Z\n  servces: []",
		"admin_token:\n  q7Zq7Z",
		"admin_tokn:\n    - q7Zq7Z",
		"admin_tokn: |\n    q7Zq7Z\n    q7Zq7Z",
		"? admin_token\n  : q7Zq7Z\n  servces: []",
		"? admin_tokn\n  : q7Zq7Z",
		"admin_token:\n  ? q7Zq7Z",
		"? q7Zq7Z",
		"admin_token: {q7Zq7Z}",
		"admin_tokn: {q7Zq7Z: 1, q7Zq7Z: 2}",
		"admin_token: [q7Zq7Z, q7Zq7Z]",
		"admin_token: !q7Zq7Z",
		"admin_token: &q7Zq7Z",
		"admin_token: *q7Zq7Z",
		"admin_token: @q7Zq7Z",
		"admin_token: 'q7Zq7Z",
		"admin_token: \"q7Zq7Z\n  mode: x",
		"admin_token: q7Zq7Z: q7Zq7Z",
		"admin_token: ${q7Zq7Z",
		"admin_token: ${T:-q7Zq7Z}",
		"{admin_token: q7Zq7Z, servces: []}",
		"mode: x # it was q7Zq7Z",
		"transporter: NATS # nats://q7Zq7Z@h\n  servces: []",
		"transporter: nats://q7Zq7Z@10.0.0.1\n  transporter: NATS",
		"transporter: redis://u:q7Zq7Z@h",
		"transporter: nats://u:q7,7Z@h",
		"transporter: nats://u:1,nats:q7Z@h",
		"transporter: nats://u:q7/7Z@h",
		"transporter: nats://u:q7 7Z@h",
		"transporter: 'nats://u:q7\"7Z@h'",
		"transporter: \"nats://u:q7\\\"7Z@h\"",
		"transporter: 'nats://u:q7''7Z@h'\n  transporter: NATS",
		"transporter: u:q7Zq7Z@h",
		"transporter: nats://u:q7Zq7Z",
		"transporter: nats://h?token=q7Zq7Z",
		"transporter: nats://h#q7Zq7Z",
		"transporter: nats://h:4222/q7Zq7Z",
		"transporter: nats://u%3Aq7Zq7Z%40127.0.0.1:1",
		"transporter: nats://h;token=q7Zq7Z",
		"transporter: 'nats://h;token=q7Zq7Z'",
		"transporter: q7Zq7Z",
		"transporter: memory\n  log_level: nats://u:q7Zq7Z@h",
		"mode: ${T:-q7Zq7Z}",
		"transporter: [nats://u:q7Zq7Z@h]",
		"transporter: {url: nats://u:q7Zq7Z@h}",
		"transport: nats://u:q7Zq7Z@h",
		"nats: {tokn: q7Zq7Z, tokn: q7Zq7Z}",
		"nats: {nkey_seed: q7Zq7Z, nkey_seed: 1}",
		"nats: q7Zq7Z",
		"admin_hosts: ['https://u:q7Zq7Z@h']",
		"admin_address: https://u:q7Zq7Z@h",
		"external: {a: {import: 'https://u:q7Zq7Z@h/a'}}",
		"\tadmin_token: q7Zq7Z",
		"admin_token: q7Zq7Z \xff",
		"admin_token: q7Zq7Z\n---\n",
		"admin_token: q7Zq7Z\n--- q7Zq7Z\na: 1",
	} {
		file, err := Parse("config.yml", []byte("orchestrator:\n  "+section+"\n"))
		if err == nil {
			_, _, err = file.Settings(variables())
		}
		showsNothing(t, fmt.Sprintf("%q", section), err)
	}
}

// The same for the settings of services and transports, whose types say what is secret.
func TestNoMistakeShowsASecretOfAService(t *testing.T) {
	type part struct {
		Key   Secret
		Limit int
		On    bool
		Text  string
		Free  any
	}
	type settings struct {
		part
		Inner *part
		More  map[string]part
	}
	for _, section := range []string{
		"{key: q7Zq7Z, limt: 1}",
		"{kye: q7Zq7Z}",
		"{kye: {q7Zq7Z: q7Zq7Z}, inner: {limt: 1}}",
		"{inner: {kye: q7Zq7Z}}",
		"{more: {a: {key: q7Zq7Z, limit: many}}}",
		"{key: {q7Zq7Z: 1}, limt: 1}",
		"{key: [q7Zq7Z], limt: 1}",
		"{text: q7Zq7Z, limit: many}",
		"{text: [q7Zq7Z]}",
		"{free: {a: q7Zq7Z}, limit: many}",
		"{key: ${A}q7Zq7Z}",
		"{limit: '${B:-q7Zq7Z}'}",
		"{on: '${B}q7Zq7Z'}",
		"{key: 7, text: q7Zq7Z}",
		"q7Zq7Z",
		"[q7Zq7Z]",
		"{text: 'postgres://u:q7,7Z@h', limt: 1}",
	} {
		file, err := Parse("config.yml", []byte("services: {apps: "+section+"}"))
		if err == nil {
			_, err = file.DecodeService("apps", variables("B=b"), &settings{})
		}
		showsNothing(t, section, err)
	}
}

// What holds no secret is shown, since it is what the mistake is about.
func TestExcerptsShowWhatIsKnown(t *testing.T) {
	for section, want := range map[string]string{
		"mode: both": "2 |   mode: both", "services: [Apps]": "services: [Apps]",
		"transporter: nats://u:p@h?x":                          "2 |   transporter: nats://***@h?*",
		"transporter: kafka":                                   "transporter: *****",
		"transporter: memroy":                                  "did you mean \"memory\"?",
		"admin_address: '${NO}'":                               "admin_address: '${NO}'",
		"log_level: ${NO}":                                     "log_level: ${NO}",
		"admin_hosts: ['door.example:80']":                     "admin_hosts: ['door.example:80']",
		"external: {a: {import: 'x;y'}}":                       "import: '***'}}",
		"external: {a: {import: github.com/x/../y@v1}}":        "import: github.com/x/../y@v1}}",
		"variants: {a: {services: [b], extends: c, bogus: d}}": "variants: {a: {services: [b], extends: c, bogus: *}}",
	} {
		file, err := Parse("config.yml", []byte("orchestrator:\n  "+section+"\n"))
		if err == nil {
			_, _, err = file.Settings(variables())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q in\n%v", section, want, err)
		}
	}
}

// The variable shows no more than the file.
func TestTransporterVariableShowsNoSecret(t *testing.T) {
	for _, value := range []string{
		"redis://u:q7Zq7Z@h", "nats://u:q7,7Z@h", "nats://u:q7/7Z@h", "nats://u:q7 7Z@h", `nats://u:q7"7Z@h`, "u:q7Zq7Z@h", "nats://u:q7Zq7Z",
		"nats://h?token=q7Zq7Z", "nats://a,nats://u:q7/7Z@h", "nats://h;token=q7Zq7Z", "nats://u%3Aq7Zq7Z%40127.0.0.1:1", "nats://u:p@h;q7Zq7Z",
		"nats://h;q7Zq7Z?x", "nats://a,nats://b;token=q7Zq7Z", "nats://h$q7Zq7Z", "nats://h=q7Zq7Z", "tls://u:p@h:4222;q7Zq7Z",
	} {
		_, _, err := Default().Settings(variables("ORCHESTRATOR_TRANSPORTER=" + value))
		showsNothing(t, value, err)
		showsNothing(t, value, fmt.Errorf("%v", Transporter{Kind: TransporterNATS, URL: value}))
	}
	for value, want := range map[string]string{
		"nats://q7@127.0.0.1": "nats://[REDACTED]@127.0.0.1", "nats://a:1,tls://u:q7@b": "nats://a:1,tls://[REDACTED]@b",
	} {
		if got := (Transporter{Kind: TransporterNATS, URL: value}).String(); got != want {
			t.Errorf("%s prints %s, want %s", value, got, want)
		}
	}
}

// One line may hold all of a file: each node is looked at once.
func TestMarksOfOneLongLine(t *testing.T) {
	const n = 4000
	line := "orchestrator: {services: [" + strings.Repeat("A, ", n) + "A]}"
	if len(line) > MaxSize {
		t.Fatal("the file is too long")
	}
	problems := problemsOf(t, line)
	if len(problems) != n+1 || !strings.Contains(problems[n].Excerpt, "A, A, A]}") {
		t.Errorf("%d problems, the last: %v", len(problems), problems[len(problems)-1])
	}
}

// dsn decodes itself, and its error quotes what it was given, as that of url.Parse does.
type dsn struct{ *url.URL }

func (d *dsn) UnmarshalText(text []byte) (err error) {
	d.URL, err = url.Parse(string(text))
	return err
}

func TestAddressThatDecodesItself(t *testing.T) {
	var got struct{ Store dsn }
	f := mustParse(t, "services:\n  apps: {store: \"postgres://u:q7Zq7Z@h:port/db\"}\n")
	_, err := f.DecodeService("apps", variables(), &got)
	showsNothing(t, "a type that decodes itself", err)
	if !strings.Contains(err.Error(), "invalid port") {
		t.Errorf("the reason is missing: %v", err)
	}
	for _, value := range []string{"postgres://u:q7Zq7Z", "postgres://u%3Aq7Zq7Z%40h", "postgres://h;q7Zq7Z%40"} {
		_, err = mustParse(t, "services:\n  apps: {store: '"+value+"'}\n").DecodeService("apps", variables(), &got)
		showsNothing(t, value, err)
	}
}
