package process

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/shopanaio/orchestrator/config"
)

// Configuration is the settings file, or the knowledge that there is none.
type Configuration struct {
	File *config.File
	// Path is absolute; empty when there is no file.
	Path string
	// searched are the directories that were looked at.
	searched []string
}

// Configuration finds and reads the settings file. A file that was named must
// exist; one that was only looked for need not.
func (in *Program) Configuration() (Configuration, error) {
	if named := in.env("CONFIG_FILE"); named != "" {
		path, err := in.Resolve(named)
		if err != nil {
			return Configuration{}, err
		}
		return namedConfiguration(path)
	}
	dir, err := in.Dir()
	if err != nil {
		return Configuration{}, fmt.Errorf("look for config.yml: %w", err)
	}
	path, searched, err := config.Find(dir)
	if err != nil {
		return Configuration{}, err
	}
	if path == "" {
		return Configuration{File: config.Default(), searched: searched}, nil
	}
	file, err := config.Load(path)
	return Configuration{File: file, Path: path, searched: searched}, err
}

func namedConfiguration(path string) (Configuration, error) {
	file, err := config.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("CONFIG_FILE names %s, which does not exist; correct it, or unset it to have config.yml looked for: %w", path, err)
	}
	return Configuration{File: file, Path: path}, err
}

// log writes the one line that says where settings come from.
func (c Configuration) log(log *slog.Logger) {
	if c.Path != "" {
		log.Info("settings", "file", c.Path)
		return
	}
	log.Info("settings: no config.yml, so the defaults hold", "searched", strings.Join(c.searched, " "))
}

// named is how messages call the file.
func (c Configuration) named() string {
	if c.Path == "" {
		return "config.yml"
	}
	return c.Path
}

// described is what check says was valid.
func (c Configuration) described() string {
	if c.Path == "" {
		return "the default configuration (no config.yml found)"
	}
	return c.Path
}
