import { enterAs, openPage, visit, closeBrowser, settled } from './harness.mjs'
const out = '/tmp/w/ledger-shots'
import { mkdirSync } from 'node:fs'
mkdirSync(out, { recursive: true })
const { page } = await openPage('http://127.0.0.1:9927')
await enterAs(page, 'analyst')
await visit(page, '/career')
const off = await page.getByRole('button', { name: 'Turn it on for me' }).count()
if (off) { await page.getByRole('button', { name: 'Turn it on for me' }).click(); await page.waitForLoadState('load') }
const shot = async (path, name) => {
  await visit(page, path)
  for (const w of [1440, 390]) { await page.setViewportSize({ width: w, height: 900 }); await settled(page); await page.screenshot({ path: `${out}/${name}-${w}.png`, fullPage: true }) }
}
for (const a of process.argv.slice(2)) { const [p, n] = a.split('='); await shot(p, n) }
await visit(page, '/career/evidence')
console.log(await page.locator('main').innerText())
await visit(page, '/career')
console.log((await page.locator('main').innerText()).slice(0, 6000))
await closeBrowser()
