// An analyst proposes to retire a control; the head of PMO takes that up into the
// draft, is told by line what is wrong with a text, tries the draft, publishes it,
// moves two projects, and sees who follows it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, paste, settled, startCairn, validHTML, visit } from './harness.mjs'

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
  await axe(page, { name })
  await validHTML(page)
}

async function analystProposes(cairn) {
  const { page, done } = await openPage(cairn.url)
  await enterAs(page, 'analyst')
  await visit(page, '/controls')
  await looks(page, 'use-of-controls')
  await follow(page, 'Changes beyond tolerance decided before work')
  allow(page, 422)
  await press(page, 'Propose it')
  assert.match(await main(page), /Say what should be different/)
  await page.getByText('Retire it', { exact: true }).click()
  await page.getByLabel(/What should be different/).fill('The report says the same a week earlier.')
  await press(page, 'Propose it')
  assert.match(await main(page), /The report says the same a week earlier[\s\S]*waits for the PMO/)
  assert.equal(await page.getByText('Decline').count(), 0, 'an analyst does not decide')
  await looks(page, 'control-use')
  await done()
}

async function headTakesUp(page) {
  await enterAs(page, 'head of PMO')
  await visit(page, '/controls')
  await follow(page, 'Changes beyond tolerance decided before work')
  await press(page, 'Take it up into the draft')
  assert.match(await main(page), /Removed[\s\S]*Control: Changes beyond tolerance decided before work/)
  assert.match(await page.getByLabel('What changes and why').inputValue(), /The report says the same/)
  await looks(page, 'draft')
}

// wrong keeps a text with a mistake, is told where it is, and puts it right.
async function wrong(page) {
  const box = page.getByLabel('The method as text')
  const text = await box.inputValue()
  await paste(box, text.replace('schema: cairn/method/1', 'schema: cairn/method/9'))
  await press(page, 'Keep the draft')
  assert.match(await main(page), /1 place needs another look[\s\S]*13[\s\S]*schema/)
  assert.match(await box.inputValue(), /cairn\/method\/9/, 'what was typed is kept')
  await looks(page, 'draft-wrong')
  await paste(box, text)
  await press(page, 'Keep the draft')
  assert.doesNotMatch(await main(page), /another look/)
}

async function publishesAndMoves(page) {
  await follow(page, 'Try it on the projects that run')
  assert.match(await main(page), /\d+ projects would lose a control\./)
  await looks(page, 'draft-tried')
  await follow(page, 'Publish it')
  assert.match(await main(page), /stays as it is for good/)
  await looks(page, 'publish')
  await press(page, 'Publish the new version')
  assert.match(await main(page), /Move projects to version \d+/)
  const move = page.getByRole('checkbox', { name: /^Move / })
  await move.nth(0).check()
  await move.nth(1).check()
  await looks(page, 'move')
  await press(page, 'Move the chosen projects')
  await follow(page, 'What changed')
  assert.match(await main(page), /2 of \d+ projects follow version \d+ or a later one today/)
  await looks(page, 'version')
}

async function seesAdoption(page) {
  await visit(page, '/controls/ch-01')
  assert.match(await main(page), /asks for it no more[\s\S]*2 of \d+ projects follow version[\s\S]*taken up by version/)
  await looks(page, 'control-retired')
  await visit(page, '/methods')
  assert.match(await main(page), /published by Marit Osei/)
}

for (const db of engines()) {
  test(`a control is proposed to be retired, and is, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 42 })
    t.after(() => cairn.kill())
    await analystProposes(cairn)
    const { page, done } = await openPage(cairn.url)
    allow(page, 422)
    await headTakesUp(page)
    await wrong(page)
    await publishesAndMoves(page)
    await seesAdoption(page)
    await done()
    await cairn.stop()
  })
}
