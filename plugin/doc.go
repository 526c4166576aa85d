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
// An [Operation] is the typed contract of both sides, so that no field name is ever
// spelt twice. The apps service runs it by domain and name: with params that
// [Operation.Params] wrote, and giving each result as an [Item], which
// [Operation.Results] reads.
//
// Params are JSON, which each provider that is asked reads for itself, so that none can
// change what another one sees; a query that says nothing is not written at all. Results
// are JSON only outside of the process: inside, an Item has the value that the provider
// returned, which the bus copies on its way to the service that asked.
//
// Promises:
//   - One provider is made for each slot, that is for each project that has the
//     plugin installed, so what it keeps belongs to that project alone.
//   - Its functions are called from many goroutines.
//   - The ctx of a call ends after the time limit of the apps service. A function
//     that goes on is abandoned and its result dropped, and it keeps one of the
//     slot's places until it returns.
//   - A [Secret] in its settings is never shown, and a [URL] in them is https in
//     production.
//   - New does no I/O: it runs before anything is started.
//   - A panic is the failure of that provider alone, and so is a result that nobody could
//     read, such as an amount whose currency does not exist.
package plugin

// APIVersion is the version of this SDK. A manifest's APIVersion is the range
// of SDK versions that the plugin was written for.
const APIVersion = "1.0.0"
