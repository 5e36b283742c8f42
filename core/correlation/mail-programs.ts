const baseName = (path: string | undefined) => (path?.split(/[\\/]/).at(-1) ?? '').toLowerCase()

/** Outlook is the anchor of mail correlation (S15). */
const OUTLOOK = new Set(['outlook.exe', 'olk.exe'])
const OTHER_CLIENTS = new Set([
  'thunderbird.exe',
  'hxoutlook.exe',
  'em client.exe',
  'notes2.exe',
  'nlnotes.exe',
  'mailbird.exe',
])
const BROWSERS = new Set([
  'msedge.exe',
  'chrome.exe',
  'firefox.exe',
  'iexplore.exe',
  'brave.exe',
  'opera.exe',
  'vivaldi.exe',
  'microsoftedge.exe',
  'msedgewebview2.exe',
  'chromium.exe',
])

export const isOutlook = (path: string | undefined): boolean => OUTLOOK.has(baseName(path))
export const isMailClient = (path: string | undefined): boolean =>
  OUTLOOK.has(baseName(path)) || OTHER_CLIENTS.has(baseName(path))
export const isBrowser = (path: string | undefined): boolean => BROWSERS.has(baseName(path))

/** Folders where mail clients and browsers put what came in. */
export const isAttachmentFolder = (path: string): boolean =>
  /\\(content\.outlook|inetcache|temporary internet files|olk\d*|downloads|outlook temp|attachments?)\\/i.test(
    path,
  )
/** Outlook's own cache: only attachments land there. */
export const isOutlookCache = (path: string): boolean => /\\content\.outlook\\/i.test(path)
