import { mailClientOf } from '../normalise/mail-client.ts'

const baseName = (path: string | undefined) => (path?.split(/[\\/]/).at(-1) ?? '').toLowerCase()

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

/** Outlook is the anchor of mail correlation (S15). */
export const isOutlook = (path: string | undefined): boolean => mailClientOf(path)?.isOutlook === true
export const isMailClient = (path: string | undefined): boolean => mailClientOf(path) !== undefined
export const isBrowser = (path: string | undefined): boolean => BROWSERS.has(baseName(path))

/** Folders where mail clients and browsers put what came in. */
export const isAttachmentFolder = (path: string): boolean =>
  /\\(content\.outlook|inetcache|temporary internet files|olk\d*|downloads|outlook temp|attachments?)\\/i.test(
    path,
  )
/** Outlook's own cache: only attachments land there. */
export const isOutlookCache = (path: string): boolean => /\\content\.outlook\\/i.test(path)
