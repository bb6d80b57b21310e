// The case itself. Three years of an analyst's work; she sees where she stands and
// asks what else there is than to become a project manager; a small improvement is
// offered as a project to lead; she takes it, through the light method to its end,
// with weeks between its beginning and its end; the sponsor confirms it, and the role
// of a project manager of small projects is hers to qualify for.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, startProgram, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const role = 'Project manager, small projects'
const improvement = 'One page instead of five for a change request'
const weeks = 11

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
const inDays = (n) => new Date(Date.now() + n * 86400e3).toISOString().slice(0, 10)

async function looks(page, name) {
  await axe(page, { name })
  await validHTML(page)
}

// as lets somebody do something in a browser of their own.
async function as(cairn, who, what) {
  const { page, done } = await openPage(cairn.url)
  await enterAs(page, who)
  const made = await what(page)
  await done()
  return made
}

// stateOf reads under which heading of the standing a role stands.
const stateOf = (page, name) => page.locator('section[aria-labelledby=roles] tbody').evaluateAll((bodies, name) => bodies
  .filter((b) => [...b.querySelectorAll('th[scope=row]')].some((th) => th.textContent.trim() === name))
  .map((b) => b.querySelector('th[scope=rowgroup]').textContent.trim())[0], name)

// stands: the analyst sees where she stands, and asks the case's questions.
async function stands(page) {
  await visit(page, '/career')
  assert.equal(await stateOf(page, role), 'One step away')
  const counter = (name) => page.locator('section.counters div', { hasText: name }).locator('a.big').innerText()
  assert.equal(await counter('Projects managed'), '0', 'never managed a project')
  assert.equal(await counter('Sittings deputised at'), '0', 'never deputised')
  assert.ok(Number(await counter('Projects seen')) > 5)
  await follow(page, 'What one more would open')
  assert.match(await main(page), /Must I have managed a project\?[\s\S]*It is one way of several[\s\S]*Project manager, small projects[\s\S]*It plays no part/)
  assert.match(await main(page), /What else could I do\?[\s\S]*none of them is to lead a project/)
  await page.getByLabel('Towards').selectOption({ label: role })
  await press(page, 'Find plans')
  for (const n of [1, 2, 3]) assert.ok(await page.locator(`#plan-${n}`).isVisible(), `plan ${n}`)
  assert.match(await page.locator('section[aria-labelledby=plan-1]').innerText(), /Run an improvement as a project/, 'the cheapest is the office’s own improvement')
  await axe(page)
}

// opens: the head of PMO puts a small improvement into the register, with its sponsor.
async function opens(page) {
  await visit(page, '/projects/new')
  await page.getByLabel('Name').fill(improvement)
  await page.getByLabel('Purpose').fill('A change request takes five pages and three weeks.')
  await page.getByLabel('Status').fill('Live')
  await page.getByLabel('Budget').fill('4,000')
  await page.getByLabel('Forecast end').fill(inDays(7 * weeks))
  await press(page, 'Add the project')
  for (const [person, kind] of [['Gwen Ashdown-Reyes', 'sponsor'], ['Marit Osei', 'pmo_partner']]) {
    await page.getByText('Assign a person').click()
    await page.getByLabel('Person', { exact: true }).fill(person)
    await page.getByLabel('What they are to the project').selectOption(kind)
    await press(page, 'Assign')
  }
  return new URL(page.url()).pathname
}

// offers: the sponsor offers it to whom it would help, whoever that is.
async function offers(page, project) {
  await visit(page, project)
  await follow(page, 'Offer a piece of this work')
  await page.getByLabel('To whom would like to').selectOption('lead')
  await page.getByLabel('The work in a line').fill('Lead it from the first page to the last')
  await page.getByLabel('What it needs').fill('Half a day a week for ten weeks, and people who say how it is today.')
  await page.getByLabel('From', { exact: false }).first().fill(inDays(0))
  await page.getByLabel('To (needed)').fill(inDays(7 * weeks + 14))
  await page.getByLabel('About how many hours').fill('60')
  await press(page, 'Offer it')
  return new URL(page.url()).pathname
}

async function applies(page, at) {
  await visit(page, '/opportunities')
  assert.match(await page.locator('tr', { hasText: 'Lead it from the first page' }).innerText(), new RegExp(`opens .*${role}`), 'only she sees what it would open')
  await axe(page)
  await visit(page, at)
  await page.getByLabel('Who agrees for your line').fill('Marit Osei')
  await press(page, 'Apply')
}

async function agrees(cairn, at) {
  await as(cairn, 'head of PMO', async (page) => {
    await visit(page, at)
    assert.doesNotMatch(await main(page), new RegExp(`opens .*${role}`), 'nobody else learns what it would do for her')
    await press(page, /^Agree for the line/)
  })
  await as(cairn, 'sponsor', async (page) => {
    await visit(page, at)
    await press(page, /^Give the place/)
    assert.match(await main(page), /agreed by both sides and the line/)
  })
}

// writes a page that the method asks for, and sends it to the sponsor.
async function writes(page, project, name, text) {
  await visit(page, `${project}/documents`)
  await follow(page, new RegExp(`^Write it.*${name}`))
  await page.getByLabel('Text').fill(text)
  await press(page, 'Keep it as a draft')
  await press(page, 'Send version 1')
  return new URL(page.url()).pathname
}

// begins: the dial gives the light method; its page, its control, its first gate.
async function begins(cairn, page, project) {
  await visit(page, `${project}/dial`)
  for (const [question, answer] of Object.entries({
    size: 'to-50k', duration: 'to-3-months', complexity: 'one', novelty: 'us-often', dependence: 'none', regulation: 'none', reputation: 'us', people: 'to-50', suppliers: 'none', reversibility: 'same-day',
  })) await page.locator(`input[name=${question}][value=${answer}]`).check()
  await page.getByLabel('What is it?').selectOption('improvement')
  await page.getByLabel('Will somebody else run what is made?').selectOption('no')
  await press(page, 'Answer the dial')
  assert.match(await main(page), /Tier S[\s\S]*light method/i)
  await press(page, /^I say so.*Three main risks/)
  await axe(page)
  await validHTML(page)
  const start = await writes(page, project, 'Page to start', '## In the way today\n\nFive pages, three weeks, and nobody reads page four.')
  await as(cairn, 'sponsor', async (sponsor) => {
    await visit(sponsor, start)
    await press(sponsor, 'Approve version 1')
  })
  return gate(cairn, page, project, 'Worth trying', 'It costs little, and the five pages cost us weeks.')
}

// gate: she opens the review as its project manager, and the sponsor decides it.
async function gate(cairn, page, project, name, why, later = false) {
  await visit(page, `${project}/gates`)
  await press(page, 'Open the review')
  assert.match(await main(page), new RegExp(name))
  assert.equal(await page.getByRole('button', { name: 'Decide and sign' }).count(), 0, 'nobody decides on their own project')
  const review = new URL(page.url()).pathname
  // Between two gates the dial is asked again: one click when nothing has changed.
  const again = page.getByRole('button', { name: 'Nothing has changed' })
  assert.equal(await again.count(), later ? 1 : 0)
  if (later) {
    await press(page, 'Nothing has changed')
    assert.match(await main(page), /That nothing has changed was confirmed[\s\S]*by Ines Calloway: the tier stays S/)
  }
  await as(cairn, 'sponsor', async (sponsor) => {
    await visit(sponsor, '/')
    await visit(sponsor, review)
    for (const box of await sponsor.locator('select[name^=verdict_]').all()) await box.selectOption('met')
    await sponsor.locator('input[name=decision][value=go]').check()
    await sponsor.locator('#rationale').fill(why)
    await axe(sponsor)
    await validHTML(sponsor)
    await press(sponsor, 'Decide and sign')
    assert.match(await main(sponsor), /Go[\s\S]*Signed by Gwen Ashdown-Reyes/)
  })
  return review
}

// ends: measured again, the page to close, the second gate, and closed in the register.
async function ends(cairn, page, project) {
  await visit(page, `${project}/controls`)
  await page.locator('#phase').selectOption({ label: 'Settle' })
  await press(page, 'Set')
  const close = await writes(page, project, 'Page to close', '## Before and after\n\nThree weeks before, six days now.')
  await as(cairn, 'sponsor', async (sponsor) => {
    await visit(sponsor, close)
    await press(sponsor, 'Approve version 1')
  })
  await visit(page, `${project}/controls`)
  await press(page, /^I say so.*Closed, with a lesson/)
  const review = await gate(cairn, page, project, 'Better, and what did we learn', 'Six days instead of three weeks. We keep it.', true)
  await visit(page, review)
  await follow(page, /set its status to Closed/)
  await page.getByLabel('Status').fill('Closed')
  await press(page, 'Save')
}

async function debriefs(cairn, page, at) {
  await visit(page, at)
  await page.getByLabel('What you did').fill('Asked eleven project managers, tried one page with three of them, measured again.')
  await page.getByLabel('What you would do differently').fill('I would ask operations in the first week.')
  await page.getByLabel('Hours that it took').fill('64')
  await press(page, 'Write the debrief')
  await as(cairn, 'sponsor', async (sponsor) => {
    await visit(sponsor, at)
    await press(sponsor, /^Confirm the debrief/)
  })
}

// attested: she words the piece and asks the sponsor, who was there.
async function attested(cairn, page) {
  await visit(page, '/career')
  assert.equal(await stateOf(page, role), 'One step away', 'without the sponsor’s word it does not count yet')
  await visit(page, '/career/evidence')
  assert.match(await main(page), new RegExp(`Led the delivery of the improvement ${improvement}`), 'the record proposes what the option promised')
  await page.locator('tr', { hasText: improvement }).filter({ hasText: /Managed/ }).locator('th a').first().click()
  await loaded(page)
  if (!(await page.getByLabel('A colleague').isVisible())) await page.getByText('Ask somebody', { exact: true }).click()
  await page.getByLabel('A colleague').fill('Gwen Ashdown-Reyes')
  await press(page, 'Ask them')
  await as(cairn, 'sponsor', async (sponsor) => {
    await visit(sponsor, '/')
    const more = sponsor.locator('summary', { hasText: 'more, which cost less by waiting' })
    if (await more.count()) await more.click()
    await sponsor.locator('section[aria-labelledby=waits] h3 a', { hasText: 'Confirm what Ines Calloway did' }).last().click()
    await loaded(sponsor)
    await sponsor.locator('label', { hasText: /^I confirm it$/ }).click()
    await press(sponsor, 'Answer')
  })
}

async function qualifies(page) {
  await visit(page, '/career')
  assert.equal(await stateOf(page, role), 'Qualified')
  // What the improvement was to close is closed from the record, in every role that asks for it.
  const lacks = await page.locator('section[aria-labelledby=roles] tbody').allInnerTexts()
  assert.match(lacks.join(), /Centre of excellence lead/)
  assert.doesNotMatch(lacks.join(), /one improvement of the office led to its end|has answered for something whole/)
  for (const lead of ['Portfolio manager', 'Head of PMO', 'Programme manager']) assert.equal(await stateOf(page, lead), 'Further', `${lead} is not opened by one small project`)
  await looks(page, 'case-standing')
  await page.locator('details', { hasText: 'Where you stood on another day' }).locator('summary').click()
  await page.getByLabel('Day', { exact: true }).fill(inDays(0))
  await press(page, 'Show it')
  assert.equal(await stateOf(page, role), 'One step away', 'on the day on which it began')
}

const taken = async (page, link) => {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  return readFile(await file.path(), 'utf8')
}

// leaves: what she takes along: the application entry that now counts months led, the
// CV, and the copy of everything.
async function leaves(page) {
  const piece = page.getByLabel(new RegExp(`^Take in: .*${improvement}`)).first()
  await visit(page, '/career/documents/application')
  await follow(page, 'Take evidence in')
  await piece.check()
  await press(page, 'Take them in')
  await follow(page, improvement)
  assert.match(await main(page), /Gwen Ashdown-Reyes/, 'who can verify it')
  assert.doesNotMatch(await main(page), /Its months do not count/)
  await visit(page, '/career/documents/cv')
  await piece.check()
  await press(page, 'Begin the draft')
  assert.match(await taken(page, page.getByRole('link', { name: 'Take away as JSON Resume' })), new RegExp(improvement), 'the CV has it')
  await visit(page, '/account/data')
  assert.match(await taken(page, page.locator('a[href="/account/data.json"]').first()), new RegExp(improvement), 'the copy of everything has it')
}

// later stops the program and starts it again when some days have passed.
async function later(cairn, days) {
  process.kill(cairn.pid, 'SIGTERM')
  const gone = async () => { try { process.kill(cairn.pid, 0); return false } catch { return true } }
  for (let n = 0; n < 200 && !(await gone()); n++) await new Promise((r) => setTimeout(r, 50))
  const root = new URL('../bin/cairn', import.meta.url).pathname
  return startProgram(root, ['demo', '--db', cairn.dsn, '--listen', '127.0.0.1:0', '--days-later', String(days)], { ready: '/readyz' })
}

for (const db of engines()) {
  test(`the case, from where she stands to a role that is hers, on ${db}`, { timeout: 600_000 }, async (t) => {
    const first = await startCairn({ db, projects: 20 })
    t.after(() => first.kill())
    await as(first, 'analyst', stands)
    const project = await as(first, 'head of PMO', opens)
    const at = await as(first, 'sponsor', (page) => offers(page, project))
    await as(first, 'analyst', (page) => applies(page, at))
    await agrees(first, at)
    await as(first, 'analyst', (page) => begins(first, page, project))

    const second = await later(first, 7 * weeks)
    t.after(() => second.kill())
    await as(second, 'analyst', async (page) => {
      await ends(second, page, project)
      await debriefs(second, page, at)
      await attested(second, page)
      await qualifies(page)
      await leaves(page)
    })
    await second.stop()
  })
}
