import { join } from 'node:path'
import { app, BrowserWindow, Menu, nativeTheme, protocol, session } from 'electron'
import { engineThreadFile, rendererFolder } from '../core/hosts/built.ts'
import { type EngineLink, startEngineThread } from '../core/hosts/thread/link.ts'
import { answerCalls } from './calls.ts'
import { EVENT_CHANNEL } from './channels.ts'
import { servePage } from './page-protocol.ts'
import { printReport } from './print.ts'
import { APP_ORIGIN, APP_SCHEME, hardenApp, hardenSession, PAGE_PREFERENCES } from './security.ts'
import { noteDefect } from '../core/local/defect-log.ts'

// The desktop host: lifecycle and one window. Everything it can do is in the contract; see ARCHITECTURE section 4.
hardenApp()
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

let engine: EngineLink | undefined

/** `redthread open CASE` and a double click on a case file pass its path. */
function caseArgument(words: readonly string[]): string | undefined {
  return words.slice(1).find((word) => word.endsWith('.redthread'))
}

async function openCase(link: EngineLink, path: string): Promise<void> {
  const grant = await link.grant(path, 'write')
  const reply = await link.call('case.open', { grant })
  // The start page then offers to open another one; the reason goes to the terminal that started us.
  if (!reply.ok)
    process.stderr.write(`redthread: ${reply.error.code} ${JSON.stringify(reply.error.params)}\n`)
}

function createWindow(): BrowserWindow {
  return new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181c' : '#ffffff',
    webPreferences: {
      ...PAGE_PREFERENCES,
      preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
      devTools: !app.isPackaged,
    },
  })
}

async function start(): Promise<void> {
  await app.whenReady()
  hardenSession(session.defaultSession)
  servePage(session.defaultSession, rendererFolder)
  // Copy and paste need the system's edit menu on macOS; elsewhere the window has its own controls.
  Menu.setApplicationMenu(
    process.platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  )

  const link = startEngineThread(engineThreadFile, { files: 'native', host: 'desktop' }, printReport)
  engine = link
  const path = caseArgument(process.argv)
  if (path !== undefined) await openCase(link, path)

  const window = createWindow()
  answerCalls(window, link, app.getPreferredSystemLanguages()[0] ?? app.getLocale())
  link.listen((event) => {
    if (!window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, event)
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${APP_ORIGIN}/index.html`).catch((failure: unknown) => {
    // Closed before it had finished loading: that is the user's right and no failure.
    if (!window.isDestroyed()) throw failure
  })
}

app.on('window-all-closed', () => app.quit())
// The case is closed properly before the process ends: journal folded in, lock released.
app.on('will-quit', (event) => {
  const link = engine
  if (!link) return
  engine = undefined
  event.preventDefault()
  void link.close().finally(() => app.quit())
})

start().catch((failure: unknown) => {
  noteDefect(failure, 'desktop')
  app.exit(1)
})
