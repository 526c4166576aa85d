package orchestrator

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/shopanaio/orchestrator/config"
)

// configuration is the settings file, or the knowledge that there is none.
type configuration struct {
	file *config.File
	// path is absolute; empty when there is no file.
	path string
	// searched are the directories that were looked at.
	searched []string
}

// configuration finds and reads the settings file. A file that was named must
// exist; one that was only looked for need not.
func (in *invocation) configuration() (configuration, error) {
	dir, err := in.options.dir()
	if err != nil {
		return configuration{}, fmt.Errorf("look for config.yml: %w", err)
	}
	if named := in.options.env("CONFIG_FILE"); named != "" {
		return namedConfiguration(dir, named)
	}
	path, searched, err := config.Find(dir)
	if err != nil {
		return configuration{}, err
	}
	if path == "" {
		return configuration{file: config.Default(), searched: searched}, nil
	}
	file, err := config.Load(path)
	return configuration{file: file, path: path, searched: searched}, err
}

func namedConfiguration(dir, named string) (configuration, error) {
	path := named
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	file, err := config.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("CONFIG_FILE names %s, which does not exist; correct it, or unset it to have config.yml looked for: %w", path, err)
	}
	return configuration{file: file, path: path}, err
}

// tell writes the one log line that says where settings come from.
func (c configuration) tell(log *slog.Logger) {
	if c.path != "" {
		log.Info("settings", "file", c.path)
		return
	}
	log.Info("settings: no config.yml, so the defaults hold", "searched", strings.Join(c.searched, " "))
	for _, path := range config.Misnamed(c.searched) {
		log.Warn("a file is not read, because the name is config.yml; rename it, or name it with CONFIG_FILE", "file", path)
	}
}

// demanded is the error where there is no file and there has to be one: what was
// meant to be said in it would not hold, and nobody would notice.
func (c configuration) demanded(required bool) error {
	if !required || c.path != "" {
		return nil
	}
	text := "there is no config.yml, and production does not run on defaults\n  looked for in: " + strings.Join(c.searched, " ")
	for _, path := range config.Misnamed(c.searched) {
		text += "\n  " + path + " is not read: the name is config.yml"
	}
	return errors.New(text + "\n  name the file with CONFIG_FILE, or, if the defaults are meant, set ORCHESTRATOR_REQUIRE_CONFIG=false")
}

// named is how messages call the file.
func (c configuration) named() string {
	if c.path == "" {
		return "config.yml"
	}
	return c.path
}

// described is what check says was valid.
func (c configuration) described() string {
	if c.path == "" {
		return "the default configuration (no config.yml found)"
	}
	return c.path
}
