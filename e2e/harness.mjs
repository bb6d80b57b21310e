// The harness of the browser suite: the program under test, a browser that
// notices everything that goes wrong by itself, and checks to call on any page.
//
//   const cairn = await startCairn({ db: 'sqlite' })
//   const { page, done } = await openPage(cairn.url)
//   await enterAs(page, 'analyst')
//   await visit(page, '/projects')
//   await axe(page); await screens(page, 'register')
//   await done(); await cairn.stop()
export { startCairn, startProgram, engines } from './harness/program.mjs'
export { openPage, closeBrowser, visit, enterAs, allow, paste, settled } from './harness/browser.mjs'
export { axe, screens, validHTML, fits, views } from './harness/checks.mjs'
