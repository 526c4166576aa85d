package bus

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// root is the folder of this module as the compiler recorded it, with its last slash:
// that of a checkout, or the name of the module.
var root = func() string {
	_, file, _, _ := runtime.Caller(0)
	return strings.TrimSuffix(path.Dir(file), "bus")
}()

// position is where a line is written so that an editor opens it from the root of this
// module. A file of another module has its whole name.
func position(file string, line int) string {
	return fmt.Sprintf("%s:%d", strings.TrimPrefix(file, root), line)
}

// caller is the position of the function skip frames up.
func caller(skip int) string {
	_, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return "unknown position"
	}
	return position(file, line)
}
