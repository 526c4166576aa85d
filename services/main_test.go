// Package services_test holds the tests that are about all services: that
// their folders are alike, that their READMEs say what the code says, and that
// they work together on the demo data.
package services_test

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
