package app

import (
	"bytes"

	"cairn/internal/cpd"
	"cairn/internal/transfer"
	"cairn/internal/transfer/sheet"
)

// sheets writes other features' tables with what the exports of the register are
// written with: no text becomes a formula.
type sheets struct{}

// Write implements cpd.Sheets.
func (sheets) Write(format, title string, header []string, rows [][]cpd.Cell) ([]byte, string, error) {
	// A worksheet's name has at most 31 characters.
	if r := []rune(title); len(r) > 31 {
		title = string(r[:31])
	}
	t := sheet.Table{Title: title, Header: header, Rows: func(yield func([]sheet.Cell, error) bool) {
		for _, row := range rows {
			cells := make([]sheet.Cell, len(row))
			for i, c := range row {
				cells[i] = sheet.Cell(c)
			}
			if !yield(cells, nil) {
				return
			}
		}
	}}
	var b bytes.Buffer
	if transfer.Format(format) == transfer.XLSX {
		err := t.WriteXLSX(&b)
		return b.Bytes(), transfer.XLSX.MediaType(), err
	}
	err := t.WriteCSV(&b)
	return b.Bytes(), transfer.CSV.MediaType(), err
}
