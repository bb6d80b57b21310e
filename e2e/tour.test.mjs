// A tour of everything that each of the five people can reach by links from their
// first page, one page of each kind: it answers, its markup is valid, nothing is
// noticed, WCAG 2.2 A and AA hold in all views, and its screens are left.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { axe, closeBrowser, engines, enterAs, openPage, startCairn, validHTML, visit } from './harness.mjs'

const people = ['analyst', 'head of PMO', 'project manager', 'sponsor', 'administrator']
const most = 150 // pages for one person: more kinds than this means that kind() does not see they are one
after(closeBrowser)

// kind makes one name for all pages of a kind: ids, codes and questions are left out.
const kind = (href) => {
  const { pathname, searchParams } = new URL(href)
  const parts = pathname.split('/').map((p) => (/\d|^[A-Z]+-/.test(p) || p.length > 24 ? '*' : p))
  if (/^\/career\/(roles|competencies|counters)\//.test(pathname)) parts[3] = '*' // ids that are words of the framework
  if (/^\/career\/documents\//.test(pathname)) parts[3] = '*' // kinds of one document
  if (/^\/cpd\/schemes\//.test(pathname) && parts[3] !== 'new') parts[3] = '*' // words of the yaml
  return parts.join('/') + [...searchParams.keys()].filter((k) => /^(tab|view|print|kind)$/.test(k)).map((k) => `?${k}`).join('')
}

// links gives the page's links to other pages of this site, in order.
async function links(page) {
  const all = await page.locator('a[href]').evaluateAll((list) => list.filter((a) => !a.hasAttribute('download')).map((a) => a.href))
  return all.filter((h) => h.startsWith(new URL(page.url()).origin + '/')).map((h) => h.split('#')[0])
    .filter((h) => !/\/(api|assets)\/|\.(csv|xlsx|json|ics|pdf)(\?|$)|[?&]format=|\/export/.test(h))
}

// lines gives what an assertion found, one string for each finding.
const lines = (err) => (Array.isArray(err.actual) ? err.actual.map((a) => `${err.message.split('\n')[0]}: ${a}`) : [err.message.split('\n')[0]])

async function tour(page, start, look, note) {
  const seen = new Map()
  const queue = [...start]
  while (queue.length > 0) {
    const href = queue.shift()
    if (seen.has(kind(href))) continue
    assert.ok(seen.size < most, `more than ${most} kinds of page: ${[...seen.keys()].join(' ')}`)
    seen.set(kind(href), href)
    try {
      await visit(page, href)
      await look(href)
    } catch (err) {
      note(err)
      continue
    }
    queue.push(...(await links(page)))
  }
  return seen
}

const nameOf = (href) => kind(href).replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home'

for (const db of engines().slice(0, 1)) {
  test(`a tour of every page, on ${db}`, async (t) => {
    const cairn = await startCairn({ db, projects: 20 })
    t.after(() => cairn.kill())
    const checked = new Set() // what one person saw is not judged again for the next
    const wrong = new Set()

    for (const who of ['', ...people]) {
      const note = (err) => lines(err).forEach((l) => wrong.add(`${who || 'a guest'}: ${l.replaceAll(cairn.url, '')}`))
      const { page, problems, context } = await openPage(cairn.url)
      const look = async (href) => {
        const name = kind(href) === '/' && who ? `home-${who.replace(/\W+/g, '-').toLowerCase()}` : nameOf(href)
        if (checked.has(name)) return
        checked.add(name)
        await validHTML(page).catch(note)
        await axe(page, { name }).catch(note)
      }
      if (who) await enterAs(page, who)
      const seen = await tour(page, [cairn.url + '/'], look, note)
      t.diagnostic(`${who || 'a guest'}: ${seen.size} kinds of page: ${[...seen.keys()].join(' ')}`)
      // A link that leads nowhere has been told of by visit.
      const told = (p) => [...seen.values()].some((href) => p.startsWith(`404 from GET ${href} `))
      problems.filter((p) => !told(p)).forEach((p) => note(new Error(p)))
      await context.close()
    }
    await cairn.stop()
    assert.equal(wrong.size, 0, [`${wrong.size} findings:`, ...wrong].join('\n  '))
  })
}
