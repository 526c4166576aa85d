// Package process is the life of a program that runs services: the plan that is
// made of its settings, the parts that are made of the plan, start, rollback and
// stop. Package orchestrator, whose commands use it, says what a user sees of it.
package process
