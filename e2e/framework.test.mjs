// Everybody reads the framework; an analyst drafts a version with an unknown
// competency and with a circle and is told the line of each, puts it right, changes
// hours in a form; the head of PMO publishes it, and everybody reads what changed.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const main = (page) => page.locator('main').innerText()
const loaded = async (page) => {
  await page.waitForLoadState('load')
  await settled(page)
}
const press = async (page, name) => {
  await page.getByRole('button', { name }).first().click()
  await loaded(page)
}
const follow = async (page, name) => {
  await page.locator('main').getByRole('link', { name }).first().click()
  await loaded(page)
}
async function looks(page, name) {
  await axe(page, { name: `framework-${name}` })
  await validHTML(page)
}

async function memberReads(cairn) {
  const { page, done } = await openPage(cairn.url)
  await enterAs(page, 'project manager')
  await page.getByRole('link', { name: 'Framework' }).first().click()
  await loaded(page)
  assert.match(await main(page), /no promise of a post[\s\S]*PMO analyst[\s\S]*It asks for/)
  await looks(page, 'roles')
  await follow(page, 'Competencies')
  await page.locator('#reporting summary').click()
  assert.match(await main(page), /Water ladder R-2[\s\S]*Saw it\. Sat in while a report was made[\s\S]*Counted: /)
  await looks(page, 'competencies')
  await follow(page, 'Options')
  await page.getByText('Manage a small project').click()
  assert.match(await main(page), /180 hours over 22 weeks[\s\S]*Usually leaves behind/)
  await looks(page, 'options')
  await follow(page, 'How it is counted')
  assert.match(await main(page), /this is what stops one busy week from counting as experience/)
  await looks(page, 'rules')
  await follow(page, 'Versions')
  assert.match(await main(page), /Version 2\s+in force[\s\S]*Version 1/)
  assert.equal(await page.getByRole('link', { name: /draft/ }).count(), 0, 'a project manager drafts nothing')
  await looks(page, 'versions')
  const file = await page.request.get(await page.getByRole('link', { name: /CASE/ }).first().evaluate((a) => a.href))
  const { CFDocument, CFItems } = await file.json()
  assert.match(CFDocument.notes, /no place for roles/)
  assert.ok(CFItems.some((i) => i.fullStatement.startsWith('Sat in while a report was made')))
  await done()
}

// lineOf is the line, from 1, on which words stand.
const lineOf = (text, words) => text.slice(0, text.indexOf(words)).split('\n').length

// keep sends a file, since typing 150 KB anew takes a browser longer than anybody waits.
async function keep(page, text) {
  await page.getByLabel('Or a file instead').setInputFiles({ name: 'framework.yaml', mimeType: 'text/yaml', buffer: Buffer.from(text) })
  await press(page, 'Keep the draft')
}

async function refused(page, text, wrong, says, name) {
  await keep(page, wrong)
  const said = await main(page)
  assert.match(said, says)
  assert.equal(await page.getByRole('link', { name: 'Publish' }).count(), 0, 'it cannot be published')
  assert.equal((await page.getByLabel('The framework as text').inputValue()).trim(), wrong.trim(), 'what was typed is kept')
  await looks(page, name)
  await keep(page, text)
  assert.doesNotMatch(await main(page), /another look/)
}

async function drafts(page) {
  await visit(page, '/framework/draft')
  const text = await page.getByLabel('The framework as text').inputValue()
  const unknown = text.replace('{competency: reporting,', '{competency: reportin,')
  await refused(page, text, unknown, new RegExp(`\\n${lineOf(unknown, 'reportin,')}\\s[\\s\\S]*no competency "reportin"; did you mean "reporting"`), 'unknown')
  const at = text.indexOf('rule: {kinds: [', text.indexOf('- id: reporting\n'))
  const circle = text.slice(0, at) + text.slice(at).replace(/rule: \{[^}]*\}/, 'rule: {competency: reporting, application: 1}')
  await refused(page, text, circle, /reporting\/application goes in a circle: reporting asks for reporting/, 'circle')
  await page.getByLabel('What changes and why').fill('It took less than we thought.')
  await press(page, 'Keep the draft')
}

async function changesHours(page) {
  await page.locator('summary', { hasText: 'Options' }).click()
  await follow(page, 'Manage a small project')
  await looks(page, 'part')
  allow(page, 422)
  await page.getByLabel('Hours').first().fill('-3')
  await page.locator('main form').first().evaluate((f) => f.setAttribute('novalidate', ''))
  await press(page, 'Keep in the draft')
  assert.match(await main(page), /Enter a whole number from 0/)
  assert.equal(await page.getByLabel('Hours').first().inputValue(), '-3')
  await page.getByLabel('Hours').first().fill('165')
  await press(page, 'Keep in the draft')
  assert.match(await main(page), /Manage a small project now takes 165 hours instead of 180\./)
  await looks(page, 'draft')
}

async function publishes(page) {
  await visit(page, '/framework/draft')
  await follow(page, 'Publish')
  assert.match(await main(page), /It took less than we thought\.[\s\S]*takes 165 hours instead of 180[\s\S]*These people are invented/)
  await looks(page, 'publish')
  await press(page, 'Publish the new version')
  assert.match(await main(page), /Version 3[\s\S]*takes 165 hours instead of 180/)
  await looks(page, 'diff')
  await page.getByLabel('Compare it with').selectOption({ label: 'version 1' })
  await press(page, 'Compare')
  assert.match(await main(page), /against version 1[\s\S]*Was: [\s\S]*takes 165 hours instead of 180/)
  await follow(page, 'Read it')
  await follow(page, 'Options')
  assert.match(await main(page), /165 hours over 22 weeks/)
}

for (const db of engines()) {
  test(`the framework is read, drafted and published, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    await memberReads(cairn)
    const analyst = await openPage(cairn.url)
    await enterAs(analyst.page, 'analyst')
    await drafts(analyst.page)
    await changesHours(analyst.page)
    await analyst.done()
    const head = await openPage(cairn.url)
    await enterAs(head.page, 'head of PMO')
    await publishes(head.page)
    await head.done()
    await cairn.stop()
  })
}
