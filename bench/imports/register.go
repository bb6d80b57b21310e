package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"github.com/xuri/excelize/v2"
)

// columns of the made register: what Cairn takes, and as many more that it does not.
var columns = []string{
	"Project id", "Project name", "Department", "Programme", "Description", "Status", "Phase", "RAG rating", "Start date", "End date",
	"Whole life cost (£m)", "Forecast (£m)", "Commentary", "Code", "Category", "Report date",
}

// register makes the rows of a register of n projects, the same for each seed.
// From one release to the next a tenth of them change, few go and few come.
func register(n, width, release int, row func([]string) error) error {
	header := append([]string{}, columns...)
	for i := len(header); i < width; i++ {
		header = append(header, fmt.Sprintf("Further %d", i))
	}
	if err := row(header); err != nil {
		return err
	}
	gone := 53 * release
	for i := gone; i < n+31*release; i++ {
		if err := row(project(i, width, release)); err != nil {
			return err
		}
	}
	return nil
}

func project(i, width, release int) []string {
	seed := uint64(0)
	if i%10 == 3 {
		seed = uint64(release)
	}
	r := rand.New(rand.NewPCG(uint64(i), seed))
	day := func(from int) string {
		return fmt.Sprintf("%04d-%02d-%02d", from+r.IntN(5), 1+r.IntN(12), 1+r.IntN(28))
	}
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	out := []string{
		fmt.Sprintf("%03d-%09d", i%40, i), fmt.Sprintf("Renewal of works no. %d", i), fmt.Sprintf("Department %02d", i%40), fmt.Sprintf("Programme %02d", i%25),
		fmt.Sprintf("To renew the works of site %d, so that supply goes on through the dry months of the year.", i), pick("Live", "Proposed", "Closed"),
		pick("Define", "Deliver", "Close"), pick("Green", "Amber", "Red", "Amber/Red", "Amber/Green"), day(2018), day(2025),
		fmt.Sprintf("£%d.%02d", r.IntN(900), r.IntN(100)), fmt.Sprintf("£%d.%02d", r.IntN(900), r.IntN(100)),
		fmt.Sprintf("The rating of %d reflects what was agreed in the spring.", i), fmt.Sprintf("C-%06d", i), pick("Build", "Renew"), fmt.Sprintf("2025-%02d-28", 3+7*release),
	}
	for len(out) < width {
		out = append(out, fmt.Sprintf("%d", r.IntN(100_000)))
	}
	return out
}

func writeCSV(path string, n, width, release int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, f) }()
	w := csv.NewWriter(f)
	if err := register(n, width, release, w.Write); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

func writeXLSX(path string, n, width, release int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, f) }()
	book := excelize.NewFile()
	defer func() { err = closed(err, book) }()
	out, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	number := 0
	err = register(n, width, release, func(cells []string) error {
		number++
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = c
		}
		return out.SetRow(fmt.Sprintf("A%d", number), row)
	})
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return book.Write(f)
}

func closed(err error, c io.Closer) error {
	if e := c.Close(); err == nil {
		return e
	}
	return err
}
