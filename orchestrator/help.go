package orchestrator

import (
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/internal/process"
)

// help is the text of the help command.
func (in *invocation) help() string {
	var linked []string
	for _, s := range in.Services {
		linked = append(linked, s.Name)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s runs these services: %s.\n\nUsage: %s [COMMAND]\n\n", in.Manifest.Variant, process.Names(linked), in.Invoke)
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-30s %s\n", strings.TrimSpace(c.name+" "+c.args), c.about)
	}
	fmt.Fprintf(&b, `
Flags of call:
  --admin URL        the process's admin server; default: METRICS_PORT unless 0,
                     the run file of the one process of this variant that runs,
                     metrics_port in config.yml, port 3030
  --timeout %[1]v      how long the call may take; default: the process's 10s, and
                     %[1]v for a process that does not answer
  --meta NAME=VALUE  metadata of the call, such as language=uk; may be repeated
  --example          print a request that works instead of calling

Settings come from the environment, else from config.yml, else from the default:
  ORCHESTRATOR_SERVICES      run only these of the services above, as a,b,c
  ORCHESTRATOR_TRANSPORTER   how calls leave the process: %[2]s
  ORCHESTRATOR_NODE_ID       name of this process to others; default: made up
  ORCHESTRATOR_NAMESPACE     what subjects on NATS begin with; default platform
  ORCHESTRATOR_STRICT        true (default in development): local calls go through
                             the wire codec, so that what works in one process
                             works in several
  LOG_LEVEL, LOG_FORMAT      debug, info, warn, error; text, json
  METRICS_PORT               port of the admin server; default 3030
  ADMIN_ADDRESS              its address; default 127.0.0.1
  ADMIN_TOKEN                what other machines must show to use more of it
                             than probes and metrics
  ADMIN_HOSTS                further names that it may be asked by, as a,b
  NODE_ENV                   development (default) or production
  ORCHESTRATOR_REQUIRE_CONFIG
                             true (default in production): run only with a
                             config.yml
  CONFIG_FILE                the settings file; default: config.yml, looked for
                             in the working directory and upward

Exit codes: 0 stopped as asked; 1 failed, or calls were cut off; 2 the program
crashed; 64 bad command line; 129, 130 or 143 when SIGHUP, SIGINT or SIGTERM came
during the start, or a second one came.
`, callPatience, in.transporters())
	return b.String()
}

// transporters are the values of the setting that this program can be given.
func (in *invocation) transporters() string {
	var all []string
	for _, t := range in.Transports {
		switch t.Name {
		case config.TransporterMemory:
			all = append(all, "memory (or null)")
		case config.TransporterNATS:
			all = append(all, "NATS", "nats://host:port", "tls://host:port")
		default:
			all = append(all, t.Name)
		}
	}
	return process.Names(all)
}
