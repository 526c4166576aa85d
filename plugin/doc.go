// Package plugin is the provider SDK: what a provider of payment methods,
// shipping methods, discounts or offers declares in order to be linked into a
// binary and run by the apps service.
//
// A provider lives in plugins/<code> and exposes one value:
//
//	var Plugin = plugin.Plugin{
//		Manifest: plugin.Manifest{
//			Code:        "simple-promo",
//			DisplayName: "Simple Promo",
//			Version:     "1.0.0",
//			APIVersion:  "^1.0.0",
//			Domains:     []plugin.Domain{plugin.Pricing},
//			Priority:    100,
//		},
//		New: newProvider,
//	}
//
// New gets the plugin's configuration, decodes it over its defaults with
// [Config.Decode], and returns a [Provider] on which it has registered typed
// functions:
//
//	plugin.ListDiscounts.Serve(provider, listDiscounts)
//
// An [Operation] is the typed contract of both sides. The apps service runs it
// by domain and name with JSON in and out; a service that wants the results
// builds the request with [Operation.Params] and reads the answer with
// [Operation.Results], so that no field name is ever spelt twice.
//
// Promises:
//   - One provider is made for each slot, that is for each project that has the
//     plugin installed, so what it keeps belongs to that project alone.
//   - Its functions are called from many goroutines at once.
//   - The ctx of a call ends after the time limit of the apps service. A function
//     that goes on is abandoned and its result dropped, and it keeps one of the
//     slot's places until it returns.
//   - A [Secret] in its settings is never shown, and a [URL] in them is https in
//     production.
//   - New does no I/O: it runs before anything is started.
//   - A panic is the failure of that provider alone.
package plugin

// APIVersion is the version of this SDK. A manifest's APIVersion is the range
// of SDK versions that the plugin was written for.
const APIVersion = "1.0.0"
