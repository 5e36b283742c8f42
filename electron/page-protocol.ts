import { readFile } from 'node:fs/promises'
import type { Session } from 'electron'
import { listWebFiles, SECURITY_HEADERS } from '../core/hosts/web-files.ts'
import { APP_ORIGIN, APP_SCHEME } from './security.ts'

/** Serves the built renderer at `app://workbench/`; a path that is not in the list of built files is a 404. */
export function servePage(session: Session, folder: string): void {
  const files = listWebFiles(folder)
  session.protocol.handle(APP_SCHEME, async (request) => {
    const path = request.url.startsWith(`${APP_ORIGIN}/`)
      ? request.url.slice(APP_ORIGIN.length).split(/[?#]/, 1)[0]
      : ''
    const file = request.method === 'GET' ? files.get(path ?? '') : undefined
    if (!file) return new Response(null, { status: 404, headers: SECURITY_HEADERS })
    const headers = { ...SECURITY_HEADERS, 'Content-Type': file.contentType }
    return new Response(new Uint8Array(await readFile(file.path)), { headers })
  })
}
