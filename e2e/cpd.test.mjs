// The CPD and PDU log: an analyst reads how far she is, adds what the record
// proposes, types wrong things and keeps what she typed, changes a target and takes
// a sheet away; nobody else finds any of it.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const main = (page) => page.locator('main').innerText()
const press = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const follow = async (page, name) => {
  await page.getByRole('link', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const looked = async (page, name) => {
  await axe(page, { name })
  await validHTML(page)
}

async function reads(page) {
  await visit(page, '/')
  assert.match(await main(page), /Learning record/, 'the desk reminds of a period that ends')
  await visit(page, '/cpd')
  assert.match(await main(page), /Yearly hours with reflection: 24 of 35 hours/)
  assert.match(await main(page), /It lacks 11 hours, a reflection on 1 entry, your look back/)
  assert.match(await main(page), /Sixty units in three years/)
  await looked(page, 'cpd')
}

async function addsWithMistakes(page) {
  await follow(page, 'Add an entry')
  allow(page, 422)
  await page.getByLabel('What it was').fill('=HYPERLINK("http://x")')
  await page.getByLabel('From').fill('2026-02-10')
  await page.getByLabel('To, if it took longer').fill('2026-02-09')
  await page.getByLabel('Hours, in quarters').fill('-1')
  await press(page, 'Add it to my log')
  assert.match(await main(page), /The end comes before the beginning/)
  assert.match(await main(page), /Enter hours above zero/)
  assert.equal(await page.getByLabel('What it was').inputValue(), '=HYPERLINK("http://x")', 'what was typed is kept')
  await looked(page, 'cpd-entry')
  await page.getByLabel('To, if it took longer').fill('2026-02-10')
  await page.getByLabel('Hours, in quarters').fill('1,5')
  await page.getByLabel('Counts in Sixty units in three years').selectOption('education/people_side')
  await press(page, 'Add it to my log')
  assert.match(await main(page), /=HYPERLINK/)
}

async function addsFromTheRecord(page) {
  await visit(page, '/career')
  if (await page.getByRole('button', { name: 'Turn it on for me' }).count()) await press(page, 'Turn it on for me')
  await visit(page, '/cpd')
  const text = await main(page)
  if (!/From the record/.test(text)) return false
  await looked(page, 'cpd-proposals')
  await page.getByRole('link', { name: /^Add it/ }).first().click()
  await page.waitForLoadState('load')
  assert.match(await main(page), /The record proposes it/)
  await page.getByLabel('Hours, in quarters').fill('2')
  await press(page, 'Add it to my log')
  assert.match(await main(page), /from the record/)
  return true
}

async function setsTargets(page) {
  await page.getByRole('link', { name: 'Targets and look back' }).first().click()
  await page.waitForLoadState('load')
  allow(page, 422)
  await page.getByLabel('Target').fill('many')
  await press(page, 'Save')
  assert.match(await main(page), /Enter a whole number/)
  assert.equal(await page.getByLabel('Target').inputValue(), 'many')
  await looked(page, 'cpd-period')
  await page.getByLabel('Target').fill('30')
  await page.getByLabel('Look back at the period').fill('I set out to learn about money, and did.')
  await press(page, 'Save')
  assert.match(await main(page), /of 30/)
  await follow(page, 'Begin a period of a scheme')
  await looked(page, 'cpd-follow')
}

async function takesAway(page) {
  await visit(page, '/cpd')
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'All of it as CSV' }).click()])
  const text = await readFile(await file.path(), 'utf8')
  assert.match(text, /From,To,Activity,Provider,Hours,Reflection,Proof/)
  assert.doesNotMatch(text, /(^|,)"?=HYPERLINK/m, 'a text became a formula')
  const [book] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Sheet as XLSX' }).first().click()])
  assert.match(book.suggestedFilename(), /^cpd-.*\.xlsx$/)
}

for (const db of engines()) {
  test(`the CPD log, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const analyst = await openPage(cairn.url)
    await enterAs(analyst.page, 'analyst')
    await reads(analyst.page)
    await addsWithMistakes(analyst.page)
    t.diagnostic(`the record proposed something: ${await addsFromTheRecord(analyst.page)}`)
    await visit(analyst.page, '/cpd')
    await setsTargets(analyst.page)
    await takesAway(analyst.page)
    await visit(analyst.page, '/cpd')
    const entry = await analyst.page.locator('#entries').locator('xpath=ancestor::section').locator('th a').first().getAttribute('href')
    await analyst.done()

    const nosy = await openPage(cairn.url)
    await enterAs(nosy.page, 'head of PMO')
    allow(nosy.page, 404)
    assert.equal((await nosy.page.goto(entry)).status(), 404, 'the head of PMO finds nothing there')
    await visit(nosy.page, '/cpd')
    assert.match(await main(nosy.page), /Nothing in the log yet/)
    await looked(nosy.page, 'cpd-none')
    await nosy.done()
    await cairn.stop()
  })
}
