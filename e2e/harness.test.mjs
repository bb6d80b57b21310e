// The harness is tried on pages that are good and on pages that break one thing
// each, before anybody trusts it with Cairn.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'

const shots = await mkdtemp(path.join(tmpdir(), 'cairn-screens-'))
process.env.CAIRN_SCREENS = shots
const { allow, axe, closeBrowser, enterAs, openPage, screens, startProgram, validHTML, visit } = await import('./harness.mjs')

const csp = "default-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
const whole = (body, head = '') => `<!doctype html>
<html lang="en-GB">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/page.css">${head}</head>
  <body><main><h1>A page</h1>${body}</main></body>
</html>
`
const pages = {
  '/good': whole('<p>Three of nine milestones are late.</p><p style="width: 50%">Half</p>'),
  '/': whole('<ul><li>Head of PMO <form method="post" action="/demo/enter"><input type="hidden" name="email" value="h"><button type="submit">Enter</button></form></li><li>PMO analyst <form method="post" action="/demo/enter"><input type="hidden" name="email" value="a"><button type="submit">Enter</button></form></li></ul>'),
  '/pale': whole('<p class="pale">You can hardly read this.</p>'),
  '/dark': whole('<p class="lost">Lost in the dark.</p>'),
  '/wide': whole('<p class="wide">Wider than a telephone.</p>'),
  '/small': whole('<p><button type="button" class="tiny">a</button><button type="button" class="tiny">b</button></p>'),
  '/script': whole('<script>document.title = "inline"</script>'),
  '/error': whole('<script src="/error.js"></script>'),
  '/foreign': whole('<img alt="" src="http://192.0.2.1/x.png">'),
  '/broken': '<!doctype html><html lang="en"><head><title>x</title></head><body><h1>x</h1><p><div>no</div></p></body></html>',
  '/two': whole('<h1>Another</h1>'),
}
const files = {
  '/page.css': ['text/css', 'body{color:#111;background:#fff}.pale{color:#bbb}.wide{width:600px}.tiny{width:12px;height:12px;padding:0;border:0;margin:0}@media(prefers-color-scheme:dark){body{color:#eee;background:#111}.lost{color:#222}}'],
  '/error.js': ['text/javascript', 'throw new Error("planted")'],
  '/icon.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
}

let server, url
before(async () => {
  server = http.createServer((req, res) => {
    res.setHeader('Content-Security-Policy', csp)
    if (req.url === '/demo/enter') {
      let body = ''
      req.on('data', (d) => { body += d }).on('end', () => {
        res.writeHead(303, { Location: '/good', 'Set-Cookie': `cairn_session=${new URLSearchParams(body).get('email')}; Path=/; HttpOnly` }).end()
      })
    } else if (pages[req.url]) res.setHeader('Content-Type', 'text/html; charset=utf-8').end(pages[req.url])
    else if (files[req.url]) res.setHeader('Content-Type', files[req.url][0]).end(files[req.url][1])
    else res.writeHead(req.url === '/fails' ? 500 : 404, { 'Content-Type': 'text/html' }).end(whole('<p>No</p>'))
  })
  await new Promise((r) => server.listen(0, '127.0.0.1', r))
  url = `http://127.0.0.1:${server.address().port}`
})
after(async () => {
  await closeBrowser()
  server.close()
  await rm(shots, { recursive: true, force: true })
})

test('a good page passes everything', async () => {
  const { page, done } = await openPage(url)
  await visit(page, '/good')
  await axe(page)
  await validHTML(page)
  await screens(page, 'good')
  assert.deepEqual((await readdir(shots)).sort(), ['good-1440-dark.png', 'good-1440-light.png', 'good-390-dark.png', 'good-390-light.png'])
  await done()
})

for (const [where, what, check] of [
  ['/pale', /color-contrast/, axe],
  ['/dark', /color-contrast[^]*1440-dark|1440-dark[^]*color-contrast/, axe],
  ['/wide', /wider than the window at 390/, axe],
  ['/small', /target-size/, axe],
  ['/broken', /element-permitted-content|no-implicit-close|close-order/, validHTML],
]) {
  test(`${where} is refused by ${check.name}`, async () => {
    const { page, done } = await openPage(url)
    await visit(page, where)
    await assert.rejects(check(page), (err) => what.test(err.message + JSON.stringify(err.actual)))
    await done()
  })
}

for (const [where, what, status] of [
  ['/script', /Content Security Policy/i, 200],
  ['/error', /script error: planted/, 200],
  ['/foreign', /another host/, 200],
  ['/fails', /500 from GET/, 500],
]) {
  test(`${where} is noticed by the page itself`, async () => {
    const { page, problems, done } = await openPage(url)
    const answer = await page.goto(where)
    assert.equal(answer.status(), status)
    await assert.rejects(done(), /the browser noticed problems/)
    assert.match(problems.join('\n'), what)
  })
}

test('an expected refusal is no problem, another one is', async () => {
  const { page, done } = await openPage(url)
  await visit(page, '/nowhere', { status: 404 })
  allow(page, 422)
  await done()
  const other = await openPage(url)
  await assert.rejects(visit(other.page, '/nowhere'), /answers 404, want 200/)
  await assert.rejects(visit(other.page, '/two'), /one h1/)
  await other.context.close()
})

test('entering finds the person by role', async () => {
  const { page, context, done } = await openPage(url)
  await enterAs(page, 'analyst')
  assert.equal(new URL(page.url()).pathname, '/good')
  assert.equal((await context.cookies()).find((c) => c.name === 'cairn_session').value, 'a')
  await enterAs(page, 'head of PMO')
  assert.equal((await context.cookies()).find((c) => c.name === 'cairn_session').value, 'h')
  await assert.rejects(enterAs(page, 'astronaut'), /nobody to enter as reads/)
  await done()
})

const program = (body) => ['-e', `const s = require('node:http').createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1', () => {
  console.log('metrics on http://127.0.0.1:9'); console.log('open http://127.0.0.1:' + s.address().port + '/'); ${body} })
  process.on('SIGTERM', () => { s.close(() => process.exit(0)); s.closeAllConnections() })`]

test('a program is started, watched and stopped', async () => {
  const good = await startProgram(process.execPath, program(''), { ready: '/readyz' })
  assert.equal((await fetch(good.url)).status, 200)
  await good.stop()

  const bad = await startProgram(process.execPath, program('console.error("level=ERROR msg=planted")'), { ready: '/' })
  while (bad.errors().length === 0) await new Promise((r) => setImmediate(r))
  await assert.rejects(bad.stop(), /logged errors/)

  await assert.rejects(startProgram(process.execPath, ['-e', 'console.log("no database"); process.exit(3)']), /ended with 3[^]*no database/)
  await assert.rejects(startProgram('/nonexistent/cairn', []), /ENOENT/)
})
