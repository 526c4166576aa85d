package layout

import "testing"

// The labels are those that gazelle gives, which were read off its repositories.
func TestImportLabel(t *testing.T) {
	modules := []string{"example.test/shop", "github.com/nats-io/jwt/v2", "gopkg.in/yaml.v3", "github.com/acme/Loyalty-Suite", "github.com/acme/odd~name", "single"}
	for _, test := range []struct{ importPath, want string }{
		{"github.com/nats-io/jwt/v2", "@com_github_nats_io_jwt_v2//:jwt"},
		{"gopkg.in/yaml.v3", "@in_gopkg_yaml_v3//:yaml_v3"},
		{"github.com/acme/Loyalty-Suite", "@com_github_acme_loyalty_suite//:Loyalty-Suite"},
		{"github.com/acme/Loyalty-Suite/service", "@com_github_acme_loyalty_suite//service"},
		{"github.com/acme/Loyalty-Suite/service/v3", "@com_github_acme_loyalty_suite//service/v3:service"},
		{"github.com/acme/Loyalty-Suite/promo.v1", "@com_github_acme_loyalty_suite//promo.v1:promo_v1"},
		{"github.com/acme/odd~name/x", "@com_github_acme_odd_name//x"},
		{"single", "@single//:single"},
		{"example.test/shop/services/apps", "//services/apps"},
		{"example.test/shop", "//:shop"},
		{Module + "/bus/membus", "@com_github_shopanaio_orchestrator//bus/membus"},
		{Orchestrator, "@com_github_shopanaio_orchestrator//orchestrator"},
	} {
		if got := ImportLabel(test.importPath, modules); got != test.want {
			t.Errorf("%s is %s, want %s", test.importPath, got, test.want)
		}
	}
	if got := ImportLabel(Module+"/bus/membus", []string{Module}); got != "//bus/membus" {
		t.Errorf("in the runtime's own module %s, want //bus/membus", got)
	}
	if got := SelectionRule(modules); got != "@com_github_shopanaio_orchestrator//orchestrator:selection.bzl" {
		t.Errorf("the rule is at %s", got)
	}
}
