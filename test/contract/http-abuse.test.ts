import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrowserMode, startBrowserMode } from '../../core/hosts/http.ts'
import { MAX_REQUEST_BYTES } from '../../core/model/request-size.ts'
import { OneTimeCodes } from '../../core/hosts/http/one-time-codes.ts'

let mode: BrowserMode
let port: number
beforeAll(async () => {
  mode = await startBrowserMode()
  port = Number(new URL(mode.origin).port)
})
afterAll(() => mode.close())

interface Attempt {
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}
interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly text: string
}

/** A request as an attacker's program can form it; the defaults are those of our own page. */
function send({
  method = 'POST',
  path = '/api/case.info',
  headers = {},
  body = '{}',
}: Attempt): Promise<Answer> {
  const own = {
    Host: `127.0.0.1:${port}`,
    Authorization: `Bearer ${mode.token}`,
    'Content-Type': 'application/json',
  }
  const merged = Object.fromEntries(
    Object.entries({ ...own, ...headers }).filter(([, value]) => value !== undefined),
  )
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: merged, setHost: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      },
    )
    request.on('error', reject)
    request.end(method === 'GET' || method === 'HEAD' ? undefined : body)
  })
}

/** Raw bytes, for what an HTTP client refuses to send. Resolves to all that came back. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(text))
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk))
    socket.on('close', () => resolve(answer))
    socket.on('error', () => undefined)
  })
}

const statusOf = async (attempt: Attempt): Promise<number> => (await send(attempt)).status

describe('browser mode under attack', () => {
  it('answers its own page (positive control)', async () => {
    expect(await send({})).toMatchObject({ status: 200, text: '{"ok":true,"value":null}' })
    const page = {
      Origin: mode.origin,
      'Sec-Fetch-Site': 'same-origin',
      'Sec-Fetch-Mode': 'cors',
      'Sec-Fetch-Dest': 'empty',
    }
    expect(await statusOf({ headers: page })).toBe(200)
  })

  it('listens on 127.0.0.1 alone', async () => {
    const reached = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.2', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    expect(reached).toBe(false)
  })

  it.each([
    ['no token', undefined],
    ['an empty token', 'Bearer '],
    ['a wrong token', `Bearer ${'A'.repeat(43)}`],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['the token without its scheme', 'TOKEN'],
    ['a cut token', 'CUT'],
    ['a longer token', 'LONG'],
  ])('refuses %s', async (_name, value) => {
    const header =
      value === 'TOKEN'
        ? mode.token
        : value === 'CUT'
          ? `Bearer ${mode.token.slice(1)}`
          : value === 'LONG'
            ? `Bearer ${mode.token}A`
            : value
    const answer = await send({ headers: { Authorization: header } })
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain(mode.token)
    expect(answer.text).toContain('"host.token"')
    expect(await statusOf({ method: 'GET', path: '/api/events', headers: { Authorization: header } })).toBe(
      401,
    )
  })

  it('takes the token from the header only', async () => {
    const none = { Authorization: undefined }
    expect(await statusOf({ path: `/api/case.info?token=${mode.token}`, headers: none })).toBe(401)
    expect(await statusOf({ headers: { ...none, Cookie: `token=${mode.token}` } })).toBe(401)
    expect(await statusOf({ headers: none, body: JSON.stringify({ token: mode.token }) })).toBe(401)
  })

  it.each([
    'localhost',
    '127.0.0.1',
    'attacker.example',
    '[::1]',
    '127.0.0.1.attacker.example',
    '0.0.0.0',
    '2130706433',
    '',
  ])('refuses the host %s (DNS rebinding)', async (name) => {
    for (const suffix of ['', ':PORT', ':1']) {
      const host = `${name}${suffix.replace('PORT', String(port))}`
      if (host === `127.0.0.1:${port}`) continue
      expect([400, 403], host).toContain(await statusOf({ headers: { Host: host } }))
    }
  })

  it.each([
    'null',
    'https://attacker.example',
    'http://localhost:PORT',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:PORT.attacker.example',
    'file://',
    '',
  ])('refuses the origin %s', async (origin) => {
    const headers = { Origin: origin.replace('PORT', String(port)) }
    expect(await statusOf({ headers })).toBe(403)
    expect(await statusOf({ method: 'GET', path: '/', headers })).toBe(403)
  })

  it.each(['cross-site', 'same-site', 'none', 'something'])(
    'refuses calls with Sec-Fetch-Site: %s',
    async (site) => {
      expect(await statusOf({ headers: { 'Sec-Fetch-Site': site } })).toBe(403)
      const navigation = {
        'Sec-Fetch-Site': site,
        'Sec-Fetch-Mode': 'navigate',
        'Sec-Fetch-Dest': 'document',
      }
      expect(await statusOf({ headers: navigation })).toBe(403)
    },
  )

  it('gives the page to a typed address, not to a frame or a foreign link', async () => {
    const navigate = (site: string, dest: string) =>
      statusOf({
        method: 'GET',
        path: '/',
        headers: {
          Authorization: undefined,
          'Sec-Fetch-Site': site,
          'Sec-Fetch-Mode': 'navigate',
          'Sec-Fetch-Dest': dest,
        },
      })
    expect(await navigate('none', 'document')).toBe(200)
    expect(await navigate('cross-site', 'document')).toBe(403)
    expect(await navigate('cross-site', 'iframe')).toBe(403)
  })

  it('never allows another origin by CORS', async () => {
    const answer = await send({
      method: 'OPTIONS',
      headers: { Origin: 'https://attacker.example', 'Access-Control-Request-Method': 'POST' },
    })
    expect(answer.status).toBe(403)
    for (const { headers } of [answer, await send({}), await send({ method: 'OPTIONS' })]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonp',
    '',
  ])('refuses the content type "%s"', async (type) =>
    expect(await statusOf({ headers: { 'Content-Type': type } })).toBe(400),
  )

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'])(
    'refuses %s on a method',
    async (method) => {
      expect(await statusOf({ method })).toBe(405)
    },
  )

  it('reads no long body of somebody who has shown no token', async () => {
    const body = JSON.stringify({ code: 'x'.repeat(5000) })
    expect(await statusOf({ path: '/api/session', body, headers: { Authorization: undefined } })).toBe(413)
    expect(await statusOf({ body, headers: { Authorization: 'Bearer x' } })).toBe(401)
  })

  it('takes a list of many indicators, some of them named more than once', async () => {
    const ids = Array.from({ length: 90_000 }, (_, at) => `i${at}`)
    const more = { kind: 'domain', operator: 'is', title: '', supported: true, why: null, body: null }
    const criteria = {
      name: 'feed',
      format: 'plain-list',
      indicators: ids.map((id) => ({ id, value: `${id}.example`, ...more })),
      tree: { any: [...ids, ...ids].map((indicator) => ({ indicator })) },
    }
    const body = JSON.stringify({ criteria })
    expect(body.length).toBeGreaterThan(12 * 1024 * 1024)
    const answer = await send({ path: '/api/sweep.save', body })
    expect(answer.text).toContain('case.none_open')
  })

  it('refuses a body over the limit, said or unsaid', async () => {
    const headers = { 'Content-Length': String(MAX_REQUEST_BYTES + 1) }
    const said = await sendRaw(
      `POST /api/case.info HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${mode.token}\r\nContent-Type: application/json\r\nContent-Length: ${headers['Content-Length']}\r\n\r\n{`,
    )
    expect(said).toMatch(/^HTTP\/1\.1 413/)
    expect(said).toContain(
      '{"code":"request.too_large","params":{"status":413,"field":"request","size":"32.0","limit":32}}',
    )
    const body = `"${'x'.repeat(MAX_REQUEST_BYTES)}"`
    const unsaid = await send({ headers: { 'Transfer-Encoding': 'chunked' }, body }).catch(
      (failure: NodeJS.ErrnoException) => failure.code,
    )
    // The connection is closed while the sender still sends: it sees the answer or the reset.
    expect(
      typeof unsaid === 'object' ? unsaid.status : ['ECONNRESET', 'EPIPE'].includes(unsaid ?? '') && 413,
    ).toBe(413)
  })

  it.each(['{', '[1,', '{"a":1}x', '\u0000', '[['.repeat(5000)])(
    'refuses a body that is no JSON or too deep',
    async (body) => {
      expect(await statusOf({ body })).toBe(400)
    },
  )

  it('treats __proto__ in a body as a field like any other', async () => {
    const answer = await send({ path: '/api/case.open', body: '{"grant":"x","__proto__":{"polluted":1}}' })
    expect(JSON.parse(answer.text)).toMatchObject({ ok: false })
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it.each([
    '/api/',
    '/api/case',
    '/api/case.info/x',
    '/api/../case.info',
    '/api/case%2einfo',
    '/api//case.info',
    '/api/__proto__.x',
    '/api/case.info%00',
  ])('has nothing at %s', async (path) => {
    const answer = await send({ path })
    expect([400, 404, 405]).toContain(answer.status)
  })

  it('answers an unknown method with its code', async () => {
    expect((await send({ path: '/api/case.destroy' })).text).toContain('request.unknown_method')
    expect((await send({ path: '/api/toString.call' })).text).toContain('request.unknown_method')
  })

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/..\\package.json',
    '/assets/../../main/cli.js',
    '/assets/..%5c..%5cmain%5ccli.js',
    '/....//package.json',
    '/index.html%00.js',
    '/index.html/',
    '//etc/passwd',
    '/etc/passwd',
    '/main/cli.js',
    '/assets',
    '/.git/config',
    '/%',
    '/index.HTML',
  ])('serves no file for %s', async (path) => {
    const answer = await sendRaw(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404)/)
  })

  it.each([
    ['two hosts', 'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: attacker.example\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['an absolute address', 'GET http://attacker.example/ HTTP/1.1\r\nHost: attacker.example\r\n\r\n'],
    ['HTTP/1.0 without host', 'GET / HTTP/1.0\r\n\r\n'],
    [
      'two lengths',
      'POST /api/case.info HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x',
    ],
    [
      'length and chunks (smuggling)',
      'POST /api/case.info HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header of 20 KB', `GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    [
      'an upgrade',
      'GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['CONNECT', 'CONNECT attacker.example:443 HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n'],
    ['no HTTP at all', '\u0016\u0003\u0001\u0000garbage\r\n\r\n'],
  ])('gives nothing for %s', async (_name, text) => {
    expect(await sendRaw(text.replaceAll('PORT', String(port)))).not.toMatch(/^HTTP\/1\.1 2/)
  })

  it('keeps paths out of reach without a choice in the picker', async () => {
    for (const path of ['/etc/passwd', '../../etc/passwd', '']) {
      const answer = JSON.parse(
        (await send({ path: '/api/case.open', body: JSON.stringify({ grant: path }) })).text,
      ) as { ok: boolean }
      expect(answer.ok).toBe(false)
    }
    const relative = await send({ path: '/api/file.grant', body: JSON.stringify({ path: '../x' }) })
    expect(relative.text).toContain('request.invalid')
  })

  it('sends the protective headers with every answer', async () => {
    const all = [
      await send({}),
      await send({ method: 'GET', path: '/' }),
      await send({ path: '/api/none.none', headers: { Authorization: undefined } }),
    ]
    for (const { headers } of all) {
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      })
      expect(headers['set-cookie']).toBeUndefined()
    }
  })

  it('still works after all of this', async () => {
    expect(await statusOf({})).toBe(200)
  })
})

describe('one-time codes', () => {
  const codeOf = (address: string) => /#code=(.+)$/.exec(address)?.[1] ?? ''
  const redeem = (code: unknown, headers: OutgoingHttpHeaders = {}) =>
    send({
      path: '/api/session',
      body: JSON.stringify({ code }),
      headers: { Authorization: undefined, ...headers },
    })

  it('buy the token once', async () => {
    const code = codeOf(mode.windowAddress())
    const first = await redeem(code)
    expect([first.status, JSON.parse(first.text)]).toEqual([200, { ok: true, value: { token: mode.token } }])
    expect((await redeem(code)).status).toBe(401)
  })

  it.each([
    ['a made-up code', { code: 'A'.repeat(43) }, {}, 401],
    ['no code', {}, {}, 401],
    ['a code that is no text', { code: { toString: 1 } }, {}, 401],
    ['a foreign page', { code: 'A'.repeat(43) }, { Origin: 'http://evil.example' }, 403],
    ['another host name', { code: 'A'.repeat(43) }, { Host: 'evil.example' }, 403],
    ['a form', { code: 'A'.repeat(43) }, { 'Content-Type': 'application/x-www-form-urlencoded' }, 400],
  ])('refuse %s', async (_what, body, headers, status) => {
    const answer = await send({
      path: '/api/session',
      body: JSON.stringify(body),
      headers: { Authorization: undefined, ...headers },
    })
    expect(answer.status).toBe(status)
    expect(answer.text).not.toContain(mode.token)
  })

  it('are worth nothing after a minute', () => {
    let now = 0
    const codes = new OneTimeCodes(() => now)
    const code = codes.issue()
    now = 60_001
    expect(codes.redeem(code)).toBe(false)
  })

  it('never show the token in the address of a window', () => {
    expect(mode.windowAddress()).not.toContain(mode.token)
  })
})
