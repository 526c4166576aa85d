package orchestrator_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

func call(t testing.TB, url, action, body string) (string, error) {
	t.Helper()
	answer, err := client.Call(t.Context(), url, action, []byte(body), client.Options{})
	return string(answer), err
}

// Proves: R1, R4, R7: one line per service and one for all; started in order and
// stopped once each in reverse; both signals; exit code 0.
func TestStartsInOrderAndStopsInReverse(t *testing.T) {
	for _, s := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(s.String(), func(t *testing.T) {
			j := &journal{}
			r := newRig(t, binary(t, "dev",
				&fixture{name: "apps", journal: j},
				&fixture{name: "payments", journal: j, calls: []string{"apps"}},
				&fixture{name: "pricing", journal: j, calls: []string{"apps"}}))
			r.start()
			r.signals <- s
			r.want(<-r.code, 0, "count=3", `services="apps, payments, pricing"`)
			j.want(t, "start apps", "start payments", "start pricing", "stop pricing", "stop payments", "stop apps")
			loaded := lines(r.stderr, `"service loaded"`)
			if len(loaded) != 3 || !strings.Contains(loaded[0], "service=apps") || !strings.Contains(loaded[2], "service=pricing") {
				t.Errorf("loaded lines %q", loaded)
			}
		})
	}
}

// Proves: R2.
func TestConstructorFailureEndsTheStart(t *testing.T) {
	for name, fail := range map[string]func(*bus.Bus, *service.Group) error{
		"the disk is full": func(*bus.Bus, *service.Group) error { return errDisk },
		"out of paper":     func(*bus.Bus, *service.Group) error { panic("out of paper") },
	} {
		j, port := &journal{}, freePort(t)
		r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j}, &fixture{name: "pricing", journal: j, make: fail})).
			set("METRICS_PORT=" + port)
		r.want(r.run(), 1, `service "pricing"`, name)
		j.want(t)
		nobodyListens(t, port)
	}
}

// Proves: R2: what a constructor asks for and nobody provides is named by its field.
func TestAFieldThatNobodyProvidesEndsTheStart(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	r.binary.Services[0] = service.Module[*fixture]("apps", func(struct{ Store *fixture }) (*fixture, error) { return nil, errDisk })
	r.want(r.run(), 1, `service "apps": the field Store of `, "which nobody provides; a field may be of *bus.Bus")
}

// Proves: R2: what is wrong with the wiring of the bus ends the start, too.
func TestWiringMistakeEndsTheStart(t *testing.T) {
	_, first := echo("apps")
	_, second := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: func(b *bus.Bus, g *service.Group) error {
		return errors.Join(first(b, g), second(b, g))
	}}))
	r.want(r.run(), 1, "apps.echo has two handlers")
}

// Proves: R3.
func TestStartFailureRollsBack(t *testing.T) {
	j, port := &journal{}, freePort(t)
	r := newRig(t, binary(t, "dev",
		&fixture{name: "apps", journal: j}, &fixture{name: "payments", journal: j},
		&fixture{name: "pricing", journal: j, start: func(context.Context) error { return errDisk }},
		&fixture{name: "delivery", journal: j})).set("METRICS_PORT=" + port)
	r.want(r.run(), 1, `service "pricing" failed to start: the disk is full`)
	j.want(t, "start apps", "start payments", "start pricing", "stop payments", "stop apps")
	nobodyListens(t, port)
}

// Proves: R5.
func TestCallableOnlyOnceStarted(t *testing.T) {
	action, handle := echo("apps")
	var view *bus.Bus
	early := make(chan error, 1)
	r := newRig(t, binary(t, "dev", &fixture{
		name: "apps",
		make: func(b *bus.Bus, g *service.Group) error { view = b; return handle(b, g) },
		start: func(ctx context.Context) error {
			_, err := action.Call(ctx, view, Text{"too soon"})
			early <- err
			return nil
		},
	}))
	url := r.start()
	if err := <-early; bus.CodeOf(err) != bus.Unavailable || !strings.Contains(err.Error(), "has not started yet") {
		t.Errorf("a call during the start: %v", err)
	}
	if got, err := call(t, url, "apps.echo", `{"text":"now"}`); err != nil || got != `{"text":"now"}` {
		t.Errorf("a call after the start: %s, %v", got, err)
	}
	r.want(r.stop(), 0)
}

// Proves: R8 and "SIGTERM during a slow call lets it finish", nested calls
// included; new calls are refused meanwhile, and a stopping service's are not.
func TestSignalLetsCallsFinish(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	inner, handleInner := echo("apps")
	outer := bus.NewAction[Text, Text]("pricing.slow")
	last := make(chan error, 1)
	var view *bus.Bus
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handleInner}, &fixture{
		name: "pricing", calls: []string{"apps"},
		make: func(b *bus.Bus, _ *service.Group) error {
			view = b
			outer.Handle(b, func(ctx context.Context, in Text) (Text, error) {
				close(inside)
				<-release
				return inner.Call(ctx, b, in)
			})
			return nil
		},
		stop: func(ctx context.Context) error { _, err := inner.Call(ctx, view, Text{"bye"}); last <- err; return nil },
	}))
	url := r.start()
	answer := make(chan error, 1)
	go func() {
		got, err := call(t, url, "pricing.slow", `{"text":"patience"}`)
		if err == nil && got != `{"text":"patience"}` {
			err = errors.New("answered " + got)
		}
		answer <- err
	}()
	<-inside
	r.signals <- syscall.SIGTERM
	until(t, "new calls are refused", func() bool {
		_, err := call(t, url, "apps.echo", `{"text":"new"}`)
		return bus.CodeOf(err) == bus.Unavailable
	})
	if ready, err := client.Ready(t.Context(), url, client.Options{}); err != nil || ready.Ready {
		t.Errorf("ready while draining: %+v, %v", ready, err)
	}
	close(release)
	if err := <-answer; err != nil {
		t.Errorf("the call in flight: %v", err)
	}
	if err := <-last; err != nil {
		t.Errorf("the call of a stopping service: %v", err)
	}
	r.want(<-r.code, 0)
}

// Proves: R-12: what does not end is named with its age, and the code says so.
func TestCallsThatDoNotEndAreCutAndNamed(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	slow := bus.NewAction[Text, Text]("apps.slow")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: func(b *bus.Bus, _ *service.Group) error {
		slow.Handle(b, func(context.Context, Text) (Text, error) { close(inside); <-release; return Text{}, nil })
		return nil
	}})).config("orchestrator: {services: [apps], transports: [memory], drain_timeout: 20ms}")
	url := r.start()
	cut := make(chan error, 1)
	go func() { _, err := call(t, url, "apps.slow", `{}`); cut <- err }()
	<-inside
	r.signals <- syscall.SIGTERM
	until(t, "the cut is logged", func() bool { return strings.Contains(r.stderr.String(), "call cut off") })
	close(release)
	r.want(<-r.code, 1, "action=apps.slow", "age=", "drain_timeout of 20ms")
	<-cut
}

// Proves: R9, R10: one stop that hangs is named after its own budget and does
// not keep the others from stopping.
func TestHangingStopIsNamed(t *testing.T) {
	j, release := &journal{}, make(chan struct{})
	defer close(release)
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j}, &fixture{
		name: "pricing", journal: j, options: []service.Option{service.StopBudget(20 * time.Millisecond)},
		stop: func(ctx context.Context) error { <-release; return nil },
	}))
	r.start()
	r.want(r.stop(), 1, `service "pricing" failed to stop`, "20ms", "left behind")
	j.want(t, "start apps", "start pricing", "stop pricing", "stop apps")
}

// Proves: R11: a panic in a handler is an error to its caller, is counted, and
// nothing else notices.
func TestPanicInAHandler(t *testing.T) {
	broken := bus.NewAction[Text, Text]("apps.broken")
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: func(b *bus.Bus, g *service.Group) error {
		broken.Handle(b, func(context.Context, Text) (Text, error) { panic("out of paper") })
		return handle(b, g)
	}}))
	url := r.start()
	if _, err := call(t, url, "apps.broken", `{}`); bus.CodeOf(err) != bus.Internal || strings.Contains(err.Error(), "paper") {
		t.Errorf("error %v", err)
	}
	if got, err := call(t, url, "apps.echo", `{"text":"still here"}`); err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if told := lines(r.stderr, "out of paper"); len(told) != 1 || strings.Count(told[0], "request_id=") != 1 || !strings.Contains(told[0], "service=apps") {
		t.Errorf("the panic is told in %q, want one line of the service with one request id", told)
	}
	if metrics := get(t, url+"/metrics"); !strings.Contains(metrics, `bus_panics_total{action="apps.broken",namespace="platform",node="dev",service="apps",side="local"} 1`) {
		t.Errorf("the panic is not counted in:\n%s", metrics)
	}
	r.want(r.stop(), 0)
}

// Proves: R11 (service.Go): a panic outside a handler, or an error, stops the
// process gracefully with code 1.
func TestFailingGoroutineStopsTheProcess(t *testing.T) {
	for name, run := range map[string]func(context.Context) error{
		"panic: out of paper": func(context.Context) error { panic("out of paper") },
		"the disk is full":    func(context.Context) error { return errDisk },
	} {
		j, fail := &journal{}, make(chan struct{})
		r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j}, &fixture{
			name: "pricing", journal: j, make: func(_ *bus.Bus, g *service.Group) error {
				g.Go("refresh", func(ctx context.Context) error { <-fail; return run(ctx) })
				return nil
			},
		}))
		r.start()
		close(fail)
		r.want(<-r.code, 1, `service "pricing" failed: goroutine "refresh": `+name)
		j.want(t, "start apps", "start pricing", "stop pricing", "stop apps")
	}
}

// Proves: R12: the second signal ends the program at once, whatever hangs.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	stopped := make(chan struct{})
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", stop: func(context.Context) error {
		close(inside)
		<-release
		close(stopped)
		return nil
	}}))
	r.start()
	r.signals <- syscall.SIGTERM
	<-inside
	begun := time.Now()
	r.signals <- os.Interrupt
	r.want(<-r.code, 130, "received SIGINT while stopping; ending immediately")
	figure(t, "R12", "ms=%d", time.Since(begun).Milliseconds())
	close(release)
	<-stopped
}

// A signal during the start: rolled back at once, with the code of the signal.
func TestSignalDuringTheStart(t *testing.T) {
	for s, code := range map[os.Signal]int{syscall.SIGTERM: 143, os.Interrupt: 130} {
		j, inside, port := &journal{}, make(chan struct{}), freePort(t)
		r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j}, &fixture{
			name: "pricing", journal: j, start: func(ctx context.Context) error { close(inside); <-ctx.Done(); return ctx.Err() },
		}, &fixture{name: "payments", journal: j})).set("METRICS_PORT=" + port)
		r.begin()
		<-inside
		r.signals <- s
		r.want(<-r.code, code, "the start was called off: received SIG")
		j.want(t, "start apps", "start pricing", "stop apps")
		nobodyListens(t, port)
	}
}

// Proves: R13.
func TestBusyPortIsNamed(t *testing.T) {
	j := &journal{}
	first := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	url := first.start()
	port := url[strings.LastIndex(url, ":")+1:]
	second := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j})).set("METRICS_PORT=" + port)
	second.want(second.run(), 1, "port "+port+" is in use", "metrics_port", "METRICS_PORT")
	j.want(t)
	first.want(first.stop(), 0)
}

// The end of Run's context is a graceful stop.
func TestEndOfContextStops(t *testing.T) {
	j := &journal{}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r.options.Ready = func(string) { cancel() }
	r.code <- runWith(ctx, r)
	r.want(<-r.code, 0, "asked to stop")
	j.want(t, "start apps", "stop apps")
}
