// A document from its first words to the sponsor's approval; a file that is
// refused and one that is kept; versions compared; what a reader may not do.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

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

// firstProject is one of the projects that wait for the project manager's report.
async function firstProject(page) {
  await visit(page, '/')
  const all = await page.locator('main a[href^="/projects/"]').evaluateAll((list) => list.map((a) => a.getAttribute('href').split('/').slice(0, 3).join('/')))
  assert.notEqual(all.length, 0, 'the desk names a project')
  return all[0]
}

async function writes(page, project) {
  await visit(page, project)
  assert.match(await main(page), /Documents/)
  await visit(page, `${project}/documents/new`)
  await looks(page, 'document-new')
  allow(page, 422)
  await page.getByLabel('What it is for').fill('What operations checks before they take over.')
  await page.getByLabel('Text').fill('## Checks\n\n- Pressure at night\n- <b>Alarms</b>')
  await press(page, 'Keep it as a draft')
  assert.match(await main(page), /Give the document a name/)
  assert.equal(await page.getByLabel('Text').inputValue(), '## Checks\n\n- Pressure at night\n- <b>Alarms</b>', 'what was typed is kept')
  await axe(page)
  await page.getByLabel('Name of the document').fill('Test plan of the story')
  await press(page, 'Keep it as a draft')
  assert.match(await main(page), /Test plan of the story[\s\S]*No version is approved yet/)
  assert.match(await main(page), /<b>Alarms<\/b>/, 'markup stays words')
  await looks(page, 'document-draft')
  await press(page, 'Send version 1')
  assert.match(await main(page), /Waits for the sponsor[\s\S]*You wrote it, so somebody else decides/)
  assert.equal(await page.getByRole('button', { name: /Approve/ }).count(), 0)
  return page.url()
}

async function sendsBackAndApproves(cairn, address, page) {
  const sponsor = await openPage(cairn.url)
  await enterAs(sponsor.page, 'sponsor')
  assert.match(await main(sponsor.page), /Waits for you[\s\S]*Test plan of the story[\s\S]*asks the sponsor to approve version 1/)
  await axe(sponsor.page)
  await follow(sponsor.page, /Test plan of the story/)
  await looks(sponsor.page, 'document-decide')
  allow(sponsor.page, 422)
  await press(sponsor.page, 'Send it back')
  assert.match(await main(sponsor.page), /Say what is to be changed/)
  await sponsor.page.getByLabel('Or: what is to be changed?').fill('Who checks the alarms?')
  await press(sponsor.page, 'Send it back')
  assert.match(await main(sponsor.page), /Sent back by Gwen Ashdown-Reyes[\s\S]*Who checks the alarms\?/)

  await visit(page, address)
  await follow(page, /New version/)
  const text = page.getByLabel('Text')
  await text.fill((await text.inputValue()) + ', checked by the duty manager')
  await press(page, 'Keep it as a draft')
  await follow(page, /Compare with/)
  assert.match(await main(page), /1 line was taken out and 1 line put in/)
  await looks(page, 'document-compare')
  await visit(page, address)
  await press(page, 'Send version 2')

  await visit(sponsor.page, address)
  await press(sponsor.page, 'Approve version 2')
  assert.match(await main(sponsor.page), /Version 2 is approved and counts[\s\S]*Gwen Ashdown-Reyes/)
  await looks(sponsor.page, 'document-approved')
  await sponsor.done()
}

async function uploads(page, project) {
  await visit(page, `${project}/documents/new`)
  await follow(page, 'Upload a file')
  await looks(page, 'document-upload')
  await page.getByLabel('Name of the document').fill('Costs of the story')
  await page.setInputFiles('input[type=file]', { name: 'costs.html', mimeType: 'text/html', buffer: Buffer.from('<html><script>alert(1)</script>') })
  await page.getByRole('button', { name: 'Keep it as a draft' }).click()
  await page.getByText('Files of this type are not kept').first().waitFor()
  await settled(page)
  assert.equal(await page.getByLabel('Name of the document').inputValue(), 'Costs of the story', 'what was typed is kept')
  await axe(page)
  const content = 'pump;5\n'.repeat(400_000)
  await page.setInputFiles('input[type=file]', { name: 'costs.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
  await page.getByRole('button', { name: 'Keep it as a draft' }).click()
  await page.getByRole('heading', { name: 'Costs of the story' }).waitFor()
  await loaded(page)
  assert.match(await main(page), /costs\.csv[\s\S]*2\.7 MB, table/)
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'costs.csv' }).click()
  const file = await coming
  assert.equal(file.suggestedFilename(), 'costs.csv')
  assert.equal((await readFile(await file.path(), 'utf8')).length, content.length)
}

// withoutScript uploads as any form is sent.
async function withoutScript(cairn, project) {
  const plain = await openPage(cairn.url, { javaScriptEnabled: false })
  await enterAs(plain.page, 'project manager')
  await visit(plain.page, `${project}/documents/new?as=file`)
  allow(plain.page, 422)
  await plain.page.getByLabel('Name of the document').fill('Plan without script')
  await plain.page.setInputFiles('input[type=file]', { name: 'plan.docm', mimeType: 'text/plain', buffer: Buffer.from('x') })
  await plain.page.getByRole('button', { name: 'Keep it as a draft' }).click()
  await plain.page.waitForLoadState('load')
  assert.match(await main(plain.page), /Files with macros are not kept/)
  assert.equal(await plain.page.getByLabel('Name of the document').inputValue(), 'Plan without script')
  await plain.page.setInputFiles('input[type=file]', { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('A plan.') })
  await plain.page.getByRole('button', { name: 'Keep it as a draft' }).click()
  await plain.page.waitForLoadState('load')
  assert.match(await main(plain.page), /Plan without script[\s\S]*plan\.txt/)
  await plain.done()
}

async function finds(page, project) {
  await visit(page, `${project}/documents`)
  assert.match(await main(page), /Test plan of the story[\s\S]*approved/)
  await looks(page, 'project-documents')
  await visit(page, '/documents')
  await page.getByLabel('State').selectOption('approved')
  await loaded(page)
  assert.match(page.url(), /state=approved/)
  assert.match(await main(page), /Test plan of the story/)
  assert.doesNotMatch(await main(page), /Costs of the story/)
  await looks(page, 'documents')
}

for (const db of engines()) {
  test(`documents, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'project manager')
    const project = await firstProject(page)
    const address = await writes(page, project)
    await sendsBackAndApproves(cairn, address, page)
    await uploads(page, project)
    await withoutScript(cairn, project)
    await finds(page, project)
    await done()
    await cairn.stop()
  })
}
