// Command cairn runs the work of a Project Management Office and shows the
// people who do it where they stand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // zones by name on machines that have none

	"github.com/alecthomas/kong"

	"cairn/internal/app"
	"cairn/internal/kit/errs"
)

// version is set by the build; otherwise it is the module's.
var version = ""

// common are the settings of every command that opens a database.
type common struct {
	DB   string `help:"Database: the path of a SQLite file, or a postgres:// address." env:"CAIRN_DB" default:"cairn.db" placeholder:"FILE|URL"`
	Zone string `help:"Time zone that decides what today is." name:"tz" env:"CAIRN_TZ" default:"UTC" placeholder:"AREA/CITY"`
	Log  string `help:"Least level of the log: debug, info, warn, error." env:"CAIRN_LOG" default:"info" enum:"debug,info,warn,error"`
}

func (c common) config() (app.Config, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return app.Config{}, fmt.Errorf("--tz %s: there is no such time zone; write for example Europe/London", c.Zone)
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		return app.Config{}, err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	return app.Config{DB: c.DB, Zone: zone, Log: log, Version: versionText()}, nil
}

func (c common) open(ctx context.Context) (*app.App, error) {
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, cfg)
}

// calling are the settings of the API and of webhooks.
type calling struct {
	Rate     int      `help:"Requests that an API token may make in a minute; -1 is no limit." name:"api-rate" env:"CAIRN_API_RATE" default:"1200" placeholder:"N"`
	SMTP     string   `help:"Mail server: smtp://NAME:PASSWORD@HOST:587 (STARTTLS), smtps://...:465, or smtp+plain://HOST:25 without TLS. Without one, links are handed over." name:"smtp" env:"CAIRN_SMTP" placeholder:"URL"`
	MailFrom string   `help:"From whom mail comes, such as 'Cairn <cairn@example.org>'." name:"mail-from" env:"CAIRN_MAIL_FROM" placeholder:"ADDRESS"`
	Hooks    []string `help:"Private networks that webhooks may be delivered to." name:"webhook-allow" env:"CAIRN_WEBHOOK_ALLOW" placeholder:"CIDR,..."`
}

func (c calling) put(cfg *app.Config) (err error) {
	cfg.Rate = c.Rate
	if cfg.Mailer, err = app.NewMailer(c.SMTP, c.MailFrom); err != nil {
		return fmt.Errorf("--smtp: %w", err)
	}
	for _, s := range c.Hooks {
		network, e := netip.ParsePrefix(s)
		if e != nil {
			return fmt.Errorf("--webhook-allow %s: write a network such as 10.0.0.0/8", s)
		}
		cfg.Hooks = append(cfg.Hooks, network)
	}
	return nil
}

// keeping are the settings of the files of documents.
type keeping struct {
	FileLimit int    `help:"Largest file of a document, in MB." env:"CAIRN_FILE_LIMIT" default:"25" placeholder:"MB"`
	Scan      string `help:"Virus scanner for the files of documents: tcp://HOST:PORT or unix:PATH of a clamd, or a command that reads the file. A file that it did not find clean is refused." env:"CAIRN_SCAN" placeholder:"ADDRESS|COMMAND"`
}

func (k keeping) put(cfg *app.Config) (err error) {
	if k.FileLimit < 1 || k.FileLimit > 1024 {
		return fmt.Errorf("--file-limit %d: write megabytes from 1 to 1024", k.FileLimit)
	}
	cfg.FileLimit = int64(k.FileLimit) << 20
	if cfg.Scanner, err = app.NewScanner(k.Scan); err != nil {
		return fmt.Errorf("--scan %w", err)
	}
	return nil
}

// listening are the settings of the commands that answer HTTP.
type listening struct {
	Listen  string `help:"Address to listen on." env:"CAIRN_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	URL     string `help:"Public address, for links; with https, cookies travel over TLS only." env:"CAIRN_URL" placeholder:"URL"`
	Metrics string `help:"Address for Prometheus metrics; none unless set." env:"CAIRN_METRICS" placeholder:"HOST:PORT"`
}

type commands struct {
	Demo      demoCmd      `cmd:"" help:"Look around: start Cairn with an invented organisation."`
	Serve     serveCmd     `cmd:"" help:"Run Cairn for your organisation."`
	Migrate   migrateCmd   `cmd:"" help:"Bring a database to this version's schema and say what was done."`
	Import    importCmd    `cmd:"" help:"Bring a spreadsheet in."`
	Export    exportCmd    `cmd:"" help:"Write the register as a file."`
	Backup    backupCmd    `cmd:"" help:"Write everything into one archive, while Cairn is in use."`
	Restore   restoreCmd   `cmd:"" help:"Fill an empty database from an archive, and check it."`
	Verify    verifyCmd    `cmd:"" help:"Check that the activity record is whole, and the files of documents."`
	Framework frameworkCmd `cmd:"" help:"Check, export and import the career framework."`
	Version   versionCmd   `cmd:"" help:"Say which version this is."`
}

// exit is an exit status without further words.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cli commands
	status := -1
	parser, err := kong.New(&cli, kong.Name("cairn"), kong.Writers(out, errOut), kong.Exit(func(code int) { status = code }),
		kong.Description("Cairn runs the work of a PMO; what people did there shows what they can do next.\n\nBegin with \"cairn demo\". Every setting can also be given by its environment variable."),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))
	if err != nil {
		_, _ = fmt.Fprintln(errOut, "cairn:", err)
		return 1
	}
	parsed, err := parser.Parse(args)
	if status >= 0 {
		return status
	}
	if err != nil {
		_, _ = fmt.Fprintf(errOut, "cairn: %v\nTry: cairn --help\n", err)
		return 1
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.BindTo(out, (*io.Writer)(nil))
	return statusOf(parsed.Run(), errOut)
}

func statusOf(err error, errOut io.Writer) int {
	var code exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Kind != errs.Internal {
		if e.Message != "" {
			_, _ = fmt.Fprintln(errOut, "cairn:", e.Message)
		}
		for _, f := range e.Fields {
			_, _ = fmt.Fprintf(errOut, "cairn: %s: %s\n", f.Name, f.Message)
		}
		return 2
	}
	_, _ = fmt.Fprintln(errOut, "cairn:", err)
	return 1
}

func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "development " + s.Value[:12]
		}
	}
	return "development"
}

type versionCmd struct{}

// Run says the version.
func (versionCmd) Run(out io.Writer) error {
	_, err := fmt.Fprintln(out, "cairn", versionText())
	return err
}
