package config

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// numberKeys are the settings that are numbers in the file.
var numberKeys = []string{"metrics_port"}

// settingsReader reads single settings and collects what is wrong.
type settingsReader struct {
	file *File
	env  lookup
	tree tree
}

// parser turns the text of a setting into its value; help lists what is valid.
type parser[T any] func(text string) (value T, help string, err error)

// read sets into from the variable, else from the file's key.
func read[T any](r *settingsReader, key, variable string, parse parser[T], into *T) {
	if e, ok := r.file.settings[key]; ok && !isNull(e.value) {
		if text, ok := r.text(e, key); ok {
			value, help, err := parse(text)
			if err != nil {
				r.tree.report(e.value, "invalid-value", help, "orchestrator.%s is %s", key, masked(err, e.value))
			} else {
				*into = value
			}
		}
	}
	if text, ok := set(r.env, variable); ok {
		readVariable(r, variable, text, parse, into)
	}
}

func readVariable[T any](r *settingsReader, variable, text string, parse parser[T], into *T) {
	value, help, err := parse(text)
	if err != nil {
		r.tree.reportAt(Position{}, "invalid-value", help, "%s is %v", variable, err)
		return
	}
	*into = value
}

// text returns a scalar with its ${} replaced.
func (r *settingsReader) text(e entry, key string) (string, bool) {
	if e.value.Kind != yaml.ScalarNode {
		r.tree.report(e.value, "wrong-type", "", "orchestrator.%s must be a single value, not %s", key, kindOf(e.value))
		return "", false
	}
	if slices.Contains(numberKeys, key) && e.value.Tag != "!!int" && !hasReference(e.value.Value) {
		r.tree.report(e.value, "wrong-type", "write the number without quotes", "orchestrator.%s must be a number, not %s", key, shownValue(e.value))
		return "", false
	}
	return substitute(&r.tree, e.value, "orchestrator."+key, r.env)
}

// masked keeps a value out of a message when it came from the environment
// through ${}, since such values are often secret.
func masked(err error, n *yaml.Node) string {
	if hasReference(n.Value) {
		return "not valid once " + mentioned(n.Value) + " is replaced"
	}
	return err.Error()
}

func (r *settingsReader) environment() string {
	name, err := Environment(r.env)
	problems, _ := errors.AsType[Problems](err)
	r.tree.problems = append(r.tree.problems, problems...)
	return name
}

// transporter differs from the other settings in that an empty variable counts:
// it means memory, even when the file says NATS.
func (r *settingsReader) transporter(into *Transporter) {
	*into = Transporter{Kind: TransporterMemory}
	if !isNull(r.file.settings["transporter"].value) {
		*into = Transporter{} // until it is read
	}
	read(r, "transporter", "", parseTransporter, into)
	if text, defined := r.env("ORCHESTRATOR_TRANSPORTER"); defined {
		*into = Transporter{}
		readVariable(r, "ORCHESTRATOR_TRANSPORTER", text, parseTransporter, into)
	}
}

func parseTransporter(text string) (Transporter, string, error) {
	t, err := ParseTransporter(text)
	help := transporterHelp
	if near, ok := Nearest(strings.ToLower(text), transporterWords); ok {
		help = fmt.Sprintf("did you mean %q? %s", near, help)
	}
	return t, help, err
}

// choice reads one of a few words.
func choice[T any](what string, all map[string]T) parser[T] {
	return func(text string) (T, string, error) {
		value, ok := all[text]
		if !ok {
			return value, suggestion(text, what+"s", slices.Collect(maps.Keys(all))), fmt.Errorf("%s, which is no log %s", quoted(text, wordForm), what)
		}
		return value, "", nil
	}
}

var parseFormat = choice("format", map[string]string{"json": "json", "text": "text"})

func parseLevel(text string) (slog.Level, string, error) {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	return choice("level", levels)(strings.ToLower(text))
}

func parseSwitch(text string) (bool, string, error) {
	switch text {
	case "true":
		return true, "", nil
	case "false":
		return false, "", nil
	}
	return false, "write true or false", fmt.Errorf("%s, which is neither true nor false", quoted(text, switchForm))
}

func parseNamespace(text string) (string, string, error) {
	if err := checkLabel(text); err != nil {
		return "", "", fmt.Errorf("not usable: %w", err)
	}
	return text, "", nil
}

// nodeIDPattern is what can stand in a NATS subject and in a metric label alike.
var nodeIDPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$`)

func parseNodeID(text string) (string, string, error) {
	const help = "it begins with a letter or a digit and has only letters, digits, - and _, at most 63; shop-1 is one"
	if !nodeIDPattern.MatchString(text) {
		return "", help, fmt.Errorf("%s, which cannot name a node", QuotedName(text))
	}
	return text, help, nil
}

// clusterAddress is what Kubernetes puts into NAME_PORT for a Service called name.
var clusterAddress = regexp.MustCompile(`^(tcp|udp|sctp)://`)

func parsePort(text string) (int, string, error) {
	help := "ports: 1 to 65535, or 0 for any free one"
	if clusterAddress.MatchString(text) {
		help += "\nKubernetes sets this variable for a Service called metrics: say enableServiceLinks: false in the pod's spec, or set METRICS_PORT there"
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, help, fmt.Errorf("%s, which is no port", quoted(text, numberForm))
	}
	return int(port), help, nil
}

func parseAddress(text string) (string, string, error) {
	const help = "write an IP address such as 127.0.0.1 or ::1, or localhost; the port is metrics_port (METRICS_PORT)"
	if text == "localhost" {
		return text, help, nil
	}
	if _, err := netip.ParseAddr(text); err != nil {
		return "", help, fmt.Errorf("%s, which is no IP address", quoted(text, hostForm))
	}
	return text, help, nil
}

func parseDuration(text string) (time.Duration, string, error) {
	const help = "write a number with its unit: 500ms, 10s, 1m30s"
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, help, fmt.Errorf("%s, which is no duration", quoted(text, durationForm))
	case d < 0:
		return 0, help, fmt.Errorf("%q, and a duration cannot be negative", text)
	}
	return d, help, nil
}
