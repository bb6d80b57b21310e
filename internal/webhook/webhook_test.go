package webhook

import (
	"net/netip"
	"testing"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

func TestPrivateAddressesAreNotReached(t *testing.T) {
	allowed := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:4700::1111": true, "10.1.2.3": true, "fd00:1::5": true,
		"127.0.0.1": false, "::1": false, "10.2.0.1": false, "192.168.1.1": false, "172.16.0.1": false, "169.254.169.254": false,
		"fe80::1": false, "fd00:2::1": false, "0.0.0.0": false, "::": false, "100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false,
		"::ffff:127.0.0.1": false, "::ffff:10.1.0.9": true, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "192.0.2.1": false,
	} {
		if got := MayReach(netip.MustParseAddr(address), allowed); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

func TestAddressesThatCanNeverWorkAreRefused(t *testing.T) {
	some := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for address, ok := range map[string]bool{
		"https://example.org/x": true, "http://127.0.0.1:9/x": true, "http://example.org": true,
		"": false, "example.org": false, "ftp://example.org": false, "https://me:pw@example.org": false, "https://10.0.0.1/": false, "https://": false,
		"https://example.org:65535/x": true, "https://[2001:4860:4860::8888]:8443/x": true, "https://example.org:65536/x": false, "https://example.org:0/x": false, "https://example.org:": false, "https://example.org:-1": false, "https://:443/x": false,
		"https://example.org:99999999999999999999/x": false, "javascript:alert(1)": false,
	} {
		err := New{Address: address}.check(some)
		if (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
		if err != nil && errs.FieldsOf(err)[0].Name != "address" {
			t.Errorf("%q names %v", address, errs.FieldsOf(err))
		}
	}
	if err := (New{Address: "http://example.org"}).check(nil); err == nil {
		t.Error("http was taken although no private network is allowed")
	}
	if err := (New{Address: "https://example.org", Verbs: []string{"Report Submitted"}}).check(nil); err == nil {
		t.Error("a verb that is none was taken")
	}
}

func TestPrivateEntriesAreNeverTold(t *testing.T) {
	for _, c := range []struct {
		entry activity.Entry
		role  authz.Role
		verbs []string
		want  bool
	}{
		{activity.Entry{Verb: "report.submitted"}, authz.HeadOfPMO, nil, true},
		{activity.Entry{Verb: "report.submitted"}, authz.HeadOfPMO, []string{"project.changed"}, false},
		{activity.Entry{Verb: "career.turned_on", Audience: "p"}, authz.Administrator, nil, false},
		{activity.Entry{Verb: "account.invited"}, authz.HeadOfPMO, nil, false},
		{activity.Entry{Verb: "account.invited"}, authz.Administrator, nil, true},
	} {
		if got := (Hook{Verbs: c.verbs}).wants(c.entry, c.role); got != c.want {
			t.Errorf("%+v to %s who asked for %v: %v", c.entry, c.role, c.verbs, got)
		}
	}
}

// The example is that of the specification's own libraries.
func TestSignatureIsThatOfStandardWebhooks(t *testing.T) {
	got, err := Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signature %q, %v", got, err)
	}
}
