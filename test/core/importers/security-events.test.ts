import { describe, expect, it } from 'vitest'
import securityEvents from '../../../core/importers/security-events.importer.ts'
import { codesOf, detectInput, fixture, messagesOf, readUnits, recordsOf } from './read-part.ts'

describe('security-events importer', () => {
  it('reads a detection in mail as the message with its action and as an alert', async () => {
    const [first] = recordsOf(await readUnits(securityEvents, fixture('security-events/good-page.json')))
    expect(first?.items).toMatchObject([
      {
        type: 'message',
        messageId: 'm1@evil.example',
        mailbox: 'ana@corp.example',
        recordedAction: 'quarantine',
        urls: [{ url: 'http://evil.example/login', where: 'body' }],
      },
      {
        kind: 'alert',
        at: Date.UTC(2026, 2, 2, 8, 0, 1) * 1000,
        fields: { rule: 'Default Exchange Policy ATP', severity: 'Dangerous', outcome: 'success' },
      },
    ])
  })

  it('reads a detection in a file service as an alert only', async () => {
    const third = recordsOf(await readUnits(securityEvents, fixture('security-events/good-page.json')))[2]
    expect(third?.items).toHaveLength(1)
    expect(third?.items[0]).toMatchObject({
      kind: 'alert',
      fields: { target: 'tool.exe', sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' },
    })
  })

  it('gives the file with its hashes to the message', async () => {
    const [, second] = messagesOf(await readUnits(securityEvents, fixture('security-events/good-page.json')))
    expect(second?.attachments).toEqual([
      {
        name: 'invoice.zip',
        sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
        sha256: 'c'.repeat(64),
      },
    ])
  })

  it('knows a detection again in another page and without its wrapper', async () => {
    const page = recordsOf(await readUnits(securityEvents, fixture('security-events/good-page.json')))
    const lines = recordsOf(await readUnits(securityEvents, fixture('security-events/good-lines.jsonl')))
    expect(lines[2]?.key).toBe(page[0]?.key)
  })

  it('reads an answer without detections as nothing', async () => {
    const empty = '{"security_events":[],"traceId":"t","next_link":null}'
    expect(securityEvents.detect(detectInput(empty))).toBeGreaterThan(0.5)
    expect(await readUnits(securityEvents, empty)).toEqual([])
  })

  it('keeps what is odd and counts what is no record', async () => {
    const units = await readUnits(securityEvents, fixture('security-events/hostile.json'))
    expect(codesOf(units)).toEqual(
      expect.arrayContaining([
        'security-events.time',
        'security-events.not_a_detection',
        'security-events.not_object',
        'security-events.duplicate_key',
        'security-events.truncated',
      ]),
    )
    expect(messagesOf(units).flatMap(({ urls }) => urls)).toEqual([])
  })

  it('leaves the sweep of the same scanner to its own importer', () => {
    expect(securityEvents.detect(detectInput(fixture('mail-sweep/good-page.json')))).toBe(0)
  })
})
