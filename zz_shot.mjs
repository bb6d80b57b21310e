import { openPage, closeBrowser, visit, enterAs, settled } from '/tmp/w/wt/car/e2e/harness.mjs'
const [who, ...paths] = process.argv.slice(2)
for (const [w, scheme] of [[1440, 'light'], [390, 'dark']]) {
  const p = await openPage('http://127.0.0.1:18203', { width: w, scheme })
  await enterAs(p.page, who)
  for (const x of paths) {
    await p.page.goto('http://127.0.0.1:18203' + x); await settled(p.page)
    await p.page.screenshot({ path: '/dev/shm/s-' + x.replace(/\W+/g, '_') + '-' + w + '.png', fullPage: true })
  }
  await p.done().catch(e => console.log(String(e).slice(0, 300)))
}
await closeBrowser()
