// History, once on each database: who said what about a project and from where,
// by form, import and report; and any two dates of the register compared.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const here = path.dirname(fileURLToPath(import.meta.url))
const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()
const follow = async (page, name) => {
  await page.locator('main').getByRole('link', { name }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}

async function imports(page) {
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', path.join(here, 'files', 'register.csv'))
  await press(page, 'Look at it')
  await press(page, /^Import [\d,]+ rows?$/)
}

async function timeline(page) {
  await visit(page, '/projects?find=Reservoir+liners')
  await follow(page, 'Reservoir liners')
  await follow(page, 'Change')
  await page.getByLabel('Phase').fill('Handover')
  await press(page, 'Save')
  await follow(page, 'History')
  const all = await main(page)
  assert.match(all, /Ines Calloway by form[\s\S]*Handover[\s\S]*import of register\.csv[\s\S]*Reservoir liners/, 'newest first, by their doors')
  await validHTML(page)
  await axe(page, { name: 'history' })
  await page.getByLabel('Field').selectOption('phase')
  await press(page, 'Show')
  assert.match(page.url(), /field=phase/, 'the filter lives in the address')
  assert.doesNotMatch(await page.locator('.timeline').innerText(), /Budget/)
  await page.getByLabel('Field').selectOption('')
  await press(page, 'Show')
  await follow(page, 'import of register.csv')
  assert.match(await main(page), /register\.csv/)
}

async function compares(page) {
  await visit(page, '/portfolio')
  await follow(page, 'What changed')
  const today = await page.getByLabel('and', { exact: true }).inputValue()
  const year = String(Number(today.slice(0, 4)) - 1)
  await page.getByLabel('Between').fill(year + today.slice(4))
  await press(page, 'Compare')
  assert.match(await main(page), /\d+ projects differ between/)
  await validHTML(page)
  await axe(page, { name: 'compare' })
  await page.getByLabel('Kind of change').selectOption('slipped')
  await press(page, 'Compare')
  for (const one of await page.locator('.moved > li').allInnerTexts()) assert.match(one, /ends \d+ days? later/)
  await page.getByLabel('Field').selectOption('forecast_end')
  await press(page, 'Compare')
  for (const one of await page.locator('.turns').allInnerTexts()) assert.match(one, /^Forecast end/)
  await page.getByLabel('As known').selectOption('then')
  await press(page, 'Compare')
  assert.match(await main(page), /as it was known when that day ended/)
  allow(page, 422)
  await page.goto(new URL('/portfolio/compare?from=2026-02-30&to=2026-01-01', page.url()).href)
  assert.match(await main(page), /needs? another look[\s\S]*Enter a date/)
}

for (const db of engines()) {
  test(`history and comparison, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    await imports(page)
    await timeline(page)
    await compares(page)
    await done()
    await cairn.stop()
  })
}
