package orchestrator_test

import (
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// Another user's program that listens where ours should asks in vain.
func TestTheTokenIsNotForOtherUsers(t *testing.T) {
	if err := os.Chown(t.TempDir(), 12345, 12345); err != nil {
		t.Skipf("only root can act as another user, and in a sandbox nobody: %v", err)
	}
	_, handle := echo("echo")
	r := newRig(t, binary(t, "dev", &fixture{name: "echo", make: handle}))
	url, sent := noting(t, listenAs(t, 12345), true)
	_, port, _ := strings.Cut(strings.TrimPrefix(url, "http://"), ":")
	call := r.again("call", "echo.echo", "{}").set("METRICS_PORT="+port, "ADMIN_TOKEN=0123456789abcdef0123456789abcdef")
	call.want(call.run(), 1, "asks for the admin token, and does not get it", "belongs to another user", "say --admin "+url)
	if first := <-sent; first != "" || len(sent) > 0 {
		t.Errorf("sent %q, and %d more requests", first, len(sent))
	}
}

// listenAs makes a socket as a user makes it.
func listenAs(t *testing.T, user uintptr) net.Listener {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	become := func(user uintptr) { syscall.RawSyscall(syscall.SYS_SETFSUID, user, 0, 0) } // of this thread alone
	become(user)
	defer become(uintptr(os.Geteuid()))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}
