// The analyst ticks options and the totals follow, finds a plan, leaves an option
// out, is told why there is none, and sees why a role is closed.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const main = (page) => page.locator('main').innerText()
const loaded = async (page) => {
  await page.waitForLoadState('load')
  await settled(page)
}
const press = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await loaded(page)
}
async function looks(page, name) {
  await axe(page, { name })
  await validHTML(page)
}

// options reads the table: id, name and hours of each.
const options = (page) => page.locator('table.options tbody tr').evaluateAll((rows) => rows.map((r) => ({
  id: r.id, name: r.querySelector('th').firstChild.textContent.trim(), hours: Number(r.querySelector('.num').textContent), waits: !!r.querySelector('th .sub'),
})))

async function ticks(page) {
  const [a, b] = (await options(page)).filter((o) => !o.waits)
  for (const o of [a, b]) {
    await Promise.all([page.waitForURL(new RegExp(`do=${o.id}`)), page.locator(`input[type=checkbox][name=do][value=${o.id}]`).check()])
    await loaded(page)
  }
  const foot = await page.locator('table.options tfoot').innerText()
  assert.match(foot, /2 ticked/)
  assert.ok(foot.includes(String(a.hours + b.hours)), `${foot} has the sum of ${a.hours} and ${b.hours}`)
  await page.getByText('As a table').click()
  assert.match(await page.locator('table.dense').innerText(), /ticked/)
}

// plans asks for each target in turn until one has a plan, and gives its steps.
async function finds(page) {
  const targets = await page.getByLabel('Towards').locator('option').evaluateAll((list) => list.map((o) => o.value))
  for (const role of targets.filter((v) => v !== 'most')) {
    await page.getByLabel('Towards').selectOption(role)
    await press(page, 'Find plans')
    if (await page.locator('#plan-1').count()) return role
  }
  return ''
}

async function excludes(page) {
  const first = page.locator('section[aria-labelledby=plan-1] tbody th a').first()
  const id = (await first.getAttribute('href')).slice(1)
  await page.getByText('Leave options out').click()
  await page.locator(`input[type=checkbox][name=without][value=${id}]`).check()
  await press(page, 'Find plans')
  const steps = await page.locator('section[aria-labelledby^=plan-] tbody th a').evaluateAll((list) => list.map((a) => a.getAttribute('href')))
  assert.ok(!steps.includes(`#${id}`), 'what is left out is in no plan')
  assert.ok(await page.locator(`input[type=checkbox][name=without][value=${id}]`).isChecked(), 'what was chosen is kept')
  await page.locator(`input[type=checkbox][name=without][value=${id}]`).uncheck()
}

for (const db of engines()) {
  test(`options, plans and why not, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const { page, done } = await openPage(cairn.url)
    await enterAs(page, 'analyst')
    await visit(page, '/career')
    if (await page.getByRole('button', { name: 'Turn it on for me' }).count()) await press(page, 'Turn it on for me')
    await visit(page, '/career/options')
    assert.match(await main(page), /Must I have managed a project\?[\s\S]*What else could I do\?[\s\S]*Softer or business skills instead\?/)
    assert.match(await main(page), /does not mean that a post is offered/)
    await ticks(page)
    await looks(page, 'options-ticked')

    const role = await finds(page)
    assert.notEqual(role, '', 'some role has a plan')
    assert.match(await main(page), /You would meet the published criteria of/)
    assert.match(await page.locator('table.options tfoot').innerText(), /2 ticked/, 'what was ticked stays')
    await looks(page, 'options-plans')
    await excludes(page)

    await page.getByLabel('Towards').selectOption('delivery_lead')
    await page.getByLabel('Where', { exact: true }).selectOption('desk')
    await press(page, 'Find plans')
    assert.doesNotMatch(await page.locator('#plans').innerText(), /Six months in a delivery team/, 'that is another team')
    assert.equal(await page.getByLabel('Where', { exact: true }).inputValue(), 'desk', 'what was chosen is kept')
    await page.getByLabel('Where', { exact: true }).selectOption('')
    await page.getByLabel('Hours in all, at most').fill('1')
    await press(page, 'Find plans')
    assert.match(await main(page), /There is no plan under your limits, and the reason is the hours in all\./)
    allow(page, 422)
    await page.getByLabel('Hours in all, at most').fill('-3')
    await press(page, 'Find plans')
    assert.match(await main(page), /Enter hours from 1 to/)
    assert.equal(await page.getByLabel('Hours in all, at most').inputValue(), '-3')

    await visit(page, `/career/roles/${role}`)
    assert.match(await main(page), /Why not yet[\s\S]*Who could confirm it/)
    await page.getByRole('link', { name: 'Compare it with another role' }).click()
    await loaded(page)
    await page.getByLabel('The other role').selectOption({ index: 1 })
    await press(page, 'Compare')
    assert.match(await main(page), /asks for it too|does not ask for this/)
    await looks(page, 'roles-compared')
    await done()
    await cairn.stop()
  })
}
