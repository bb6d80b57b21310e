// Gate decisions from before come in from a spreadsheet: a method to put projects
// on, a file whose dates can be read either way, a dry run, the page of a project
// that says where they are from, the times between gates, and the way back.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, test } from 'node:test'
import { axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const file = (name) => path.join(import.meta.dirname, 'files', name)
const main = (page) => page.locator('main').innerText()
const loaded = async (page) => {
  await page.waitForLoadState('load')
  await settled(page)
}
const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
  await loaded(page)
}
const follow = async (page, name) => {
  await page.locator('main').getByRole('link', { name }).first().click()
  await loaded(page)
}

// looks judges a page in full.
async function looks(page, name) {
  await axe(page, { name })
  await validHTML(page)
}

async function publishes(page) {
  await visit(page, '/methods')
  await press(page, 'Two gates')
  assert.match(await main(page), /Draft of the Two-gate model/)
  await page.getByLabel('What changes and why').fill('The assets have two gates.')
  await press(page, /^Keep/)
  await follow(page, /^Publish/)
  await press(page, 'Publish the new version')
}

async function registers(page) {
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', file('past-register.csv'))
  await press(page, 'Look at it')
  await press(page, /^Import [\d,]+ rows?$/)
}

async function uploads(page) {
  await visit(page, '/gates')
  await follow(page, 'Bring in past decisions')
  await looks(page, 'past-upload')
  await page.setInputFiles('input[type=file]', file('past-gates.csv'))
  await press(page, 'Look at it')
  const asked = await main(page)
  assert.match(asked, /day\/month or as month\/day\. Say which/, 'ambiguous dates are asked for')
  assert.match(asked, /2 gate/, 'so is what the model stands for')
  await looks(page, 'past-asked')
  for (const order of await page.locator('select[name^=order-]').all()) await order.selectOption('dmy')
  await press(page, 'Show again what it would do')
  const dry = await main(page)
  assert.match(dry, /7\s+decisions recorded/)
  assert.match(dry, /4\s+projects put on their method/)
  assert.match(dry, /2\s+rows refused/)
  assert.match(dry, /would have been decided on 2020-02-03, before/)
  assert.match(dry, /There is no project "PG-9" in the register/)
  await looks(page, 'past-dry')
  await press(page, /^Import [\d,]+ rows?$/)
  assert.match(await page.locator('body').innerText(), /7 decisions recorded, 2 rows refused/)
  await looks(page, 'past-done')
  return page.url()
}

async function sees(page) {
  await follow(page, 'Reservoir lining')
  const gates = await main(page)
  assert.match(gates, /Go, 5 Aug 2019; from a spreadsheet/)
  assert.match(gates, /from a spreadsheet, past-gates\.csv, row 3/)
  assert.match(gates, /Asset committee/)
  assert.match(gates, /All gates are behind it/)
  await looks(page, 'past-journey')
  await visit(page, page.url().replace('/gates', ''))
  assert.match(await main(page), /from a spreadsheet/)
  await visit(page, '/gates/durations?method=two-gates')
  const times = await main(page)
  assert.match(times, /Need to Approval/)
  assert.match(times, /All\s+3\s+183\s+199\s+214\s+244\s+273/)
  assert.match(times, /Executive group\s+1/)
  await looks(page, 'past-durations')
  await page.getByLabel('Decided by').selectOption({ label: 'Asset committee' })
  await press(page, 'Show')
  assert.match(await main(page), /Asset committee\s+2/)
}

async function undoes(page, done) {
  await visit(page, done)
  await follow(page, /Undo until/)
  assert.match(await main(page), /7 decisions taken back, 4 projects are back on the method and phase of before/)
  await looks(page, 'past-undo')
  await press(page, 'Undo this import')
  assert.match(await main(page), /7 decisions taken back/)
  await visit(page, '/gates/durations?method=two-gates')
  assert.doesNotMatch(await main(page), /Need to Approval/)
}

for (const db of engines()) {
  test(`gate decisions from a spreadsheet, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const { page, problems, context } = await openPage(cairn.url)
    await enterAs(page, 'head of PMO')
    await publishes(page)
    await registers(page)
    const done = await uploads(page)
    await sees(page)
    await undoes(page, done)
    assert.deepEqual(problems, [])
    await context.close()
    await cairn.stop()
  })
}
