package app

import (
	"bytes"

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
	var b bytes.Buffer
	err := sheet.WriteBook(&b, tables...)
	return b.Bytes(), transfer.XLSX.MediaType(), err
}

func tableOf[C any](title string, header []string, rows [][]C, cell func(C) sheet.Cell) *sheet.Table {
	// A worksheet's name has at most 31 characters.
	if r := []rune(title); len(r) > 31 {
		title = string(r[:31])
	}
	return &sheet.Table{Title: title, Header: header, Rows: func(yield func([]sheet.Cell, error) bool) {
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
