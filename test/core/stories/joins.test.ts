import { describe, expect, it } from 'vitest'
import kerberoast from '../../../core/correlation/rules/credentials.kerberoast.rule.ts'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields } from '../../../core/model/event.ts'
import type { MessageItem } from '../../../core/model/message.ts'
import { GraphCase } from '../graph/graph-case.ts'

/** Microseconds of so many seconds into the morning of the examples. */
const at = (seconds: number): number => exampleEvent('generic', seconds, {}).at ?? 0

const LOCKER = 'C:\\Windows\\Temp\\lock.exe'
const SYSTEM = { account: 'NT AUTHORITY\\SYSTEM', accountSid: 'S-1-5-18' }

/** Endpoints of each story, best first. */
async function told(items: readonly RecordItem[]): Promise<string[][]> {
  await using graph = await GraphCase.of([...items])
  const { rows } = await graph.client.call('story.list', {})
  return rows.map((row) => row.endpoints.map(({ name }) => name).sort())
}

/** A program that deletes the shadow copies of a host. */
const locker = (host: string, seconds: number, fields: EventFields = {}): RecordItem[] => {
  const guid = exampleGuid(Number(host.slice(-2)) * 10)
  return [
    exampleEvent('process-start', seconds, {
      ...SYSTEM,
      host: `${host}.corp.example`,
      processPath: LOCKER,
      processGuid: guid,
      pid: 50,
      sha256: 'ab'.repeat(32),
      parentPath: 'C:\\Windows\\System32\\svchost.exe',
      parentPid: 9,
      ...fields,
    }),
    exampleEvent('process-start', seconds + 60, {
      ...SYSTEM,
      host: `${host}.corp.example`,
      processPath: 'C:\\Windows\\System32\\vssadmin.exe',
      commandLine: 'vssadmin delete shadows /all /quiet',
      processGuid: exampleGuid(Number(host.slice(-2)) * 10 + 1),
      pid: 51,
      parentPath: LOCKER,
      parentGuid: guid,
      parentPid: 50,
    }),
  ]
}

describe('one program on several endpoints', () => {
  it('is one story where the system started it everywhere', async () => {
    expect(await told([...locker('SRV-01', 0), ...locker('SRV-02', 300)])).toEqual([['SRV-01', 'SRV-02']])
  })

  it('is not where the programs differ, where days lie between, or where people started it', async () => {
    const apart = [['SRV-01'], ['SRV-02']]
    const [other, late, byHand] = [
      locker('SRV-02', 300, { sha256: 'cd'.repeat(32) }),
      locker('SRV-02', 3 * 86_400),
      locker('SRV-02', 300, { account: 'CORP\\kim', accountSid: 'S-1-5-21-1-2-3-1101' }),
    ]
    for (const second of [other, late, byHand])
      expect((await told([...locker('SRV-01', 0), ...second])).sort()).toEqual(apart)
  })
})

describe('a scheduled task', () => {
  const task = (detail: string, seconds = -20): RecordItem =>
    exampleEvent('task-create', seconds, { host: 'SRV-01.corp.example', target: '\\Upd', detail })

  it('and the program it names, run after it was made, are one story', async () => {
    expect(await told([task(`"${LOCKER}" -p`), ...locker('SRV-01', 0)])).toEqual([['SRV-01']])
  })

  it('has nothing to do with another program, nor with one that ran before', async () => {
    expect(await told([task('C:\\Windows\\Temp\\lock.exe.bak'), ...locker('SRV-01', 0)])).toHaveLength(2)
    expect(await told([task(LOCKER, 600), ...locker('SRV-01', 0)])).toHaveLength(2)
  })
})

describe('passwords guessed until one fitted', () => {
  const guessed = (session: string): RecordItem[] => [
    ...Array.from({ length: 40 }, (_, place) =>
      exampleEvent('logon-failure', place * 2, {
        host: 'SRV-01.corp.example',
        account: 'CORP\\backup',
        sourceIp: '203.0.113.9',
        outcome: 'failure',
        logonType: 3,
        status: '0xc000006a',
      }),
    ),
    exampleEvent('logon', 90, {
      host: 'SRV-01.corp.example',
      account: 'CORP\\backup',
      logonType: 10,
      sourceIp: '203.0.113.9',
      logonId: '0x3e7',
      targetLogonId: session,
    }),
  ]
  const user = { account: 'CORP\\backup', accountSid: undefined, logonId: '0x5001' }

  it('belong to what was started in the session of that logon', async () => {
    const items = [...guessed('0x5001'), ...locker('SRV-01', 600, user)]
    expect(await told(items)).toEqual([['SRV-01']])
  })

  it('lead on by a path from the address outside through the endpoint they opened', async () => {
    const second = 'SRV-02.corp.example'
    await using graph = await GraphCase.of([
      exampleEvent('network-connection', -400, {
        host: 'SRV-01.corp.example',
        sourceIp: '10.0.0.20',
        destinationIp: '10.0.0.250',
        destinationPort: 53,
        action: 'outbound',
      }),
      ...guessed('0x5001'),
      ...locker('SRV-01', 600, user),
      exampleEvent('logon', 900, {
        host: second,
        account: 'CORP\\backup',
        logonType: 10,
        sourceIp: '10.0.0.20',
        logonId: '0x7001',
      }),
      ...locker('SRV-02', 960, { ...user, logonId: '0x7001' }),
    ])
    const [row] = (await graph.client.call('story.list', {})).rows
    const { paths } = await graph.client.call('story.get', { id: row?.id ?? '' })
    const hops = paths[0]?.hops.map(({ from, to }) => `${from.name} -> ${to.name}`)
    expect(hops?.slice(0, 2)).toEqual(['203.0.113.9 -> SRV-01', 'SRV-01 -> SRV-02'])
  })

  it('do not belong to another session of the endpoint', async () => {
    expect(await told([...guessed('0x6001'), ...locker('SRV-01', 600, user)])).toHaveLength(2)
  })
})

describe('tickets of service accounts, asked for by somebody', () => {
  const asked = [
    ...(kerberoast.matches[0]?.items ?? []).map((item) =>
      item.type === 'event' && item.kind === 'kerberos-service'
        ? { ...item, fields: { ...item.fields, sourceIp: '10.0.0.5' } }
        : item,
    ),
    // The endpoint shows its address.
    exampleEvent('network-connection', -400, {
      sourceIp: '10.0.0.5',
      destinationIp: '10.0.0.250',
      destinationPort: 53,
      action: 'outbound',
    }),
  ]
  const ran = (account: string): RecordItem[] => locker('WS-01', -300, { account, accountSid: undefined })

  it('belong to what ran as that account on that endpoint before', async () => {
    expect(await told([...asked, ...ran('CORP\\amber')])).toHaveLength(1)
  })

  it('do not belong to what ran there as somebody else', async () => {
    expect(await told([...asked, ...ran('CORP\\basil')])).toHaveLength(2)
  })
})

const AMBER = { host: undefined, account: 'amber@corp.example', outcome: 'success' }
const LINK = 'https://docs.example.net/budget'

const signIns = [
  exampleEvent('cloud-sign-in', 0, { ...AMBER, location: 'Taipei, TW', sourceIp: '203.0.113.7' }),
  exampleEvent('cloud-sign-in', 600, { ...AMBER, location: 'Lagos, NG', sourceIp: '198.51.100.9' }),
]
const read = (sourceIp: string): RecordItem =>
  exampleEvent('mailbox-rule', 1300, {
    ...AMBER,
    sourceIp,
    action: 'New-InboxRule',
    target: '..',
    detail: 'SubjectOrBodyContainsWords: invoice; MoveToFolder: RSS Feeds; MarkAsRead: True',
  })
const mail: MessageItem = {
  type: 'message',
  messageId: 'budget@example.net',
  subject: 'Budget',
  from: { address: 'share@example.net' },
  replyTo: [],
  recipients: [{ address: 'amber@corp.example', role: 'to' }],
  mailbox: 'amber@corp.example',
  sentAt: at(-600),
  deliveredAt: at(-600),
  headers: [],
  authentication: {},
  urls: [{ url: LINK, where: 'body' }],
  attachments: [],
  references: [],
}
const click = (seconds: number): RecordItem =>
  exampleEvent('url-click', seconds, { ...AMBER, accountMail: 'amber@corp.example', url: LINK })

/** What each story, best first, detects, and the mail it names with whether that is a candidate. */
async function ofAmber(...items: RecordItem[]) {
  await using graph = await GraphCase.of([...signIns, ...items])
  const { rows } = await graph.client.call('story.list', {})
  const stories = await Promise.all(rows.map((row) => graph.client.call('story.get', { id: row.id })))
  return stories.map(({ title, emailVector, claims }) => ({
    title: title.key,
    isCandidate: emailVector?.isCandidate,
    detected: claims.flatMap(({ text }) => /^rule\..*\.detection\.(.*)$/.exec(text.key)?.[1] ?? []),
  }))
}

describe('an odd sign-in', () => {
  const both = ['impossible-travel', 'hiding-rule']

  it('and what is done to the mailbox from the same address are one story', async () => {
    const [story] = await ofAmber(read('198.51.100.9'))
    expect(story?.detected).toEqual(expect.arrayContaining(both))
  })

  it('right after a link of a mail was opened perhaps came of it', async () => {
    const [story, ...others] = await ofAmber(mail, click(480), read('198.51.100.9'))
    expect(others).toEqual([])
    expect(story).toMatchObject({ title: 'story.title.mail_maybe', isCandidate: true })
    expect(story?.detected).toEqual(expect.arrayContaining(both))
  })

  it('has nothing to do with a link opened after it, or hours before', async () => {
    for (const seconds of [700, -3 * 3600]) {
      const [story] = await ofAmber(
        { ...mail, sentAt: at(-20_000), deliveredAt: at(-20_000) },
        click(seconds),
      )
      expect(story).toMatchObject({ title: 'story.title.seen', isCandidate: undefined })
    }
  })
})

describe('one logon session', () => {
  const kim = { account: 'CORP\\kim', accountSid: 'S-1-5-21-1-2-3-1101', logonId: '0x6101' }
  const host = 'SRV-01.corp.example'
  /** An archive with a password, packed by hand: by itself of medium weight. */
  const packed = (seconds: number, fields: EventFields = {}): RecordItem =>
    exampleEvent('process-start', seconds, {
      ...kim,
      host,
      processPath: 'C:\\Users\\Public\\rar.exe',
      commandLine: 'rar.exe a -hpSecret D:\\x.rar D:\\Data',
      processGuid: exampleGuid(700),
      pid: 61,
      parentPath: 'C:\\Windows\\explorer.exe',
      parentPid: 60,
      ...fields,
    })
  const deleted = exampleEvent('process-start', 900, {
    ...kim,
    host,
    processPath: 'C:\\Windows\\System32\\vssadmin.exe',
    commandLine: 'vssadmin delete shadows /all /quiet',
    processGuid: exampleGuid(701),
    pid: 62,
    parentPath: 'C:\\Windows\\explorer.exe',
    parentPid: 60,
  })

  it('joins what was detected in it within an hour where one of it is grave', async () => {
    expect(await told([packed(0), deleted])).toEqual([['SRV-01']])
  })

  it('joins nothing after hours, nor what is of another session or of the system', async () => {
    for (const other of [packed(-3 * 3600), packed(0, { logonId: '0x9101' })])
      expect(await told([other, deleted])).toHaveLength(2)
    const ofSystem = { ...SYSTEM, logonId: '0x3e7' }
    const bySystem =
      deleted.type === 'event' ? { ...deleted, fields: { ...deleted.fields, ...ofSystem } } : deleted
    expect(await told([packed(0, ofSystem), bySystem])).toHaveLength(2)
  })
})

describe('credentials that a program of a story gave for another endpoint', () => {
  const dump = exampleGuid(800)
  const dc = 'DC-01.corp.example'
  /** A program reads the memory of lsass and then gives credentials of an administrator for the domain controller. */
  const given = (pid = 70): RecordItem[] => [
    exampleEvent('process-start', 0, {
      ...SYSTEM,
      host: 'SRV-01.corp.example',
      processPath: 'C:\\Windows\\Temp\\u.exe',
      processGuid: dump,
      pid: 70,
      parentPath: 'C:\\Windows\\System32\\services.exe',
      parentPid: 5,
    }),
    exampleEvent('process-access', 10, {
      ...SYSTEM,
      host: 'SRV-01.corp.example',
      processPath: 'C:\\Windows\\Temp\\u.exe',
      processGuid: dump,
      pid: 70,
      target: 'C:\\Windows\\System32\\lsass.exe',
      targetGuid: exampleGuid(801),
      status: '0x1410',
    }),
    exampleEvent('explicit-credentials', 598, {
      ...SYSTEM,
      host: 'SRV-01.corp.example',
      targetAccount: 'CORP\\root',
      destinationHost: dc,
      processPath: pid === 70 ? 'C:\\Windows\\Temp\\u.exe' : 'C:\\Tools\\admin.exe',
      pid,
    }),
    exampleEvent('logon', 600, { host: dc, account: 'CORP\\root', logonType: 3, targetLogonId: '0x7001' }),
  ]
  /** So late that time alone does not say that it came of the logon. */
  const replicated = (logonId: string): RecordItem =>
    exampleEvent('directory-access', 4200, {
      host: dc,
      account: 'CORP\\root',
      logonId,
      action: 'ControlAccess',
      detail: 'Properties: ControlAccess {1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}',
    })

  it('lead to what was done in the session that began with them', async () => {
    expect(await told([...given(), replicated('0x7001')])).toEqual([['DC-01', 'SRV-01']])
  })

  it('do not lead to what was done in another session, nor do those of another program', async () => {
    expect(await told([...given(), replicated('0x7009')])).toHaveLength(2)
    expect(await told([...given(71), replicated('0x7001')])).toHaveLength(2)
  })
})
