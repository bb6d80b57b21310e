// Checks for any page: accessibility, width, markup, and screens to look at.
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { HtmlValidate } from 'html-validate'
import { settled } from './browser.mjs'

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// Where screens are left; without it none are taken: a test judges pages by what it
// can assert, and half of the time of judging went into pictures that nobody opened.
const folder = process.env.CAIRN_SCREENS

// The four ways in which each page is seen.
export const views = [
  { name: '1440-light', width: 1440, height: 900, scheme: 'light' },
  { name: '1440-dark', width: 1440, height: 900, scheme: 'dark' },
  { name: '390-light', width: 390, height: 844, scheme: 'light' },
  { name: '390-dark', width: 390, height: 844, scheme: 'dark' },
]

// What a page looks like does not know the database: the half of the suite that
// runs on the second one does not judge it again and leaves no screens.
const second = process.env.CAIRN_E2E_DB === 'postgres'

// inViews shows the page in each view in turn and leaves it as it was.
async function inViews(page, chosen, look) {
  const before = page.viewportSize()
  for (const view of chosen) {
    await page.setViewportSize({ width: view.width, height: view.height })
    await page.emulateMedia({ colorScheme: view.scheme, reducedMotion: 'reduce' })
    await page.evaluate(() => window.scrollTo(0, 0)) // a focused field far down puts things under what sticks to the top
    await settled(page)
    await look(view)
  }
  await page.setViewportSize(before)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

// What axe is asked: WCAG 2.2 A and AA. Dark is the same page in other colours, so
// that only the two rules that look at colours can find anything new there.
const all = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  rules: { 'target-size': { enabled: true } }, // axe leaves 2.2's rules off by itself
}
const colours = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }

// axe expects no violation of WCAG 2.2 A and AA, and no sideways scrolling, in any
// view. The page is not reloaded: what was typed or opened stays. With a name it
// leaves the page's screens on the way, see screens.
export async function axe(page, { within = second ? [] : views, name = '' } = {}) {
  const wrong = []
  await inViews(page, within, async (view) => {
    await fits(page, view.name)
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
    const found = await page.evaluate(async (asked) => {
      const { violations } = await window.axe.run(document, { ...asked, resultTypes: ['violations'], preload: false })
      return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ')}`))
    }, view.scheme === 'light' ? all : colours)
    wrong.push(...found.map((f) => `${view.name}: ${f}`))
    if (name) await shoot(page, name, view)
  })
  assert.deepEqual(wrong, [], `accessibility of ${page.url()}`)
}

// fits expects that the page itself does not scroll sideways (WCAG 1.4.10); what
// has to be wide scrolls in a region of its own.
export async function fits(page, name = '') {
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= limit) return []
    const all = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > limit + 1)
    return ['the page', ...all.slice(0, 5).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)]
  })
  assert.deepEqual(wide, [], `${page.url()} is wider than the window at ${name}`)
}

// screens leaves NAME-{1440,390}-{light,dark}.png of the whole page where CAIRN_SCREENS says.
export async function screens(page, name) {
  if (second || !folder) return
  await inViews(page, views, (view) => shoot(page, name, view))
}

async function shoot(page, name, view) {
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: path.join(folder, `${name}-${view.name}.png`), fullPage: true })
}

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'no-inline-style': 'off', // bars and charts carry numbers in style attributes
    'long-title': 'off',
    'no-implicit-button-type': 'off', // the type that HTML gives is the one that is meant
    'no-implicit-input-type': 'off',
    'aria-label-misuse': ['error', { allowAnyNamable: true }],
    // Boxes that share a name are how a form sends a list; a hidden or text field twice is a slip.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }],
    'void-style': 'off',
    'doctype-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'no-trailing-whitespace': 'off',
    'prefer-native-element': 'off', // axe judges roles by what they do
    'no-redundant-role': 'off', // list styles take the role away in one browser
    'no-raw-characters': ['error', { relaxed: true }],
    'tel-non-breaking': 'off',
    'require-sri': 'off', // nothing comes from another host
    'valid-id': ['error', { relaxed: true }],
  },
})

// validHTML expects that the page is valid as the server sent it, before any
// script: the current page, or the markup that is given.
export async function validHTML(page, markup) {
  const text = markup ?? (await (await page.request.get(page.url())).text())
  const report = await validator.validateString(text)
  const found = report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`))
  assert.deepEqual(found, [], `markup of ${page.url()}`)
}
