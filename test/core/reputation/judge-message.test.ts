import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../../core/contract/client.ts'
import { methods } from '../../../core/contract/methods.ts'
import type { InputOf } from '../../../core/contract/types.ts'
import { createEngine, type Engine } from '../../../core/engine.ts'
import { parseIso } from '../../../core/store/time.ts'

type Input = InputOf<'judge.message'>
type Overrides = Readonly<Record<string, unknown>>

const policy = (overrides: Overrides = {}) => ({
  schema: 1,
  name: 'p',
  service: 'exchange-online',
  securityLevel: 'medium',
  internalDomains: ['corp.test'],
  scanAttachments: true,
  actions: { matched: 'quarantine' },
  ...overrides,
})
const MAIL = [
  'Received: from evil.test by mx.corp.test; Mon, 02 Mar 2026 08:00:05 +0000',
  'From: "Help" <Help@Evil.test>',
  'To: amy@corp.test',
  'Subject: Reset',
  'X-Drill: spring',
  'Date: Mon, 02 Mar 2026 08:00:00 +0000',
  'Message-ID: <1@evil.test>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'https://evil.test/login?x=1 and https://safe.test/',
  '--b',
  'Content-Type: text/html; name=open.html',
  'Content-Disposition: attachment; filename=open.html',
  '',
  '<a href="https://evil.test/inner">open</a>',
  '--b--',
  '',
].join('\r\n')
const PACK = {
  schema: 1,
  name: 'own',
  version: '3',
  createdAt: '2026-03-01T00:00:00Z',
  entries: [
    { pattern: 'evil.test', scope: 'host', level: 'dangerous' },
    { pattern: 'gone.test', scope: 'host', level: 'dangerous', expiresAt: '2026-03-02T08:00:00Z' },
    { pattern: 'safe.test', scope: 'host', level: 'safe' },
  ],
}

let folder: string
let engine: Engine
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-judge-'))
  engine = createEngine({
    files: 'paths',
    host: 'cli',
    jobs: 'inline',
    checkReplies: true,
    now: () => parseIso('2026-04-01T00:00:00Z') ?? 0,
  })
  writeFileSync(join(folder, 'mail.eml'), MAIL)
  writeFileSync(
    join(folder, 'two.mbox'),
    `From a@b.test Mon Mar  2 08:00:00 2026\n${MAIL}\nFrom a@b.test Mon Mar  2 08:00:00 2026\n${MAIL}\n`,
  )
  writeFileSync(join(folder, 'own.json'), JSON.stringify(PACK))
  writeFileSync(join(folder, 'list.txt'), 'http://evil.test/login?x=1\n')
  writeFileSync(join(folder, 'noise.txt'), '\n')
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})
const file = (name: string): string => join(folder, name)
const judge = (input: Partial<Input> & Pick<Input, 'message'>) =>
  createClient(engine).call('judge.message', { policies: [policy()], packs: [file('own.json')], ...input })
const refusal = async (input: Partial<Input> & Pick<Input, 'message'>) => {
  const reply = await engine.call('judge.message', { policies: [policy()], packs: [], ...input })
  return reply.ok ? null : { code: reply.error.code, ...reply.error.params }
}

describe('judging without a case', () => {
  it('judges as at a time that is asked for, with the packs in force then, and says what a click would have met', async () => {
    const message = { url: 'https://evil.test/' }
    const policies = [policy({ effectiveTo: '2026-03-20T00:00:00Z', timeOfClick: { enabled: true } })]
    const asked = async (at: string | null) => {
      const { urls, excluded, ...judged } = await judge({ policies, message, at, clicks: true })
      return [judged.at, excluded?.clause, urls[0]?.level, urls[0]?.click?.outcome, urls[0]?.click?.clause]
    }
    expect(await asked(null)).toEqual(['2026-04-01T00:00:00.000Z', 'W12', 'dangerous', 'not-covered', 'W12'])
    expect(await asked('2026-03-10T00:00:00Z')).toEqual([
      '2026-03-10T00:00:00.000Z',
      undefined,
      'dangerous',
      'block',
      'W35',
    ])
    // The pack is of March.
    expect(await asked('2026-02-10T00:00:00Z')).toEqual([
      '2026-02-10T00:00:00.000Z',
      undefined,
      'untested',
      'warn',
      'W35',
    ])
    expect((await judge({ message })).urls[0]).not.toHaveProperty('click')
  })

  it('reads a mail with the importers of a case and answers with the document of CLI.md', async () => {
    const judged = await judge({ message: { grant: file('mail.eml') } })
    expect(methods['judge.message'].output.parse(judged)).toEqual(judged)
    expect(judged).toMatchObject({
      policy: 'p',
      service: 'exchange-online',
      at: '2026-03-02T08:00:05.000Z',
      excluded: null,
      action: 'quarantine',
      files: [],
      notifications: [],
    })
    expect(judged.urls).toEqual([
      {
        url: 'https://evil.test/login?x=1',
        normalized: 'https://evil.test/login?x=1',
        where: 'body',
        attachment: null,
        level: 'dangerous',
        pack: 'own@3',
        entry: 'evil.test',
        scope: 'host',
        decidedBy: 'level',
        clause: 'W18',
        matches: true,
        action: 'quarantine',
      },
      expect.objectContaining({
        normalized: 'https://safe.test/',
        level: 'safe',
        decidedBy: 'none',
        matches: false,
      }),
      expect.objectContaining({
        normalized: 'https://evil.test/inner',
        where: 'attachment',
        attachment: 'open.html',
      }),
    ])
  })

  it('needs no open case and opens none', async () => {
    await judge({ message: { url: 'https://evil.test/' } })
    expect(await createClient(engine).call('case.info', {})).toBeNull()
  })

  it('judges a URL alone, defanged, rewritten or without scheme, in the scope of any service', async () => {
    for (const url of [
      'https://evil.test/',
      'hxxps://evil[.]test/',
      'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.test%2F&data=1',
    ]) {
      const judged = await judge({ message: { url } })
      expect(judged.urls).toMatchObject([{ url, normalized: 'https://evil.test/', level: 'dangerous' }])
    }
    for (const service of ['exchange-inline-inbound', 'exchange-inline-outbound'] as const) {
      const judged = await judge({
        policies: [policy({ service, scanAttachments: false })],
        message: { url: 'https://evil.test/' },
      })
      expect(judged).toMatchObject({ excluded: null, action: 'quarantine' })
    }
  })

  it('judges a message document at its delivery, with what its fields say', async () => {
    const document = {
      service: 'exchange-online',
      direction: 'incoming',
      deliveredAt: '2026-03-02T07:59:59Z',
      from: 'Help <help@evil.test>',
      to: ['amy@corp.test'],
      headers: [{ name: 'X-Drill', value: 'spring' }],
      urls: ['https://gone.test/'],
      attachments: [{ name: 'a.html', urls: ['https://evil.test/'] }],
      recordedAction: 'pass',
    }
    const judged = await judge({ message: { document } })
    expect(judged.at).toBe('2026-03-02T07:59:59.000Z')
    expect(judged.urls.map(({ where, attachment, level }) => [where, attachment, level])).toEqual([
      ['body', null, 'dangerous'],
      ['attachment', 'a.html', 'dangerous'],
    ])
    const later = await judge({ message: { document: { ...document, deliveredAt: '2026-03-02T08:00:00Z' } } })
    expect(later.urls[0]).toMatchObject({ level: 'untested', pack: null })
    const excluded = await judge({
      policies: [policy({ approvedSenders: { enabled: true, addresses: ['help@evil.test'] } })],
      message: { document },
    })
    expect(excluded).toMatchObject({ excluded: { clause: 'W38', reason: 'approved-sender' }, action: null })
  })

  it('takes now for the judge time when nobody knows the delivery', async () => {
    expect((await judge({ message: { document: { urls: [] } } })).at).toBe('2026-04-01T00:00:00.000Z')
  })

  it('JUDGE order.service: the message’s service must be the policy’s; absent, it is the policy’s', async () => {
    expect(await refusal({ message: { document: { service: 'box' } } })).toEqual({
      code: 'policy.service_mismatch',
      service: 'box',
      policy: 'exchange-online',
    })
    expect((await judge({ message: { document: {} } })).service).toBe('exchange-online')
  })

  it('chooses of several policies that of the service which goes first at the time', async () => {
    const policies = [
      policy({ name: 'box', service: 'box', scanAttachments: false }),
      policy({ name: 'late', priority: 1, effectiveFrom: '2026-03-10T00:00:00Z' }),
      policy({ name: 'second', priority: 2 }),
      policy({ name: 'off', priority: 1, enabled: false }),
    ]
    const chosen = async (document: Overrides) =>
      (await judge({ policies, message: { document: { service: 'exchange-online', ...document } } })).policy
    expect(await chosen({ deliveredAt: '2026-03-02T00:00:00Z' })).toBe('second')
    expect(await chosen({ deliveredAt: '2026-03-10T00:00:00Z' })).toBe('late')
    expect(await chosen({ service: 'box' })).toBe('box')
  })

  it('lets a later pack win and reads any pack format', async () => {
    const judged = await judge({
      packs: [file('own.json'), file('list.txt')],
      message: { url: 'https://evil.test/login?x=1' },
    })
    expect(judged.urls[0]).toMatchObject({ entry: 'http://evil.test/login?x=1', decidedBy: 'level' })
    expect(judged.urls[0]?.pack).toMatch(/^list@/)
  })

  it('says what is wrong with a message, a policy or a pack', async () => {
    expect(await refusal({ message: { document: { urls: 'x' } } })).toMatchObject({
      code: 'judge.invalid_message',
      field: 'urls',
    })
    expect(await refusal({ message: { document: { deliveredAt: 'soon' } } })).toMatchObject({
      field: 'deliveredAt',
    })
    expect(await refusal({ message: { document: { service: 'fax' } } })).toMatchObject({ field: 'service' })
    expect(await refusal({ message: { grant: file('two.mbox') } })).toMatchObject({
      code: 'judge.invalid_message',
      field: 'several',
    })
    expect(await refusal({ message: { grant: file('nowhere.eml') } })).toMatchObject({
      code: 'evidence.unreadable',
    })
    expect(
      await refusal({ policies: [policy({ scope: 'some' })], message: { url: 'http://a.test/' } }),
    ).toMatchObject({ code: 'policy.invalid', field: 'scope', rule: 'W13' })
    expect(await refusal({ packs: [file('noise.txt')], message: { url: 'http://a.test/' } })).toMatchObject({
      code: 'pack.unrecognised',
    })
  })

  it('says who is told, in the reader’s language or in the policy’s words', async () => {
    const notifications = {
      administrators: {
        enabled: true,
        groups: ['SOC'],
        recipients: ['soc@corp.test'],
        subject: 'Seen: %subject% (%action%)',
      },
      users: { enabled: true },
    }
    const judged = await judge({
      policies: [policy({ notifications })],
      message: { grant: file('mail.eml') },
      lang: 'ja',
    })
    expect(judged.notifications).toEqual([
      {
        audience: 'administrators',
        channel: 'mail',
        subject: 'Seen: Reset (隔離)',
        recipients: ['SOC', 'soc@corp.test'],
        mode: 'individual',
      },
      {
        audience: 'users',
        channel: 'mail',
        subject: 'Redthread：「Reset」に安全でないリンクが見つかりました',
        recipients: ['amy@corp.test'],
        mode: 'individual',
      },
    ])
  })

  it('refuses fields a message does not have: a mistyped one would not be judged', async () => {
    const refused = (document: Record<string, unknown>) => refusal({ message: { document } })
    expect(await refused({ url: ['http://evil.test/'] })).toMatchObject({
      code: 'judge.invalid_message',
      field: 'url',
    })
    expect(await refused({ attachments: [{ name: 'a.docx', url: [] }] })).toMatchObject({
      field: 'attachments.0.url',
    })
    expect(await refused({ urls: [{ url: 'http://evil.test/', level: 'safe' }] })).toMatchObject({
      field: 'urls.0.level',
    })
  })

  it('says which URLs are no web addresses, and refuses one that stands alone', async () => {
    const judged = await judge({
      message: { document: { urls: ['mailto:help@evil.test', 'hxxp://evil[.]test/', 'http://'] } },
    })
    expect(judged.notes).toEqual([
      { code: 'no-web-address', field: 'urls', text: 'mailto:help@evil.test' },
      { code: 'no-web-address', field: 'urls', text: 'http://' },
    ])
    expect((await judge({ message: { document: {} } })).notes).toEqual([
      { code: 'no-urls', field: 'urls', text: '' },
    ])
    for (const url of ['http://', 'mailto:help@evil.test', 'nonsense'])
      expect(await refusal({ message: { url } })).toMatchObject({ code: 'judge.invalid_url', url })
  })

  it('says which list entries were read live, and acts on them', async () => {
    const judged = await judge({
      policies: [policy({ blockedUrls: { enabled: true, urls: ['hxxp://new[.]test/a'] } })],
      message: { url: 'http://new.test/a' },
    })
    expect(judged.urls[0]).toMatchObject({ decidedBy: 'blocked-url', clause: 'W43' })
    expect(judged.notes).toEqual([
      { code: 'refanged', field: 'blockedUrls.urls[0]', text: 'hxxp://new[.]test/a' },
    ])
  })

  it('asks for an open case before its packs can count', async () => {
    expect(await refusal({ casePacks: true, message: { url: 'http://evil.test/' } })).toEqual({
      code: 'case.none_open',
    })
  })
})
