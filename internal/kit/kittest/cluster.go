package kittest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster makes a cluster in its first argument's folder, starts it on a socket
// there and removes everything when its input ends, which it does when the test
// process is gone, however it went. What the server says stays in the log.
const cluster = `
dir=$1 bin=$2
exec >"$dir/log" 2>&1
trap 'rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync || { touch "$dir/failed"; cat >/dev/null; exit 1; }
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
	-c full_page_writes=off -c max_connections=300 </dev/null &
cat >/dev/null
kill -INT $!
wait $!
`

// startLimit bounds the wait for a private server; it usually takes 2 seconds.
const startLimit = time.Minute

// leash is the private server's input. It is kept here because a pipe that nobody
// refers to is closed with the next garbage collection, and the server goes with it.
var leash io.Closer //nolint:unused // to be referred to is its use

// privateServer starts one server per test process and gives its address.
var privateServer = sync.OnceValues(func() (string, error) {
	bin, err := postgresBin("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "cairn-pg-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("/bin/sh", "-c", cluster, "sh", dir, bin) // lives as long as the process, see cluster
	cmd.Dir = "/"
	if err := asOrdinaryUser(cmd, dir); err != nil {
		return "", err
	}
	if leash, err = cmd.StdinPipe(); err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	address := "postgres://postgres@/postgres?host=" + url.QueryEscape(dir)
	return address, answers(address, dir)
})

// postgresBin finds the newest installed server's programs.
func postgresBin(pattern string) (string, error) {
	found, err := filepath.Glob(filepath.Join(pattern, "initdb"))
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", errors.New("it is not installed (apt-get install postgresql), and CAIRN_TEST_POSTGRES names no server")
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return major(a) - major(b) })
	return filepath.Dir(newest), nil
}

// major is 15 for /usr/lib/postgresql/15/bin/initdb, 0 where there is no number.
func major(initdb string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return n
}

// asOrdinaryUser gives up root's rights, because PostgreSQL refuses to run with
// them.
func asOrdinaryUser(cmd *exec.Cmd, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return fmt.Errorf("no user to run it as: %w", err)
		}
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return os.Chown(dir, int(uid), int(gid))
}

// answers waits until the server takes connections or has given up.
func answers(address, dir string) error {
	ctx, stop := context.WithTimeout(context.Background(), startLimit)
	defer stop()
	for {
		conn, err := pgx.Connect(ctx, address)
		if err == nil {
			return conn.Close(ctx)
		}
		if _, failed := os.Stat(filepath.Join(dir, "failed")); failed == nil || ctx.Err() != nil {
			said, _ := os.ReadFile(filepath.Join(dir, "log"))
			return fmt.Errorf("it does not start: %w\n%s", err, said)
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}
