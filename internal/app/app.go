// Package app is the composition root: it alone knows all features and puts
// them together, one block each.
package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"cairn/internal/bodies"
	"cairn/internal/bodies/bodiesweb"
	"cairn/internal/career"
	"cairn/internal/career/careerweb"
	"cairn/internal/cpd"
	"cairn/internal/cpd/cpdweb"
	"cairn/internal/development"
	"cairn/internal/development/developmentweb"
	"cairn/internal/document"
	"cairn/internal/document/documentweb"
	"cairn/internal/document/scan"
	"cairn/internal/exchange"
	"cairn/internal/exchange/exchangeweb"
	"cairn/internal/governance"
	"cairn/internal/governance/governanceweb"
	"cairn/internal/identity"
	"cairn/internal/identity/identityweb"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/blob"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/jobs"
	"cairn/internal/kit/migrate"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/web"
	"cairn/internal/kit/work"
	"cairn/internal/mail"
	"cairn/internal/mail/mailweb"
	"cairn/internal/mentoring"
	"cairn/internal/mentoring/mentoringweb"
	"cairn/internal/opportunity"
	"cairn/internal/opportunity/opportunityweb"
	"cairn/internal/opposites"
	"cairn/internal/opposites/oppositesweb"
	"cairn/internal/organisation"
	"cairn/internal/organisation/organisationweb"
	"cairn/internal/portfolio"
	"cairn/internal/portfolio/portfolioweb"
	"cairn/internal/raid"
	"cairn/internal/raid/raidweb"
	"cairn/internal/reporting"
	"cairn/internal/reporting/reportingweb"
	"cairn/internal/transfer"
	"cairn/internal/transfer/transferweb"
	"cairn/internal/webhook"
	"cairn/internal/webhook/webhookweb"
)

// Config is what a person can set.
type Config struct {
	DB      string // path of a SQLite file, or a postgres:// address
	Listen  string
	Metrics string // address of the metrics listener; empty for none
	URL     string // public address, for links
	Zone    *time.Location
	Demo    bool
	Version string
	Log     *slog.Logger
	Clock   *clock.Source  // nil is the system's
	Rate    int            // requests of an API token in a minute; 0 is the usual, less is without limit
	Mailer  mail.Sender    // of mail; nil is none
	Hooks   []netip.Prefix // private networks that webhooks may reach

	FileLimit int64        // of a document's file, in bytes; 0 is the usual
	Scanner   scan.Scanner // of documents' files; nil is none
}

// App is Cairn, put together.
type App struct {
	Config
	Store     *sqldb.DB
	Unit      *work.Unit
	People    *identity.Service
	Portfolio *portfolio.Service
	Transfer  *transfer.Service
	Reporting *reporting.Service
	Career    *career.Service
	Exchange  *exchange.Service
	Webhooks  *webhook.Service
	// Governance asks each project for the least that is enough.
	Governance    *governance.Service
	Documents     *document.Service
	Raid          *raid.Service
	Bodies        *bodies.Service
	Opposites     *opposites.Service
	CPD           *cpd.Service
	Opportunities *opportunity.Service
	Mail          *mail.Service
	Development   *development.Service
	Mentoring     *mentoring.Service
	// Organisation holds what is settled for all.
	Organisation *organisation.Service
	Org          string // the organisation's name until one is settled
}

// Policy is the one table of all rules.
func Policy() *authz.Policy {
	return authz.NewPolicy(
		identity.Rules,
		portfolio.Rules,
		transfer.Rules,
		reporting.Rules,
		career.Rules,
		opposites.Rules,
		cpd.Rules,
		career.FrameworkRules,
		career.CoverageRules,
		exchange.Rules,
		webhook.Rules,
		organisation.Rules,
		raid.Rules,
		bodies.Rules,
		document.Rules,
		governance.Rules,
		governance.GateRules,
		opportunity.Rules,
		mail.Rules,
		development.Rules,
		mentoring.Rules,
		deskRules,
	)
}

// keepTables are the tables whose rows are no changes of state.
func keepTables() []string {
	return slices.Concat(
		[]string{"instance", "activity_cursor", "api_once"},
		identity.KeepTables,
		portfolio.KeepTables,
		transfer.KeepTables,
		reporting.KeepTables,
		career.KeepTables,
		opposites.KeepTables,
		career.FrameworkKeepTables,
		webhook.KeepTables,
		blob.KeepTables,
		governance.KeepTables,
		opportunity.KeepTables,
		mail.KeepTables,
		development.KeepTables,
		mentoring.KeepTables,
		jobs.KeepTables,
	)
}

// Open opens and migrates the database and puts the features together.
func Open(ctx context.Context, cfg Config) (*App, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.System()
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	db, err := sqldb.Open(ctx, cfg.DB)
	if err != nil {
		return nil, err
	}
	if _, err := migrate.Up(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.Optimise(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a := build(cfg, db)
	err = a.Portfolio.EnsureTally(ctx)
	if err == nil && !cfg.Demo { // the demonstration has had its methods for two years
		err = a.Governance.EnsureMethods(ctx)
	}
	if err == nil && !cfg.Demo {
		err = a.Career.EnsureFramework(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

// build puts the features together over an open database.
func build(cfg Config, db *sqldb.DB) *App {
	a := &App{Config: cfg, Store: db}
	a.Unit = work.New(db, cfg.Clock, Policy(), cfg.Zone, keepTables()...)
	a.Organisation = organisation.NewService(a.Unit, cfg.Zone)
	a.Unit.ZoneFrom(a.Organisation.Zone)
	a.People = identity.NewService(a.Unit)
	if cfg.Rate != 0 {
		a.People.LimitRate(max(cfg.Rate, 0))
	}
	a.Development = development.NewService(a.Unit)
	a.Mail = mail.NewService(a.Unit, cfg.Mailer)
	a.People.PostBy(postedLinks{a})
	a.Portfolio = portfolio.NewService(a.Unit)
	a.Reporting = reporting.NewService(a.Unit, reportedFacts{a.Portfolio})
	a.Career = career.NewService(a.Unit)
	a.Career.LimitTries(a.People)
	a.Career.PapersWith(sheets{}, a.OrgName)
	a.Opposites = opposites.NewService(a.Unit)
	a.CPD = cpd.NewService(a.Unit, sheets{})
	a.Exchange = exchange.NewService(a.Unit)
	a.Webhooks = webhook.NewService(a.Unit, webhookweb.NewSender(cfg.Hooks), cfg.Hooks)
	a.Raid = raid.NewService(a.Unit)
	a.Bodies = bodies.NewService(a.Unit, meetingActions{a.Raid})
	a.Governance = governance.NewService(a.Unit)
	a.Transfer = transfer.NewService(a.Unit, projectSink{a.Portfolio, a.People}, projectOrigin{a.Portfolio})
	a.Transfer.Also(transfer.Gates, gateSink{a.Governance})
	a.Documents = document.NewService(a.Unit, document.Options{Scanner: cfg.Scanner, Limit: cfg.FileLimit, Asked: askedDocuments{a.Governance}})
	a.Governance.PapersFrom(papers{a})
	a.Governance.ActionsTo(governedActions{a.Raid})
	a.Governance.BodiesFrom(seats{})
	a.Governance.GatesWith(governance.GateDoors{Phases: registerPhase{a.Portfolio}, Bodies: gateBodies{}, Decisions: gateDecisions{a.Bodies}})
	a.Opportunities = opportunity.NewService(a.Unit, placements{a.Portfolio})
	a.Career.TakenFrom(takers{a.Opportunities})
	a.Mentoring = mentoring.NewService(a.Unit, mentoringTopics{a.Career})
	a.Mail.RemindOf(a.reminders()...)
	a.People.Holders(
		a.Portfolio,
		a.Reporting,
		a.Exchange,
		a.Transfer,
		a.Career, a.Career.FrameworkHolder(),
		a.Opposites,
		a.CPD,
		a.Webhooks,
		a.Raid,
		a.Bodies,
		a.Documents,
		a.Opportunities,
		a.Mail,
		a.Development,
		a.Mentoring,
		a.Governance, a.Governance.GateHolder(),
	)
	return a
}

// Close closes the database.
func (a *App) Close() error { return a.Store.Close() }

// Modules are the web halves of the features.
func (a *App) Modules() []web.Module {
	return []web.Module{
		a.deskModule(),
		portfolioweb.Module(a.Portfolio),
		reportingweb.Module(a.Reporting),
		governanceweb.Module(a.Governance),
		governanceweb.GateModule(a.Governance),
		documentweb.Module(a.Documents),
		raidweb.Module(a.Raid),
		bodiesweb.Module(a.Bodies),
		transferweb.Module(a.Transfer),
		exchangeweb.Module(a.Exchange),
		careerweb.Module(a.Career, a.URL),
		cpdweb.Module(a.CPD),
		oppositesweb.Module(a.Opposites),
		developmentweb.Module(a.Development),
		opportunityweb.Module(a.Opportunities, matching{a.Career}, a.Career),
		mentoringweb.Module(a.Mentoring, mentoringGaps{a.Career}),
		webhookweb.Module(a.Webhooks),
		identityweb.Module(a.People, a.URL, a.Demo),
		organisationweb.Module(a.Organisation),
		mailweb.Module(a.Mail, a.OrgName),
	}
}

// Server answers HTTP.
func (a *App) Server() *web.Server {
	return web.NewServer(web.Config{
		Org: a.OrgName, Zone: a.Unit.Zone, Demo: a.Demo, Secure: strings.HasPrefix(a.URL, "https://"), Policy: a.Unit.Policy(), Clock: a.Clock,
		Identity: identityweb.Identify{People: a.People}, Log: a.Log, Version: a.Version, URL: a.URL,
		Answers: answers{a.Unit},
	}, a.Modules()...)
}

// OrgName is the organisation's name: the settled one, or the one that the
// program was started with.
func (a *App) OrgName() string {
	if name := a.Organisation.Name(); name != "" {
		return name
	}
	return a.Org
}

func (a *App) setting(ctx context.Context, name string) (value string, err error) {
	err = a.Store.Read.QueryRowContext(ctx, `SELECT value FROM instance WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

func (a *App) set(ctx context.Context, name, value string) error {
	return a.Unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
		_, err := k.ExecContext(ctx, `INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}

// Ready reports whether requests can be answered: the database answers and is
// at this program's schema.
func (a *App) Ready(ctx context.Context) error {
	have, want, err := migrate.Version(ctx, a.Store)
	if err == nil && have != want {
		err = fmt.Errorf("the database is at schema %d, this program at %d", have, want)
	}
	return err
}

// Handler is the site with its health answers.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.Ready(r.Context()); err != nil {
			a.Log.Error("not ready", "error", err.Error())
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ready\n"))
	})
	mux.Handle("/", a.Server().Handler())
	return mux
}
