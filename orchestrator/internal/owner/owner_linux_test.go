package owner

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strconv"
	"testing"
)

// connect gives both ends of a connection to a listener at the address.
func connect(t *testing.T, network, address string) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skipf("%s: %v", address, err)
	}
	t.Cleanup(func() { _ = l.Close() })
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	host := "127.0.0.1"
	if network == "tcp6" {
		host = "::1"
	}
	client, err = net.Dial("tcp", net.JoinHostPort(host, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return client, server
}

// A socket for all addresses, of either kind, takes the connection as well.
func TestOwnProcess(t *testing.T) {
	for network, addresses := range map[string][]string{
		"tcp4": {"127.0.0.1:0", "0.0.0.0:0"}, "tcp": {":0"}, "tcp6": {"[::1]:0"},
	} {
		for _, address := range addresses {
			client, _ := connect(t, network, address)
			if err := Check(client); err != nil {
				t.Errorf("%s %s: %v", network, address, err)
			}
		}
	}
}

func TestStrangers(t *testing.T) {
	local, remote := netip.MustParseAddrPort("127.0.0.1:5"), netip.MustParseAddrPort("127.0.0.1:1")
	if err := check(local, remote); !errors.Is(err, ErrStranger) {
		t.Errorf("nobody listens there: %v", err)
	}
	if err := check(netip.MustParseAddrPort("10.0.0.1:5"), netip.MustParseAddrPort("10.0.0.2:3030")); !errors.Is(err, ErrStranger) {
		t.Errorf("another machine: %v", err)
	}
	if err := os.Chown(t.TempDir(), 12345, 12345); err != nil {
		t.Skipf("only root can act as another user, and in a sandbox nobody: %v", err)
	}
	client, server := connect(t, "tcp4", "127.0.0.1:0")
	chown(t, server)
	if err := Check(client); !errors.Is(err, ErrStranger) {
		t.Errorf("the accepted socket is another user's: %v", err)
	}
}

// chown gives a socket to another user, as one has that another user made.
func chown(t *testing.T, c net.Conn) {
	t.Helper()
	file, err := c.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if err := file.Chown(12345, 12345); err != nil {
		t.Fatal(err)
	}
}

func TestLines(t *testing.T) {
	for line, want := range map[string]string{
		"   0: 0100007F:0BD6 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 121633 2":   "127.0.0.1:3030 0.0.0.0:0 0A 1000 121633",
		"   1: 00000000000000000000000001000000:0BD6 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 7": "[::1]:3030 [::]:0 0A 0 7",
		"   2: 0000000000000000FFFF00000100007F:0BD6 0000000000000000FFFF00000100007F:C000 01 0:0 00:0 0 5 0 8": "127.0.0.1:3030 127.0.0.1:49152 01 5 8",
	} {
		s, ok := parse(line)
		if got := s.local.String() + " " + s.remote.String() + " " + s.state + " " + s.user + " " + s.inode; !ok || got != want {
			t.Errorf("%s is %s", line, got)
		}
	}
	for _, line := range []string{"", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", "0: zz:1 0:0 0A a b c d e f"} {
		if _, ok := parse(line); ok {
			t.Errorf("%q is a socket", line)
		}
	}
}
