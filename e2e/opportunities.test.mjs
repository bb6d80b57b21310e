// A piece of work from the offer to the confirmed debrief: offered on the project's
// page, refused by field, applied for, agreed by both sides, put on the project,
// and a refusal of which nothing stays.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, screens, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const press = async (page, name) => {
  await page.getByRole('button', { name }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()
const day = (n) => new Date(Date.now() + n * 86400e3).toISOString().slice(0, 10)

async function offers(page, form, title) {
  await visit(page, '/projects?live=yes')
  await page.locator('tbody a[href^="/projects/"]').first().click()
  await page.waitForLoadState('load')
  const project = new URL(page.url()).pathname
  await page.getByRole('link', { name: 'Offer a piece of this work' }).click()
  await page.waitForLoadState('load')
  await axe(page)
  allow(page, 422)
  await page.getByLabel('To whom would like to').selectOption(form)
  await page.getByLabel('The work in a line').fill(title)
  await page.getByLabel('What it needs').fill('Half a day each week')
  await page.getByLabel('From', { exact: false }).first().fill(day(0))
  await page.getByLabel('To (needed)').fill(day(-3))
  await page.getByLabel('About how many hours').fill('-1')
  await press(page, 'Offer it')
  const said = await main(page)
  assert.match(said, /The last day comes before the first/)
  assert.match(said, /from 1 to 2000/)
  assert.equal(await page.getByLabel('The work in a line').inputValue(), title)
  await page.getByLabel('To (needed)').fill(day(30))
  await page.getByLabel('About how many hours').fill('12')
  await press(page, 'Offer it')
  assert.match(await main(page), /Nobody has applied yet/)
  return { at: new URL(page.url()).pathname, project }
}

async function applies(page, at, line) {
  await visit(page, at)
  await axe(page)
  await page.getByLabel('Who agrees for your line').fill(line)
  await press(page, 'Apply')
  assert.match(await main(page), /You: applied/)
}

for (const db of engines()) {
  test(`a piece of work is offered, taken and done, on ${db}`, { timeout: 600_000 }, async () => {
    const cairn = await startCairn({ db, projects: 42 })
    try {
      const head = await openPage(cairn.url), analyst = await openPage(cairn.url), sponsor = await openPage(cairn.url)
      await enterAs(head.page, 'head')
      await enterAs(analyst.page, 'analyst')
      await enterAs(sponsor.page, 'sponsor')
      const { at, project } = await offers(head.page, 'support', 'Help with the site plan')

      await applies(analyst.page, at, 'Gwen Ashdown-Reyes')
      await visit(sponsor.page, '/')
      assert.match(await main(sponsor.page), /Ines Calloway named you to agree for their line/)
      await visit(sponsor.page, at)
      await press(sponsor.page, 'Agree for the line')
      await visit(head.page, at)
      await press(head.page, 'Give the place')
      assert.match(await main(head.page), /agreed by both sides and the line/)
      await visit(head.page, project)
      assert.match(await main(head.page), /Ines Calloway/)

      allow(analyst.page, 422)
      await visit(analyst.page, at)
      await analyst.page.getByLabel('What you did').fill('Drew the plan')
      await analyst.page.getByLabel('Hours that it took').fill('none')
      await press(analyst.page, 'Write the debrief')
      assert.match(await main(analyst.page), /About how many hours did it take/)
      assert.equal(await analyst.page.getByLabel('What you did').inputValue(), 'Drew the plan')
      await analyst.page.getByLabel('Hours that it took').fill('11')
      await press(analyst.page, 'Write the debrief')
      await visit(head.page, at)
      await press(head.page, 'Confirm the debrief')
      assert.match(await main(head.page), /did it, confirmed by Marit Osei/)
      await validHTML(head.page)
      await screens(head.page, 'opportunity')
      await visit(analyst.page, at + '/brief')
      await axe(analyst.page)
      await screens(analyst.page, 'opportunity-brief')

      const other = await offers(head.page, 'shadow', 'See a week of it')
      await applies(analyst.page, other.at, 'Gwen Ashdown-Reyes')
      await visit(head.page, other.at)
      await press(head.page, 'Not this time')
      assert.match(await main(head.page), /Nobody has applied yet/)
      await visit(analyst.page, other.at)
      assert.match(await main(analyst.page), /Who agrees for your line/)
      await visit(analyst.page, '/opportunities')
      await axe(analyst.page)
      await screens(analyst.page, 'opportunities')
      await analyst.page.getByRole('link', { name: /^Sit in for me/ }).click()
      await analyst.page.waitForLoadState('load')
      await analyst.page.getByRole('link', { name: 'Brief to take along' }).click()
      await analyst.page.waitForLoadState('load')
      assert.match(await main(analyst.page), /Your authority and its limits[\s\S]*It ends with[\s\S]*What this body asked before[\s\S]*Has anybody walked the site since the rain\?[\s\S]*What it decided last/)
      assert.equal(await analyst.page.getByText('Has anybody walked the site since the rain?').count(), 1, 'what is asked each time stands once')
      await axe(analyst.page)
      await validHTML(analyst.page)
      await screens(analyst.page, 'opportunity-kit')
      for (const x of [head, analyst, sponsor]) await x.done()
    } finally {
      await cairn.stop()
    }
  })
}
