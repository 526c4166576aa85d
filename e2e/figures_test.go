//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// rounds is how often each figure of a process is taken; the median counts.
const rounds = 9

// stripped builds a command as a release would be and returns the file.
func stripped(t testing.TB, pkg string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), filepath.Base(pkg))
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "./"+pkg)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build ./%s: %v\n%s", pkg, err, out)
	}
	return path
}

func median[N int64 | time.Duration](all []N) N {
	slices.Sort(all)
	return all[len(all)/2]
}

// BenchmarkSizes is what the variants weigh, stripped, beside a program that
// links the same foreign packages and none of this repository.
func BenchmarkSizes(b *testing.B) {
	for range b.N {
		bytes := map[string]int64{}
		for _, pkg := range []string{"orchestrator/cmd/dev", "orchestrator/cmd/orchestrator-minimal", "e2e/testdata/floor"} {
			info, err := os.Stat(stripped(b, pkg))
			if err != nil {
				b.Fatal(err)
			}
			bytes[filepath.Base(pkg)] = info.Size()
		}
		dev, minimal, floor := bytes["dev"], bytes["orchestrator-minimal"], bytes["floor"]
		fmt.Printf("FIGURE size dev=%d minimal=%d floor=%d minimal_percent=%d floor_percent=%d\n",
			dev, minimal, floor, 100*minimal/dev, 100*floor/dev)
	}
}

// BenchmarkProcess is how long the real programs take from exec to ready, beside
// the same program asked for its manifest only, and what they hold when idle.
func BenchmarkProcess(b *testing.B) {
	for _, variant := range []string{"dev", "orchestrator-minimal"} {
		path := stripped(b, "orchestrator/cmd/"+variant)
		for range b.N {
			var exec, ready []time.Duration
			var resident, anonymous []int64
			for range rounds {
				begun := time.Now()
				if _, stderr, code := output(b, b.TempDir(), nil, path, "manifest"); code != 0 {
					b.Fatal(stderr)
				}
				exec = append(exec, time.Since(begun))
				took, p := startToReady(b, path)
				ready = append(ready, took)
				p.get("/metrics")
				resident, anonymous = append(resident, held(b, p, "VmRSS")), append(anonymous, held(b, p, "RssAnon"))
				p.signal(syscall.SIGTERM)
				if code := p.exit(); code != 0 {
					b.Fatalf("exit code %d", code)
				}
			}
			fmt.Printf("FIGURE process.%s exec_ms=%.1f ready_ms=%.1f rss_mb=%.1f anonymous_mb=%.1f\n", variant,
				milliseconds(median(exec)), milliseconds(median(ready)), megabytes(median(resident)), megabytes(median(anonymous)))
		}
	}
}

func startToReady(b *testing.B, path string) (time.Duration, *process) {
	b.Helper()
	begun := time.Now()
	p := startIn(b, b.TempDir(), path).ready()
	return time.Since(begun), p
}

// held is a line of /proc/<pid>/status, in bytes.
func held(b *testing.B, p *process, name string) int64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib << 10
		}
	}
	b.Fatalf("/proc/<pid>/status has no %s", name)
	return 0
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func megabytes(n int64) float64 { return float64(n) / 1e6 }
