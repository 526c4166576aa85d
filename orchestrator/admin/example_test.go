package admin_test

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
)

func Example() {
	server := admin.New(admin.Options{
		Node:    membus.New(bus.Options{}),
		Address: "127.0.0.1:0",
		Ready: func() admin.Readiness {
			return admin.Readiness{Services: []admin.ServiceState{{Service: "pricing", State: "Starting"}}}
		},
	})
	addr, err := server.Listen(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()

	response, err := http.Get("http://" + addr.String() + "/readyz")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	fmt.Printf("%s\n%s", response.Status, body)

	http.DefaultClient.CloseIdleConnections()
	fmt.Println(server.Shutdown(context.Background()), <-served)
	// Output:
	// 503 Service Unavailable
	// {
	//   "ready": false,
	//   "services": [
	//     {
	//       "service": "pricing",
	//       "state": "Starting"
	//     }
	//   ]
	// }
	// <nil> <nil>
}
