// An import is taken back after others have worked on what it brought.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-undo-'))
after(closeBrowser)
after(() => rmSync(folder, { recursive: true }))

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()

async function bring(page, content) {
  const file = path.join(folder, 'tanks.csv')
  writeFileSync(file, content)
  await visit(page, '/imports/new')
  await page.setInputFiles('input[type=file]', file)
  await press(page, 'Look at it')
}

const first = 'id,name,department,phase,status,budget\nT1,Tank one,Networks,Plan,Live,1000\nT2,Tank two,Networks,Plan,Live,2000\n'
const second = 'id,name,department,phase,status,budget\nT1,Tank one,Networks,Deliver,Live,1500\nT2,Tank two,Networks,Plan,Live,2500\nT3,Tank three,Networks,Plan,Live,3000\n'

async function imports(page) {
  await bring(page, first)
  await press(page, /^Import [\d,]+ rows?$/)
  await bring(page, second)
  const dry = await main(page)
  assert.match(dry, /1\s+project added[\s\S]*2\s+projects updated/)
  assert.match(dry, /£1,000.*£1,500|1,000[\s\S]*1,500/, 'the dry run shows before and after')
  await axe(page)
  await press(page, /^Import [\d,]+ rows?$/)
  assert.match(await main(page), /1 created, 2 changed/)
  assert.match(await main(page), /Undo until/)
  await validHTML(page)
  await axe(page, { name: 'import-applied' })
}

async function edits(page) {
  await visit(page, '/projects?find=Tank+one')
  assert.match(await main(page), /tanks\.csv is in\..*imported it \d+ \w+/, 'the register says what came in')
  await axe(page)
  await page.getByRole('link', { name: 'Tank one' }).click()
  await page.getByRole('link', { name: 'Change', exact: true }).click()
  await page.getByLabel('Budget', { exact: true }).fill('1700')
  await press(page, 'Save')
  await visit(page, '/projects?find=Tank+three')
  await page.getByRole('link', { name: 'Tank three' }).click()
  const project = page.url()
  await page.locator('details:has(#person) > summary').click()
  await page.locator('#person').fill(await page.locator('datalist option').first().getAttribute('value'))
  await press(page, 'Assign')
  return project
}

async function undoes(page) {
  await visit(page, '/projects')
  await page.getByRole('link', { name: /Undo until/ }).click()
  const preview = await main(page)
  assert.match(preview, /Nothing has been changed yet/)
  assert.match(preview, /1 project withdrawn/)
  assert.match(preview, /1 thing left, since somebody changed it later/)
  assert.match(preview, /left as it is/)
  assert.match(preview, /other work remains on it: 1 assignment/)
  await validHTML(page)
  await axe(page, { name: 'undo-preview' })
  await press(page, 'Undo this import')
  assert.match(await main(page), /What the undo did/)
  assert.match(await main(page), /1 project withdrawn/)
  await axe(page)
}

async function after_(page, project) {
  await visit(page, '/projects?find=Tank')
  const list = await main(page)
  assert.match(list, /Tank one/)
  assert.match(list, /Tank two/)
  assert.doesNotMatch(list, /Tank three/)
  await page.getByRole('link', { name: 'Tank one' }).click()
  const one = await main(page)
  assert.match(one, /1,700/, 'what was changed by hand stays')
  assert.match(one, /Plan/, 'what the import still held is put back')
  await visit(page, project)
  const three = await main(page)
  assert.match(three, /Withdrawn\./)
  assert.match(three, /Work that remains on it: 1 assignment/)
  await validHTML(page)
  await axe(page)
  await page.getByRole('link', { name: /^undone on/ }).click()
  assert.match(await main(page), /What the undo did/)
  await visit(page, '/imports')
  assert.match(await main(page), /undone on/)
  await bring(page, second)
  assert.match(await main(page), /1\s+project added[\s\S]*[12]\s+projects? updated/)
  await press(page, /^Import [\d,]+ rows?$/)
  await visit(page, project)
  assert.doesNotMatch(await main(page), /Withdrawn\./, 'the same file brings the same project back')
  assert.match(await main(page), /Tank three/)
}

for (const db of engines()) {
  test(`an import is taken back, on ${db}`, async () => {
    const cairn = await startCairn({ db, projects: 20 })
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    await imports(page)
    const project = await edits(page)
    await undoes(page)
    await after_(page, project)
    await done()
    await cairn.stop()
  })
}
