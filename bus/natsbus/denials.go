package natsbus

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// denials are the subjects that the account of this process may not use. The server
// says so in a message of its own, some time later: who published or subscribed hears
// nothing, and would wait.
type denials struct {
	mu       sync.Mutex
	last     error           // the newest that was noted
	noted    chan struct{}   // closed, and made anew, with each
	subjects map[string]bool // what could not be subscribed to on this connection
	logged   map[string]bool
	unfit    bool // something is among them that a service cannot do without
}

// maxDenials bounds what is remembered of a connection.
const maxDenials = 1024

// denial is how a server words it.
var denial = regexp.MustCompile(`Permissions Violation for (Publish|Subscription) to "(\S+)"`)

// note takes what the server said of a subject.
func (d *denials) note(err error, subscribed string, unfit bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = err
	if d.noted != nil {
		close(d.noted)
		d.noted = nil
	}
	if d.subjects == nil {
		d.subjects = map[string]bool{}
	}
	if subscribed != "" && len(d.subjects) < maxDenials {
		d.subjects[subscribed] = true
	}
	d.unfit = d.unfit || unfit
}

// first reports whether this is to be logged: once on a connection.
func (d *denials) first(what string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.logged[what] || len(d.logged) >= maxDenials {
		return false
	}
	if d.logged == nil {
		d.logged = map[string]bool{}
	}
	d.logged[what] = true
	return true
}

// clear begins anew with a new connection.
func (d *denials) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.subjects, d.logged, d.unfit = nil, nil, false
}

// fit reports whether the server lets this process do what its services need.
func (d *denials) fit() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.unfit
}

// settle waits until all is noted that the server refused before it answered the last
// ping: nats.go knows the newest as soon as it is read, and hands it on later.
func (d *denials) settle(ctx context.Context, conn *nats.Conn) {
	for {
		newest := conn.LastError()
		d.mu.Lock()
		if d.noted == nil {
			d.noted = make(chan struct{})
		}
		noted, last := d.noted, d.last
		d.mu.Unlock()
		if newest == last || !errors.Is(newest, nats.ErrPermissionViolation) { //nolint:errorlint // the very same one
			return
		}
		select {
		case <-noted:
		case <-ctx.Done():
			return
		}
	}
}

// refuses is the first of the subjects that could not be subscribed to.
func (d *denials) refuses(subjects []string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range subjects {
		if d.subjects[s] {
			return s
		}
	}
	return ""
}

// permitted fails if the server refused one of the subjects that were subscribed to
// before the connection was flushed.
func (t *transport) permitted(what string, subjects ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	t.denials.settle(ctx, t.conn)
	if s := t.denials.refuses(subjects); s != "" {
		return bus.Errorf(bus.PermissionDenied, "%s: the NATS server does not let this process subscribe to %s: %s", what, s, grant)
	}
	return nil
}

const grant = "grant it to the account, docs/operations.md has the table of what a process needs"

// refused ends what waits for what the server does not allow.
func (t *transport) refused(err error, kind, subject string) {
	published := kind == "Publish"
	consequence, unfit := t.withoutIt(subject, published)
	subscribed := subject
	if published {
		subscribed = ""
	}
	t.denials.note(err, subscribed, unfit)
	about := kind + subject
	if published && strings.HasPrefix(subject, nats.InboxPrefix) {
		about = kind + nats.InboxPrefix // each caller has its own
	}
	if t.denials.first(about) {
		t.config.Logger.Error("the NATS server refuses a subject; "+grant, slog.String("subject", subject),
			slog.Bool("publish", published), slog.String("consequence", consequence))
	}
	if published {
		t.pending.refuse(subject, bus.Errorf(bus.PermissionDenied, "the NATS server does not let this process publish to %s: %s", subject, grant))
	}
}

// withoutIt is what does not work without the subject, and whether the process is
// unfit to serve then.
func (t *transport) withoutIt(subject string, published bool) (consequence string, unfit bool) {
	name, ours := strings.CutPrefix(subject, t.config.Namespace+".")
	answers := strings.HasPrefix(subject, nats.InboxPrefix)
	switch {
	case answers && published: // of one caller, or of all: nobody says
		return "a caller got no answer from this process", false
	case answers:
		return "this process gets no answers: it is not ready", true
	case !ours:
		return "discovery does not find this process", false
	case strings.HasPrefix(name, "nodes."):
		return "nodes do not know of each other", false
	case strings.HasPrefix(name, "instances."):
		return "what one instance cannot serve is not asked of the others", false
	case strings.HasPrefix(name, "cancels."):
		return "handlers do not learn that a caller gave up", false
	case published:
		return "calls and events of this subject fail", false
	}
	return "this process is not called, and hears nothing, on this subject: it is not ready", true
}
