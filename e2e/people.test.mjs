// People and settings: somebody is invited and comes in by the link in a browser
// of their own, gets another role, is deactivated and thereby signed out, and is
// erased; the organisation's clock is changed.
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
const name = 'Philippa Quern-Sedgwick'

async function openPerson(page, who) {
  await visit(page, `/people?find=${encodeURIComponent(who)}`)
  await page.getByRole('link', { name: who, exact: true }).click()
  await page.waitForLoadState('load')
}

async function invites(page) {
  await visit(page, '/people/new')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail address').fill('philippa@demo.invalid')
  await press(page, 'Add the person')
  await page.getByLabel('Role').selectOption('member')
  await press(page, 'Make an invitation link')
  const first = await page.locator('#link').innerText()
  await press(page, 'Invite again; the old link ends')
  const link = await page.locator('#link').innerText()
  assert.notEqual(link, first)
  await axe(page, { name: 'person' })
  return { first, link }
}

async function comesIn(cairn, { first, link }) {
  const her = await openPage(cairn.url)
  allow(her.page, 404)
  await her.page.goto(first)
  assert.match(await main(her.page), /does not work any more/, 'the link that was replaced')
  await her.page.goto(link)
  allow(her.page, 422)
  await her.page.getByLabel('Password').fill('short')
  await press(her.page, 'Set the password and sign in')
  assert.match(await main(her.page), /at least 10 characters/)
  await axe(her.page)
  await her.page.getByLabel('Password').fill('a sentence that is easy to keep')
  await press(her.page, 'Set the password and sign in')
  assert.match(await main(her.page), /Nothing waits for you/)
  await visit(her.page, '/account/sessions')
  assert.match(await main(her.page), /Chrome on Linux/)
  assert.match(await main(her.page), /this one/)
  await axe(her.page)
  await screens(her.page, 'devices')
  await visit(her.page, '/account/data')
  assert.match(await main(her.page), /Name, post, unit of a person/)
  await axe(her.page)
  await her.page.getByLabel('They stay for the others, without the name').check()
  await press(her.page, 'Ask to be erased')
  assert.match(await main(her.page), /You asked on/)
  return her
}

async function rolesAndDeactivation(page, her) {
  await openPerson(page, name)
  await page.getByLabel('Role', { exact: true }).selectOption('pmo_member')
  await press(page, 'Change the role')
  assert.match(await main(page), /PMO member/)
  // With another role she signs in again.
  await visit(her.page, '/account')
  assert.match(await main(her.page), /Sign in/)
  await her.page.getByLabel('E-mail address').fill('philippa@demo.invalid')
  await her.page.getByLabel('Password').fill('a sentence that is easy to keep')
  await press(her.page, 'Sign in')
  assert.match(await main(her.page), /PMO member/)
  await press(page, 'Deactivate')
  assert.match(await main(page), /deactivated/i)
  await visit(her.page, '/account')
  assert.match(await main(her.page), /Sign in/, 'the other session has ended')
  allow(her.page, 422)
  await her.page.getByLabel('E-mail address').fill('philippa@demo.invalid')
  await her.page.getByLabel('Password').fill('a sentence that is easy to keep')
  await press(her.page, 'Sign in')
  assert.match(await main(her.page), /do not fit together/)
  await her.done()
}

async function erases(page) {
  await visit(page, '/people')
  await page.getByRole('link', { name: 'Somebody asks to be erased.' }).click()
  await page.waitForLoadState('load')
  await page.getByRole('link', { name, exact: true }).click()
  await page.waitForLoadState('load')
  await page.getByRole('link', { name: 'Look at what would be erased' }).click()
  await page.waitForLoadState('load')
  const preview = await main(page)
  assert.match(preview, /is to stay, without their name/)
  assert.match(preview, /E-mail address\s+1\s+erased/)
  assert.match(preview, /Career\s+theirs to know/i)
  await axe(page, { name: 'erase' })
  await validHTML(page)
  allow(page, 422)
  await page.getByLabel('Type the person’s name').fill('Somebody Else')
  await press(page, `Erase ${name}`)
  assert.match(await main(page), /Nothing was erased/)
  assert.equal(await page.getByLabel('Type the person’s name').inputValue(), 'Somebody Else')
  await page.getByLabel('Type the person’s name').fill(name)
  await press(page, `Erase ${name}`)
  assert.match(await main(page), /Erased person/)
  assert.doesNotMatch(await page.locator('body').innerText(), /Philippa/)
  await visit(page, `/people?find=${encodeURIComponent(name)}`)
  assert.match(await main(page), /Nobody is like this/)
}

async function settles(page) {
  await visit(page, '/settings')
  await axe(page)
  await page.getByRole('link', { name: 'Organisation', exact: true }).click()
  await page.waitForLoadState('load')
  await axe(page, { name: 'settings' })
  await validHTML(page)
  allow(page, 422)
  await page.getByLabel('Public holidays').fill('2026-02-30')
  await page.getByLabel('Time zone').selectOption('Pacific/Kiritimati')
  await press(page, 'Save the settings')
  assert.match(await main(page), /is no date/)
  assert.equal(await page.getByLabel('Public holidays').inputValue(), '2026-02-30', 'what was typed is kept')
  await page.getByLabel('Public holidays').fill('2026-12-25\n2027-01-01')
  await page.getByLabel('Rating scale').selectOption('3')
  await press(page, 'Save the settings')
  assert.match(await main(page), /Pacific\/Kiritimati/)
}

async function severalAndRoles(page, cairn) {
  await visit(page, '/people/invite')
  allow(page, 422)
  await page.getByLabel('People', { exact: true }).fill('Only A Name')
  await press(page, 'Make the invitations')
  assert.match(await main(page), /Line 1/)
  await page.getByLabel('People', { exact: true }).fill('Ansgar Holm-Vestby, ansgar@demo.invalid, PMO member\nBridie Ourthe, bridie@demo.invalid')
  await press(page, 'Make the invitations')
  assert.match(await main(page), /2 invitations are made/)
  await axe(page)
  const head = await openPage(cairn.url)
  await enterAs(head.page, 'head of pmo')
  await visit(head.page, '/portfolio')
  await head.page.getByRole('link', { name: 'Programmes', exact: true }).click()
  await head.page.waitForLoadState('load')
  await head.page.getByRole('link', { name: /^Roles on/ }).first().click()
  await head.page.waitForLoadState('load')
  allow(head.page, 422)
  await head.page.getByLabel('Person', { exact: true }).fill('Nobody of This Name')
  await press(head.page, 'Give the role')
  assert.match(await main(head.page), /nobody of this name/)
  await head.page.getByLabel('Person', { exact: true }).fill('Ansgar Holm-Vestby')
  await head.page.getByLabel('Role', { exact: true }).selectOption('sponsor')
  await press(head.page, 'Give the role')
  assert.match(await main(head.page), /Ansgar Holm-Vestby\s+Sponsor\s+since/)
  await axe(head.page)
  await screens(head.page, 'roles')
  await head.page.getByRole('button', { name: 'End it: the role of Ansgar Holm-Vestby' }).click()
  await head.page.waitForLoadState('load')
  assert.match(await main(head.page), /ended on its first day/)
  await head.done()
}

for (const db of engines()) {
  test(`people and settings, on ${db}`, async () => {
    const cairn = await startCairn({ db, projects: 20 })
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'administrator')
    await visit(page, '/people')
    await axe(page)
    const her = await comesIn(cairn, await invites(page))
    await rolesAndDeactivation(page, her)
    await erases(page)
    await settles(page)
    await severalAndRoles(page, cairn)
    await done()
    await cairn.stop()
  })
}
