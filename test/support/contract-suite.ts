import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type Client } from '../../core/contract/client.ts'
import { methods, type MethodName } from '../../core/contract/methods.ts'
import type { EngineEvent, Transport } from '../../core/contract/types.ts'
import { ERROR_CODES } from '../../core/model/errors.ts'
import { sampleInput } from './sample-input.ts'

/** One way to reach the engine, as the suite needs it. */
export interface HostUnderTest {
  readonly host: 'cli' | 'browser' | 'desktop'
  readonly transport: Transport
  /** A human chooses this path in the way of this host. */
  choose(path: string, access: 'read' | 'write'): Promise<string>
  close(): Promise<void>
}

const MAIL = [
  'From: Ada <ada@sender.example>',
  'To: Bo <bo@corp.example>',
  'Subject: Invoice',
  'Date: Mon, 02 Mar 2026 08:00:00 +0000',
  'Message-ID: <one@sender.example>',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Please see http://pay.sender.example/invoice',
  '',
].join('\r\n')

/** Inputs where the smallest one ({@link sampleInput}) would not do. */
const INPUTS: Partial<Record<MethodName, unknown>> = {
  'sweep.read': { text: 'evil.example' },
  'path.find': { from: '999999998', to: '999999999' },
  'path.suggest': { limit: 3 },
  'mail.campaigns': { limit: 5 },
  'locale.messages': { lang: 'ja' },
  'judge.message': {
    policies: [
      {
        schema: 1,
        name: 'p',
        service: 'gmail',
        securityLevel: 'high',
        actions: { matched: 'label' },
        notifications: { users: { enabled: true } },
      },
    ],
    message: { url: 'https://link.example/a' },
  },
}

/** ARCHITECTURE section 4: every host answers the same contract in the same way. */
export function contractSuite(name: string, start: () => Promise<HostUnderTest>): void {
  describe(`the contract through ${name}`, () => {
    let host: HostUnderTest
    let client: Client
    let folder: string
    const events: EngineEvent[] = []

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'redthread-contract-'))
      await writeFile(join(folder, 'invoice.eml'), MAIL)
      await writeFile(join(folder, 'table.csv'), 'thing,place\nkey,hall\n')
      await writeFile(join(folder, 'notes.bin'), Buffer.from([0, 159, 146, 150, 7, 3]))
      await writeFile(join(folder, 'fake.redthread'), 'this is no database')
      host = await start()
      client = createClient(host.transport)
      host.transport.listen((event) => events.push(event))
    })
    afterAll(async () => {
      await host.close()
      await rm(folder, { recursive: true, force: true })
    })
    const codeOf = async (method: string, input: unknown): Promise<string> => {
      const reply = await host.transport.call(method, input)
      return reply.ok ? 'ok' : reply.error.code
    }

    it('says which host it is', async () => {
      expect(methods['host.info'].output.parse(await client.call('host.info', {})).host).toBe(host.host)
    })

    it('answers an unknown method, a broken input and a missing case with codes', async () => {
      expect(await codeOf('nothing.here', {})).toBe('request.unknown_method')
      expect(await codeOf('constructor.name', {})).toBe('request.unknown_method')
      expect(await codeOf('case.open', {})).toBe('request.invalid')
      expect(await codeOf('case.open', { grant: 'x', extra: 1 })).toBe('request.invalid')
      expect(await codeOf('evidence.list', {})).toBe('case.none_open')
      expect(await client.call('case.info', {})).toBeNull()
    })

    it('refuses what is no case', async () => {
      const grant = await host.choose(join(folder, 'fake.redthread'), 'write')
      expect(await codeOf('case.open', { grant })).toBe('store.not_a_case')
    })

    it('creates a case and tells that the store changed', async () => {
      const grant = await host.choose(join(folder, 'case.redthread'), 'write')
      const info = await client.call('case.create', { grant, zone: 'Europe/Berlin' })
      expect(info).toMatchObject({ name: 'case.redthread', zone: 'Europe/Berlin', readOnly: false })
      await expect.poll(() => events.some((event) => event.type === 'store.changed')).toBe(true)
    })

    it('imports evidence as a job whose figures add up', async () => {
      const grants = [
        await host.choose(join(folder, 'invoice.eml'), 'read'),
        await host.choose(join(folder, 'notes.bin'), 'read'),
      ]
      const result = await client.run('evidence.import', { grants })
      expect(result.evidence.map((row) => row.format)).toEqual(['eml'])
      const { read, stored, duplicate, rejected } = result.totals
      expect(read).toBe(stored + duplicate + rejected)
      expect(stored).toBe(1)
      expect(result.refused.map((file) => [file.name, file.code])).toEqual([
        ['notes.bin', 'evidence.unrecognised'],
      ])
      expect(events.some((event) => event.type === 'job.ended' && event.status === 'done')).toBe(true)
    })

    it('refuses the same bytes a second time, politely', async () => {
      const grants = [await host.choose(join(folder, 'invoice.eml'), 'read')]
      const result = await client.run('evidence.import', { grants })
      expect(result.evidence).toEqual([])
      expect(result.refused.map((file) => file.code)).toEqual(['evidence.duplicate'])
    })

    it('correlates', async () => {
      const result = await client.run('correlation.run', {})
      expect(result.entities).toBeGreaterThan(0)
    })

    const queries = (Object.keys(methods) as MethodName[]).filter(
      (method) => methods[method].kind === 'query',
    )
    it.each(queries)('answers %s in its declared shape, as plain JSON', async (method) => {
      const input = { ...((INPUTS[method] ?? sampleInput(method)) as object) }
      // A query about a file gets a real one.
      if ('grant' in input) input.grant = await host.choose(join(folder, 'table.csv'), 'read')
      const reply = await host.transport.call(method, input)
      expect(JSON.parse(JSON.stringify(reply))).toEqual(reply)
      if (reply.ok) methods[method].output.parse(reply.value)
      else {
        expect(reply.error.code).toBe('request.not_found')
        expect(ERROR_CODES).toContain(reply.error.code)
      }
    })

    it('closes the case and opens it again as it was', async () => {
      await client.call('case.close', {})
      expect(await client.call('case.info', {})).toBeNull()
      await expect.poll(() => events.some((event) => event.type === 'case.closed')).toBe(true)
      const grant = await host.choose(join(folder, 'case.redthread'), 'write')
      expect((await client.call('case.open', { grant })).counts).toMatchObject({ evidence: 1, messages: 1 })
    })
  })
}
