import { BrowserWindow, session } from 'electron'
import { APP_SCHEME, hardenSession, PAGE_PREFERENCES } from './security.ts'

/** The report brings its own CSP; this one holds even if it did not: no script, nothing from outside. */
const PRINT_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:",
}
const PRINT_URL = 'app://print/report.html'
/** Isolated world for the one question we ask the page, apart from the page's own (forbidden) scripts. */
const ASKING_WORLD = 999

let lastPrint = 0

/**
 * Prints a self-contained report with Electron's own Chromium, in a hidden window with a session of its own.
 * @param paper used only where the report has no `@page` size
 */
export async function printReport(html: string, paper: 'A4' | 'Letter'): Promise<Uint8Array> {
  // In-memory partition: nothing of the report is left on disk.
  const partition = session.fromPartition(`print-${++lastPrint}`, { cache: false })
  hardenSession(partition)
  partition.protocol.handle(APP_SCHEME, (request) =>
    request.url === PRINT_URL
      ? new Response(html, { headers: PRINT_HEADERS })
      : new Response(null, { status: 404 }),
  )
  const window = new BrowserWindow({
    show: false,
    webPreferences: { ...PAGE_PREFERENCES, session: partition },
  })
  try {
    await window.loadURL(PRINT_URL)
    // Embedded faces must be decoded, or the paper shows fallbacks (runtime.md section 4).
    await window.webContents.executeJavaScriptInIsolatedWorld(ASKING_WORLD, [
      { code: 'document.fonts.ready.then(() => document.fonts.size)' },
    ])
    return await window.webContents.printToPDF({
      preferCSSPageSize: true,
      printBackground: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
      pageSize: paper,
    })
  } finally {
    window.destroy()
  }
}
