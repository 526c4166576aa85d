package orchestrator

import (
	"context"

	"github.com/shopanaio/orchestrator/orchestrator/internal/process"
)

// runProcess is the command run.
func runProcess(ctx context.Context, in *invocation, args []string) error {
	if err := noArguments("run", args); err != nil {
		return err
	}
	return exit(process.Run(ctx, &in.Program))
}
