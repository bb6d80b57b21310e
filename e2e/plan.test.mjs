// One's own plan: a step with its private sentence, refused by field, shared with
// one person who sees that step alone, looked at, and taken back.
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

for (const db of engines()) {
  test(`a plan is its owner's until they share a step, on ${db}`, { timeout: 600_000 }, async () => {
    const cairn = await startCairn({ db })
    try {
      const own = await openPage(cairn.url), other = await openPage(cairn.url)
      await enterAs(own.page, 'analyst')
      await enterAs(other.page, 'sponsor')
      await visit(own.page, '/plan')
      await axe(own.page)
      await validHTML(own.page)
      await screens(own.page, 'plan')
      allow(own.page, 422)
      await own.page.getByLabel('Why').first().fill('To have led something')
      await press(own.page, 'Add it')
      assert.match(await main(own.page), /Say in a line what you mean to do/)
      assert.equal(await own.page.getByLabel('Why').first().inputValue(), 'To have led something')
      await own.page.getByLabel('What you mean to do').fill('Run the tidy-up of templates')
      await own.page.getByLabel('How it feels before').fill('nervous about the sponsor')
      await press(own.page, 'Add it')
      await own.page.getByRole('link', { name: 'Run the tidy-up of templates' }).click()
      await own.page.waitForLoadState('load')
      await axe(own.page)
      const at = new URL(own.page.url()).pathname
      await own.page.getByLabel('Share it with').fill('Nobody Atall')
      await press(own.page, 'Share it')
      assert.match(await main(own.page), /nobody of this name/)
      await own.page.getByLabel('Share it with').fill('Gwen Ashdown-Reyes')
      await press(own.page, 'Share it')
      assert.match(await main(own.page), /Gwen Ashdown-Reyes\s+has not looked/)

      await visit(other.page, '/plan/shared')
      await axe(other.page)
      const seen = await main(other.page)
      assert.match(seen, /Run the tidy-up of templates/)
      assert.doesNotMatch(seen, /nervous|See a week on a site/)
      await visit(other.page, at, { status: 404 })
      assert.doesNotMatch(await main(other.page), /tidy-up/)
      await visit(own.page, at)
      assert.match(await main(own.page), /Gwen Ashdown-Reyes\s+looked on/)
      await press(own.page, 'Take back')
      await visit(other.page, '/plan/shared')
      assert.match(await main(other.page), /Nobody shares a step with you/)
      await own.done()
      await other.done()
    } finally {
      await cairn.stop()
    }
  })
}
