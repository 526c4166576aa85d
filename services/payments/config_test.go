package payments_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/services/payments"
)

func TestConfig(t *testing.T) {
	if err := payments.DefaultConfig().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	if (payments.Config{}).Validate() == nil {
		t.Error("a provider timeout of 0 is accepted")
	}
}
