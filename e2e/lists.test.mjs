// A list for work: a filter of two groups is built by hand, kept as a view, shared,
// opened by somebody else, grouped, given other columns, and walked by keyboard.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, fits, openPage, screens, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const main = (page) => page.locator('main').innerText()
const number = (text) => Number(text.match(/([\d,]+) projects?/)[1].replace(',', ''))
const shown = async (page) => number(await page.locator('.lead').innerText())
const press = async (page, name, within = page) => {
  await within.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}

async function row(page, at, field, op, value) {
  const form = page.locator('form.builder')
  await form.locator(`[name="b_f${at}"]`).selectOption({ label: field })
  await form.locator(`[name="b_o${at}"]`).selectOption(op)
  if (value) await form.locator(`[name="b_v${at}"]`).fill(value)
}

async function buildsAFilter(page) {
  await visit(page, '/projects')
  const all = await shown(page)
  await page.locator('.filter-tool > summary').click()
  await row(page, '0.0', 'Status', 'is', 'Live')
  await press(page, 'Add a group')
  assert.equal(await page.locator('[name="b_v0.0"]').inputValue(), 'Live', 'what was typed stays typed')
  await row(page, '1.0', 'Rating', 'is any of', 'red, purple')
  await press(page, 'Add a condition', page.locator('form.builder fieldset').nth(1))
  await row(page, '1.1', 'Budget', '>', '1,000,000')
  allow(page, 422)
  await press(page, 'Show what fits')
  assert.match(await main(page), /“purple” is no rating/, 'the error names what is wrong')
  assert.equal(await page.locator('[name="b_v1.0"]').inputValue(), 'red, purple')
  await axe(page)
  await page.locator('[name="b_v1.0"]').fill('red, amber')
  await press(page, 'Show what fits')
  const where = new URL(page.url()).searchParams.get('where')
  assert.equal(where, 'status is Live and (rating is any of red, amber or budget > 1000000.00)', 'the filter lives in the address')
  const some = await shown(page)
  assert.ok(some > 0 && some < all, `${some} of ${all}`)
  return some
}

async function refusesAText(page) {
  await visit(page, '/projects?where=' + encodeURIComponent('status is Live and colour is blue'), { status: 422 })
  assert.match(await main(page), /At character 20, “colour”: There is no field of this name/)
  assert.equal(await page.locator('textarea[name=where]').inputValue(), 'status is Live and colour is blue')
}

async function keepsAndShares(page) {
  await page.getByRole('link', { name: 'Save this view' }).click()
  await page.waitForLoadState('load')
  await page.getByLabel('Name').fill('Live and in need')
  await page.getByLabel('Share it with everybody').check()
  await axe(page)
  await press(page, 'Keep the view')
  assert.match(await page.locator('.views [aria-current]').innerText(), /Live and in need/)
  return page.url()
}

async function groupsAndColumns(page) {
  await page.getByLabel('Group by').selectOption('programme')
  await page.waitForURL(/group=programme/)
  await settled(page)
  const heads = page.locator('tr.group')
  const count = await shown(page)
  let sum = 0
  for (const text of await heads.allInnerTexts()) sum += number(text)
  if (count <= 50) assert.equal(sum, count, 'the groups count the whole list')
  const first = number(await heads.first().innerText())
  await heads.first().locator('a').click()
  await page.waitForLoadState('load')
  assert.equal(await shown(page), first, 'the number of a group opens its projects')
  await page.goBack()
  await page.locator('details.tool > summary', { hasText: 'Columns' }).click()
  await page.getByLabel('Sponsor', { exact: true }).check()
  await page.getByLabel('Phase', { exact: true }).uncheck()
  await press(page, 'Show these columns')
  const head = await page.locator('#register thead').innerText()
  assert.match(head, /Sponsor/)
  assert.doesNotMatch(head, /Phase/)
  await page.locator('details.tool > summary', { hasText: 'Columns' }).click()
  await press(page, 'Move Sponsor up')
  assert.match(new URL(page.url()).searchParams.get('cols'), /sponsor,forecast$/)
  await press(page, 'Keep what is shown as my columns')
  await visit(page, '/projects')
  assert.match(await page.locator('#register thead').innerText(), /Sponsor/, 'kept for this person')
}

async function keys(page) {
  await visit(page, '/projects?live=yes')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  const name = await page.evaluate(() => document.activeElement.textContent)
  assert.equal(name, await page.locator('#register tbody th a').nth(1).innerText(), 'j moves by row')
  await page.evaluate(() => window.addEventListener('copy', (e) => (window.took = { html: e.clipboardData.getData('text/html'), text: e.clipboardData.getData('text/plain') })))
  await page.evaluate(() => document.querySelectorAll('#register tbody tr:first-child td.muted').forEach((c, i) => (c.textContent = ['=1+1', '−1,250.5'][i] ?? c.textContent)))
  await page.getByRole('button', { name: 'Copy this page as a table' }).click()
  const took = await page.evaluate(() => window.took)
  assert.match(took.html, /<table>.*<td/)
  assert.match(took.text, new RegExp(`^Project\\t.*\\n`))
  assert.ok(took.text.includes("\t'=1+1\t") && took.html.includes(">'=1+1<"), 'no text becomes a formula')
  assert.match(took.text, /\t-1,250\.5\t/, 'a negative number stays a number')
  await page.locator('#register tbody th a').nth(1).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/projects\/[0-9a-f-]+$/)
}

for (const db of engines()) {
  test(`a list for work, on ${db}`, async () => {
    const cairn = await startCairn({ db, projects: 60 })
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    await refusesAText(page)
    const some = await buildsAFilter(page)
    const view = await keepsAndShares(page)
    await screens(page, 'register-filtered')
    await groupsAndColumns(page)
    await keys(page)
    await visit(page, '/projects?group=programme&live=yes')
    await axe(page)
    await validHTML(page)
    await fits(page)
    await screens(page, 'register-grouped')
    await done()

    const other = await openPage(cairn.url)
    await enterAs(other.page, 'project manager')
    await visit(other.page, '/projects')
    await other.page.locator('.views a', { hasText: 'Live and in need' }).click()
    await other.page.waitForLoadState('load')
    assert.ok((await shown(other.page)) <= some, 'a shared view shows each reader what they may see')
    assert.equal(await other.page.getByRole('link', { name: /delete the view/ }).count(), 0)
    allow(other.page, 403)
    const answer = await other.page.goto(new URL('/views/' + new URL(view).searchParams.get('view'), cairn.url).href)
    assert.equal(answer.status(), 403)
    await other.done()
    await cairn.stop()
  })
}
