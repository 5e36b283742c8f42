import { describe, expect, it } from 'vitest'
import auditLog from '../../../core/importers/audit-log.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { codesOf, detectInput, fixture, readUnits, recordsOf } from './read-part.ts'

const eventsOf = async (content: string | Uint8Array): Promise<EventItem[]> =>
  recordsOf(await readUnits(auditLog, content)).flatMap((record) =>
    record.items.filter((item) => item.type === 'event'),
  )
const entry = (operation: string, more: object): string =>
  JSON.stringify({
    Id: 'e1',
    CreationTime: '2026-03-02T08:00:00',
    RecordType: 1,
    Workload: 'Exchange',
    UserId: 'alice@corp.example',
    Operation: operation,
    ...more,
  })
const read = async (operation: string, more: object) => (await eventsOf(entry(operation, more)))[0]

describe('audit-log importer', () => {
  it('makes one event of every message that was read', async () => {
    const events = await eventsOf(fixture('audit-log/good-purview.csv'))
    expect(
      events
        .filter((event) => event.kind === 'mailbox-access')
        .map(({ fields }) => [fields.messageId, fields.target, fields.targetAccount]),
    ).toEqual([
      ['m1@evil.example', '\\Inbox', 'alice@corp.example'],
      ['m2@out.example', '\\Inbox', 'alice@corp.example'],
      [undefined, '\\Archive', 'alice@corp.example'],
      [undefined, '\\Inbox', 'bob@corp.example'],
      ['m9@out.example', '\\Inbox', 'alice@corp.example'],
    ])
  })

  it('names the forward targets of rules however they are written', async () => {
    const pairs = (values: Record<string, string>) =>
      Object.entries(values).map(([Name, Value]) => ({ Name, Value }))
    const cases: [string, object][] = [
      ['New-InboxRule', { Parameters: pairs({ ForwardTo: '"Drop" [SMTP:Drop@evil.example]', Name: '.' }) }],
      ['Set-InboxRule', { Parameters: JSON.stringify(pairs({ redirectto: 'drop@evil.example' })) }],
      [
        'UpdateInboxRules',
        { OperationProperties: pairs({ RuleActions: '[{"Recipients":["drop@evil.example"]}]' }) },
      ],
      ['Set-Mailbox', { Parameters: pairs({ ForwardingSmtpAddress: 'smtp:drop@evil.example' }) }],
    ]
    for (const [operation, more] of cases)
      expect((await read(operation, more))?.fields.recipient, operation).toBe('drop@evil.example')
  })

  it('tells kinds by operation, and the directory by its workload', async () => {
    const kinds: [string, string, string][] = [
      ['New-InboxRule', 'Exchange', 'mailbox-rule'],
      ['Add-RecipientPermission', 'Exchange', 'mailbox-change'],
      ['Set-MailboxAuditBypassAssociation', 'Exchange', 'audit-change'],
      ['SoftDelete', 'Exchange', 'mail-removed'],
      ['UserLoginFailed', 'AzureActiveDirectory', 'cloud-sign-in'],
      ['Add member to group.', 'AzureActiveDirectory', 'group-change'],
      ['Change user password.', 'AzureActiveDirectory', 'password-change'],
      ['Add service principal.', 'AzureActiveDirectory', 'cloud-activity'],
      ['FileAccessed', 'OneDrive', 'cloud-activity'],
      ['constructor', '__proto__', 'cloud-activity'],
    ]
    for (const [operation, workload, kind] of kinds)
      expect((await read(operation, { Workload: workload }))?.kind, operation).toBe(kind)
  })

  it('takes addresses with and without port', async () => {
    for (const [written, ip, port] of [
      ['1.2.3.4:5555', '1.2.3.4', 5555],
      ['[2001:db8::1]:443', '2001:db8::1', 443],
      ['2001:db8::1', '2001:db8::1', undefined],
      ['::ffff:192.0.2.1', '192.0.2.1', undefined],
      ['-', undefined, undefined],
    ] as const) {
      const event = await read('Send', { ClientIP: written })
      expect([event?.fields.sourceIp, event?.fields.sourcePort], written).toEqual([ip, port])
    }
  })

  it('has the same key for an entry of the portal, of the cmdlet and of Sentinel', async () => {
    const keys = await Promise.all(
      ['good-purview.csv', 'good-search.json', 'good-office-activity.jsonl'].map(
        async (name) => recordsOf(await readUnits(auditLog, fixture(`audit-log/${name}`)))[0]?.key,
      ),
    )
    expect(new Set(keys).size).toBe(1)
  })

  it('keeps an entry whose AuditData is broken by the columns beside it, and says so', async () => {
    const units = await readUnits(auditLog, fixture('audit-log/hostile.csv'))
    const [first] = recordsOf(units)
    expect(first?.issues?.map(({ code }) => code)).toContain('audit-log.audit_data')
    expect(first?.items[0]).toMatchObject({
      kind: 'mailbox-access',
      fields: { account: 'alice@corp.example' },
    })
    expect(codesOf(units)).toEqual(expect.arrayContaining(['audit-log.time', 'audit-log.not_an_entry']))
  })

  it('makes no more events of one entry than the limit, and says so', async () => {
    const items = Array.from({ length: 1_200 }, (_, at) => ({ InternetMessageId: `<${at}@x.example>` }))
    const units = await readUnits(auditLog, entry('MailItemsAccessed', { Folders: [{ FolderItems: items }] }))
    expect(recordsOf(units)[0]?.items).toHaveLength(1_000)
    expect(codesOf(units)).toEqual(['audit-log.too_many_items'])
  })

  it('does not claim other JSON and tables', () => {
    for (const text of ['{"Operation":"x","time":1}', '{"RecordType":1}', 'Operation,UserId\na,b\n', '[]'])
      expect(auditLog.detect(detectInput(text)), text).toBe(0)
  })
})
