package config

import (
	"regexp"
	"slices"
	"strings"
)

// ownPrefix begins the variables that are this project's and nobody else's.
const ownPrefix = "ORCHESTRATOR_"

var ownVariables = []string{
	"ORCHESTRATOR_NAMESPACE", "ORCHESTRATOR_NODE_ID", "ORCHESTRATOR_REQUIRE_CONFIG", "ORCHESTRATOR_SERVICES", "ORCHESTRATOR_STRICT",
	"ORCHESTRATOR_TRANSPORTER",
}

// clusterVariable is what Kubernetes sets for each Service in reach of a pod.
var clusterVariable = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// Unread warns of the variables in an environment, as os.Environ gives it, that are
// called like settings of this project and are none: what was meant by them does not
// hold.
func (f *File) Unread(environ []string) []Warning {
	var all []Warning
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, ownPrefix) || slices.Contains(ownVariables, name) || f.references[name] || clusterVariable.MatchString(name) {
			continue
		}
		all = append(all, Warning{Code: "unknown-variable", Subject: name,
			Message: "is not read, because there is no such setting; " + suggestion(name, "variables", ownVariables)})
	}
	slices.SortFunc(all, func(a, b Warning) int { return strings.Compare(a.Subject, b.Subject) })
	return all
}
