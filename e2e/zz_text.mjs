import { openPage, closeBrowser, enterAs, settled } from './harness.mjs'
const [who, ...paths] = process.argv.slice(2)
const p = await openPage(process.env.AT ?? 'http://127.0.0.1:18203')
await enterAs(p.page, who)
for (const x of paths) { await p.page.goto((process.env.AT ?? 'http://127.0.0.1:18203') + x); await settled(p.page); console.log('=== ' + x + '\n' + await p.page.locator('main').innerText()) }
await closeBrowser()
