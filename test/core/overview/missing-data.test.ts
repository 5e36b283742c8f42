import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import { CorrelationView, ViewSource } from '../../../core/correlation/view.ts'
import { resolveIdentities } from '../../../core/identity/resolve.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { OCCASIONAL, SUPPLIES } from '../../../core/overview/event-supply.ts'
import { kindOfNumber } from '../../../core/store/event-columns.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { GraphCase } from '../graph/graph-case.ts'
import { aMail, aUser } from '../identity/people.ts'

/** What is missing beside the seven preconditions, as `id: sentence`. */
async function missing(items: readonly RecordItem[]): Promise<string[]> {
  await using graph = await GraphCase.of(items)
  const { readiness } = await graph.client.call('overview.get', {})
  return readiness.slice(7).map(({ detail }) => detail.key.replace('readiness.missing.', ''))
}
const event = (kind: EventKind, fields: EventFields = {}) => anEvent(kind, '2026-03-10T08:00:00Z', fields)
const MAIL = aMail({
  mailbox: 'amber@corp.example',
  urls: [{ url: 'https://out.example/a', where: 'body' }],
})

/** An endpoint of which everything is recorded, of a network and a domain that are, too. */
const WHOLE = [
  event('process-start', { processPath: 'C:\\a.exe', commandLine: 'a.exe -x' }),
  event('logon', { account: 'CORP\\amber' }),
  event('http-request', { url: 'https://out.example/', bytesSent: 812 }),
  event('script-block', { detail: 'Get-Date' }),
  event('file-create', { target: 'C:\\b.txt' }),
  event('registry-set', { target: 'HKLM\\a' }),
  event('process-access', { target: 'C:\\c.exe' }),
  event('kerberos-service', { account: 'amber' }),
]
const without = (...kinds: readonly EventKind[]) => WHOLE.filter(({ kind }) => !kinds.includes(kind))

describe('S3: what rules need and the case does not hold', () => {
  it('is nothing where all is recorded, and nothing that the case is not about', async () => {
    expect(await missing(WHOLE)).toEqual([])
    expect(await missing([])).toEqual([])
    expect(await missing([aUser('amber', 1105)])).toEqual(['controllers.unmet'])
  })

  it.each<[string, readonly RecordItem[]]>([
    ['network.unmet', without('http-request')],
    ['network.volume', [...without('http-request'), event('dns-query', { target: 'out.example' })]],
    ['scripts.unmet', without('script-block')],
    ['changes.settings', without('file-create')],
    ['changes.files', without('registry-set')],
    ['changes.unmet', without('file-create', 'registry-set')],
    ['memory.unmet', without('process-access')],
    ['controllers.unmet', without('kerberos-service')],
    ['commands.unmet', [...without('process-start'), event('process-start', { processPath: 'C:\\a.exe' })]],
    ['cloud.signIns', [...WHOLE, event('cloud-sign-in', { account: 'amber@corp.example' })]],
    ['cloud.mailboxes', [...WHOLE, event('mailbox-rule', { account: 'amber@corp.example' })]],
  ])('is said once, grouped by the export that would bring it: %s', async (sentence, items) => {
    expect(await missing(items)).toEqual([sentence])
  })

  it('asks for click logs and mailbox audit where there is mail', async () => {
    expect(await missing([...WHOLE, MAIL])).toEqual(['clicks.partly', 'cloud.unmet'])
    expect(await missing([MAIL])).toEqual(['network.unmet', 'clicks.unmet', 'cloud.unmet'])
    const told = [event('url-click'), event('cloud-sign-in'), event('mailbox-access')]
    expect(await missing([...WHOLE, MAIL, ...told])).toEqual([])
  })
})

describe('a trust with a domain that was not exported', () => {
  const corp = (partner: string): RecordItem => ({
    ...{ type: 'directory', kind: 'domain', objectId: 'S-1-5-21-1-2-3', sid: 'S-1-5-21-1-2-3' },
    ...{ name: 'CORP.EXAMPLE', domain: 'corp.example' },
    edges: [{ right: 'trusts', from: 'S-1-5-21-1-2-3', to: partner }],
  })
  const lab: RecordItem = {
    ...{ type: 'directory', kind: 'domain', objectId: 'S-1-5-21-9-9-9', sid: 'S-1-5-21-9-9-9' },
    ...{ name: 'LAB.EXAMPLE', domain: 'lab.example', edges: [] },
  }
  const trusts = async (...items: readonly RecordItem[]) => {
    await using graph = await GraphCase.of(items)
    const { readiness } = await graph.client.call('overview.get', {})
    const found = graph.testCase.relations().filter(({ kind }) => kind === 'trusts')
    return {
      row: readiness.find(({ id }) => id === 'trusts')?.detail.params,
      relations: found.map((one) => `${one.from} -> ${one.to}: ${one.reason.key.replace(/.*\./, '')}`),
    }
  }

  it('shows the domain by what the trust tells, and says that its export is missing', async () => {
    expect(await trusts(corp('domain:lab.example|S-1-5-21-9-9-9'))).toEqual({
      row: { count: 1, domains: 'lab.example' },
      relations: ['corp.example -> lab.example: elsewhere'],
    })
  })

  it.each(['domain:lab.example|S-1-5-21-9-9-9', 'domain:|S-1-5-21-9-9-9', 'domain:lab.example|'])(
    'is a plain trust once both are exported: %s',
    async (ref) => {
      expect(await trusts(corp(ref), lab)).toEqual({
        row: undefined,
        relations: ['corp.example -> lab.example: stated'],
      })
    },
  )
})

describe('kinds of events that rules read', () => {
  it('each stand in what readiness looks for, or are rare by nature', () => {
    const known = new Set<string>([...Object.values(SUPPLIES).flat(), ...OCCASIONAL])
    const read = new Set<string>()
    using testCase = new TestCase()
    testCase.store(
      rules.flatMap((rule) => [...rule.matches, ...rule.ignores].flatMap((example) => example.items)),
    )
    const book = testCase.db.transaction(() => resolveIdentities(testCase.db, 1))()
    const source = new ViewSource(testCase.db, book)
    for (const rule of rules) {
      const view = new CorrelationView(source)
      for (const find of rule.run(view)) void find
      for (const name of view.reads.list(0))
        if (/^e\d+$/.test(name)) read.add(kindOfNumber(Number(name.slice(1))))
    }
    expect(read.size).toBeGreaterThan(40)
    expect([...read].filter((kind) => !known.has(kind))).toEqual([])
  })
})
