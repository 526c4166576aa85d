package payments_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service/servicetest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

// The module as a process runs it, with a fake of the one service it calls.
func TestModule(t *testing.T) {
	node := bustest.New(t)
	apps := bustest.Fake(t, node, appsapi.Execute, func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"code":"bank_transfer","provider":"bank-transfer","flow":"OFFLINE"}`)}}}, nil
	})
	s := servicetest.Start(t, payments.Module, servicetest.On(node), servicetest.Settings("provider_timeout: 1s"))

	res, err := paymentsapi.GetPaymentMethods.Call(t.Context(), s.Caller(), paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo", Currency: "USD"})
	if err != nil || len(res.Methods) != 1 || res.Methods[0].Code != "bank-transfer:bank_transfer" {
		t.Errorf("got %+v, %v", res, err)
	}
	if calls := apps.Calls(); len(calls) != 1 || calls[0].ProjectID != "demo" || calls[0].Domain != "payments" {
		t.Errorf("apps was asked %+v", calls)
	}
}

func TestLifecycle(t *testing.T) { servicetest.Lifecycle(t, payments.Module) }

// A test that forgot what the service calls is told before anything runs.
func TestModuleNamesWhatIsMissing(t *testing.T) {
	if !servicetest.SourceKnown(payments.Module) {
		t.Skip("the source of the service is not here")
	}
	result := bustest.Trial(func(t testing.TB) { servicetest.Start(t, payments.Module) })
	if want := "apps.execute as appsapi.NewProviders, first in services/payments/"; !result.Failed || !strings.Contains(result.String(), want) {
		t.Errorf("failed %v, want %q in\n%s", result.Failed, want, result)
	}
}
