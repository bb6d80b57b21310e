// A steering group from nothing: set up, members, a seat offered and accepted, a
// meeting held with the deputy, the deputising confirmed in one click, minutes
// confirmed by the chair, an action handed on and done, a decision superseded.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, screens, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const press = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const main = (page) => page.locator('main').innerText()
const open = (page, name) => page.getByText(name, { exact: true }).first().click()
const today = new Date().toISOString().slice(0, 10)
const head = 'Marit Osei', analyst = 'Ines Calloway', manager = 'Tomasz Wielandt', sponsor = 'Gwen Ashdown-Reyes'

async function setsUp(page) {
  await visit(page, '/bodies')
  await axe(page)
  await page.getByRole('link', { name: 'Set one up' }).first().click()
  await page.waitForLoadState('load')
  allow(page, 422)
  await page.getByLabel('Quorum: members at least').fill('2')
  await press(page, 'Set it up')
  assert.match(await main(page), /Give the body a name/)
  await page.getByLabel('Name').fill('Reservoirs steering group')
  await page.getByLabel('Terms of reference').fill('Steers reservoirs.')
  await axe(page)
  await press(page, 'Set it up')
  assert.match(await main(page), /Begin with the chair/)
  for (const [who, as] of [[sponsor, 'chair'], [head, 'member'], [manager, 'member'], [analyst, 'secretariat']]) {
    if (!(await page.getByLabel('Person', { exact: true }).isVisible())) await open(page, 'Give somebody a seat')
    await page.getByLabel('Person', { exact: true }).fill(who)
    await page.locator('#seat_seat').selectOption(as)
    await press(page, 'Give the seat')
  }
  assert.match(await main(page), /Quorate with 2 members/)
  await axe(page, { name: 'body' })
  await validHTML(page)
  await page.getByRole('link', { name: 'Call a meeting' }).click()
  await page.waitForLoadState('load')
  assert.match(await main(page), /Expected[\s\S]*Gwen Ashdown-Reyes chair/)
  await page.getByLabel('Day').fill(today)
  await axe(page)
  await press(page, 'Call it')
  return new URL(page.url()).pathname
}

// The head of PMO offers her seat; the analyst has one herself, so that it goes
// to somebody without.
async function offers(page, at, deputy) {
  await visit(page, at)
  await open(page, 'Offer my seat to a deputy')
  allow(page, 422)
  await page.getByLabel('Who takes it').fill(analyst)
  await page.getByLabel('What they may decide in your place').fill('all but money')
  await press(page, 'Offer the seat')
  assert.match(await main(page), /has a seat at this meeting/)
  assert.equal(await page.getByLabel('What they may decide in your place').inputValue(), 'all but money', 'what was typed is kept')
  await page.getByLabel('Who takes it').fill(deputy)
  await press(page, 'Offer the seat')
  assert.match(await main(page), /have not answered/)
}

async function holds(page, at, deputy) {
  await visit(page, at)
  for (const who of [sponsor, analyst, deputy]) await page.getByRole('checkbox', { name: who }).check()
  await axe(page, { name: 'meeting-today' })
  await press(page, 'They were there')
  assert.match(await main(page), /3 people were there; 2 seats were filled, 2 make a quorum/)
  await page.getByLabel('Decided').fill('Drain the north reservoir')
  await open(page, 'Why, dissent, who carries it out')
  await page.getByLabel('Who carries it out').fill(manager)
  await press(page, 'Note the decision')
  await page.getByLabel('What is to be done').fill('Warn the anglers')
  await page.getByLabel('Who does it').fill(analyst)
  await page.locator('#action_due').fill(today)
  await press(page, 'Note the action')
  await page.getByLabel('What was said, in short').fill('Short and wet.')
  await press(page, 'Keep the minutes')
  assert.match(await main(page), /1 was raised here/)
  await axe(page, { name: 'meeting-held' })
  await validHTML(page)
}

async function finishes(page) {
  await visit(page, '/')
  assert.match(await main(page), /Waits for you[\s\S]*Warn the anglers[\s\S]*due today/)
  await page.getByRole('link', { name: 'Warn the anglers', exact: true }).click()
  await page.waitForLoadState('load')
  allow(page, 422)
  await press(page, 'Done')
  assert.match(await main(page), /how one can see that it is done/)
  await axe(page)
  await page.getByLabel('How one can see it').fill('signs are up')
  await press(page, 'Done')
  assert.match(await main(page), /signs are up/)
  await validHTML(page)
  await screens(page, 'action')
  await visit(page, '/actions/new')
  await page.getByLabel('What is to be done').fill('Ask for the keys')
  await page.locator('#due').fill('2020-01-01')
  await press(page, 'Raise it')
  await open(page, 'Hand it over')
  await page.getByLabel('To', { exact: true }).fill('Nobody of This Name')
  await press(page, 'Hand it over')
  assert.match(await main(page), /nobody of this name/)
  await page.getByLabel('To', { exact: true }).fill(manager)
  await press(page, 'Hand it over')
  assert.match(await main(page), /Handed over from Ines Calloway to Tomasz Wielandt/)
  await visit(page, '/actions?overdue=yes&find=KEYS')
  assert.match(await main(page), /Ask for the keys[\s\S]*days over/)
}

async function supersedes(page) {
  await visit(page, '/decisions?find=north+reservoir')
  await page.getByRole('link', { name: 'Drain the north reservoir' }).click()
  await page.waitForLoadState('load')
  await open(page, 'Decide anew')
  await page.locator('#next_title').fill('Drain the south reservoir')
  await axe(page)
  await press(page, 'Supersede it')
  assert.match(await main(page), /Supersedes\s+Drain the north reservoir/)
  await page.getByRole('link', { name: 'Drain the north reservoir' }).click()
  await page.waitForLoadState('load')
  assert.match(await main(page), /What holds now: Drain the south reservoir/)
  await validHTML(page)
  await screens(page, 'decision')
}

// as opens a browser of their own for a person.
async function as(cairn, who, does) {
  const it = await openPage(cairn.url)
  await enterAs(it.page, who)
  await does(it.page)
  await it.done()
}

for (const db of engines()) {
  test(`a steering group meets, on ${db}`, async () => {
    const cairn = await startCairn({ db, projects: 20 })
    let at
    const deputy = 'Rafe Adjei-Brandt'
    await as(cairn, 'head of pmo', async (page) => {
      at = await setsUp(page)
      await offers(page, at, deputy)
    })
    await as(cairn, 'administrator', async (page) => {
      await visit(page, '/')
      assert.match(await main(page), /Marit Osei asks you to deputise: all but money/)
      await axe(page)
      await page.getByRole('button', { name: /^Say yes/ }).click()
      await page.waitForLoadState('load')
    })
    await as(cairn, 'analyst', async (page) => {
      await holds(page, at, deputy)
      await finishes(page)
    })
    await as(cairn, 'head of pmo', async (page) => {
      await visit(page, '/')
      await page.getByRole('button', { name: /^Confirm it ?: Rafe/ }).click()
      await page.waitForLoadState('load')
      assert.match(await main(page), /deputised, confirmed by Marit Osei|Correct who was there/)
    })
    await as(cairn, 'sponsor', async (page) => {
      await visit(page, '/')
      await page.getByRole('link', { name: /^Read them ?: Reservoirs/ }).click()
      await page.waitForLoadState('load')
      await press(page, 'Confirm the minutes')
      assert.match(await main(page), /deputised, confirmed by Marit Osei/)
      assert.match(await main(page), /confirmed by Gwen Ashdown-Reyes/)
      await axe(page, { name: 'meeting-confirmed' })
      await supersedes(page)
    })
    await cairn.stop()
  })
}
