package config

// retiredVariable is a variable of the original that nothing reads here.
type retiredVariable struct {
	name, instead string
}

// retiredVariables are all of them, in the order of the warnings. What can
// stand before _PLUGIN_ and _DATABASE_URL is finite, so each is written out.
var retiredVariables = listRetired()

func listRetired() []retiredVariable {
	out := []retiredVariable{
		{"PORT", "is not read: services have no port of their own, and METRICS_PORT sets the admin server's"},
		{"DATABASE_URL", "is not read: this version keeps its data in memory, and settings of one service stand in services.<name> in config.yml"},
		{"MOLECULER_TRANSPORTER", "is not read: use ORCHESTRATOR_TRANSPORTER"},
		{"SERVICES_MODE", "is not read: a variant in config.yml says what a binary contains"},
		{"HEARTBEAT_INTERVAL", "is not read: set orchestrator.nats.heartbeat_interval in config.yml, such as 5s"},
		{"HEARTBEAT_TIMEOUT", "is not read: set orchestrator.nats.heartbeat_timeout in config.yml, such as 15s"},
		{"PLATFORM_GRPC_HOST", "is not read: projects are in services.apps in config.yml, and no platform is asked"},
		{"CORE_APPS_GRAPHQL_URL", "is not read: the plugin catalog has its own product list"},
		{"PLATFORM_INVENTORY_GRAPHQL_URL", "is not read: the plugin catalog has its own product list"},
		{"INVENTORY_MOCK_MODE", "is not read: the plugin catalog has its own product list"},
	}
	for _, s := range [][2]string{{"APPS", "apps"}, {"PAYMENTS", "payments"}, {"INVENTORY", "inventory"}, {"SHIPPING", "delivery"}, {"DELIVERY", "delivery"}, {"PRICING", "pricing"}} {
		out = append(out,
			retiredVariable{s[0] + "_PLUGIN_TIMEOUT_MS", "is not read: set services." + s[1] + ".provider_timeout in config.yml, such as 3s"},
			retiredVariable{s[0] + "_PLUGIN_RETRIES", "is not read: a provider is asked once, and the caller decides whether to ask again"},
			retiredVariable{s[0] + "_PLUGIN_RATELIMIT", "is not read: set services.apps.provider_concurrency in config.yml"},
		)
	}
	for _, service := range []string{"APPS", "CHECKOUT", "ORDERS", "PAYMENTS", "INVENTORY", "SHIPPING", "DELIVERY", "PRICING", "PLATFORM"} {
		out = append(out, retiredVariable{service + "_DATABASE_URL", "is not read: this version keeps its data in memory, and settings of one service stand in services.<name> in config.yml"})
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
	for _, v := range retiredVariables {
		if value, ok := env(v.name); ok && value != "" && !f.references[v.name] {
			out = append(out, Warning{Code: "retired-variable", Subject: v.name, Message: v.instead})
		}
	}
	return out
}
