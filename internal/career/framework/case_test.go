package framework_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"time"

	"cairn/internal/career/framework"
)

// What the published service model of CASE 1.1 requires and allows of a package.
var (
	caseFields = map[string][2][]string{
		"CFDocument": {
			{"identifier", "uri", "creator", "title", "lastChangeDateTime"},
			{"frameworkType", "caseVersion", "officialSourceURL", "publisher", "description", "subject", "subjectURI", "language", "version", "adoptionStatus", "statusStartDate", "statusEndDate", "licenseURI", "notes", "extensions"},
		},
		"CFItems": {
			{"identifier", "uri", "fullStatement", "lastChangeDateTime"},
			{"alternativeLabel", "CFItemType", "humanCodingScheme", "listEnumeration", "abbreviatedStatement", "conceptKeywords", "conceptKeywordsURI", "notes", "subject", "subjectURI", "language", "educationLevel", "CFItemTypeURI", "licenseURI", "statusStartDate", "statusEndDate", "extensions"},
		},
		"CFAssociations": {
			{"identifier", "uri", "associationType", "originNodeURI", "destinationNodeURI", "lastChangeDateTime"},
			{"sequenceNumber", "CFAssociationGroupingURI", "notes", "extensions"},
		},
	}
	caseUUID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
)

func exported(t *testing.T, version string) []byte {
	t.Helper()
	e := framework.CaseExport{Framework: load(t, full(t)), Creator: "Office", Version: version, Published: time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)}
	file, err := e.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func checkFields(t *testing.T, of string, part map[string]any) {
	t.Helper()
	for _, key := range caseFields[of][0] {
		if v, ok := part[key]; !ok || v == "" {
			t.Errorf("%s without %s: %v", of, key, part)
		}
	}
	for key := range part {
		if !slices.Contains(caseFields[of][0], key) && !slices.Contains(caseFields[of][1], key) {
			t.Errorf("%s has no %s", of, key)
		}
	}
	if id, _ := part["identifier"].(string); !caseUUID.MatchString(id) || part["uri"] != "urn:uuid:"+id {
		t.Errorf("%s: identifier %v, uri %v", of, part["identifier"], part["uri"])
	}
}

func TestCompetenciesAsCASE(t *testing.T) {
	var out struct {
		CFDocument              map[string]any
		CFItems, CFAssociations []map[string]any
	}
	dec := json.NewDecoder(bytes.NewReader(exported(t, "1")))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out); err != nil {
		t.Fatal(err)
	}
	checkFields(t, "CFDocument", out.CFDocument)
	nodes := map[any]int{out.CFDocument["identifier"]: 0}
	for _, it := range out.CFItems {
		checkFields(t, "CFItems", it)
		nodes[it["identifier"]]++
	}
	if n := 8 + 25 + 25*8; len(out.CFItems) != n || len(nodes) != n+1 {
		t.Errorf("%d items with %d ids, want %d: areas, competencies and their levels", len(out.CFItems), len(nodes)-1, n)
	}
	children := map[any]bool{}
	for _, a := range out.CFAssociations {
		checkFields(t, "CFAssociations", a)
		from, _ := a["originNodeURI"].(map[string]any)
		to, _ := a["destinationNodeURI"].(map[string]any)
		_, known := nodes[to["identifier"]]
		if a["associationType"] != "isChildOf" || !known || children[from["identifier"]] {
			t.Errorf("%v", a)
		}
		children[from["identifier"]] = true
	}
	if len(children) != len(out.CFItems) {
		t.Errorf("%d of %d items have their place", len(children), len(out.CFItems))
	}
}

// Ids stay what they are from version to version, so that others can hold on to them.
func TestCASEIdsAreStable(t *testing.T) {
	ids := regexp.MustCompile(`"identifier": "[^"]+"`)
	a, b := ids.FindAllString(string(exported(t, "1")), -1), ids.FindAllString(string(exported(t, "2")), -1)
	if !slices.Equal(a, b) || a[0] != `"identifier": "`+documentID+`"` {
		t.Errorf("the ids changed: %s", a[0])
	}
}

const documentID = "87d50d58-f4f8-5614-a302-698f9b3bfdc6"
