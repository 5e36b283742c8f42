import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'

const LINK = 'http://back.test/a'
const eml = (id: string, to: string): string =>
  [
    `Message-ID: <${id}@out.test>`,
    'From: N <news@out.test>',
    `To: ${to}@corp.test`,
    `Subject: ${id}`,
    'Date: Tue, 03 Feb 2026 10:00:00 +0000',
    'Content-Type: text/plain',
    '',
    LINK,
  ].join('\r\n')

/** A detection as the mail scanner's log interface gives it. */
const detection = (id: string, to: string, filter: string, result = 'success') => ({
  service: 'Exchange Online',
  event: 'security_risk_scan',
  log_item_id: id,
  message: {
    log_item_id: id,
    scan_type: 'Real-time scan',
    affected_user: `${to}@corp.test`,
    location: `${to}@corp.test\\Inbox`,
    detection_time: '2026-02-03T10:00:05.000Z',
    triggered_policy_name: 'Default',
    triggered_security_filter: filter,
    action: 'Quarantine',
    action_result: result,
    security_risk_name: filter === 'Web Reputation' ? LINK : 'TROJ_X',
    mail_message_id: `<${id}@out.test>`,
    mail_message_sender: 'news@out.test',
    mail_message_recipient: [`${to}@corp.test`],
    mail_message_subject: id,
    mail_message_submit_time: '2026-02-03T10:00:00.000Z',
    mail_message_delivery_time: '2026-02-03T10:00:00.000Z',
  },
})
/** A row of Defender's hunting tables, as its streaming interface writes it. */
const hunting = (table: string, time: string, properties: Readonly<Record<string, unknown>>) => ({
  time,
  tenantId: '77777777-aaaa-4bbb-8ccc-888888888888',
  operationName: 'Publish',
  category: `AdvancedHunting-${table}`,
  properties: { Timestamp: time, ...properties },
})
const released = (id: string, to: string, nid: string) =>
  hunting('EmailPostDeliveryEvents', '2026-02-05T10:00:00Z', {
    NetworkMessageId: nid,
    InternetMessageId: `<${id}@out.test>`,
    Action: 'Release from quarantine',
    ActionType: 'Quarantine Release',
    ActionTrigger: 'AdminAction',
    ActionResult: 'Success',
    RecipientEmailAddress: `${to}@corp.test`,
    DeliveryLocation: 'Inbox/folder',
    ReportId: `r-${id}`,
  })
const held = (id: string, to: string, nid: string, threats: string, methods: string) => [
  hunting('EmailEvents', '2026-02-03T10:00:00Z', {
    NetworkMessageId: nid,
    InternetMessageId: `<${id}@out.test>`,
    SenderFromAddress: 'news@out.test',
    RecipientEmailAddress: `${to}@corp.test`,
    Subject: id,
    EmailDirection: 'Inbound',
    DeliveryAction: 'Blocked',
    DeliveryLocation: 'Quarantine',
    ThreatTypes: threats,
    DetectionMethods: methods,
    ReportId: `e-${id}`,
  }),
  hunting('EmailUrlInfo', '2026-02-03T10:00:00Z', { NetworkMessageId: nid, Url: LINK, ReportId: `u-${id}` }),
]
const nid = (n: number): string => `0a0a0a0a-1111-2222-3333-44444444444${n}`
const pack = (version: string, day: string, level: string) =>
  JSON.stringify({
    schema: 1,
    name: 'feed',
    version,
    createdAt: `2026-02-${day}T00:00:00Z`,
    source: 't',
    entries: [{ pattern: 'back.test', scope: 'host', level }],
  })

describe('a retro scan of real records', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  it('puts back only what Web Reputation holds in quarantine now', async () => {
    const people = ['mal', 'web', 'let', 'bad'] as const
    const events = [
      detection('mal', 'mal', 'Malware Scanning'),
      detection('web', 'web', 'Web Reputation'),
      detection('let', 'let', 'Web Reputation'),
      detection('bad', 'bad', 'Web Reputation', 'failed'),
    ]
    const rows = [
      released('let', 'let', nid(1)),
      ...held('hit', 'hit', nid(2), 'Phish', '{"Phish":["URL malicious reputation"]}'),
      ...held('vir', 'vir', nid(3), 'Malware', '{"Malware":["Antimalware engine"]}'),
      ...held('out', 'out', nid(4), 'Phish', '{"Phish":["URL malicious reputation"]}'),
      released('out', 'out', nid(4)),
    ]
    await bench.import(
      ...people.map((id) => bench.file(`${id}.eml`, eml(id, id))),
      bench.file('events.json', JSON.stringify({ security_events: events, next_link: '', traceId: 't' })),
      bench.file('hunting.jsonl', `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`),
    )
    await bench.client.run('correlation.run', {})
    for (const [version, day, level] of [
      ['1', '01', 'dangerous'],
      ['2', '15', 'safe'],
    ] as const)
      await bench.client.run('pack.add', {
        grants: [bench.file(`feed-${version}.json`, pack(version, day, level))],
      })
    const run = await bench.client.run('retro.run', { dryRun: true })
    const said = run.noLongerMatching.map((row) => [
      row.mailbox.split('@')[0],
      row.restored,
      row.basis,
      row.cause,
    ])
    expect(said.sort()).toEqual([
      ['bad', false, 'failed', null],
      ['hit', true, 'web-reputation', 'URL malicious reputation'],
      ['let', false, 'came-back', null],
      ['mal', false, 'other-filter', 'Malware Scanning'],
      ['out', false, 'came-back', null],
      ['vir', false, 'other-filter', 'Antimalware engine'],
      ['web', true, 'web-reputation', 'Web Reputation'],
    ])
    const { rows: matrix } = await bench.client.call('exposure.matrix', { entity: 'message:<out@out.test>' })
    expect(matrix.map((row) => [row.address, row.delivered?.at])).toEqual([
      ['out@corp.test', '2026-02-05T10:00:00.000Z'],
    ])
  })
})
