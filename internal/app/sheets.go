package app

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"cairn/internal/career/paper"
	"cairn/internal/cpd"
	"cairn/internal/transfer"
	"cairn/internal/transfer/sheet"
)

// sheets writes other features' tables with what the exports of the register are
// written with: no text becomes a formula.
type sheets struct{}

// Write implements cpd.Sheets. What is no workbook has the first table alone.
func (sheets) Write(format string, tables ...cpd.Sheet) ([]byte, string, error) {
	list := make([]*sheet.Table, len(tables))
	for i, t := range tables {
		list[i] = tableOf(t.Title, t.Header, t.Rows, func(c cpd.Cell) sheet.Cell { return sheet.Cell(c) })
	}
	if transfer.Format(format) == transfer.XLSX {
		return workbook(list)
	}
	var b bytes.Buffer
	err := list[0].WriteCSV(&b)
	return b.Bytes(), transfer.CSV.MediaType(), err
}

// Workbook implements career.Sheets.
func (sheets) Workbook(tables []paper.Sheet) ([]byte, string, error) {
	list := make([]*sheet.Table, len(tables))
	for i, t := range tables {
		list[i] = tableOf(t.Title, t.Header, t.Rows, func(c paper.Cell) sheet.Cell { return sheet.Cell(c) })
	}
	return workbook(list)
}

func workbook(tables []*sheet.Table) ([]byte, string, error) {
	for i, t := range tables { // two of one name would be one worksheet
		if slices.ContainsFunc(tables[:i], func(o *sheet.Table) bool { return strings.EqualFold(o.Title, t.Title) }) {
			t.Title = "Sheet " + strconv.Itoa(i+1)
		}
	}
	var b bytes.Buffer
	err := sheet.WriteBook(&b, tables...)
	return b.Bytes(), transfer.XLSX.MediaType(), err
}

// worksheet is what a worksheet can be called: at most 31 characters as UTF-16 counts
// them, none of those that a formula gives a meaning, no apostrophe at an end. What is
// left of nothing is "Sheet".
func worksheet(title string) string {
	var out []rune
	length := 0
	for _, r := range title {
		if strings.ContainsRune(`:\/?*[]`, r) || unicode.IsControl(r) {
			r = ' '
		}
		if length += utf16.RuneLen(r); length > 31 {
			break
		}
		out = append(out, r)
	}
	if title = strings.Trim(string(out), "' "); title == "" {
		return "Sheet"
	}
	return title
}

func tableOf[C any](title string, header []string, rows [][]C, cell func(C) sheet.Cell) *sheet.Table {
	return &sheet.Table{Title: worksheet(title), Header: header, Rows: func(yield func([]sheet.Cell, error) bool) {
		for _, row := range rows {
			cells := make([]sheet.Cell, len(row))
			for i, c := range row {
				cells[i] = cell(c)
			}
			if !yield(cells, nil) {
				return
			}
		}
	}}
}
