// Starts the program under test and knows when it is ready, what it logged and
// how it ended.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { access, copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

// What a failed test has left running. It ends with the file: a program that
// nobody stops would keep the file from ending, and the run with it.
const running = new Map() // the process and the promise of its end
const stores = new Set()
after(async () => {
  for (const child of running.keys()) child.kill('SIGKILL')
  await Promise.all(running.values())
  for (const store of stores) await store.drop()
})
process.on('exit', () => { for (const child of running.keys()) child.kill('SIGKILL') })

// The databases that this run covers, the others with their reason on the error
// output, so that nothing is left out silently. CAIRN_E2E_DB names one of them:
// scripts/e2e.sh runs the two halves side by side.
export function engines() {
  const one = process.env.CAIRN_E2E_DB
  if (one) {
    assert.ok(one === 'sqlite' || (one === 'postgres' && process.env.CAIRN_TEST_POSTGRES), `CAIRN_E2E_DB=${one}: no such database, or no server`)
    return [one]
  }
  if (process.env.CAIRN_TEST_POSTGRES) return ['sqlite', 'postgres']
  assert.ok(!process.env.CAIRN_REQUIRE_ALL, 'CAIRN_REQUIRE_ALL asks for PostgreSQL: run scripts/e2e.sh')
  console.error('PostgreSQL is left out: CAIRN_TEST_POSTGRES names no server (make e2e starts one)')
  return ['sqlite']
}

// startCairn runs `cairn demo` on an empty database of its own. Options: db
// ('sqlite' or 'postgres'), projects (how many), args (more flags), env.
export async function startCairn({ db = 'sqlite', projects, args = [], env = {} } = {}) {
  const same = args.length === 0 && projects ? projects : 0
  const store = db === 'postgres' ? await freshPostgres(same) : await freshFile(same)
  stores.add(store)
  const drop = () => { stores.delete(store); return store.drop() }
  try {
    const flags = ['demo', '--db', store.dsn, '--listen', '127.0.0.1:0', ...(projects ? ['--projects', String(projects)] : []), ...args]
    const program = await startProgram(cairn, flags, { env, ready: '/readyz' })
    const stop = async () => {
      try { await program.stop() } finally { await drop() }
    }
    return { ...program, db, dsn: store.dsn, stop }
  } catch (err) {
    await drop()
    throw err
  }
}

// Most stories begin with the same demonstration. In the folder CAIRN_E2E_STORES, of
// one run, it is made once for each engine and copied.
const kept = process.env.CAIRN_E2E_STORES
const cairn = path.join(root, 'bin', 'cairn')

async function made(dsn, projects) {
  const program = await startProgram(cairn, ['demo', '--db', dsn, '--listen', '127.0.0.1:0', '--projects', String(projects)], { ready: '/readyz' })
  await program.stop()
}

async function freshFile(projects) {
  const dir = await mkdtemp(path.join(tmpdir(), 'cairn-e2e-'))
  const dsn = path.join(dir, 'demo.db')
  if (kept && projects) {
    const one = path.join(kept, `${projects}.db`)
    if (!(await access(one).then(() => true, () => false))) {
      const mine = path.join(kept, `${process.pid}.db`)
      await made(mine, projects)
      await rename(mine, one) // whole, or not there
    }
    await copyFile(one, dsn)
  }
  return { dsn, drop: () => rm(dir, { recursive: true, force: true }) }
}

let databases = 0
async function freshPostgres(projects) {
  const admin = process.env.CAIRN_TEST_POSTGRES
  const psql = (sql) => run('psql', [admin, '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql])
  const at = (name) => { const dsn = new URL(admin); dsn.pathname = '/' + name; return dsn.href }
  const name = `cairn_e2e_${process.pid}_${++databases}`
  if (kept && projects) {
    const one = `cairn_e2e_of_${projects}`
    const copied = () => psql(`CREATE DATABASE ${name} TEMPLATE ${one}`)
    await copied().catch(async (err) => {
      if (!/does not exist/.test(err.message)) throw err
      const mine = `cairn_e2e_made_${process.pid}`
      await psql(`CREATE DATABASE ${mine}`)
      await made(at(mine), projects)
      await psql(`ALTER DATABASE ${mine} RENAME TO ${one}`).catch((late) => { if (!/already exists/.test(late.message)) throw late })
      await copied()
    })
  } else {
    await psql(`CREATE DATABASE ${name}`)
  }
  return { dsn: at(name), drop: () => psql(`DROP DATABASE ${name} WITH (FORCE)`) }
}

// startProgram runs a program that prints the http address at which it listens,
// and waits until the path `ready` answers with 200. stop asks it to end by
// SIGTERM and expects that it does so in order and logged no error; kill ends it
// the hard way and asks nothing.
export async function startProgram(command, args, { env = {}, ready, limit = 180_000 } = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const log = []
  const ended = new Promise((resolve) => {
    child.once('error', (err) => { log.push(String(err)); resolve({ code: -1 }) })
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  running.set(child, ended)
  ended.then(() => running.delete(child))
  const url = await address(child, log, ended, limit)
  if (ready) await answers(url + ready, ended, log, limit)
  return {
    url, log, pid: child.pid,
    errors: () => log.filter((line) => /level=ERROR|"level":"ERROR"|^panic:|runtime error/.test(line)),
    async stop() {
      child.kill('SIGTERM')
      const { code, signal } = await ended
      assert.equal(code, 0, `the program ended with ${signal ?? code}:\n${log.slice(-20).join('\n')}`)
      assert.deepEqual(this.errors(), [], 'the program logged errors')
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

// address resolves with the first address printed; one of the metrics is not it.
function address(child, log, ended, limit) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => fail('it printed no address'), limit)
    const fail = (why) => { clearTimeout(late); child.kill('SIGKILL'); reject(new Error(`${why}:\n${log.join('\n')}`)) }
    for (const stream of [child.stdout, child.stderr]) {
      let rest = ''
      stream.setEncoding('utf8').on('data', (text) => {
        const lines = (rest + text).split(/[\r\n]+/)
        rest = lines.pop()
        for (const line of lines) {
          log.push(line)
          const found = /metrics/i.test(line) ? null : /http:\/\/(?:127\.0\.0\.1|localhost):[1-9]\d*/.exec(line)
          if (found) { clearTimeout(late); resolve(found[0]) }
        }
      })
    }
    ended.then(({ code, signal }) => fail(`it ended with ${signal ?? code} before it listened`))
  })
}

async function answers(url, ended, log, limit) {
  let over = false
  ended.then(() => { over = true })
  const late = AbortSignal.timeout(limit)
  while (!over && !late.aborted) {
    const ok = await fetch(url, { signal: late }).then((r) => r.ok, () => false)
    if (ok) return
    await pause(50)
  }
  throw new Error(`${url} does not answer with 200:\n${log.slice(-20).join('\n')}`)
}
