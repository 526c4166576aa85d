package config_test

import (
	"fmt"
	"os"
	"time"

	"github.com/shopanaio/orchestrator/config"
)

func ExampleParse() {
	_, err := config.Parse("config.yml", []byte(`orchestrator:
  services: [apps, pricing, apps]
  transports: [memory, natz]
`))
	fmt.Println(err)
	// Output:
	// config.yml:2:29: orchestrator.services: "apps" is listed twice; the first is at config.yml:2:14
	//     2 |   services: [apps, pricing, apps]
	//       |                             ^^^^
	//     remove one of the two
	// config.yml:3:24: orchestrator.transports: "natz" is no transport
	//     3 |   transports: [memory, natz]
	//       |                        ^^^^
	//     did you mean "nats"? transports: embedded, memory, nats
}

func ExampleFile_Variants() {
	file, err := config.Parse("config.yml", []byte(`
orchestrator:
  services: [apps, pricing]
  variants:
    everything: {extends: dev, add: [payments]}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	variants, err := file.Variants()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range variants {
		fmt.Println(v.Name, v.Services)
	}
	// Output:
	// dev [apps pricing]
	// everything [apps pricing payments]
}

func ExampleFile_Settings() {
	file, err := config.Parse("config.yml", []byte("orchestrator: {transporter: NATS, metrics_port: 4040}"))
	if err != nil {
		fmt.Println(err)
		return
	}
	env := map[string]string{"ORCHESTRATOR_TRANSPORTER": "null", "PORT": "80"}
	settings, warnings, err := file.Settings(func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
	fmt.Println(settings.Transporter, settings.MetricsPort, err)
	fmt.Println(warnings)
	// Output:
	// memory 4040 <nil>
	// [PORT is not read: services have no port of their own, and METRICS_PORT sets the admin server's]
}

func ExampleFile_DecodeService() {
	file, err := config.Parse("config.yml", []byte("services: {apps: {timeout: 3s, api_key: hunter2}}"))
	if err != nil {
		fmt.Println(err)
		return
	}
	settings := struct {
		Timeout time.Duration
		Retries int
		APIKey  config.Secret
	}{Timeout: time.Second, Retries: 1}
	_, err = file.DecodeService("apps", os.LookupEnv, &settings)
	fmt.Printf("%+v %v\n", settings, err)
	// Output: {Timeout:3s Retries:1 APIKey:[REDACTED]} <nil>
}

func ExampleNearest() {
	fmt.Println(config.Nearest("paymnets", []string{"apps", "payments", "pricing"}))
	// Output: payments true
}
