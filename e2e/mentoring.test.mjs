// Mentoring from the offer to the note of a meeting: refused by field, asked for,
// agreed in another rhythm by both, noted with a note that the other does not see;
// a question that is declined leaves nothing.
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
const looked = async (page, name) => {
  await axe(page, { name })
  await validHTML(page)
}

async function offers(page) {
  await visit(page, '/mentoring')
  await page.getByRole('link', { name: 'Offer to mentor' }).first().click()
  await page.waitForLoadState('load')
  await looked(page, 'mentoring-offer')
  allow(page, 422)
  await page.getByLabel('How many people at once').fill('0')
  await press(page, 'Offer it')
  assert.match(await main(page), /Choose a topic, or say in your own words/)
  assert.match(await main(page), /How many at once\? From 1 to 10/)
  await page.getByLabel('In your own words').fill('How a sponsor reads a paper')
  await page.getByLabel('How many people at once').fill('1')
  await press(page, 'Offer it')
  assert.match(await main(page), /Change your offer/)
}

async function asks(page) {
  await visit(page, '/mentoring')
  await looked(page, 'mentoring')
  await page.getByRole('link', { name: 'Gwen Ashdown-Reyes' }).click()
  await page.waitForLoadState('load')
  await looked(page, 'mentoring-ask')
  await page.getByLabel('What you are looking for').fill('How to say no to a green report')
  await press(page, 'Ask')
  return new URL(page.url()).pathname
}

for (const db of engines()) {
  test(`two people agree to meet, and a no leaves nothing, on ${db}`, { timeout: 600_000 }, async () => {
    const cairn = await startCairn({ db, projects: 20 })
    try {
      const mentor = await openPage(cairn.url), analyst = await openPage(cairn.url), head = await openPage(cairn.url)
      await enterAs(mentor.page, 'sponsor')
      await enterAs(analyst.page, 'analyst')
      await enterAs(head.page, 'head')
      await offers(mentor.page)
      let at = await asks(analyst.page)
      await visit(head.page, at, { status: 404 })
      await visit(mentor.page, '/')
      assert.match(await main(mentor.page), /Mentoring: Ines Calloway asks you/)
      await visit(mentor.page, at)
      await press(mentor.page, 'Say no')
      await visit(analyst.page, at, { status: 404 })
      await visit(analyst.page, '/mentoring')
      assert.doesNotMatch(await main(analyst.page), /not answered yet/)

      at = await asks(analyst.page)
      await visit(mentor.page, at)
      await mentor.page.getByLabel('A meeting every so many weeks').fill('3')
      await press(mentor.page, 'Say yes')
      await visit(analyst.page, at)
      assert.match(await main(analyst.page), /every 3 weeks: they wait for your answer/)
      await press(analyst.page, 'Say yes')
      assert.match(await main(analyst.page), /You meet every 3 weeks/)
      await analyst.page.getByLabel('Your own note').first().fill('She reads the last page first')
      await press(analyst.page, 'Note it')
      assert.match(await main(analyst.page), /1 meeting so far/)
      await looked(analyst.page, 'mentoring-pair')
      await visit(mentor.page, at)
      assert.match(await main(mentor.page), /noted by Ines Calloway/)
      assert.doesNotMatch(await main(mentor.page), /last page first/)
      await visit(analyst.page, '/career/looks')
      assert.match(await main(analyst.page), /Gwen Ashdown-Reyes\s+What you wrote to them as your mentor/)
      await looked(analyst.page, 'who-looked')
      await visit(analyst.page, '/career')
      await press(analyst.page, 'Do not count me')
      assert.match(await main(analyst.page), /You are not counted/)
      await visit(analyst.page, '/coverage', { status: 403 })
      await visit(head.page, '/coverage')
      assert.match(await main(head.page), /competencies can be shown|Nothing can be shown yet/)
      await looked(head.page, 'coverage')
      await visit(head.page, '/mentoring')
      assert.doesNotMatch(await main(head.page), /Gwen Ashdown-Reyes/, 'her one place is taken')
      await mentor.done()
      await analyst.done()
      await head.done()
    } finally {
      await cairn.stop()
    }
  })
}
