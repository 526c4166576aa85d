package natsbus

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// Every mistake is reported, and begins with its key, so that it can be found in the file.
func TestLimits(t *testing.T) {
	err := Config{
		RetryWait: -time.Second, PingInterval: 1, HeartbeatInterval: 2 * time.Hour, HeartbeatTimeout: time.Second, Concurrency: -1, Queue: -1,
		EventBacklog: 1, Credentials: "/no-creds", NKeySeed: "/no-seed", RootCA: "/no-ca", ClientCert: "/no-cert",
	}.Validate()
	said := strings.Split(err.Error(), "\n")
	for _, want := range []string{
		"retry_wait must be between 10ms and 1h0m0s, not -1s", "ping_interval must be between", "heartbeat_interval must be between",
		"heartbeat_timeout must leave time for two beats of heartbeat_interval: at least 4h0m0s, not 1s", "concurrency must be at least 1, not -1",
		"queue must be at least 0, not -1", "event_backlog must be at least 2, not 1", "credentials names a file that cannot be read: open /no-creds",
		"nkey_seed names", "root_ca names", "client_cert names", "client_cert and client_key belong together",
	} {
		found := false
		for _, line := range said {
			found = found || strings.HasPrefix(line, want)
		}
		if !found {
			t.Errorf("nothing begins with %q in\n%v", want, err)
		}
	}
	if len(said) != 12 {
		t.Errorf("told %d mistakes:\n%v", len(said), err)
	}
}

// Where the secret itself stands instead of the path of its file, it is not shown.
func TestSecretInPlaceOfAPath(t *testing.T) {
	const seed = "SUAMK2FG4MI6UE3ACF3FK3OIQBCEIEZV7NSWFFEW63UXMRLFM2XLAXK4GY"
	for _, secret := range []string{seed, "-----BEGIN PRIVATE KEY-----\nMIG/" + seed, strings.Repeat(seed, 10)} {
		err := Config{Credentials: secret, NKeySeed: secret, RootCA: secret, ClientCert: secret, ClientKey: secret}.withDefaults().Validate()
		if err == nil || strings.Contains(err.Error(), seed) || strings.Count(err.Error(), "must be the path of a file") != 5 {
			t.Errorf("got %v", err)
		}
	}
}

// Whatever prints the settings does not print the token, in any way.
func TestTokenIsNotPrinted(t *testing.T) {
	c := Config{Token: "hunter2"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		if text := fmt.Sprintf(verb+" "+verb, c.Token, c); strings.Contains(text, "hunter2") || strings.Contains(text, "68756e74657232") || !strings.Contains(text, "[REDACTED]") {
			t.Errorf("%s prints %s", verb, text)
		}
	}
}

// What config.yml says is what holds, also where it is zero; the timeout follows the
// interval.
func TestSettingsOfTheFile(t *testing.T) {
	opened := func(set func(*Config)) (Config, error) {
		made, err := Transport.Open(bus.TransportSettings{Decode: func(into any) error {
			c, ok := into.(*Config)
			if !ok {
				return errors.New("no configuration")
			}
			set(c)
			return nil
		}})
		if err != nil {
			return Config{}, err
		}
		return made.(*transport).config, nil
	}
	c, err := opened(func(c *Config) { c.Queue = 0; c.HeartbeatInterval = 10 * time.Second })
	if err != nil || c.Queue != 0 || c.HeartbeatTimeout != 30*time.Second || c.PingInterval != 2*time.Second || c.URL != DefaultURL || c.Namespace != "platform" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := opened(func(c *Config) { c.PingInterval = 0 }); err == nil || !strings.Contains(err.Error(), "ping_interval must be between") {
		t.Errorf("no interval: %v", err)
	}
}

// What url.Parse takes for a part of the host may be a token.
func TestSecretBehindTheHost(t *testing.T) {
	for _, address := range []string{"nats://h;token=hunter2", "nats://127.0.0.1;hunter2", "tls://h=hunter2", "nats://a,nats://b;hunter2:4222"} {
		if got := redacted(address); strings.Contains(got, "hunter2") {
			t.Errorf("%s is printed as %s", address, got)
		}
		_, err := New(Config{URL: address, AllowPlaintext: true})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
