package orchestrator

// The generated programs are below this folder. The directive is here and not in
// one of them, so that it also runs when they are missing or broken.
//go:generate go run ../tools/gen
