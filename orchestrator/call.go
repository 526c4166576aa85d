package orchestrator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
	"github.com/shopanaio/orchestrator/orchestrator/internal/process"
)

const (
	// callPatience is how long call takes at most without --timeout, all that is asked on the way included.
	callPatience = 30 * time.Second
	// callGrace is how much longer than --timeout it takes: the answer has to come back.
	callGrace = time.Second
	// maxRequest is the most bytes of a request, as the admin server takes them.
	maxRequest = 1 << 20
)

// callArgs is the command line of call.
type callArgs struct {
	action, body, admin string
	timeout             time.Duration
	example             bool
	metadata            []string // name=value
}

// parseCall lets flags stand anywhere: people write the action first.
func parseCall(args []string) (callArgs, error) {
	var c callArgs
	flags := flag.NewFlagSet("call", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.admin, "admin", "", "")
	flags.Func("timeout", "", func(text string) (err error) {
		c.timeout, err = parseTimeout(text)
		return err
	})
	flags.BoolVar(&c.example, "example", false, "")
	flags.Func("meta", "", func(text string) error {
		c.metadata = append(c.metadata, text)
		return nil
	})
	var words []string
	for {
		if err := flags.Parse(args); err != nil {
			return c, usageError{fmt.Errorf("call: %s\n%s", plainly(err), callUsage)}
		}
		if flags.NArg() == 0 {
			break
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
	switch {
	case len(words) == 0 || words[0] == "":
		return c, usageError{errors.New("call: the name of the action is missing: write it as service.action; help lists the services\n" + callUsage)}
	case c.example && len(words) > 1:
		return c, usageError{fmt.Errorf("call: an example needs no request, but there is %.40q\n%s", words[1], callUsage)}
	case len(words) > 2:
		return c, usageError{fmt.Errorf("call: %.40q is one word too many: put the request in quotes\n%s", words[2], callUsage)}
	}
	c.action = words[0]
	if len(words) > 1 {
		c.body = words[1]
	}
	return c, nil
}

// parseTimeout reads how long a call may take.
func parseTimeout(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > admin.MaxTimeout {
		return 0, fmt.Errorf("--timeout %.40q is no duration: write a duration above 0 and up to %v with its unit, such as 500ms or 30s", text, admin.MaxTimeout)
	}
	return d, nil
}

// plainly is what package flag says, without what it puts before an error of ours.
func plainly(err error) string {
	text := err.Error()
	if at := strings.LastIndex(text, "--timeout"); at >= 0 {
		return text[at:]
	}
	if name, undefined := strings.CutPrefix(text, "flag provided but not defined: -"); undefined {
		return "there is no flag --" + name
	}
	return text
}

var callUsage = fmt.Sprintf("usage: call [--admin URL] [--timeout %v] [--meta NAME=VALUE] ACTION [JSON|@FILE|-]\n       call --example ACTION", callPatience)

// patience is how long the whole command may take.
func (c callArgs) patience() time.Duration {
	if c.timeout == 0 {
		return callPatience
	}
	return c.timeout + callGrace
}

// runCall is the command call. The result goes to stdout, an error of the action
// to stderr as "code: message".
func runCall(ctx context.Context, in *invocation, args []string) error {
	c, err := parseCall(args)
	if err != nil {
		return err
	}
	if c.example {
		return in.printExample(ctx, c.action)
	}
	if ctx, err = withMetadata(ctx, c.metadata); err != nil {
		return err
	}
	body, err := in.body(c.body)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.patience())
	defer cancel()
	address, o, err := in.locate(ctx, c.admin)
	if err != nil {
		return err
	}
	o.Timeout = c.timeout
	answer, err := client.Call(ctx, address, c.action, body, o)
	if err != nil {
		return in.callError(address, err)
	}
	return write(in.options.Stdout, pretty(answer))
}

// withMetadata adds what --meta says.
func withMetadata(ctx context.Context, given []string) (context.Context, error) {
	for _, text := range given {
		name, value, found := strings.Cut(text, "=")
		if !found {
			return ctx, usageError{fmt.Errorf("call: --meta %.40s is not name=value\n%s", text, callUsage)}
		}
		var err error
		if ctx, err = bus.WithBaggage(ctx, name+"="+url.PathEscape(value)); err != nil {
			return ctx, usageError{fmt.Errorf("call: --meta %.40s: %w", name, err)}
		}
	}
	return ctx, nil
}

func (in *invocation) callError(address string, err error) error {
	var answered *bus.Error
	switch {
	case errors.As(err, &answered):
		in.say(fmt.Errorf("%s: %s", answered.Code, answered.Message))
		for _, f := range answered.Fields() {
			if !strings.Contains(answered.Message, f.Message) { // bus.Invalid has said it
				in.say(fmt.Errorf("  %s: %s", f.Field, f.Message))
			}
		}
		return exit(exitError)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("no process listens at %s\n  to start it: %s\n  to call one elsewhere: --admin URL", address, in.Invoke)
	}
	return err
}

// body is the request as it was given: in place, in a file, or on stdin.
func (in *invocation) body(arg string) ([]byte, error) {
	if arg == "-" {
		return readRequest("stdin", in.options.Stdin)
	}
	name, isFile := strings.CutPrefix(arg, "@")
	if !isFile {
		return []byte(arg), nil
	}
	name, err := in.options.resolve(name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	defer func() { _ = file.Close() }()
	return readRequest(name, file)
}

// readRequest stops behind the first byte that is too many: what is read may have no end.
func readRequest(from string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxRequest+1))
	if err != nil {
		return nil, fmt.Errorf("read the request from %s: %w", from, err)
	}
	if len(data) > maxRequest {
		return nil, fmt.Errorf("the request in %s is longer than %d bytes, which is the most that a process takes: call with less", from, maxRequest)
	}
	return data, nil
}

// printExample prints the contract's example of an action.
func (in *invocation) printExample(ctx context.Context, action string) error {
	plan, err := in.Prepare()
	if err != nil {
		return err
	}
	all, err := in.Rehearse(ctx, plan)
	if err != nil {
		return err
	}
	var handled []string
	for _, a := range all {
		if a.Name == action && len(a.Example) > 0 {
			return write(in.options.Stdout, pretty(a.Example))
		}
		if a.Name == action {
			return fmt.Errorf("the contract of %s gives no example", action)
		}
		if a.Handled {
			handled = append(handled, a.Name)
		}
	}
	hint := ""
	if near, ok := config.Likely(action, handled); ok {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("no action %q is linked into this program%s\nactions: %s", action, hint, process.Names(handled))
}

// pretty indents JSON and ends it with a newline; anything else stays as it is.
func pretty(data []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, bytes.TrimSpace(data), "", "  ") != nil {
		b.Reset()
		b.Write(data)
	}
	b.WriteByte('\n')
	return b.Bytes()
}
