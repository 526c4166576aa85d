package orchestrator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
	"github.com/shopanaio/orchestrator/orchestrator/internal/owner"
	"github.com/shopanaio/orchestrator/orchestrator/internal/process"
	"github.com/shopanaio/orchestrator/orchestrator/internal/runfile"
)

// healthPatience is how long a process may take to say which variant it is.
const healthPatience = 2 * time.Second

// locate finds the process to call: where the user says, else where METRICS_PORT
// says, else where the process itself said in its run file, else where the
// settings say. Port 0 says nothing. The token is the one in the settings, and is
// for processes of this user; who names a process needs no settings that are valid,
// and sends the token that was given with the command only: an address that was
// typed may be anybody's.
func (in *invocation) locate(ctx context.Context, given string) (string, client.Options, error) {
	if given != "" {
		return given, client.Options{Token: config.Secret(strings.TrimSpace(in.options.env("ADMIN_TOKEN")))}, nil
	}
	conf, err := in.Configuration()
	if err != nil {
		return "", client.Options{}, err
	}
	settings, _, err := conf.File.Settings(in.options.Env)
	if err != nil {
		return "", client.Options{}, err
	}
	o := client.Options{Token: settings.AdminToken, Believe: owner.Check}
	if in.options.env("METRICS_PORT") == "" || settings.MetricsPort == 0 {
		found, err := in.running(ctx, conf)
		if found != "" {
			o.Believe = recorded
		}
		if err != nil || found != "" {
			return found, o, err
		}
	}
	if settings.MetricsPort == 0 {
		return "", o, fmt.Errorf("no process of the variant %s is known to run, and metrics_port 0 does not say where\n  to start one: %s\n  to call one elsewhere: --admin URL",
			in.Manifest.Variant, in.Invoke)
	}
	return "http://" + net.JoinHostPort(process.Reachable(settings.AdminAddress), strconv.Itoa(settings.MetricsPort)), o, nil
}

// recorded believes a process of this user, and, where the system does not say whose
// it is, the one that holds the lock of its run file: nobody else listens there then.
func recorded(conn net.Conn) error {
	if err := owner.Check(conn); !errors.Is(err, owner.ErrUnknown) {
		return err
	}
	return nil
}

// running is the URL of the one process that has a run file and is still there,
// empty if there is none. Which of several is meant, only the user knows. Run files
// that cannot be believed are as good as none: they shall not keep anybody from
// calling.
func (in *invocation) running(ctx context.Context, conf process.Configuration) (string, error) {
	entries, err := runfile.Find(in.options.RunDir, in.Manifest.Variant, conf.Path)
	if err != nil {
		in.say(fmt.Errorf("looking elsewhere for the process: %w", err))
	}
	var found []runfile.Entry
	for _, e := range entries {
		// Only one can listen at a URL: the other's id went to another program.
		twice := slices.ContainsFunc(found, func(f runfile.Entry) bool { return f.Admin == e.Admin })
		if !twice && answers(ctx, e) {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0].Admin, nil
	}
	var list strings.Builder
	for _, e := range found {
		fmt.Fprintf(&list, "\n  --admin %s  (node %s, pid %d)", e.Admin, cmp.Or(e.Node, "unknown"), e.PID)
	}
	return "", fmt.Errorf("%d processes of the variant %s run; say which one to call, with METRICS_PORT or one of these:%s",
		len(found), in.Manifest.Variant, list.String())
}

// answers tells whether the process that wrote a run file is still there. Its id
// may be another program's by now, so its admin server is asked, without the
// token, which is not for strangers. One that listens and says nothing is there:
// a debugger may hold it.
func answers(ctx context.Context, e runfile.Entry) bool {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	health, err := client.Health(ctx, e.Admin, client.Options{})
	if err != nil {
		return errors.Is(err, context.DeadlineExceeded)
	}
	return health.Variant == e.Variant
}
