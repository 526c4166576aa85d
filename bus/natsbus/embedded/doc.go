// Package embedded is the NATS transport with the server inside the process.
//
// One process hosts the server, with JetStream in a data directory of its own;
// others reach it as any NATS server, by the transporter NATS. The server
// listens on 127.0.0.1 only. It starts before the services and stops after
// everything else.
//
// Linked only into variants that list `embedded` under transports. The settings
// are the section orchestrator.embedded of config.yml: [Config].
package embedded
