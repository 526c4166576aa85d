// Package config reads config.yml: the variants that tools/gen builds and the
// settings that a running process uses. It is a leaf that imports nothing of
// this module but the data types of config/manifest, and it is the only user of
// the YAML library.
//
// # The file
//
// Three top-level sections are known. Keys that begin with x- are ignored, but
// where keys are names, which do not begin so:
//
//	orchestrator:   what to build (mode, services, standalone, transports, plugins, remote,
//	                allow_standalone, variants, external, external_plugins) and how to run
//	                it (transporter, namespace, node_id, prefer_local, strict,
//	                nats, embedded, log_level, log_format, metrics_port, admin_address,
//	                admin_token, admin_hosts, drain_timeout)
//	services:       the settings of each service, by name
//	environments:   development and production, each with services merged over the above
//
// The keys services, transports, plugins, remote and allow_standalone directly
// under orchestrator describe the variant dev. Each name under standalone is a
// variant of its own. A variant either lists its services or extends another
// one, from which it inherits everything that it does not state itself.
//
// # Bounds
//
// A file has at most 1 MiB, 100,000 keys and values, and 100 lists and mappings
// inside each other, also once its aliases stand for what they name. What is no
// plain file, such as a pipe, is read as well, and given up when it does not end
// within 10 s.
//
// # Strictness
//
// Nothing is accepted that nothing reads. A misspelt key, a wrong type, a
// duplicate, a bad name, a tab, bad UTF-8, a second document: each is a
// [Problem] with its position, the line it stands on, and what mends it, and all
// of them are reported together as [Problems]. Settings of the original that
// have no reader any more give a [Warning] that names the replacement.
//
// # Where a setting comes from
//
// The environment wins over the file, and the file over the default; see
// [File.Settings]. Inside string values ${VAR} and ${VAR:-default} are replaced
// from the environment when the value is read, and $${ stands for a plain ${.
package config
