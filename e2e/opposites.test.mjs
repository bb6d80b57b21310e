// Paired opposites: an analyst reads her pairs and the questions for a talk; a
// project manager marks himself, asks colleagues, who answer and decline; he is told
// a number below five and nothing else, and nobody but him finds the page.
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

async function reads(page) {
  await visit(page, '/opposites')
  assert.match(await main(page), /5 colleagues answered/)
  assert.match(await main(page), /you: now and then; they: mostly/, 'leading, as in the demonstration')
  assert.match(await main(page), /You can ask again from|Mark yourself again/)
  await page.getByText('As a table').click()
  await looked(page, 'opposites')
  await visit(page, '/opposites/talk')
  assert.match(await main(page), /Colleagues see more of leading than you do/)
  await page.getByText('More to ask').first().click()
  await looked(page, 'opposites-talk')
  await visit(page, '/')
  assert.match(await main(page), /asks how you see them/)
}

async function marksHimself(page) {
  await visit(page, '/opposites')
  assert.match(await main(page), /You have not marked yourself yet/)
  await looked(page, 'opposites-none')
  await page.getByRole('link', { name: 'Mark yourself', exact: true }).first().click()
  await page.waitForLoadState('load')
  for (const name of await page.getByRole('radio', { name: 'Mostly' }).all()) await name.check({ force: true })
  await page.locator('#detail').getByRole('radio', { name: 'Seldom' }).check({ force: true })
  await looked(page, 'opposites-mark')
  await press(page, 'Keep, for me alone')
  assert.match(await main(page), /You see yourself high at both ends: analytical and creative/)
  assert.match(await main(page), /Nobody was asked yet/)
}

async function asks(page) {
  await page.getByRole('link', { name: 'Ask colleagues' }).click()
  await page.waitForLoadState('load')
  allow(page, 422)
  const people = page.getByLabel('Colleagues, one a line')
  await people.fill('Ines Calloway\nMarit Osei\nNobody Atall')
  await press(page, 'Ask them')
  assert.match(await main(page), /named “Nobody Atall”/)
  assert.match(await main(page), /at least 5 colleagues/i)
  assert.match(await people.inputValue(), /Nobody Atall/, 'what was typed is kept')
  await looked(page, 'opposites-ask')
  const more = await (await openPeople(page)).slice(0, 1)
  await people.fill(['Ines Calloway', 'Marit Osei', 'Gwen Ashdown-Reyes', 'Rafe Adjei-Brandt', ...more].join('\n'))
  await press(page, 'Ask them')
  assert.match(await main(page), /0 of at least five have answered/)
}

// openPeople finds colleagues with an account whom the demonstration does not offer
// on its front page, in a page of its own.
async function openPeople(page) {
  const other = await page.context().newPage()
  await visit(other, '/people')
  const names = await other.locator('tbody tr').filter({ hasText: /PMO manager|PMO analyst|Project manager/ }).locator('th a').allInnerTexts()
  await other.close()
  return names.map((n) => n.trim()).filter((n) => n && !/Ines|Tomasz/.test(n))
}

async function answers(cairn, who, how) {
  const one = await openPage(cairn.url)
  await enterAs(one.page, who)
  await one.page.getByRole('link', { name: /Answer or decline ?: Tomasz Wielandt/ }).click()
  await one.page.waitForLoadState('load')
  const address = one.page.url()
  if (how === 'declines') {
    await press(one.page, 'Decline; nobody is told')
  } else {
    allow(one.page, 422)
    await press(one.page, 'Give my answer')
    assert.match(await main(one.page), /Mark at least one end, or decline/)
    for (const r of await one.page.getByRole('radio', { name: 'Half the time' }).all()) await r.check({ force: true })
    await looked(one.page, 'opposites-answer')
    await press(one.page, 'Give my answer')
  }
  assert.doesNotMatch(await main(one.page), /Tomasz Wielandt\n.*Twelve short/)
  allow(one.page, 404)
  await one.page.goto(address)
  assert.match(await main(one.page), /Nothing is asked of you here/)
  await visit(one.page, '/opposites')
  assert.doesNotMatch(await main(one.page), /Tomasz/)
  await one.done()
}

for (const db of engines()) {
  test(`paired opposites, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const analyst = await openPage(cairn.url)
    await enterAs(analyst.page, 'analyst')
    await reads(analyst.page)
    await analyst.done()

    const him = await openPage(cairn.url)
    await enterAs(him.page, 'project manager')
    await marksHimself(him.page)
    await asks(him.page)
    const correct = await him.page.getByRole('link', { name: 'Correct your marks' }).getAttribute('href')
    await answers(cairn, 'analyst', 'answers')
    await answers(cairn, 'head of PMO', 'declines')
    await visit(him.page, '/opposites')
    assert.match(await main(him.page), /1 of at least five have answered/)
    assert.doesNotMatch(await main(him.page), /they:/)
    await looked(him.page, 'opposites-asking')

    const nosy = await openPage(cairn.url)
    await enterAs(nosy.page, 'administrator')
    allow(nosy.page, 404)
    for (const address of [correct, correct + '/ask']) {
      assert.equal((await nosy.page.goto(address)).status(), 404, 'an administrator finds nothing there')
    }
    await nosy.done()

    await press(him.page, 'Stop asking and delete what came in')
    assert.match(await main(him.page), /Fewer than five answered/)
    await him.page.getByRole('button', { name: /^Delete the round/ }).click()
    await him.page.waitForLoadState('load')
    assert.match(await main(him.page), /You have not marked yourself yet/)
    await him.done()
    await cairn.stop()
  })
}
