// The same person entered twice: the head of PMO sees the suggestion, compares the
// two entries, merges them, finds the work under one name, and undoes it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const press = async (page, name) => {
  await page.getByRole('button', { name }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const follow = async (page, name) => {
  await page.getByRole('link', { name }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()
const looks = async (page, what) => {
  await axe(page, { name: what })
  await validHTML(page)
}

async function compares(page) {
  await visit(page, '/people')
  const twins = page.locator('section[aria-labelledby=twins]')
  assert.match(await twins.innerText(), /initial and surname agree/)
  const [whole, short] = await twins.locator('li').first().locator('a:not(.btn)').allInnerTexts()
  await looks(page, 'twins')
  await twins.getByRole('link', { name: `Compare ${whole} and ${short}` }).click()
  await page.waitForLoadState('load')
  const seen = await main(page)
  assert.match(seen, /It can be undone until/)
  assert.match(seen, /Assignments\s+theirs from then on/i)
  assert.doesNotMatch(seen, /career/i, 'a career is nobody else’s to see')
  await looks(page, 'merge')
  return { whole, short }
}

async function merges(page, { whole, short }) {
  await press(page, 'Merge the two')
  assert.match(await main(page), new RegExp(`${short.replace('.', '\\.')} was merged into this entry`))
  await looks(page, 'merged')
  await visit(page, `/people?find=${encodeURIComponent(short)}`)
  assert.match(await main(page), new RegExp(whole), 'the name before leads to the entry that stayed')
  assert.doesNotMatch(await main(page), new RegExp(`^${short.replace('.', '\\.')}`, 'm'))
  await follow(page, whole)
  await page.getByRole('button', { name: `Undo: ${short}` }).press('Enter')
  await page.waitForLoadState('load')
  await settled(page)
  assert.equal(await page.locator('h1').innerText(), short)
}

async function findsTheOther(page, { short }) {
  await follow(page, 'Find the other entry')
  await page.getByLabel('Name of the other entry').fill('Wielandt')
  await press(page, 'Find')
  await looks(page, 'other-entry')
  await follow(page, 'Compare with Tomasz Wielandt')
  const seen = await main(page)
  assert.match(seen, /Tomasz Wielandt has the account/)
  await follow(page, 'Keep Tomasz Wielandt')
  assert.match(await page.locator('h1').innerText(), new RegExp(`Merge ${short.replace('.', '\\.')} into Tomasz Wielandt`))
  await looks(page, 'turned')
}

async function isRefused(page) {
  allow(page, 403)
  await page.goto(new URL('/people', page.url()).href)
  assert.equal(await page.locator('section[aria-labelledby=twins]').count(), 0, 'nothing is suggested to who may not merge')
  const some = await page.locator('main th[scope=row] a').first().getAttribute('href')
  const answer = await page.goto(new URL(`${some}/merge`, page.url()).href)
  assert.equal(answer.status(), 403)
}

for (const db of engines()) {
  test(`two entries of one person become one, and two again, on ${db}`, { timeout: 180_000 }, async () => {
    const cairn = await startCairn({ db })
    const head = await openPage(cairn.url)
    const other = await openPage(cairn.url)
    await enterAs(head.page, 'head of PMO')
    await enterAs(other.page, 'project manager')
    const two = await compares(head.page)
    await merges(head.page, two)
    await findsTheOther(head.page, two)
    await isRefused(other.page)
    for (const { problems, done } of [head, other]) {
      assert.deepEqual(problems ?? [], [])
      await done()
    }
    await cairn.stop()
  })
}
