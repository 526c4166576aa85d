package scan

import (
	"go/build/constraint"
	"go/token"
	"strings"
)

// buildTags are the words of build constraints that the go command sets by
// itself, for some platform or by a flag of its own. Any other is one that
// nobody sets, as it is to go build and to gazelle.
var buildTags = wordSet(`aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9
	solaris wasip1 windows zos unix
	386 amd64 amd64p32 arm arm64 arm64be armbe loong64 mips mips64 mips64le mips64p32 mips64p32le mipsle ppc
	ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm
	cgo gc gccgo race msan asan boringcrypto faketime goexperiment`)

func wordSet(text string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// linked tells whether some program has the file: whether its build constraint
// can hold on any platform. The package documentation is in none, whatever it says.
func (f *file) linked() bool {
	syntax := f.imports()
	if syntax.Name != nil && syntax.Name.Name == "documentation" {
		return false
	}
	older := true
	for _, group := range syntax.Comments {
		// Lines of the older form are none in the comment of the package clause.
		apart := f.line(group.End())+1 < f.line(syntax.Package)
		for _, c := range group.List {
			if c.Pos() > syntax.Package {
				return older
			}
			expr, err := constraint.Parse(c.Text)
			switch {
			case err != nil:
			case constraint.IsGoBuild(c.Text):
				return outcomes(expr).hold
			case apart:
				older = older && outcomes(expr).hold
			}
		}
	}
	return older
}

func (f *file) line(pos token.Pos) int { return f.set.PositionFor(pos, false).Line }

// outcome says whether a constraint can hold and whether it can fail.
type outcome struct{ hold, fail bool }

func outcomes(expr constraint.Expr) outcome {
	switch e := expr.(type) {
	case *constraint.TagExpr:
		tag, _, _ := strings.Cut(e.Tag, ".") // amd64.v3
		return outcome{hold: buildTags[tag] || strings.HasPrefix(e.Tag, "go1."), fail: true}
	case *constraint.NotExpr:
		x := outcomes(e.X)
		return outcome{hold: x.fail, fail: x.hold}
	case *constraint.AndExpr:
		x, y := outcomes(e.X), outcomes(e.Y)
		return outcome{hold: x.hold && y.hold, fail: x.fail || y.fail}
	case *constraint.OrExpr:
		x, y := outcomes(e.X), outcomes(e.Y)
		return outcome{hold: x.hold || y.hold, fail: x.fail && y.fail}
	}
	return outcome{hold: true, fail: true}
}
