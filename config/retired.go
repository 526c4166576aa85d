package config

// retiredVariables are the variables of the original that nothing reads here, in the
// order of the warnings. What can stand before _PLUGIN_ and _DATABASE_URL is finite, so
// each is written out.
var retiredVariables = listRetired()

func listRetired() []Warning {
	var out []Warning
	add := func(name, instead string) {
		out = append(out, Warning{Code: "retired-variable", Subject: name, Message: "is not read: " + instead})
	}
	const memory = "this version keeps its data in memory, and settings of one service stand in services.<name> in config.yml"
	add("PORT", "services have no port of their own, and METRICS_PORT sets the admin server's")
	add("DATABASE_URL", memory)
	add("MOLECULER_TRANSPORTER", "use ORCHESTRATOR_TRANSPORTER")
	add("SERVICES_MODE", "a variant in config.yml says what a binary contains")
	add("HEARTBEAT_INTERVAL", "set orchestrator.nats.heartbeat_interval in config.yml, such as 5s")
	add("HEARTBEAT_TIMEOUT", "set orchestrator.nats.heartbeat_timeout in config.yml, such as 15s")
	add("PLATFORM_GRPC_HOST", "projects are in services.apps in config.yml, and no platform is asked")
	for _, name := range []string{"CORE_APPS_GRAPHQL_URL", "PLATFORM_INVENTORY_GRAPHQL_URL", "INVENTORY_MOCK_MODE"} {
		add(name, "the plugin catalog has its own product list")
	}
	for _, s := range [][2]string{{"APPS", "apps"}, {"PAYMENTS", "payments"}, {"INVENTORY", "inventory"}, {"SHIPPING", "delivery"}, {"DELIVERY", "delivery"}, {"PRICING", "pricing"}} {
		add(s[0]+"_PLUGIN_TIMEOUT_MS", "set services."+s[1]+".provider_timeout in config.yml, such as 3s")
		add(s[0]+"_PLUGIN_RETRIES", "a provider is asked once, and the caller decides whether to ask again")
		add(s[0]+"_PLUGIN_RATELIMIT", "set services.apps.provider_concurrency in config.yml")
	}
	for _, service := range []string{"APPS", "CHECKOUT", "ORDERS", "PAYMENTS", "INVENTORY", "SHIPPING", "DELIVERY", "PRICING", "PLATFORM"} {
		add(service+"_DATABASE_URL", memory)
	}
	return out
}

// retiredKeys are settings of the original under services.<name>. They warn
// unless the service's own settings have a field of that name.
var retiredKeys = map[string]string{
	"port":         "is not read: services have no port of their own, and orchestrator.metrics_port (METRICS_PORT) sets the admin server's",
	"database_url": "is not read by this version, which keeps its data in memory: remove it",
}

// retired returns the warnings for what the file and the environment set in
// vain. A variable that the file mentions in ${} is read after all.
func (f *File) retired(env lookup) []Warning {
	var out []Warning
	if e, ok := f.settings["environment"]; ok {
		out = append(out, Warning{Position: f.src.position(e.key), Code: "retired-setting",
			Subject: "orchestrator.environment", Message: "is not read: set NODE_ENV"})
	}
	for _, w := range retiredVariables {
		if value, ok := env(w.Subject); ok && value != "" && !f.references[w.Subject] {
			out = append(out, w)
		}
	}
	return out
}
