// Fields of the organisation's own, once on each database: defined in settings,
// filled on the form, refused where they are wrong, sorted by, taken away as a
// file and brought in again without a change.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()

async function defines(page) {
  await visit(page, '/settings/fields')
  await page.getByLabel('Label').fill('Budget')
  allow(page, 422)
  await press(page, 'Define the field')
  assert.match(await main(page), /has a field of this name already/)
  assert.equal(await page.getByLabel('Label').inputValue(), 'Budget', 'what was typed is kept')
  await page.getByLabel('Label').fill('Catchment')
  await page.getByLabel('Type').selectOption('choice')
  await page.getByLabel('Choices').fill('Upper\nMiddle\nLower')
  await page.getByLabel('Lists sort by it').check()
  await press(page, 'Define the field')
  await page.getByLabel('Label').fill('Pumps')
  await page.getByLabel('Type').selectOption('number')
  await page.getByLabel('Lists sort by it').check()
  await press(page, 'Define the field')
  assert.match(await main(page), /x_catchment[\s\S]*x_pumps/)
  await validHTML(page)
  await axe(page, { name: 'fields' })
}

async function adds(page, name, catchment, pumps) {
  await visit(page, '/projects/new')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Catchment').selectOption(catchment)
  await page.getByLabel('Pumps').fill(pumps)
  await press(page, 'Add the project')
}

async function fills(page) {
  await adds(page, 'Weir one', 'Lower', 'many')
  assert.match(await main(page), /Pumps: enter a number/)
  assert.equal(await page.getByLabel('Pumps').inputValue(), 'many')
  await page.getByLabel('Pumps').fill('1,250.50')
  await press(page, 'Add the project')
  assert.match(await main(page), /Catchment\s+Lower[\s\S]*Pumps\s+1,250\.5/)
  await axe(page)
  await adds(page, 'Weir two', 'Upper', '12')
  await adds(page, 'Weir three', 'Middle', '-3')
}

async function sorts(page) {
  const order = async (sort) => {
    await visit(page, `/projects?find=weir&sort=${sort}`)
    return (await page.locator('tbody tr th').allInnerTexts()).map((t) => t.match(/Weir \w+/)[0])
  }
  assert.deepEqual(await order('x_pumps'), ['Weir three', 'Weir two', 'Weir one'])
  assert.deepEqual(await order('-x_catchment'), ['Weir one', 'Weir three', 'Weir two'])
}

async function roundTrip(page, cairn) {
  const got = await page.request.get(`${cairn.url}/projects/export?format=csv&find=weir`)
  const csv = await got.text()
  assert.match(csv.split('\n')[0], /Catchment,Pumps/)
  assert.match(csv, /Lower,1250\.5/)
  const file = path.join(os.tmpdir(), `weirs-${process.pid}.csv`)
  await writeFile(file, csv)
  assert.ok((await readFile(file)).length > 0)
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', file)
  await press(page, 'Look at it')
  assert.match(await main(page), /0\s+projects added[\s\S]*0\s+projects updated[\s\S]*3\s+left as they are/)
  await writeFile(file, 'name,catchment\nWeir four,Sideways\n')
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', file)
  await press(page, 'Look at it')
  assert.match(await main(page), /Upper; Middle; Lower/, 'the refusal lists the choices')
}

async function retires(page) {
  await visit(page, '/settings/fields')
  await press(page, 'Retire Pumps')
  await visit(page, '/projects/new')
  assert.equal(await page.getByLabel('Pumps').count(), 0)
  await visit(page, '/settings/fields')
  await press(page, 'Bring back Pumps')
  assert.match(await main(page), /x_pumps/)
}

for (const db of engines()) {
  test(`fields of one's own, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'head of PMO')
    await defines(page)
    await fills(page)
    await sorts(page)
    await roundTrip(page, cairn)
    await retires(page)
    await done()
    const other = await openPage(cairn.url)
    await enterAs(other.page, 'project manager')
    await visit(other.page, '/settings/fields')
    assert.equal(await other.page.getByRole('button', { name: 'Define the field' }).count(), 0, 'a project manager reads the list alone')
    await other.done()
    await cairn.stop()
  })
}
