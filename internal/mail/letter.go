package mail

import (
	"html"
	"strings"
)

// Text is the letter as plain text.
func (l Letter) Text() string {
	parts := append([]string{}, l.Paragraphs...)
	if l.Link != "" {
		parts = append(parts, l.Does+":\n"+l.Link)
	}
	for _, x := range l.List {
		parts = append(parts, "* "+x.Says+"\n  "+x.Link)
	}
	if l.Why != "" {
		parts = append(parts, "-- \n"+l.Why)
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// HTML is the letter as a page of its own. It needs no file from anywhere: mail
// programs load none without asking, and asking would tell that it was opened.
func (l Letter) HTML() string {
	var b strings.Builder
	put := func(before, text, after string) {
		b.WriteString(before)
		b.WriteString(html.EscapeString(text))
		b.WriteString(after)
	}
	put(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>`, l.Subject, `</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#15191c;font:16px/1.5 sans-serif">
<div style="max-width:560px;margin:0 auto">
`)
	for _, p := range l.Paragraphs {
		put(`<p style="margin:0 0 16px">`, p, "</p>\n")
	}
	for _, x := range l.List {
		put(`<p style="margin:0 0 12px"><a href="`, x.Link, `" style="color:#14558f">`)
		put("", x.Says, "</a></p>\n")
	}
	if l.Link != "" {
		put(`<p style="margin:24px 0"><a href="`, l.Link, `" style="display:inline-block;padding:10px 18px;background:#14558f;color:#ffffff;text-decoration:none;border-radius:6px">`)
		put("", l.Does, "</a></p>\n")
		put(`<p style="margin:0 0 16px;color:#56616a;font-size:14px">If the button does nothing, open this address:<br>`, l.Link, "</p>\n")
	}
	if l.Why != "" {
		put(`<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #d5dbe0;color:#56616a;font-size:14px">`, l.Why, "</p>\n")
	}
	b.WriteString("</div></body></html>\n")
	return b.String()
}
