package delivery_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/services/delivery"
)

func TestConfig(t *testing.T) {
	if err := delivery.DefaultConfig().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	if (delivery.Config{}).Validate() == nil {
		t.Error("a provider timeout of 0 is accepted")
	}
}
