// A gate that goes on with a condition, and the next one that waits until the
// condition is closed with its proof.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, screens, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const main = (page) => page.locator('main').innerText()

const loaded = async (page) => {
  await page.waitForLoadState('load')
  await settled(page)
}
const press = async (page, name) => {
  await page.getByRole('button', { name, exact: typeof name === 'string' }).first().click()
  await loaded(page)
}
const follow = async (page, name) => {
  await page.locator('main').getByRole('link', { name }).first().click()
  await loaded(page)
}
// decides chooses a decision; the label holds its name and what it means.
const decides = (page, value) => page.locator(`input[name=decision][value=${value}]`)

// looks judges a page in full.
async function looks(page, name) {
  await axe(page)
  await validHTML(page)
  await screens(page, name)
}

// conditional decides a go with one condition; what is wrong is said first, and
// nothing that was typed is lost.
async function conditional(page) {
  await follow(page, /^Open the review/)
  assert.match(await main(page), /You decide/)
  assert.match(await main(page), /0 of 1 for a quorum/i)
  await looks(page, 'gate-review')
  const first = page.locator('select[name^=verdict_]').first()
  const must = (await first.getAttribute('name')).replace('verdict_', '')
  for (const box of await page.locator('select[name^=verdict_]').all()) await box.selectOption('met')
  await first.selectOption('not')
  await decides(page, 'go').check()
  await page.locator('#rationale').fill('We do not want to lose the season.')
  allow(page, 422)
  await press(page, 'Decide and sign')
  assert.match(await main(page), /Go is not possible: 1 must is not met/)
  assert.equal(await page.locator('#rationale').inputValue(), 'We do not want to lose the season.', 'what was typed is kept')

  await decides(page, 'conditional-go').check()
  await page.locator('#condition_1_criterion').selectOption(must)
  await page.locator('#condition_1_words').fill('Seen working with real work for a week')
  await page.locator('#condition_1_owner').fill('Operations')
  await page.locator('#condition_1_proof').fill('The note of operations')
  await press(page, 'Decide and sign')
  assert.match(await main(page), /Name one person, not a team/)
  await axe(page)
  await page.locator('#condition_1_owner').fill('Tomasz Wielandt')
  await press(page, 'Decide and sign')
  const text = await main(page)
  assert.match(text, /Conditional go/)
  assert.match(text, /1 counted/)
  assert.match(text, /Seen working with real work for a week/)
  await looks(page, 'gate-decided')
  await follow(page, 'What the record held')
  assert.match(await main(page), /It is what was decided upon/)
  await looks(page, 'gate-snapshot')
}

// blocked finds that the next gate offers neither go nor conditional go.
async function blocked(page, project) {
  await visit(page, `${project}/gates`)
  assert.match(await main(page), /1 condition is open[\s\S]*cannot be decided go or conditional go/)
  await looks(page, 'project-gates')
  await press(page, 'Open the review')
  const review = page.url()
  assert.match(await main(page), /Only hold, recycle or stop can be decided/)
  return review
}

for (const db of engines()) {
  test(`a condition that bites, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 40 })
    t.after(() => cairn.kill())
    const sponsor = await openPage(cairn.url)
    const manager = await openPage(cairn.url)

    await enterAs(sponsor.page, 'sponsor')
    await visit(sponsor.page, '/')
    await conditional(sponsor.page)
    const project = new URL(await sponsor.page.locator('nav.crumbs a[href^="/projects/"]').first().getAttribute('href'), cairn.url).href

    await enterAs(manager.page, 'project manager')
    const review = await blocked(manager.page, project)
    await visit(sponsor.page, review)
    for (const d of ['go', 'conditional-go']) assert.equal(await decides(sponsor.page, d).isDisabled(), true, `${d} waits for the condition`)
    assert.match(await main(sponsor.page), /condition “Seen working with real work for a week” of G\d is open/)

    await visit(manager.page, '/conditions?mine=yes')
    await looks(manager.page, 'conditions')
    await follow(manager.page, 'Seen working with real work for a week')
    allow(manager.page, 422)
    await press(manager.page, 'Hand in the proof')
    assert.match(await main(manager.page), /Say where the proof is/)
    await manager.page.getByLabel('Where is the proof?').fill('The note of 3 March, with the project’s documents')
    await press(manager.page, 'Hand in the proof')
    assert.match(await main(manager.page), /until it is closed or waived/i)
    await looks(manager.page, 'condition')

    await visit(sponsor.page, '/')
    await follow(sponsor.page, /^Look and close/)
    await press(sponsor.page, 'Close it')
    assert.match(await main(sponsor.page), /It blocks nothing any more/)

    await visit(sponsor.page, review)
    for (const box of await sponsor.page.locator('select[name^=verdict_]').all()) await box.selectOption('met')
    await decides(sponsor.page, 'go').check()
    await sponsor.page.locator('#rationale').fill('It is taken over and runs.')
    await press(sponsor.page, 'Decide and sign')
    assert.match(await main(sponsor.page), /Go, decided by Gwen Ashdown-Reyes/)

    await visit(manager.page, '/gates')
    await looks(manager.page, 'gates')
    for (const { problems, done } of [sponsor, manager]) {
      assert.deepEqual(problems ?? [], [])
      await done()
    }
    await cairn.stop()
  })
}
