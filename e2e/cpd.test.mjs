// The CPD and PDU log: an analyst reads how far she is, adds what the record
// proposes, types wrong things and keeps what she typed, changes a target and takes
// a sheet away; nobody else finds any of it. The head of PMO sets up a scheme for
// everybody and asks more from next year on; the analyst keeps a record for it. With a mail
// server, she says whether what waits for her comes by mail too.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { allow, axe, closeBrowser, engines, enterAs, openPage, settled, startCairn, validHTML, visit } from './harness.mjs'

after(closeBrowser)

const main = (page) => page.locator('main').innerText()
const press = async (page, name) => {
  await page.getByRole('button', { name, exact: true }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const follow = async (page, name) => {
  await page.getByRole('link', { name, exact: typeof name === 'string' }).first().click()
  await page.waitForLoadState('load')
  await settled(page)
}
const looked = async (page, name) => {
  await axe(page, { name })
  await validHTML(page)
}

// mailServer takes every mail and keeps none.
async function mailServer() {
  const server = createServer((socket) => {
    let inMail = false
    socket.on('error', () => {})
    socket.write('220 sink\r\n')
    socket.on('data', (bytes) => {
      for (const line of String(bytes).split('\r\n')) {
        if (inMail ? line === '.' : line === 'QUIT') inMail = false
        else if (inMail || line === '') continue
        const begins = line === 'DATA'
        inMail ||= begins
        socket.write(begins ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 fine\r\n')
      }
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `smtp+plain://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

// remindedBy lets her choose where reminders come.
async function remindedBy(page) {
  await visit(page, '/account')
  const panel = page.locator('section', { has: page.getByRole('heading', { name: 'Reminders by mail' }) })
  assert.match(await panel.innerText(), /What waits for you, at most once a day[\s\S]*does not report whether you opened it/)
  assert.ok(await panel.getByLabel('By mail').isChecked(), 'unless she says otherwise')
  await panel.getByLabel('On the desk only').check()
  await press(page, 'Save the choice')
  assert.match(await page.locator('body').innerText(), /No reminders come by mail\. What waits for you stands on your desk/)
  assert.ok(await panel.getByLabel('On the desk only').isChecked())
  await looked(page, 'reminders')
  await panel.getByLabel('By mail').check()
  await press(page, 'Save the choice')
  assert.match(await page.locator('body').innerText(), /Reminders come by mail, at most one a day/)
}

async function reads(page) {
  await visit(page, '/')
  assert.match(await main(page), /Learning record/, 'the desk reminds of a period that ends')
  await visit(page, '/cpd')
  assert.match(await main(page), /Yearly hours with reflection: 24 of 35 hours/)
  assert.match(await main(page), /It lacks 11 hours, a reflection on 1 entry, your look back/)
  assert.match(await main(page), /Sixty units in three years/)
  await looked(page, 'cpd')
}

async function addsWithMistakes(page) {
  await follow(page, 'Add an entry')
  allow(page, 422)
  await page.getByLabel('What it was').fill('=HYPERLINK("http://x")')
  await page.getByLabel('From').fill('2026-02-10')
  await page.getByLabel('To, if it took longer').fill('2026-02-09')
  await page.getByLabel('Hours, in quarters').fill('-1')
  await press(page, 'Add it to my log')
  assert.match(await main(page), /The end comes before the beginning/)
  assert.match(await main(page), /Enter hours above zero/)
  assert.equal(await page.getByLabel('What it was').inputValue(), '=HYPERLINK("http://x")', 'what was typed is kept')
  await looked(page, 'cpd-entry')
  await page.getByLabel('To, if it took longer').fill('2026-02-10')
  await page.getByLabel('Hours, in quarters').fill('1,5')
  await page.getByLabel('Counts in Sixty units in three years').selectOption('education/people_side')
  await press(page, 'Add it to my log')
  assert.match(await main(page), /=HYPERLINK/)
}

async function addsFromTheRecord(page) {
  await visit(page, '/career')
  if (await page.getByRole('button', { name: 'Turn it on for me' }).count()) await press(page, 'Turn it on for me')
  await visit(page, '/cpd')
  const text = await main(page)
  if (!/From the record/.test(text)) return false
  await looked(page, 'cpd-proposals')
  await page.getByRole('link', { name: /^Add it/ }).first().click()
  await page.waitForLoadState('load')
  assert.match(await main(page), /The record proposes it/)
  await page.getByLabel('Hours, in quarters').fill('2')
  await press(page, 'Add it to my log')
  assert.match(await main(page), /from the record/)
  return true
}

async function setsTargets(page) {
  await page.getByRole('link', { name: 'Targets and look back' }).first().click()
  await page.waitForLoadState('load')
  allow(page, 422)
  await page.getByLabel('Target').fill('many')
  await press(page, 'Save')
  assert.match(await main(page), /Enter a whole number/)
  assert.equal(await page.getByLabel('Target').inputValue(), 'many')
  await looked(page, 'cpd-period')
  await page.getByLabel('Target').fill('30')
  await page.getByLabel('Look back at the period').fill('I set out to learn about money, and did.')
  await press(page, 'Save')
  assert.match(await main(page), /of 30/)
  await follow(page, 'Begin a period of a scheme')
  await looked(page, 'cpd-follow')
}

async function takesAway(page) {
  await visit(page, '/cpd')
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'All of it as CSV' }).click()])
  const text = await readFile(await file.path(), 'utf8')
  assert.match(text, /From,To,Activity,Provider,Hours,Reflection,Proof/)
  assert.doesNotMatch(text, /(^|,)"?=HYPERLINK/m, 'a text became a formula')
  const [book] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Sheet as XLSX' }).first().click()])
  assert.match(book.suggestedFilename(), /^cpd-.*\.xlsx$/)
}

async function setsUp(page) {
  await visit(page, '/cpd/schemes')
  assert.match(await main(page), /Learning hours of the office/)
  await looked(page, 'cpd-schemes')
  await follow(page, 'Make one for everybody')
  allow(page, 422)
  await page.getByLabel('Everybody', { exact: true }).check()
  await page.getByLabel('Name', { exact: true }).first().fill('Record of the institute')
  await page.getByLabel('Asked of periods that begin from').fill('2026-01-01')
  await page.getByLabel('Target in a period').fill('many')
  const first = page.getByRole('group', { name: 'Category 1, empty' })
  await first.getByLabel('Name').fill('Talks')
  await first.getByLabel('At least').fill('9')
  await first.getByLabel('At most').fill('8')
  await first.locator('summary').click()
  await first.getByLabel('Sides with their least, one a line').fill('Given: 2\nHeard: 3')
  await press(page, 'Keep')
  assert.match(await main(page), /Enter a whole number/)
  assert.match(await main(page), /The most is less than the least/)
  assert.equal(await page.getByLabel('Target in a period').inputValue(), 'many', 'what was typed is kept')
  const talks = page.getByRole('group', { name: 'Talks', exact: true })
  assert.equal(await talks.getByLabel('Sides with their least, one a line').inputValue(), 'Given: 2\nHeard: 3')
  await looked(page, 'cpd-scheme-wrong')
  await page.getByLabel('Target in a period').fill('12')
  await talks.getByLabel('At most').fill('0')
  await press(page, 'Keep')
  assert.match(await main(page), /Record of the institute/)
  const at = new URL(page.url()).pathname
  await page.getByLabel('Asked of periods that begin from').fill('2027-01-01')
  await page.getByLabel('Target in a period').fill('14')
  await press(page, 'Keep')
  assert.match(await main(page), /From 1 January 2026[\s\S]*From 1 January 2027/)
  await looked(page, 'cpd-scheme')
  return at
}

async function keepsIt(page, at) {
  await visit(page, '/cpd/periods/new')
  await page.getByRole('radio', { name: 'Record of the institute' }).check()
  await page.getByLabel('The period begins on').fill('2026-01-01')
  await press(page, 'Begin')
  assert.match(await main(page), /Record of the institute: 0 of 12 hours/, 'the edition of that year holds')
  await visit(page, '/cpd/entries/new')
  await page.getByLabel('Counts in Record of the institute').selectOption({ label: 'Talks: Heard' })
  await visit(page, at)
  assert.match(await main(page), /The head of PMO or the administrator can change it/)
  assert.equal(await page.getByRole('button', { name: 'Keep', exact: true }).count(), 0)
  await visit(page, '/cpd/schemes/new?copy=' + at.split('/').pop())
  await page.getByLabel('Name', { exact: true }).first().fill('Mine alone')
  await press(page, 'Keep')
  const own = new URL(page.url()).pathname
  assert.match(await main(page), /Your own: nobody else sees it/)
  return own
}

for (const db of engines()) {
  test(`the CPD log, on ${db}`, async (t) => {
    const mail = await mailServer()
    t.after(() => mail.close())
    const cairn = await startCairn({ db, projects: 20, env: { CAIRN_SMTP: mail.url, CAIRN_MAIL_FROM: 'Cairn <cairn@demo.invalid>' } })
    t.after(() => cairn.kill())
    const analyst = await openPage(cairn.url)
    await enterAs(analyst.page, 'analyst')
    await remindedBy(analyst.page)
    await reads(analyst.page)
    await addsWithMistakes(analyst.page)
    t.diagnostic(`the record proposed something: ${await addsFromTheRecord(analyst.page)}`)
    await visit(analyst.page, '/cpd')
    await setsTargets(analyst.page)
    await takesAway(analyst.page)
    await visit(analyst.page, '/cpd')
    const entry = await analyst.page.locator('#entries').locator('xpath=ancestor::section').locator('th a').first().getAttribute('href')
    const nosy = await openPage(cairn.url)
    await enterAs(nosy.page, 'head of PMO')
    const own = await keepsIt(analyst.page, await setsUp(nosy.page))
    allow(nosy.page, 404, 409)
    assert.equal((await nosy.page.goto(own)).status(), 404, 'a scheme of her own is hers alone')
    await visit(analyst.page, own)
    await press(analyst.page, 'Delete it; only while nobody uses it')
    assert.doesNotMatch(await main(analyst.page), /Mine alone/)
    await analyst.done()
    assert.equal((await nosy.page.goto(entry)).status(), 404, 'the head of PMO finds nothing there')
    await visit(nosy.page, '/cpd')
    assert.match(await main(nosy.page), /Nothing in the log yet/)
    await looked(nosy.page, 'cpd-none')
    await nosy.done()
    await cairn.stop()
  })
}
