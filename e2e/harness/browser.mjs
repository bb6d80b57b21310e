// One Chromium for the whole run, one context for each person. A page collects
// what goes wrong without being asked: script errors, console errors, breaches of
// the content security policy, failed answers, requests to another host.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

let browser
async function theBrowser() {
  if (!browser?.isConnected()) {
    const executablePath = process.env.CAIRN_CHROMIUM || '/usr/bin/chromium'
    assert.ok(existsSync(executablePath), `Chromium is not at ${executablePath}: scripts/setup.sh, or CAIRN_CHROMIUM`)
    browser = await chromium.launch({ executablePath, headless: true, args: flags })
  }
  return browser
}

// closeBrowser ends Chromium; call it once, after the last test of a file.
export async function closeBrowser() {
  await browser?.close()
  browser = undefined
}

const watched = new WeakMap()

// openPage opens a page in a context of its own: no cookie is shared. done closes
// it and fails if anything went wrong meanwhile; problems lists it at any time.
export async function openPage(url, { width = 1440, height = 900, scheme = 'light', javaScriptEnabled = true } = {}) {
  const context = await (await theBrowser()).newContext({
    baseURL: url, viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce',
    locale: 'en-GB', timezoneId: 'Europe/London', acceptDownloads: true, javaScriptEnabled,
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const state = { problems: [], allowed: new Set(), origin: new URL(url).origin, scripted: javaScriptEnabled }
  watched.set(page, state)
  watch(page, state)
  return {
    page, context, problems: state.problems,
    async done() {
      await context.close()
      assert.deepEqual(state.problems, [], 'the browser noticed problems')
    },
  }
}

function watch(page, state) {
  const note = (what) => state.problems.push(`${what} (on ${page.url()})`)
  page.on('pageerror', (err) => note(`script error: ${err.message}`))
  page.on('console', (m) => {
    // A failed answer is judged below, where its status is known.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource')) note(`console: ${m.text()}`)
  })
  page.on('response', (r) => {
    const status = r.status()
    if (status >= 400 && !state.allowed.has(status)) note(`${status} from ${r.request().method()} ${r.url()}`)
  })
  page.on('request', (r) => {
    const to = new URL(r.url())
    if (/^https?:$/.test(to.protocol) && to.origin !== state.origin) note(`request to another host: ${r.url()}`)
  })
  page.on('requestfailed', (r) => {
    const why = r.failure()?.errorText ?? ''
    if (why !== 'net::ERR_ABORTED') note(`request failed: ${r.url()} ${why}`) // aborted: a download, or the next page came
  })
}

// allow says that answers with these statuses are expected from now on, as 422
// after bad input is.
export function allow(page, ...statuses) {
  for (const s of statuses) watched.get(page).allowed.add(s)
}

// visit goes to an address and expects a page with one heading and a title.
export async function visit(page, to, { status = 200 } = {}) {
  if (status >= 400) allow(page, status)
  const answer = await page.goto(to, { waitUntil: 'load' })
  assert.equal(answer.status(), status, `${to} answers ${answer.status()}, want ${status}`)
  await settled(page)
  assert.equal(await page.locator('h1').count(), 1, `${to} has one h1`)
  assert.notEqual(await page.title(), '', `${to} has a title`)
  return answer
}

// paste replaces a long text at once, as pasting it does: typed, a thousand lines take
// Chromium seconds.
export async function paste(box, text) {
  await box.focus()
  await box.evaluate((e, value) => {
    e.value = value
    e.dispatchEvent(new Event('input', { bubbles: true }))
  }, text)
}

// settled waits until nothing that ends by itself still moves and what htmx asked
// for has arrived.
export async function settled(page) {
  if (watched.get(page)?.scripted === false) return // no frame is ever reported there, and nothing moves by script
  await page.waitForFunction(() => !document.querySelector('.htmx-request, [aria-busy="true"]'))
  await page.evaluate(async () => {
    await document.fonts.ready
    const finite = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(finite.map((a) => a.finished))
    await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))
  })
}

// enterAs presses, on the first page of the demonstration, the button of the
// person whose entry reads as `who` does: a role ('analyst') or a name.
export async function enterAs(page, who) {
  await page.context().clearCookies({ name: 'cairn_session' })
  await visit(page, '/')
  const forms = page.locator('form[action="/demo/enter"]')
  assert.notEqual(await forms.count(), 0, 'the first page offers nobody to enter as')
  const at = await forms.evaluateAll((all, who) => {
    const words = (f) => (f.closest('li, article, tr, .card') ?? f).textContent.replace(/\s+/g, ' ').toLowerCase()
    return all.findIndex((f) => words(f).includes(who.toLowerCase()))
  }, who)
  assert.notEqual(at, -1, `nobody to enter as reads "${who}"`)
  await forms.nth(at).locator('button').first().click()
  await page.waitForLoadState('load')
  await settled(page)
  const cookies = await page.context().cookies()
  assert.ok(cookies.some((c) => c.name === 'cairn_session'), `entering as ${who} gave no session`)
}
