// Documents of a career: an analyst fills an application from her evidence, words an
// entry that is too long for its receiver, mends it, and takes every document away in
// every format. What she wrote is in the files, and no name that she leaves out is.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { inflateRawSync, inflateSync } from 'node:zlib'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const main = (page) => page.locator('main').innerText()
const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const follow = async (page, name) => {
  await page.getByRole('link', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
// The pages as they are come by in the tour; what comes back with errors is looked at here.
const looked = async (page, name) => {
  await axe(page, { name })
  await validHTML(page)
}

// xlsx gives the text of the parts of a workbook, which is a ZIP.
function xlsx(file) {
  let out = ''
  for (let at = file.indexOf('PK\x01\x02'); at >= 0; at = file.indexOf('PK\x01\x02', at + 46)) {
    const start = file.readUInt32LE(at + 42)
    const body = start + 30 + file.readUInt16LE(start + 26) + file.readUInt16LE(start + 28)
    const content = file.subarray(body, body + file.readUInt32LE(at + 20))
    out += (file.readUInt16LE(at + 10) === 8 ? inflateRawSync(content) : content).toString('utf8')
  }
  return out
}

// pdf gives what the pages of a PDF show, without the spaces: two bytes a letter.
function pdf(file) {
  let out = ''
  for (const part of file.toString('latin1').split('stream\n').slice(1)) {
    const body = Buffer.from(part.split('\nendstream')[0], 'latin1')
    let text
    try { text = inflateSync(body).toString('latin1') } catch { continue }
    if (/ Tf/.test(text)) out += text.replaceAll('\0', '').replace(/[\s\\]/g, '')
  }
  return out
}

const taken = async (page, name) => {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: `Take away as ${name}` }).click()])
  return readFile(await file.path())
}

// leavesOut keeps a piece of work on a project and hides the project's name.
async function leavesOut(page) {
  await visit(page, '/career/evidence')
  await follow(page, /^(Was PMO partner of|Supported) [A-Z].*since/)
  const name = await page.locator('dl.facts dd a').first().innerText()
  await page.getByLabel('the names of projects and bodies').check()
  await page.getByLabel('How you say it').fill(`Kept ${name} honest`)
  await press(page, 'Keep it like this')
  return name
}

async function fills(page) {
  await visit(page, '/career/evidence')
  await follow(page, 'Documents to take away')
  assert.match(await main(page), /Application entries[^]*Competency matrix[^]*CV[^]*CPD and PDU sheets/)
  await follow(page, 'Application entries')
  assert.match(await main(page), /led and directed, overlapping ones once/)
  await follow(page, 'Take evidence in')
  await page.getByLabel(/^Take in: Kept a project/).check()
  await press(page, 'Take them in')
  assert.match(await main(page), /Its months do not count: this is support/)
}

async function words(page, hidden) {
  await follow(page, /^A project/)
  await page.getByRole('heading', { name: 'Entry' }).waitFor()
  assert.match(await main(page), /Its months do not count/, 'each entry of support says so')
  const objective = page.getByLabel('Objective of the project')
  const long = `Cleaner water below ${hidden}. `.repeat(30)
  await objective.fill(long)
  await page.getByText(/of 500 characters: \d+ too many/).first().waitFor() // counted while it is typed
  await page.getByLabel('From').fill('2024-09')
  await page.locator('#to').fill('2024-03')
  allow(page, 422)
  await press(page, 'Keep it')
  assert.match(await main(page), /Take out \d+/)
  assert.match(await main(page), /The end comes before the beginning/)
  assert.equal(await objective.inputValue(), long.trim(), 'what was typed is kept')
  await looked(page, 'career-document-line')
  await objective.fill(`Cleaner water below ${hidden}`)
  await page.locator('#to').fill('2025-03')
  await page.getByLabel('Outcome').fill('Fish came back in spring')
  await page.locator('#title').fill('A river')
  await press(page, 'Keep it')
  await follow(page, 'A river')
  assert.match(await main(page), /this is what leaves:[^]*Cleaner water below a project/)
  await follow(page, 'Back to the document')
}

const holds = (text, hidden, ...wanted) => {
  const found = text.replaceAll('&#39;', "'").replace(/\s/g, '')
  for (const w of wanted) assert.ok(found.includes(w.replace(/\s/g, '')), `the file lacks ${w}`)
  assert.ok(!found.toLowerCase().includes(hidden.replace(/\s/g, '').toLowerCase()), `the file names ${hidden}`)
}

async function takesAway(page, hidden) {
  holds(xlsx(await taken(page, 'XLSX')), hidden, 'Fish came back in spring', 'Cleaner water below a project', 'Only work that was led and directed counts')
  holds(pdf(await taken(page, 'PDF')), hidden, 'Fish came back in spring', 'Ines Calloway', 'Only work that was led and directed counts')
  await visit(page, '/career/documents/matrix')
  await page.locator('#s-competency').locator('xpath=ancestor::section').locator('th a').first().click()
  await page.waitForLoadState('load')
  await page.getByLabel('Statement, in your words').fill(`I read water, as on ${hidden}`)
  await press(page, 'Keep it')
  holds(pdf(await taken(page, 'PDF')), hidden, 'I read water, as on a project', 'Annex: evidence', 'Attested by')
  await visit(page, '/career/documents/cv')
  assert.match(await main(page), /What you dropped is not here/, 'the page begins a draft where there is none')
  await page.getByLabel(/^Take in: Kept a project/).check()
  await press(page, 'Begin the draft')
  await page.getByLabel('E-mail').fill('no address')
  allow(page, 422)
  await press(page, 'Keep it')
  assert.equal(await page.getByLabel('E-mail').inputValue(), 'no address')
  await page.getByLabel('E-mail').fill('ines@example.org')
  await page.getByLabel('Summary').fill('Żółw, and nothing but the truth')
  await press(page, 'Keep it')
  const cv = JSON.parse(await taken(page, 'JSON Resume'))
  assert.equal(cv.basics.summary, 'Żółw, and nothing but the truth')
  holds(JSON.stringify(cv), hidden, 'ines@example.org', 'Kept a project')
  holds(pdf(await taken(page, 'PDF')), hidden, 'nothing but the truth', 'Kept a project')
}

for (const db of engines()) {
  test(`documents of a career, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    const hidden = await leavesOut(page)
    await fills(page)
    await words(page, hidden)
    await takesAway(page, hidden)
    await enterAs(page, 'head of PMO')
    await visit(page, '/career/documents')
    assert.match(await main(page), /Turn it on for me|not begun/, 'nobody else has any of it')
    await done()
    await cairn.stop()
  })
}
