import { afterEach, describe, expect, it, vi } from 'vitest'
import { readEventStream } from '../../../renderer/client/event-stream.ts'
import { httpTransport, takeToken } from '../../../renderer/client/http-transport.ts'
import { chooseTransport } from '../../../renderer/client/client.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  sessionStorage.clear()
  window.history.replaceState(null, '', '/')
})

describe('takeToken', () => {
  it('takes the token out of the address and remembers it for the tab', () => {
    window.history.replaceState(null, '', '/#token=abc%2Fd')
    expect(takeToken(window.location, window.history, sessionStorage)).toBe('abc/d')
    expect(window.location.hash).toBe('')
    expect(takeToken(window.location, window.history, sessionStorage)).toBe('abc/d')
  })
  it('gives no transport without one', () => {
    expect(chooseTransport(window)).toBeNull()
  })
})

describe('httpTransport', () => {
  it('posts JSON with the token in the header, never in the address', async () => {
    const fetched = vi
      .fn()
      .mockResolvedValue(
        new Response('{"ok":true,"value":7}', { headers: { 'Content-Type': 'application/json' } }),
      )
    vi.stubGlobal('fetch', fetched)
    expect(await httpTransport('secret').call('case.info', {})).toEqual({ ok: true, value: 7 })
    const [address, options] = fetched.mock.calls[0] as [string, RequestInit]
    expect(address).toBe('/api/case.info')
    expect(options).toMatchObject({
      method: 'POST',
      body: '{}',
      headers: { Authorization: 'Bearer secret', 'Content-Type': 'application/json' },
    })
  })

  it('turns a refusal that is no JSON, and a dead server, into errors with codes', async () => {
    vi.stubGlobal(
      'fetch',
      vi
        .fn()
        .mockResolvedValueOnce(new Response('no', { status: 401 }))
        .mockRejectedValueOnce(new TypeError('gone')),
    )
    const transport = httpTransport('secret')
    expect(await transport.call('case.info', {})).toMatchObject({
      ok: false,
      error: { code: 'request.not_permitted' },
    })
    expect(await transport.call('case.info', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
  })
})

describe('readEventStream', () => {
  it('reads events over arbitrary cuts and passes over comments', async () => {
    const text =
      ': hello\n\ndata: {"type":"case.closed"}\n\ndata: {"type":"store.changed",\r\ndata: "nouns":["event"]}\r\n\r\n'
    const bytes = new TextEncoder().encode(text)
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7))
        controller.close()
      },
    })
    const events = []
    for await (const event of readEventStream(body)) events.push(event)
    expect(events).toEqual([{ type: 'case.closed' }, { type: 'store.changed', nouns: ['event'] }])
  })
})
