package paper

import (
	"encoding/json"
	"strings"
)

// The shapes below are those of JSON Resume, schema v1.0.0 (jsonresume.org/schema):
// every field is optional there, dates are a year, a month or a day.

type resume struct {
	Schema       string              `json:"$schema"`
	Basics       resumeBasics        `json:"basics"`
	Work         []resumeWork        `json:"work,omitempty"`
	Projects     []resumeProject     `json:"projects,omitempty"`
	Skills       []resumeSkill       `json:"skills,omitempty"`
	Education    []resumeEducation   `json:"education,omitempty"`
	Certificates []resumeCertificate `json:"certificates,omitempty"`
	Languages    []resumeLanguage    `json:"languages,omitempty"`
	Meta         resumeMeta          `json:"meta"`
}

type resumeBasics struct {
	Name     string          `json:"name,omitempty"`
	Label    string          `json:"label,omitempty"`
	Email    string          `json:"email,omitempty"`
	Phone    string          `json:"phone,omitempty"`
	URL      string          `json:"url,omitempty"`
	Summary  string          `json:"summary,omitempty"`
	Location *resumeLocation `json:"location,omitempty"`
}

type resumeLocation struct {
	City string `json:"city"`
}

type resumeWork struct {
	Name      string `json:"name,omitempty"`
	Position  string `json:"position,omitempty"`
	StartDate string `json:"startDate,omitempty"`
	EndDate   string `json:"endDate,omitempty"`
	Summary   string `json:"summary,omitempty"`
}

type resumeProject struct {
	Name        string   `json:"name,omitempty"`
	Description string   `json:"description,omitempty"`
	StartDate   string   `json:"startDate,omitempty"`
	EndDate     string   `json:"endDate,omitempty"`
	Roles       []string `json:"roles,omitempty"`
}

type resumeSkill struct {
	Name     string   `json:"name,omitempty"`
	Level    string   `json:"level,omitempty"`
	Keywords []string `json:"keywords,omitempty"`
}

type resumeEducation struct {
	Institution string `json:"institution,omitempty"`
	Area        string `json:"area,omitempty"`
	StudyType   string `json:"studyType,omitempty"`
	StartDate   string `json:"startDate,omitempty"`
	EndDate     string `json:"endDate,omitempty"`
}

type resumeCertificate struct {
	Name   string `json:"name,omitempty"`
	Date   string `json:"date,omitempty"`
	Issuer string `json:"issuer,omitempty"`
}

type resumeLanguage struct {
	Language string `json:"language,omitempty"`
	Fluency  string `json:"fluency,omitempty"`
}

type resumeMeta struct {
	Version      string `json:"version"`
	LastModified string `json:"lastModified"`
}

// Resume writes a CV as JSON Resume.
func (p *Paper) Resume() ([]byte, error) {
	r := resume{
		Schema: "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
		Basics: resumeBasics{
			Name: p.Values["name"], Label: p.Values["label"], Email: p.Values["email"], Phone: p.Values["phone"], URL: p.Values["url"], Summary: p.Values["summary"],
		},
		Meta: resumeMeta{Version: "v1.0.0", LastModified: p.Today + "T00:00:00Z"},
	}
	if city := p.Values["city"]; city != "" {
		r.Basics.Location = &resumeLocation{city}
	}
	for _, l := range p.In("work") {
		r.Work = append(r.Work, resumeWork{l.Get("organisation"), l.Get("title"), l.Get("from"), l.Get("to"), l.Get("summary")})
	}
	for _, l := range p.In("project") {
		r.Projects = append(r.Projects, resumeProject{l.Get("title"), l.Get("summary"), l.Get("from"), l.Get("to"), listed(l.Get("role"))})
	}
	for _, l := range p.In("skill") {
		r.Skills = append(r.Skills, resumeSkill{l.Get("title"), l.Get("level"), listed(l.Get("keywords"))})
	}
	for _, l := range p.In("education") {
		r.Education = append(r.Education, resumeEducation{l.Get("organisation"), l.Get("title"), l.Get("degree"), l.Get("from"), l.Get("to")})
	}
	for _, l := range p.In("certificate") {
		r.Certificates = append(r.Certificates, resumeCertificate{l.Get("title"), l.Get("from"), l.Get("organisation")})
	}
	for _, l := range p.In("language") {
		r.Languages = append(r.Languages, resumeLanguage{l.Get("title"), l.Get("level")})
	}
	return json.MarshalIndent(r, "", "  ")
}

// listed reads words with commas between them.
func listed(s string) (out []string) {
	for _, w := range strings.Split(s, ",") {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}
