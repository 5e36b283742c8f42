import { afterEach, describe, expect, it, vi } from 'vitest'
import { readEventStream } from '../../../renderer/client/event-stream.ts'
import { httpTransport, takeToken } from '../../../renderer/client/http-transport.ts'
import { NOUNS } from '../../../core/contract/types.ts'
import { desktopTransport } from '../../../renderer/client/desktop-transport.ts'
import { linkProblem, setLink } from '../../../renderer/client/link.ts'
import { chooseTransport } from '../../../renderer/client/client.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  setLink(null)
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

  const json = (text: string): Response =>
    new Response(text, { headers: { 'Content-Type': 'application/json' } })

  it('turns a refusal that is no JSON into an error with a code', async () => {
    vi.stubGlobal('fetch', vi.fn().mockResolvedValueOnce(new Response('no', { status: 403 })))
    expect(await httpTransport('secret').call('case.info', {})).toMatchObject({
      ok: false,
      error: { code: 'request.not_permitted' },
    })
  })

  it('sends nothing that is too large, and says how large it is and may be', async () => {
    const fetched = vi.fn()
    vi.stubGlobal('fetch', fetched)
    const reply = await httpTransport('secret').call('sweep.save', { text: 'é'.repeat(17 * 1024 * 1024) })
    expect(reply).toEqual({
      ok: false,
      error: { code: 'request.too_large', params: { size: '34.0', limit: 32 } },
    })
    expect(fetched).not.toHaveBeenCalled()
  })

  it('tells an engine that is gone from one of another start, until it answers again', async () => {
    vi.stubGlobal(
      'fetch',
      vi
        .fn()
        .mockRejectedValueOnce(new TypeError('gone'))
        .mockResolvedValueOnce(new Response('{"ok":false}', { status: 401 }))
        .mockResolvedValueOnce(json('{"ok":true,"value":7}')),
    )
    const transport = httpTransport('secret')
    expect(await transport.call('case.info', {})).toEqual({
      ok: false,
      error: { code: 'host.gone', params: {} },
    })
    expect(linkProblem.value).toBe('host.gone')
    expect(await transport.call('case.info', {})).toEqual({
      ok: false,
      error: { code: 'host.token', params: {} },
    })
    expect(linkProblem.value).toBe('host.token')
    await transport.call('case.info', {})
    expect(linkProblem.value).toBeNull()
  })

  it('notices by the stream of events that the engine is gone, and asks everything again when it is back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      let end: (() => void) | undefined
      const streamed = (): Response =>
        new Response(
          new ReadableStream<Uint8Array>({
            start: (controller) => void (end = () => controller.error(new TypeError('reset'))),
          }),
        )
      const fetched = vi.fn().mockResolvedValueOnce(streamed())
      vi.stubGlobal('fetch', fetched)
      const heard: unknown[] = []
      const stop = httpTransport('secret').listen((event) => heard.push(event))
      await vi.advanceTimersByTimeAsync(5000)
      expect(linkProblem.value).toBeNull()
      fetched.mockRejectedValueOnce(new TypeError('refused'))
      end?.()
      await vi.advanceTimersByTimeAsync(10)
      expect(linkProblem.value).toBe('host.gone')
      expect(heard).toEqual([])
      fetched.mockResolvedValueOnce(streamed())
      await vi.advanceTimersByTimeAsync(2000)
      expect(linkProblem.value).toBeNull()
      expect(heard).toEqual([{ type: 'store.changed', nouns: NOUNS }])
      stop()
      end?.()
      await vi.advanceTimersByTimeAsync(10)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('desktopTransport', () => {
  it('notices that the engine ended', async () => {
    const lost = { ok: false, error: { code: 'host.gone', params: {} } } as const
    await desktopTransport({ call: () => Promise.resolve(lost), listen: () => () => undefined }).call(
      'x.y',
      {},
    )
    expect(linkProblem.value).toBe('host.gone')
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
