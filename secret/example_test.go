package secret_test

import (
	"fmt"

	"github.com/shopanaio/orchestrator/secret"
)

func Example() {
	settings := struct{ Host, Key any }{"api.example", secret.Text("k-123")}
	fmt.Printf("%v %d %#v\n", settings, settings.Key, settings.Key)
	fmt.Println(settings.Key.(secret.Text).Reveal())
	// Output:
	// {api.example [REDACTED]} [REDACTED] [REDACTED]
	// k-123
}
