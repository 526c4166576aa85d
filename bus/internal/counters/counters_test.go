package counters

import (
	"math/bits"
	"testing"
)

func TestBuckets(t *testing.T) {
	for i := range Buckets {
		bound := Bound(i)
		if Bucket(bound) != i || Bucket(bound+1) != i+1 {
			t.Errorf("%d ns falls into %d, one more into %d; want %d and %d", bound, Bucket(bound), Bucket(bound+1), i, i+1)
		}
	}
	if Bucket(0) != 0 || Bucket(-5) != 0 || Bucket(1<<62) != Buckets || bits.OnesCount(bucketMask+1) != 1 || bits.OnesCount(Codes) != 1 || Buckets > bucketMask {
		t.Error("a bucket or a code is out of its array")
	}
}
