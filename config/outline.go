package config

import (
	"regexp"
	"slices"
)

// outline is what may stand somewhere in the file, as far as the file's format
// knows it: for [veil], which shows nothing else.
type outline struct {
	value   sight               // of a single value
	mapping bool                // keys are expected here, and may be seen
	keys    map[string]*outline // the known ones
	other   *outline            // what stands below any other key; nil: nothing is known of it
	list    bool                // a list of the same is expected
}

var (
	unknown = &outline{}
	plain   = &outline{value: visible, list: true}
	// settingsOutline is for what only a service or a transport knows: its keys may be
	// seen, its values not before it has said what they are.
	settingsOutline = newSettingsOutline()
	servicesOutline = &outline{mapping: true, other: settingsOutline}
	fileOutline     = outline{mapping: true, keys: map[string]*outline{
		"orchestrator": orchestratorOutline(),
		"services":     servicesOutline,
		"environments": {mapping: true, keys: map[string]*outline{
			Development: {mapping: true, keys: map[string]*outline{"services": servicesOutline}},
			Production:  {mapping: true, keys: map[string]*outline{"services": servicesOutline}},
		}},
	}}
)

func newSettingsOutline() *outline {
	o := &outline{mapping: true, list: true}
	o.other = o
	return o
}

func orchestratorOutline() *outline {
	keys := map[string]*outline{
		"admin_token": unknown, "transporter": {value: server}, "admin_address": {value: host}, "admin_hosts": {value: host, list: true},
		"environment": plain, "mode": plain, "standalone": plain,
		"external":         {mapping: true, other: &outline{mapping: true, value: importing, keys: map[string]*outline{"import": {value: importing}, "needs": plain}}},
		"external_plugins": {mapping: true, other: &outline{mapping: true, value: importing, keys: map[string]*outline{"import": {value: importing}, "domains": plain}}},
	}
	variant := &outline{mapping: true, keys: map[string]*outline{}}
	keys["variants"] = &outline{mapping: true, other: variant}
	for _, key := range variantKeys {
		variant.keys[key] = plain
	}
	for _, key := range slices.Concat(settingKeys, selectionKeys) {
		if keys[key] == nil {
			keys[key] = plain
		}
	}
	for _, key := range transportSections {
		keys[key] = settingsOutline
	}
	return &outline{mapping: true, keys: keys}
}

// below is what is known of the value of a key.
func (o *outline) below(key string) *outline {
	switch {
	case !o.mapping:
		return unknown
	case key == mergeKey:
		return o
	case o.keys[key] != nil:
		return o.keys[key]
	case o.other != nil:
		return o.other
	}
	return unknown
}

// item is what is known of the items of a list.
func (o *outline) item() *outline {
	if o.list {
		return o
	}
	return unknown
}

const mergeKey = "<<"

// unreadWord is a word in a line of which nothing is known.
var unreadWord = regexp.MustCompile(`[^\s:,\[\]{}?"'#-]+`)

// vocabulary are the words of the format itself, which nobody takes for a secret.
var vocabulary = words()

func words() map[string]bool {
	all := map[string]bool{}
	for _, word := range slices.Concat(sections, settingKeys, variantKeys, modes, transportSections, transportNames,
		environments, []string{"environment", "external", "false", "import", "mode", "null", "standalone", "true", "variants"}) {
		all[word] = true
	}
	return all
}
