// The ledger of evidence: what the work proposes is kept, worded, hidden and dropped;
// work elsewhere is entered; colleagues and somebody outside confirm it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()
const tab = async (page, name) => Number((await page.locator('nav.tabs a', { hasText: name }).innerText()).match(/\d+/)[0])

async function decides(page) {
  await visit(page, '/career/evidence')
  const proposed = await tab(page, 'Proposed')
  const dropped = await tab(page, 'Dropped')
  assert.ok(proposed > 2, 'the record proposes')
  await axe(page)
  await press(page, /^Drop: /)
  assert.equal(await tab(page, 'Dropped'), dropped + 1)
  await visit(page, '/career/evidence?show=dropped')
  await press(page, /^Take up again: /)
  await visit(page, '/career/evidence')
  assert.equal(await tab(page, 'Proposed'), proposed)
  await page.locator('th a').first().click()
  await page.waitForLoadState('load')
  const project = await page.locator('dl.facts dd a').first().innerText()
  await page.getByLabel('How you say it').fill(`Kept ${project} honest`)
  await page.getByLabel('the names of projects and bodies').check()
  await press(page, 'Keep it like this')
  assert.match(await page.locator('h1').innerText(), /^Kept .* honest$/)
  assert.match(await main(page), /As it would leave: Kept a (project|governing body)/, 'the name does not leave')
  await axe(page)
  await page.locator('section[aria-labelledby=behind] li a').first().click()
  await page.waitForLoadState('load')
  assert.doesNotMatch(page.url(), /career/, 'a piece opens down to its record')
}

async function enters(page) {
  await visit(page, '/career/entries/new')
  await page.getByLabel('Kind of experience').selectOption('project.managed')
  await page.getByLabel('What you did, in a sentence').fill('Managed the move of a depot')
  await page.locator('#from').fill('2022-06')
  await page.locator('#to').fill('2021-01')
  await page.locator('#hours').fill('-3')
  allow(page, 422)
  await press(page, 'Keep it')
  const said = await main(page)
  assert.match(said, /The end comes before the beginning/)
  assert.match(said, /Enter a number from 0/)
  assert.equal(await page.getByLabel('What you did, in a sentence').inputValue(), 'Managed the move of a depot', 'what was typed is kept')
  await axe(page)
  await validHTML(page)
  await page.locator('#to').fill('2023-01')
  await page.locator('#hours').fill('300')
  await page.getByLabel('It was brought to its end').check()
  await press(page, 'Keep it')
  assert.match(await page.locator('h1').innerText(), /Managed the move of a depot/)
  return new URL(page.url()).pathname
}

async function asks(page, field, name) {
  if (!(await page.getByLabel(field).isVisible())) await page.getByText('Ask somebody', { exact: true }).click()
  await page.getByLabel(field).fill(name)
  await press(page, 'Ask them')
}

async function colleague(page, entry) {
  await visit(page, entry)
  allow(page, 422)
  await asks(page, 'A colleague', 'Ines Calloway')
  assert.match(await main(page), /Nobody confirms their own work/)
  await asks(page, 'A colleague', 'Tomasz Wielandt')
  assert.match(await main(page), /Tomasz Wielandt was asked and has not answered/)
  await enterAs(page, 'project manager')
  await visit(page, '/')
  const more = page.locator('summary', { hasText: 'more, which cost less by waiting' })
  if (await more.count()) await more.click()
  await page.locator('section[aria-labelledby=waits] h3 a', { hasText: 'Confirm what Ines Calloway did' }).last().click()
  await page.waitForLoadState('load')
  assert.match(await main(page), /Managed the move of a depot/)
  await axe(page)
  await page.locator('label', { hasText: /^I confirm it in other words$/ }).click()
  await page.locator('#wording').fill('Managed the move of a small depot')
  await press(page, 'Answer')
  assert.match(await main(page), /You answered in other words/)
  await enterAs(page, 'analyst')
  await visit(page, entry)
  assert.match(await main(page), /They would rather confirm:\s+Managed the move of a small depot/)
  await press(page, 'Take their wording')
  assert.match(await page.locator('h1').innerText(), /small depot/)
  await visit(page, '/career/evidence?show=own')
  assert.match(await page.locator('tr', { hasText: 'small depot' }).innerText(), /confirmed by Tomasz Wielandt/, 'the grade is seen')
}

async function outside(page, entry) {
  await visit(page, entry)
  await asks(page, 'Or somebody outside, by name', 'Jo Harbour')
  const link = new URL(await page.locator('#link').innerText()).pathname
  await axe(page)
  allow(page, 403)
  await page.goto(new URL(link, page.url()).href)
  assert.match(await main(page), /not for you/, 'nobody confirms their own work')
  await page.context().clearCookies()
  await visit(page, link)
  await visit(page, link)
  assert.match(await main(page), /For Jo Harbour/)
  await axe(page)
  await page.locator('label', { hasText: /^I confirm it$/ }).click()
  await press(page, 'Answer')
  assert.match(await main(page), /You confirmed this\. It cannot be answered again/)
  await visit(page, link)
  assert.match(await main(page), /It cannot be answered again/, 'a link works once')
}

async function hidden(page, entry) {
  await enterAs(page, 'head of PMO')
  allow(page, 404)
  await page.goto(new URL(entry, page.url()).href)
  assert.doesNotMatch(await main(page), /depot/, 'nobody else sees it')
}

for (const db of engines()) {
  test(`evidence, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 42 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    await decides(page)
    const entry = await enters(page)
    await colleague(page, entry)
    await outside(page, entry)
    await hidden(page, entry)
    await done()
    await cairn.stop()
  })
}
