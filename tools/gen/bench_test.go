package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// BenchmarkSmallTree is gen on five services: a first run writes, the others compare.
// Promise: 10 ms with the start of the process.
func BenchmarkSmallTree(b *testing.B) {
	archive, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	if err := unpack(archive, dir); err != nil {
		b.Fatal(err)
	}
	benchmark(b, dir, "gen-small")
}

// BenchmarkThousandServices is gen on 1,000 selected services in 7,000 files.
// Promise: 250 ms.
func BenchmarkThousandServices(b *testing.B) {
	dir := b.TempDir()
	writeThousand(b, dir, 1000)
	benchmark(b, dir, "gen-1000")
}

func benchmark(b *testing.B, dir, id string) {
	b.Helper()
	quiet := func(args ...string) int {
		return run(append(args, "--root", dir), io.Discard, os.Stderr, func(string) (string, bool) { return "", false })
	}
	if code := quiet("generate"); code != exitOK {
		b.Fatalf("exit code %d", code)
	}
	for b.Loop() {
		if code := quiet("generate"); code != exitOK {
			b.Fatalf("exit code %d", code)
		}
	}
	fmt.Fprintf(os.Stderr, "FIGURE %s ms=%.1f\n", id, float64(b.Elapsed().Microseconds())/1000/float64(b.N))
}

// writeThousand writes a tree of services, each with a contract, five files and
// up to five calls of services before it.
func writeThousand(b *testing.B, dir string, services int) {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	write := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	filler := strings.Repeat("\n// work does something.\nfunc work(a, b int) int {\n\tif a > b {\n\t\treturn a*b + 1\n\t}\n\treturn b\n}\n", 8)
	var names []string
	for i := range services {
		name := fmt.Sprintf("s%04d", i)
		imports, calls := "", ""
		for range random.IntN(6) {
			if other := fmt.Sprintf("s%04d", random.IntN(i+1)); i > 0 && other != name && !strings.Contains(imports, other) {
				imports += fmt.Sprintf("import %q\n", "example.test/shop/services/"+other+"/"+other+"api")
				calls += fmt.Sprintf("var _ = %sapi.Do\n", other)
			}
		}
		base := "services/" + name + "/"
		write(base+"module.go", "package "+name+"\n\nvar Module = 1\n")
		write(base+"service.go", "package "+name+"\n\n"+imports+calls+filler)
		for _, other := range []string{"handlers", "config", "doc"} {
			write(base+other+".go", "package "+name+"\n"+strings.ReplaceAll(filler, "work", other))
		}
		write(base+name+"api/actions.go", "package "+name+"api\n\nimport \"github.com/shopanaio/orchestrator/bus\"\n\nvar Do = bus.NewAction[int, int](\""+name+".do\")\n")
		write(base+name+"api/errors.go", "package "+name+"api\n"+filler)
		names = append(names, name)
	}
	write("go.mod", "module example.test/shop\n")
	write("config.yml", "orchestrator:\n  services: ["+strings.Join(names, ", ")+"]\n")
}
