// BrowserWindow of the double: a page of a real Chromium. `app://host/...` is served at `http://host.localhost/...`, since
// a plain Chromium knows no such scheme; origins are told to the product in their app:// form.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { mainWorldScript, preloadWorldScript } from './bridge.mjs'
import { findFrame, invoke, state } from './state.mjs'

const WORLD = 'preload'

export const toHttp = (url) => url.replace(/^app:\/\/([\w-]+)/, 'http://$1.localhost')
export const toApp = (url) => url.replace(/^(blob:)?http:\/\/([\w-]+)\.localhost/, '$1app://$2')

class WebContents extends EventEmitter {
  mainFrame = {
    parent: null,
    get origin() {
      return 'app://workbench'
    },
  }
  #window
  constructor(window) {
    super()
    this.#window = window
  }
  setWindowOpenHandler(handler) {
    this.windowOpenHandler = handler
  }
  send(channel, value) {
    void this.#window.tellPage({ type: 'event', channel, value })
  }
  async executeJavaScriptInIsolatedWorld(_world, sources) {
    return await this.#window.page.evaluate(sources[0].code)
  }
  async printToPDF(options) {
    state.printed.push(options)
    const pdf = await this.#window.page.pdf({
      preferCSSPageSize: options.preferCSSPageSize,
      printBackground: options.printBackground,
      tagged: options.generateTaggedPDF,
      outline: options.generateDocumentOutline,
      format: options.pageSize,
    })
    return pdf
  }
}

export class BrowserWindow extends EventEmitter {
  #ready
  #destroyed = false
  constructor(options) {
    super()
    this.options = options
    this.webContents = new WebContents(this)
    state.windows.push(this)
    state.app.emit('web-contents-created', {}, this.webContents)
    this.#ready = this.#open()
  }
  async #open() {
    const browser = await state.browser()
    const context = await browser.newContext()
    this.page = await context.newPage()
    const session = this.options.webPreferences.session ?? state.defaultSession
    await this.page.route('**/*', (route) =>
      this.#serve(route, session).catch((failure) => {
        // The page may be closed while it still loads; then nobody waits for the answer.
        if (!this.#destroyed && !this.page.isClosed()) throw failure
      }),
    )
    this.page.on('console', (message) => state.console.push(`${message.type()}: ${message.text()}`))
    this.page.on('pageerror', (error) => state.console.push(`pageerror: ${error.message}`))
    this.page.on('popup', (page) => {
      const answer = this.webContents.windowOpenHandler?.({ url: toApp(page.url()) })
      state.popups.push(answer?.action ?? 'allow')
      void page.close()
    })
    this.page.on('close', () => this.#close())
    await this.page.addInitScript(mainWorldScript)
    const { preload } = this.options.webPreferences
    if (preload) await this.#addPreload(preload)
  }
  async #addPreload(path) {
    this.cdp = await this.page.context().newCDPSession(this.page)
    await this.cdp.send('Page.enable')
    await this.cdp.send('Runtime.enable')
    const { frameTree } = await this.cdp.send('Page.getFrameTree')
    this.mainFrameId = frameTree.frame.id
    this.contexts = []
    this.cdp.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === WORLD) this.contexts.push(context)
    })
    this.cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      this.contexts = this.contexts.filter(({ id }) => id !== executionContextId)
    })
    await this.cdp.send('Runtime.addBinding', { name: '__toHost', executionContextName: WORLD })
    this.cdp.on(
      'Runtime.bindingCalled',
      ({ payload, executionContextId }) => void this.#fromPage(JSON.parse(payload), executionContextId),
    )
    const code = readFileSync(path, 'utf8')
    // As in Electron, a preload runs in the main frame only (nodeIntegrationInSubFrames is off).
    const source = `if (window.top === window) {
      const electron = (${preloadWorldScript})()
      const require = (name) => { if (name !== 'electron') throw new Error('a sandboxed preload requires ' + name); return electron }
      ;(function (require, module, exports) {${code}\n})(require, { exports: {} }, {})
    }`
    await this.cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD })
  }
  /** The preload's world in the main frame; frames inside the page have such a world too, but no preload in it. */
  #mainContext() {
    return this.contexts?.findLast(({ auxData }) => auxData.frameId === this.mainFrameId)
  }
  async #fromPage({ id, channel, args }, contextId) {
    const frame = await findFrame(this, contextId)
    const answer = await invoke(channel, { sender: this.webContents, senderFrame: frame }, args)
    await this.tellPage({ type: 'answer', id, ...answer }, contextId)
  }
  async tellPage(message, contextId = this.#mainContext()?.id) {
    if (contextId === undefined || this.#destroyed) return
    const expression = `__fromHost(${JSON.stringify(JSON.stringify(message))})`
    // The document may be gone by now (reload, close): then nobody waits for the message.
    await this.cdp.send('Runtime.evaluate', { expression, contextId }).catch(() => undefined)
  }
  async #serve(route, session) {
    const request = route.request()
    const url = toApp(request.url())
    const decision = await new Promise((resolve) => {
      if (!session.beforeRequest) resolve({ cancel: false })
      else session.beforeRequest({ url }, resolve)
    })
    if (decision.cancel) {
      state.cancelled.push(url)
      return route.abort('blockedbyclient')
    }
    if (request.isNavigationRequest() && request.frame() === this.page.mainFrame() && this.loaded) {
      let prevented = false
      this.webContents.emit('will-navigate', { url, preventDefault: () => (prevented = true) })
      if (prevented) return route.abort('aborted')
    }
    const handler = session.handlers.get(new URL(url).protocol.replace(':', ''))
    if (!handler) return route.abort('failed')
    const response = await handler(new Request(url, { method: request.method() }))
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  }
  async loadURL(url) {
    await this.#ready
    await this.page.goto(toHttp(url))
    this.loaded = true
    this.emit('ready-to-show')
  }
  show() {
    // The page is there from the start; headless Chromium shows nothing.
  }
  isDestroyed() {
    return this.#destroyed
  }
  destroy() {
    void this.page?.context().close()
    this.#close()
  }
  #close() {
    if (this.#destroyed) return
    this.#destroyed = true
    this.emit('closed')
    state.windows.splice(state.windows.indexOf(this), 1)
    // As in Electron: whether it was shown yet does not matter (a window may be closed while it loads).
    if (state.windows.length === 0) state.app.emit('window-all-closed')
  }
}
