package process

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"strings"

	"github.com/shopanaio/orchestrator/config"
)

// Configuration is the settings file, or the knowledge that there is none.
type Configuration struct {
	File *config.File
	// Path is absolute; empty when there is no file.
	Path string
	// broken says that the file is no YAML, so that it is not known what it says.
	broken bool
	// searched are the directories that were looked at.
	searched []string
}

// addressLike is a text that may be the address of a server, with a password in it
// that no error must repeat, rather than a path.
var addressLike = regexp.MustCompile(`://|^[^/]*[;%=@]`)

// Configuration finds and reads the settings file. A file that was named must
// exist; one that was only looked for need not. With config.Problems comes what could
// be read.
func (in *Program) Configuration() (c Configuration, err error) {
	named := in.env("CONFIG_FILE")
	if named != "" {
		c.Path, err = in.Resolve(named)
	} else {
		c.Path, c.searched, err = in.find()
	}
	if err != nil {
		return Configuration{}, err
	}
	if c.Path == "" {
		c.File = config.Default()
		return c, nil
	}
	data, err := config.Read(c.Path)
	if _, unread := errors.AsType[*fs.PathError](err); unread && addressLike.MatchString(named) {
		return c, errors.New("CONFIG_FILE is an address and not the path of a file that can be read; correct it, or unset it to have config.yml looked for")
	}
	if named != "" && errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("CONFIG_FILE names %s, which does not exist; correct it, or unset it to have config.yml looked for: %w", c.Path, err)
	}
	if err != nil {
		return Configuration{}, err
	}
	file, problems := config.ParsePartial(c.Path, data)
	if c.File = file; file == nil {
		c.File, c.broken = config.Default(), true
	}
	return c, problems.Err()
}

func (in *Program) find() (path string, searched []string, err error) {
	dir, err := in.Dir()
	if err != nil {
		return "", nil, fmt.Errorf("look for config.yml: %w", err)
	}
	return config.Find(dir)
}

// log writes the one line that says where settings come from.
func (c Configuration) log(log *slog.Logger) {
	if c.Path != "" {
		log.Info("settings", "file", c.Path)
		return
	}
	log.Info("settings: no config.yml, so the defaults hold", "searched", strings.Join(c.searched, " "))
}

// misnamedWarning is about a file that was meant to be the one.
const misnamedWarning = "a file is not read, because the name is config.yml; rename it, or name it with CONFIG_FILE"

// misnamed are the files that were probably meant, where there is none.
func (c Configuration) misnamed() []string {
	if c.Path != "" {
		return nil
	}
	return config.Misnamed(c.searched)
}

// demanded is the error where there is no file and there has to be one: what was
// meant to be said in it would not hold, and nobody would notice.
func (c Configuration) demanded(required bool) error {
	if !required || c.Path != "" {
		return nil
	}
	text := "there is no config.yml, and production does not run on defaults\n  looked for in: " + strings.Join(c.searched, " ")
	for _, path := range c.misnamed() {
		text += "\n  " + path + " is not read: the name is config.yml"
	}
	return errors.New(text + "\n  name the file with CONFIG_FILE, or, if the defaults are meant, set ORCHESTRATOR_REQUIRE_CONFIG=false")
}

// named is how messages call the file.
func (c Configuration) named() string { return cmp.Or(c.Path, config.FileName) }
