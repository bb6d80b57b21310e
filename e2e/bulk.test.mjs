// Many projects are changed at once, seen before it is done, and taken back.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()

async function choosesRows(page) {
  await visit(page, '/projects')
  const boxes = page.locator('input[name=project]')
  await boxes.nth(0).click()
  await boxes.nth(2).click({ modifiers: ['Shift'] })
  const bar = page.getByRole('form', { name: 'Change the chosen projects' })
  assert.match(await bar.innerText(), /3 selected/)
  assert.match(await bar.innerText(), /budget [\d.]+m \w* ?of \d/)
  await page.getByLabel('Choose all on this page').check()
  assert.match(await bar.innerText(), /20 selected|\d+ selected/)
  await press(page, 'Clear')
  assert.match(await bar.innerText(), /Choose projects in the list/)
  for (const i of [0, 1, 2]) await boxes.nth(i).click()
  await axe(page)
  await bar.getByLabel('Change', { exact: true }).selectOption('category')
  await press(page, 'Go on')
}

async function seesAndApplies(page) {
  assert.match(await main(page), /Change 3 projects/)
  await page.getByLabel('This holds since').evaluate((box) => box.removeAttribute('max'))
  await page.getByLabel('This holds since').fill('2031-01-01')
  await page.getByLabel('New category').fill('Resilience')
  allow(page, 422)
  await press(page, 'Show what it would do')
  assert.match(await main(page), /today or a past date/)
  assert.equal(await page.getByLabel('New category').inputValue(), 'Resilience', 'what was typed is kept')
  await page.getByLabel('This holds since').fill(new Date().toISOString().slice(0, 10))
  await press(page, 'Show what it would do')
  assert.match(await main(page), /3 would change/)
  await validHTML(page)
  await axe(page, { name: 'bulk-preview' })
  await press(page, 'Change 3 projects')
  assert.match(await main(page), /Category of 3 projects/)
  assert.match(await main(page), /Resilience/)
  await visit(page, '/projects?category=Resilience')
  assert.match(await main(page), /3 projects you may see/)
}

async function takesItBack(page) {
  await visit(page, '/bulk-edits')
  assert.match(await main(page), /in force/)
  await axe(page)
  await page.getByRole('link', { name: 'Category of 3 projects' }).click()
  await page.getByRole('link', { name: /Undo until/ }).click()
  assert.match(await main(page), /3 values put back/)
  await axe(page)
  await press(page, 'Undo this bulk edit')
  assert.match(await main(page), /What the undo did/)
  await visit(page, '/projects?category=Resilience')
  assert.match(await main(page), /No project is like this/)
}

// without a script the boxes, the bar and the pages are plain forms.
async function withoutScript(url) {
  const { page, done } = await openPage(url, { javaScriptEnabled: false })
  await enterAs(page, 'analyst')
  await page.goto('/projects')
  await page.locator('input[name=project]').nth(4).check()
  await page.locator('#bulk-field').selectOption('phase')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByLabel('New phase').fill('Deliver again')
  await page.getByRole('button', { name: 'Show what it would do' }).click()
  await page.getByRole('button', { name: 'Change 1 project' }).click()
  assert.match(await main(page), /Phase of 1 project/)
  await page.goto('/projects?phase=Deliver+again')
  await page.locator('input[name=all]').check()
  await page.locator('#bulk-field').selectOption('pmo_partner')
  await page.getByRole('button', { name: 'Go on' }).click()
  assert.match(await main(page), /Change 1 project/)
  await done()
}

// a project manager sees which projects are not theirs to change.
async function onlyOnesOwn(url) {
  const { page, done } = await openPage(url)
  await enterAs(page, 'project manager')
  await visit(page, '/projects')
  await page.getByLabel(/all \d+ of this list/).check()
  await page.locator('#bulk-field').selectOption('notes')
  await press(page, 'Go on')
  await page.getByLabel('New notes').fill('Seen in bulk')
  await press(page, 'Show what it would do')
  assert.match(await main(page), /\d+ would change, 0 say so already, \d+ you may not change/)
  assert.match(await main(page), /You may see this project and not change this of it/)
  await done()
}

for (const db of engines()) {
  test(`many projects are changed and put back, on ${db}`, async () => {
    const cairn = await startCairn({ db, projects: 20 })
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    await choosesRows(page)
    await seesAndApplies(page)
    await takesItBack(page)
    await done()
    await withoutScript(cairn.url)
    await onlyOnesOwn(cairn.url)
    await cairn.stop()
  })
}
