package orchestrator

import (
	"context"
	"fmt"
)

// runCheck validates the settings. It also makes the services, which connects to
// nothing and starts nothing, because some settings only they can judge.
func runCheck(ctx context.Context, in *invocation, args []string) error {
	if err := noArguments("check", args); err != nil {
		return err
	}
	p, err := in.Prepare()
	if err != nil {
		return err
	}
	for _, text := range p.Warnings() {
		_, _ = fmt.Fprintln(in.options.Stderr, "warning: "+text)
	}
	if _, err := in.Rehearse(ctx, p); err != nil {
		return err
	}
	return write(in.options.Stdout, []byte(p.String()+"\n"))
}
