// Files as they come: a workbook of several sheets, rows that repeat an id, errors
// that the mapping screen puts right.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, visit } from './harness.mjs'

after(closeBrowser)

const files = path.join(path.dirname(fileURLToPath(import.meta.url)), 'files')
const main = (page) => page.locator('main').innerText()

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}

async function upload(page, file) {
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', file)
  await press(page, 'Look at it')
}

async function choosesASheet(page) {
  await upload(page, path.join(files, 'years.xlsx'))
  assert.match(await main(page), /Worksheet “This year”/, 'the first sheet that holds a register')
  assert.match(await main(page), /Several columns are called “Cost”/)
  const sheets = await page.getByLabel('Worksheet').locator('option').allInnerTexts()
  assert.deepEqual(sheets, ['Cover', 'This year', 'Last year', 'Working (hidden)'])
  await axe(page)
  await page.getByLabel('Worksheet').selectOption('Last year')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /Worksheet “Last year”/)
  assert.match(await main(page), /31\/02\/2025/)
}

async function putsErrorsRight(page) {
  const column = page.getByRole('row', { name: /End date/ }).getByRole('combobox').first()
  await column.selectOption('')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /2 of 2 rows can be applied/, 'a column that is left out refuses nothing')
}

async function decidesAboutRepeatedRows(page) {
  await page.getByLabel('Worksheet').selectOption('This year')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /the same record as in row 3/)
  assert.match(await main(page), /no stored value/, 'a formula without a value is refused by its cell')
  assert.match(await main(page), /2 of 4 rows can be applied/)
  await page.getByLabel('Rows that repeat a record').selectOption('all')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /in 2 rows, of which this is the first/)
  await page.getByLabel('Rows that repeat a record').selectOption('first')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /3 of 4 rows can be applied/)
  assert.match(await main(page), /1\s+rows left out/)
  await axe(page)
  await page.getByLabel('Apply the good rows only').check()
  await press(page, 'Apply')
  await visit(page, '/projects?find=Valve+house')
  assert.match(await main(page), /Valve house/)
}

async function refusesWhatIsNoTable(page) {
  allow(page, 422)
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', { name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 no table') })
  await press(page, 'Look at it')
  assert.match(await main(page), /This is a PDF/)
}

for (const db of engines()) {
  test(`files as they come, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 42 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    await choosesASheet(page)
    await putsErrorsRight(page)
    await decidesAboutRepeatedRows(page)
    await refusesWhatIsNoTable(page)
    await done()
    await cairn.stop()
  })
}
