// The names of Electron that the desktop host uses, over a real Chromium (runtime.md section 5). Every value the product
// sets is kept, so that a test can look at it.
import { EventEmitter } from 'node:events'
import { chromium } from 'playwright-core'
import { BrowserWindow } from './window.mjs'
import { state } from './state.mjs'

export { BrowserWindow }

let browser
state.browser = () =>
  (browser ??= chromium.launch({
    executablePath: process.env.DOUBLE_CHROMIUM,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [`--remote-debugging-port=${process.env.DOUBLE_CDP_PORT ?? 0}`],
  }))

class App extends EventEmitter {
  isPackaged = false
  commandLine = { appendSwitch: (name, value) => state.switches.push([name, value]) }
  enableSandbox() {
    state.sandboxed = true
  }
  whenReady() {
    return Promise.resolve()
  }
  getLocale() {
    return 'en-US'
  }
  getPreferredSystemLanguages() {
    return ['en-US']
  }
  quit() {
    let prevented = false
    this.emit('will-quit', { preventDefault: () => (prevented = true) })
    if (!prevented) void this.exit(0)
  }
  async exit(code) {
    await (await browser)?.close()
    process.exit(code)
  }
}
export const app = new App()
state.app = app

class Session extends EventEmitter {
  handlers = new Map()
  protocol = { handle: (scheme, handler) => this.handlers.set(scheme, handler) }
  webRequest = { onBeforeRequest: (handler) => (this.beforeRequest = handler) }
  spellChecker = true
  setSpellCheckerEnabled(on) {
    this.spellChecker = on
  }
  setPermissionRequestHandler(handler) {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler(handler) {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler(handler) {
    this.devicePermission = handler
  }
}
const partitions = new Map()
export const session = {
  defaultSession: new Session(),
  fromPartition(name) {
    if (!partitions.has(name)) partitions.set(name, new Session())
    return partitions.get(name)
  },
}
state.defaultSession = session.defaultSession

export const protocol = { registerSchemesAsPrivileged: (schemes) => state.schemes.push(...schemes) }
export const ipcMain = { handle: (channel, handler) => state.handlers.set(channel, handler) }
export const Menu = {
  setApplicationMenu: (menu) => (state.menu = menu),
  buildFromTemplate: (template) => template,
}
export const nativeTheme = { shouldUseDarkColors: false }
export const dialog = {
  showOpenDialog: (_window, options) => answerDialog('open', options),
  showSaveDialog: (_window, options) => answerDialog('save', options),
}
/** The test's next answer; without one the user "cancels". */
function answerDialog(kind, options) {
  state.dialogs.push({ kind, options })
  return Promise.resolve(state.nextDialog ?? { canceled: true, filePaths: [], filePath: '' })
}

// Control channel of the test (child_process IPC): plain questions about what the product set up.
const PERMISSIONS = [
  'media',
  'geolocation',
  'notifications',
  'midi',
  'clipboard-read',
  'hid',
  'serial',
  'usb',
  'display-capture',
  'openExternal',
  'fullscreen',
  'pointerLock',
  'idle-detection',
]
const questions = {
  answerDialog: (answer) => {
    state.nextDialog = answer
  },
  forceOrigin: (origin) => {
    state.forcedOrigin = origin
  },
  look: () => ({
    switches: state.switches,
    sandboxed: state.sandboxed,
    schemes: state.schemes,
    console: state.console,
    popups: state.popups,
    cancelled: state.cancelled,
    printed: state.printed,
    dialogs: state.dialogs,
    spellChecker: session.defaultSession.spellChecker,
    preferences: state.windows[0]?.options.webPreferences,
    ipcChannels: [...state.handlers.keys()],
  }),
  permissions: async () => {
    const { defaultSession } = session
    const asked = PERMISSIONS.map(
      (name) =>
        new Promise((resolve) =>
          defaultSession.permissionRequest({}, name, resolve, {
            requestingUrl: 'app://workbench/index.html',
          }),
        ),
    )
    const checked = PERMISSIONS.map((name) => defaultSession.permissionCheck({}, name, 'app://workbench'))
    return { asked: await Promise.all(asked), checked, device: defaultSession.devicePermission({}) }
  },
  contents: () => {
    const { webContents } = state.windows[0]
    const tryEvent = (name, url) => {
      let prevented = false
      webContents.emit(name, { url, preventDefault: () => (prevented = true) })
      return prevented
    }
    return {
      foreign: ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'].map((name) =>
        tryEvent(name, 'https://example.com/'),
      ),
      own: tryEvent('will-navigate', 'app://workbench/index.html'),
      lookalike: tryEvent('will-navigate', 'app://workbench.example.com/'),
      window: webContents.windowOpenHandler({ url: 'https://example.com/' }).action,
    }
  },
  fetch: async (url) => {
    const response = await session.defaultSession.handlers.get('app')(new Request(url))
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: (await response.text()).slice(0, 2000),
    }
  },
  closeWindow: () => void state.windows[0].page.close(),
}
process.on('message', async ({ id, question, argument }) => {
  try {
    process.send({ id, answer: (await questions[question](argument)) ?? null })
  } catch (failure) {
    process.send({ id, error: failure.stack })
  }
})
