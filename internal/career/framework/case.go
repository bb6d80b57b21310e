package framework

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// The form is that of a CFPackage of the Competencies and Academic Standards
// Exchange (CASE) 1.1 of 1EdTech, formerly IMS Global, with the fields of its
// service model (CFPckgDocument, CFPckgItem, CFPckgAssociation) and no others.

// caseSpace is the namespace of ids in exports: one id of a framework gives the same
// UUID whenever and wherever it is exported.
var caseSpace = uuid.MustParse("5f9d3c1e-4f0a-4f5e-9d53-6a2b7c8e1d40")

// CaseNotes says what such a file cannot hold.
const CaseNotes = "Holds the competencies with what can be observed at each level. CASE 1.1 has no place for roles, requirements, rules from evidence to level, kinds of experience and options: export the framework as YAML for these."

type casePackage struct {
	Document     caseDocument      `json:"CFDocument"`
	Items        []caseItem        `json:"CFItems"`
	Associations []caseAssociation `json:"CFAssociations"`
}

type caseDocument struct {
	Identifier     string `json:"identifier"`
	URI            string `json:"uri"`
	CaseVersion    string `json:"caseVersion"`
	Creator        string `json:"creator"`
	Title          string `json:"title"`
	LastChange     string `json:"lastChangeDateTime"`
	Language       string `json:"language,omitempty"`
	Version        string `json:"version,omitempty"`
	AdoptionStatus string `json:"adoptionStatus"`
	StatusStart    string `json:"statusStartDate"`
	Notes          string `json:"notes"`
}

type caseItem struct {
	Identifier   string `json:"identifier"`
	URI          string `json:"uri"`
	Full         string `json:"fullStatement"`
	Abbreviated  string `json:"abbreviatedStatement,omitempty"`
	Type         string `json:"CFItemType"`
	CodingScheme string `json:"humanCodingScheme"`
	Enumeration  string `json:"listEnumeration"`
	Notes        string `json:"notes,omitempty"`
	Language     string `json:"language,omitempty"`
	LastChange   string `json:"lastChangeDateTime"`
}

type caseAssociation struct {
	Identifier  string   `json:"identifier"`
	URI         string   `json:"uri"`
	Type        string   `json:"associationType"`
	Sequence    int      `json:"sequenceNumber"`
	Origin      caseNode `json:"originNodeURI"`
	Destination caseNode `json:"destinationNodeURI"`
	LastChange  string   `json:"lastChangeDateTime"`
}

type caseNode struct {
	Title      string `json:"title"`
	Identifier string `json:"identifier"`
	URI        string `json:"uri"`
}

// CaseExport is what of a framework goes into a CASE file, and who published which
// version of it when.
type CaseExport struct {
	Framework *Framework
	Creator   string
	Version   string
	Published time.Time
}

type caseWriter struct {
	of   string // id of the framework
	when string
	lang string
	out  casePackage
}

// JSON writes the competencies as a CFPackage.
func (e CaseExport) JSON() ([]byte, error) {
	f := e.Framework
	w := &caseWriter{of: f.About.ID, when: e.Published.UTC().Format("2006-01-02T15:04:05Z"), lang: f.About.Language}
	root := w.node("document", "", f.About.Title)
	w.out.Document = caseDocument{
		Identifier: root.Identifier, URI: root.URI, CaseVersion: "1.1", Creator: e.Creator, Title: f.About.Title, LastChange: w.when, Language: f.About.Language,
		Version: e.Version, AdoptionStatus: "Adopted", StatusStart: w.when[:10], Notes: CaseNotes,
	}
	for i, a := range f.Areas {
		area := w.item("area", a.ID, root, i+1, caseItem{Full: a.Name, Type: "Area", CodingScheme: a.ID})
		n := 0
		for _, c := range f.Competencies {
			if c.Area == a.ID {
				n++
				w.competency(f, c, area, n)
			}
		}
	}
	return json.MarshalIndent(w.out, "", "  ")
}

func (w *caseWriter) competency(f *Framework, c Competency, area caseNode, n int) {
	notes := c.Matters
	if len(c.Codes) > 0 {
		notes = strings.TrimSpace(notes + " Elsewhere: " + strings.Join(c.Codes, "; ") + ".")
	}
	own := w.item("competency", c.ID, area, n, caseItem{Full: c.Name + ": " + c.Meaning, Abbreviated: c.Name, Type: "Competency", CodingScheme: c.ID, Notes: notes})
	at := 0
	for _, scale := range []struct {
		id, kind string
		levels   []Level
	}{{"application", "Application level", c.Application}, {"knowledge", "Knowledge level", c.Knowledge}} {
		for _, l := range scale.levels {
			at++
			id := c.ID + "/" + scale.id + "/" + itoa(l.Level)
			w.item("level", id, own, at, caseItem{Full: l.Observable, Abbreviated: f.LevelName(scale.id, l.Level), Type: scale.kind, CodingScheme: strings.ReplaceAll(id, "/", ".")})
		}
	}
}

func (w *caseWriter) node(kind, id, title string) caseNode {
	u := uuid.NewSHA1(caseSpace, []byte(w.of+"/"+kind+"/"+id)).String()
	return caseNode{Title: title, Identifier: u, URI: "urn:uuid:" + u}
}

// item adds an item under another, in its place among those.
func (w *caseWriter) item(kind, id string, under caseNode, place int, it caseItem) caseNode {
	title := it.Abbreviated
	if title == "" {
		title = it.Full
	}
	n := w.node(kind, id, title)
	it.Identifier, it.URI, it.Enumeration, it.Language, it.LastChange = n.Identifier, n.URI, strconv.Itoa(place), w.lang, w.when
	w.out.Items = append(w.out.Items, it)
	link := w.node("child", kind+"/"+id, "")
	w.out.Associations = append(w.out.Associations, caseAssociation{link.Identifier, link.URI, "isChildOf", place, n, under, w.when})
	return n
}
