// The story of Cairn, told once on each database: a register comes in, work is
// recorded, a report is made, a practitioner sees where they stand, and a case is
// answered.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, visit } from './harness.mjs'

after(closeBrowser)

const here = path.dirname(fileURLToPath(import.meta.url))
const real = path.join(process.env.CAIRN_REAL_DATA ?? path.join(here, '..', '..', 'shared', 'data'), 'gmpp', 'uk_2019.csv')

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()

async function upload(page, file) {
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', file)
  await press(page, 'Look at it')
}

async function importsARegister(page) {
  await upload(page, path.join(here, 'files', 'register.csv'))
  const dry = await main(page)
  assert.match(dry, /Header in row 3/)
  assert.match(dry, /31\/02\/2026/, 'the dry run names the date that there is not')
  assert.match(dry, /12a/, 'the dry run names the amount that there is not')
  assert.match(dry, /2\s+projects added[\s\S]*2\s+rows refused/)
  await axe(page)
  await visit(page, '/projects?find=Reservoir+liners')
  assert.match(await main(page), /No project is like this/, 'a dry run saves nothing')
  await page.goBack()
  await settled(page)
  await press(page, /^Import [\d,]+ rows?$/)
  assert.match(await main(page), /register\.csv/)
  await visit(page, '/projects?find=Reservoir+liners')
  assert.match(await main(page), /Reservoir liners/)
}

async function importsTheRealFile(page) {
  await upload(page, real)
  assert.match(await main(page), /133\s+projects added/)
  await press(page, /^Import [\d,]+ rows?$/)
  assert.match(await main(page), /uk_2019\.csv/)
  await upload(page, real)
  assert.match(await main(page), /There is nothing to import: the register says all of this already/)
  assert.match(await main(page), /133\s+left as they are/)
}

async function sameFileAgain(page) {
  await upload(page, path.join(here, 'files', 'register.csv'))
  assert.match(await main(page), /0\s+projects added[\s\S]*0\s+projects updated[\s\S]*2\s+left as they are[\s\S]*2\s+rows refused/)
}

// assign puts the analyst on the imported project, by its page.
async function assigns(page) {
  await visit(page, '/projects?find=Reservoir+liners')
  await page.getByRole('link', { name: 'Reservoir liners' }).click()
  await page.waitForLoadState('load')
  await page.getByText('Assign a person').click()
  await page.getByLabel('Person', { exact: true }).fill('Nobody of This Name')
  allow(page, 422)
  await press(page, 'Assign')
  assert.match(await main(page), /nobody of this name/)
  assert.equal(await page.getByLabel('Person', { exact: true }).inputValue(), 'Nobody of This Name', 'what was typed is kept')
  await page.getByLabel('Person', { exact: true }).fill('Ines Calloway')
  await page.getByLabel('What they are to the project').selectOption('pmo_partner')
  await press(page, 'Assign')
  assert.match(await main(page), /Ines Calloway\s+PMO partner/)
}

// reports submits a report that declares green where the record says otherwise.
async function reports(page) {
  await visit(page, '/')
  await page.getByRole('region', { name: 'Waits for you' }).getByRole('link', { name: /^(Write|Finish) it/ }).first().click()
  await page.waitForLoadState('load')
  const address = page.url()
  allow(page, 422)
  await page.getByLabel(/What matters about this month/).fill('')
  await press(page, 'Send the report')
  assert.match(await main(page), /Add a sentence about the month/)
  await page.getByLabel(/What matters about this month/).fill('We hold the date, whatever the forecast says.')
  for (const name of ['overall', 'schedule', 'cost']) await page.locator(`input[name=${name}][value=green]`).check()
  await page.getByLabel('Next milestone').fill('Valve tests')
  await page.getByLabel('Its baseline').fill('2026-01-10')
  await page.getByLabel('Its forecast').fill('2026-03-30')
  await press(page, 'Send the report')
  const said = await main(page)
  assert.match(said, /Green, computed red/i)
  assert.match(said, /Valve tests against baseline/)
  assert.match(said, /Tomasz Wielandt \(led\)/)
  await axe(page)
  return address
}

async function counters(page) {
  await visit(page, '/career')
  const out = {}
  for (const one of await page.locator('.counters > div').all()) out[await one.locator('h2').innerText()] = Number(await one.locator('a').innerText())
  return out
}

// turnsOn turns a career on that was off; the analyst's is on in the demonstration.
async function turnsOn(page) {
  await visit(page, '/career')
  assert.match(await main(page), /Your career is off/)
  await axe(page)
  await press(page, 'Turn it on for me')
  const counted = await counters(page)
  assert.ok(counted['Projects managed'] > 0, 'the record knows the project manager')
  await press(page, 'Turn my career off')
  assert.match(await main(page), /Your career is off/)
}

async function stands(page) {
  const before = await counters(page)
  assert.ok(before['Projects seen'] > 0, 'the record knows the analyst')
  await axe(page)
  await page.locator('.counters a').first().click()
  await page.waitForLoadState('load')
  assert.match(await main(page), /Reservoir liners/, 'the assignment of this story counts')
  await page.getByRole('link', { name: 'Reservoir liners' }).first().click()
  await page.waitForLoadState('load')
  assert.match(await page.locator('h1').innerText(), /Reservoir liners/, 'a counter opens down to its record')
  await visit(page, '/career/options')
  const row = page.locator('#manage_small_project')
  assert.match(await row.innerText(), /Project manager, small projects/)
  await axe(page)
  return before
}

async function answers(page) {
  await visit(page, '/cases')
  await page.getByRole('link', { name: /Three years in the PMO/ }).click()
  await page.waitForLoadState('load')
  allow(page, 422)
  await page.getByLabel('Your answer', { exact: true }).fill('I would begin with the improvement that annoys me most.')
  await press(page, 'Answer')
  assert.match(await main(page), /Say what your answer is/)
  await page.locator('label', { hasText: /^Opinion$/ }).click()
  await press(page, 'Answer')
  assert.match(await main(page), /I would begin with the improvement that annoys me most/)
  await axe(page)
}

for (const db of engines()) {
  test(`the story, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 42 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)

    await enterAs(page, 'head of PMO')
    await importsARegister(page)
    await sameFileAgain(page)
    if (existsSync(real)) await importsTheRealFile(page)
    else t.diagnostic(`the real file ${path.basename(real)} is not here (CAIRN_REAL_DATA); its hand-made sibling was imported`)
    await assigns(page)

    await enterAs(page, 'project manager')
    const report = await reports(page)
    await turnsOn(page)

    await enterAs(page, 'analyst')
    await stands(page)
    await visit(page, new URL(report).pathname)
    assert.match(await main(page), /We hold the date/)
    await answers(page)

    await done()
    await cairn.stop()
  })
}
