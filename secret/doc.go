// Package secret holds the one text that is never shown, for settings and whoever is
// given them. A setting of the type [Text] is read like a string; only Reveal gives it
// back. What holds more than the secret itself, such as an address with a password,
// prints by [Format] what of it may be seen.
package secret
