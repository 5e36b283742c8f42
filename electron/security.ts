import { app, type IpcMainInvokeEvent, type Session, type WebContents, type WebPreferences } from 'electron'

/** Origin of the workbench's page. A custom scheme, not file://, so that it has an origin of its own (trust.md 1.3). */
export const APP_SCHEME = 'app'
export const APP_ORIGIN = 'app://workbench'

/** The page and everything in it stays in a sandbox and sees nothing of Node or Electron. */
export const PAGE_PREFERENCES: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  safeDialogs: true,
}

/**
 * Switches for Chromium that must be set before it starts: no name resolves, no background service runs. Electron itself
 * would otherwise call out for dictionaries and component updates (trust.md 1.3).
 */
const SWITCHES: readonly (readonly [string, string?])[] = [
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-client-side-phishing-detection'],
  ['disable-sync'],
  ['disable-breakpad'],
  ['no-pings'],
  ['no-proxy-server'],
  ['force-webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
]

/** Before `ready`: sandbox for every renderer, switches, and the same refusals for every web contents ever made. */
export function hardenApp(): void {
  app.enableSandbox()
  for (const [name, value] of SWITCHES) {
    if (value === undefined) app.commandLine.appendSwitch(name)
    else app.commandLine.appendSwitch(name, value)
  }
  app.on('web-contents-created', (_event, contents) => hardenContents(contents))
}

/** No navigation away from the app, no windows, no webviews; links in evidence lead nowhere. */
function hardenContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (!isAppUrl(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** True for pages of ours; the report preview is a script-less `about:srcdoc` frame inside one. */
function isAppUrl(url: string): boolean {
  return url.startsWith(`${APP_ORIGIN}/`) || url === 'about:srcdoc'
}

/** Schemes that stay inside the process; everything else is cancelled before it reaches the network stack. */
const INSIDE_SCHEMES: ReadonlySet<string> = new Set(['app:', 'blob:', 'data:', 'devtools:'])
/** Copying defanged text is the one thing the page may ask for. */
const GRANTED_PERMISSION = 'clipboard-sanitized-write'

/** No network, no permission, no device, no dictionary; downloads only of what the page itself made (graph figures). */
export function hardenSession(session: Session): void {
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !INSIDE_SCHEMES.has(schemeOf(details.url)) })
  })
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(permission === GRANTED_PERMISSION && isAppUrl(details.requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return permission === GRANTED_PERMISSION && isAppUrl(`${origin.replace(/\/$/, '')}/`)
  })
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${APP_ORIGIN}/`)) event.preventDefault()
  })
}

function schemeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : ''
}

/** Only the main frame of our own page may call the engine (origin, not URL, is what a page cannot fake). */
export function isTrustedSender(event: IpcMainInvokeEvent, contents: WebContents | undefined): boolean {
  const frame = event.senderFrame
  return (
    contents !== undefined &&
    event.sender === contents &&
    frame !== null &&
    frame.parent === null &&
    frame.origin === APP_ORIGIN
  )
}
