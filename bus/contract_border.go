package bus

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus/internal/isolate"
	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// border is where values of one type pass from one service to another.
type border[T any] struct {
	plan   *isolate.Plan[T]
	check  *schema.Check // what values have to be; nil: anything
	active bool          // there is something to do
	strict bool          // values go through the wire codec instead of being copied
	shared bool          // values are not copied
}

// newBorder plans how the request or the response of c passes.
func newBorder[T any](c *contract, strict bool, what string) (border[T], error) {
	plan, err := isolate.For[T]()
	if err != nil {
		return border[T]{}, fmt.Errorf("%s: the %s of %s cannot cross the bus: %w", c.position, what, c.name, err)
	}
	return border[T]{
		plan:   plan,
		strict: strict,
		shared: c.shared,
		active: strict || !c.shared && !plan.Trivial(),
	}, nil
}

// cross makes the value that the other side gets.
func (b *border[T]) cross(v T) (T, error) {
	switch {
	case b.strict:
		return b.plan.RoundTrip(v)
	case b.shared:
		return v, nil
	}
	return b.plan.Copy(v)
}

// unsendable is what a caller gets for a response that cannot be handed back.
func (e *edge) unsendable(ctx context.Context, err error) *Error {
	e.log(ctx, slog.LevelError, "a response cannot be sent; its callers see code internal", slog.Any("error", err))
	return e.internal()
}
