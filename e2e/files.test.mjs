// Files as they come: a workbook of several sheets, rows that repeat an id, errors
// that the mapping screen puts right, a large file that a job sees to, a cell that
// is corrected in place.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const files = path.join(path.dirname(fileURLToPath(import.meta.url)), 'files')
const main = (page) => page.locator('main').innerText()

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
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
  assert.match(await main(page), /2 of 2 rows are ready/, 'a column that is left out refuses nothing')
}

async function decidesAboutRepeatedRows(page) {
  await page.getByLabel('Worksheet').selectOption('This year')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /the same record as in row 3/)
  assert.match(await main(page), /no stored value/, 'a formula without a value is refused by its cell')
  assert.match(await main(page), /2 of 4 rows are ready/)
  await page.getByLabel('Rows that repeat a record').selectOption('all')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /in 2 rows, of which this is the first/)
  await page.getByLabel('Rows that repeat a record').selectOption('first')
  await press(page, 'Show again what it would do')
  assert.match(await main(page), /3 of 4 rows are ready/)
  assert.match(await main(page), /1\s+row left out/)
  await axe(page)
  await press(page, /^Import [\d,]+ rows?$/)
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

// large is a file that is seen to behind the request.
const large = () => 'Project No,Project name,Start date\n' + Array.from({ length: 3000 }, (_, i) => `L${i},Long pipe ${i},${1 + (i % 28)} May 2024\n`).join('')

// holdsItsLook keeps a page that counts how far a job has come from looking again: it
// would reload in the middle of being judged. What is returned lets it.
async function holdsItsLook(page) {
  const staged = '**/imports/staged/*', held = []
  await page.route(staged, (route) => (route.request().resourceType() === 'fetch' ? held.push(route) : route.continue()))
  return async () => {
    await Promise.all(held.map((route) => route.continue()))
    await page.unroute(staged)
  }
}

async function importsALargeFile(page) {
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', { name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.from(large()) })
  const goOn = await holdsItsLook(page)
  await press(page, 'Look at it')
  assert.match(await main(page), /A large file|3,000 of 3,000 rows are ready/)
  await axe(page)
  await goOn()
  await page.getByText('3,000 of 3,000 rows are ready').waitFor({ timeout: 60000 }) // the page looks again by itself
  await settled(page)
  await page.getByRole('button', { name: 'Import 3,000 rows' }).click()
  await page.getByRole('heading', { name: 'What it changed' }).waitFor({ timeout: 60000 })
  await visit(page, '/projects?find=Long+pipe')
  assert.match(await main(page), /3,000|more than 1,000/)
}

async function correctsACellInPlace(page) {
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', { name: 'cell.csv', mimeType: 'text/csv', buffer: Buffer.from('Project No,Project name,Start date\nC1,Corrected works,31/02/2024\nC2,Other works,25/12/2024\n') })
  await press(page, 'Look at it')
  await axe(page)
  await validHTML(page)
  const cell = page.getByRole('row', { name: /Corrected works/ }).getByRole('textbox').first()
  assert.equal(await cell.inputValue(), '31/02/2024', 'what the file says is kept')
  await cell.fill('29/02/2024')
  await press(page, 'Try again with my fixes')
  assert.match(await main(page), /2 of 2 rows are ready/)
  await press(page, 'Import 2 rows')
  assert.match(await main(page), /31\/02\/2024[\s\S]*29\/02\/2024/, 'the import says what was corrected')
  await page.getByRole('link', { name: 'Corrected works' }).first().click()
  await page.waitForLoadState('load')
  await page.locator('main').getByRole('link', { name: /History|Field by field/ }).first().click()
  await page.waitForLoadState('load')
  assert.match(await main(page), /corrected before the import/)
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
    await importsALargeFile(page)
    await correctsACellInPlace(page)
    await done()
    await cairn.stop()
  })
}
