// Package plugintest checks that a plugin keeps what every plugin promises, for
// the tests of the plugin itself:
//
//	func TestPlugin(t *testing.T) { plugintest.Check(t, Plugin, "README.md") }
package plugintest
