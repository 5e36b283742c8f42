import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reply } from '../contract/types.ts'
import { engineThreadFile, rendererFolder } from './built.ts'
import { noteDefect } from '../local/defect-log.ts'
import { type ErrorCode, type ErrorParams, WorkbenchError } from '../model/errors.ts'
import { sizeParams } from '../model/request-size.ts'
import { readBody } from './http/body.ts'
import { EventStreams } from './http/events.ts'
import { checkJson, checkOrigin, checkToken, type Gate, type Refusal } from './http/guard.ts'
import { answerHostMethod } from './http/host-methods.ts'
import { OneTimeCodes } from './http/one-time-codes.ts'
import { type EngineLink, startEngineThread } from './thread/link.ts'
import { listWebFiles, SECURITY_HEADERS, type WebFile } from './web-files.ts'

/** Slow senders hold sockets open: headers within 10 s, a whole request within 60 s (Slowloris). */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000
/** Our own page sends well under 2 KiB of headers. */
const MAX_HEADER_BYTES = 8 * 1024
const MAX_HEADERS = 40
const MAX_CONNECTIONS = 128
const MAX_CODE_BYTES = 4096

export interface BrowserModeOptions {
  /** 0 = any free port. */
  readonly port?: number
  /** Built renderer; the default is that of this build. */
  readonly files?: string
}

export interface BrowserMode {
  /** Address with the token in its fragment, which no server and no log ever sees. */
  readonly address: string
  /** Address for a browser's command line: its code buys the token once. */
  windowAddress(): string
  readonly origin: string
  readonly token: string
  readonly engine: EngineLink
  close(): Promise<void>
}

/**
 * Browser mode: the engine thread behind a loopback server, for a page in the machine's own browser (ARCHITECTURE
 * section 8; the defences are those of trust.md H18).
 */
export async function startBrowserMode(options: BrowserModeOptions = {}): Promise<BrowserMode> {
  const files = listWebFiles(options.files ?? rendererFolder)
  const token = randomBytes(32).toString('base64url')
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 2_000,
    insecureHTTPParser: false,
  })
  server.maxHeadersCount = MAX_HEADERS
  server.maxConnections = MAX_CONNECTIONS
  const port = await listenOnLoopback(server, options.port ?? 0)
  const host = `127.0.0.1:${port}`
  const gate: Gate = { host, origin: `http://${host}`, token }

  const engine = startEngineThread(engineThreadFile, { files: 'browse', host: 'browser' })
  const streams = new EventStreams(engine)
  const codes = new OneTimeCodes()
  server.on('request', (request, response) => {
    answer(request, response, { gate, files, engine, streams, codes }).catch((failure: unknown) => {
      noteDefect(failure, 'browser mode')
      if (!response.headersSent) refuse(response, 500)
      else response.destroy()
    })
  })
  // An upgrade or CONNECT has no place here; without a listener Node would keep an upgraded socket open.
  server.on('upgrade', (_request, socket) => socket.destroy())
  server.on('connect', (_request, socket) => socket.destroy())
  return {
    address: `${gate.origin}/#token=${token}`,
    windowAddress: () => `${gate.origin}/#code=${codes.issue()}`,
    origin: gate.origin,
    token,
    engine,
    async close() {
      streams.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      await engine.close()
    },
  }
}

const PORT_CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['EADDRINUSE', 'host.port_in_use'],
  ['EACCES', 'host.port_not_permitted'],
])

/** @throws WorkbenchError `host.port_in_use`, `host.port_not_permitted` */
function listenOnLoopback(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (failure: NodeJS.ErrnoException) => {
      const code = PORT_CODES.get(failure.code ?? '')
      reject(code === undefined ? failure : new WorkbenchError(code, { port }, { cause: failure }))
    }
    server.once('error', fail)
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

interface Serving {
  readonly gate: Gate
  readonly files: ReadonlyMap<string, WebFile>
  readonly engine: EngineLink
  readonly streams: EventStreams
  readonly codes: OneTimeCodes
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const refusal = checkOrigin(request, serving.gate)
  if (refusal) return refuse(response, refusal.status)
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  if (path.startsWith('/api/')) return await answerApi(request, response, path.slice('/api/'.length), serving)
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
  const file = serving.files.get(path)
  if (!file) return refuse(response, 404)
  const bytes = await readFile(file.path)
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'Content-Type': file.contentType,
    'Content-Length': bytes.length,
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

async function answerApi(
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
  serving: Serving,
): Promise<void> {
  const { gate, engine, streams } = serving
  if (method === 'session') return await openSession(request, response, serving)
  const refusal: Refusal | null = checkToken(request, gate)
  if (refusal) return refuse(response, refusal.status)
  if (method === 'events') {
    if (request.method !== 'GET') return refuse(response, 405)
    return streams.open(response, SECURITY_HEADERS) ? undefined : refuse(response, 429)
  }
  if (request.method !== 'POST') return refuse(response, 405)
  if (!/^[a-zA-Z]{1,40}\.[a-zA-Z]{1,40}$/.test(method)) return refuse(response, 404)
  const notJson = checkJson(request)
  if (notJson) return refuse(response, notJson.status)
  const body = await readBody(request)
  if (!body.ok) return refuse(response, body.status, body.bytes === undefined ? {} : sizeParams(body.bytes))
  const reply: Reply =
    (await answerHostMethod(method, body.value, engine)) ?? (await engine.call(method, body.value))
  sendReply(response, reply)
}

/** The page of an app window changes its one-time code for the token. */
async function openSession(
  request: IncomingMessage,
  response: ServerResponse,
  { gate, codes }: Serving,
): Promise<void> {
  if (request.method !== 'POST') return refuse(response, 405)
  const notJson = checkJson(request)
  if (notJson) return refuse(response, notJson.status)
  // Nobody has shown a token yet: a code is short.
  const body = await readBody(request, MAX_CODE_BYTES)
  if (!body.ok) return refuse(response, body.status)
  if (!codes.redeem((body.value as { code?: unknown } | null)?.code)) return refuse(response, 401)
  sendReply(response, { ok: true, value: { token: gate.token } })
}

function sendReply(response: ServerResponse, reply: Reply): void {
  const text = Buffer.from(JSON.stringify(reply))
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': text.length,
  })
  response.end(text)
}

const REFUSED: ReadonlyMap<number, ErrorCode> = new Map([
  [401, 'host.token'],
  [403, 'request.not_permitted'],
  [404, 'request.not_found'],
  [413, 'request.too_large'],
])
/** A refusal in the shape of every other reply; the connection ends, so that an unread body is not read on. */
function refuse(response: ServerResponse, status: number, params: ErrorParams = {}): void {
  const code = REFUSED.get(status) ?? 'request.invalid'
  const text = JSON.stringify({ ok: false, error: { code, params: { status, field: 'request', ...params } } })
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    Connection: 'close',
  })
  response.end(text)
}
