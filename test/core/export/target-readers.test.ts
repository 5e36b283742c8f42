import { createRequire } from 'node:module'
import {
  generateDomainNameId,
  generateIPv4AddrId,
  generateIPv6AddrId,
  generateUrlId,
} from '@security-alliance/stix/2.1'
import { MultiDirectedGraph } from 'graphology'
import { parse as readGraphml } from 'graphology-graphml'
import jsonld from 'jsonld'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Language, Parser, type Node } from 'web-tree-sitter'
import { PLAN_ACTIONS, type PlanItem } from '../../../core/contract/nouns/plan.ts'
import powershell from '../../../core/reputation/plan/powershell.plan.ts'
import type { Workbench } from '../../support/workbench.ts'
import { exported, HOSTILE, openExportCase } from './export-case.ts'
import { MispDocument, NavigatorLayer, OpenGraphDocument, TimesketchLine } from './published-formats.ts'

let bench: Workbench
beforeAll(async () => {
  bench = await openExportCase()
}, 60_000)
afterAll(() => bench.close())

const textOf = async (target: string): Promise<string> =>
  (await exported(bench, target)).bytes.toString('utf8')
const jsonOf = async (target: string): Promise<unknown> => JSON.parse(await textOf(target))

describe('what the makers of the targets publish of their formats', () => {
  it.each([
    ['misp', MispDocument],
    ['bloodhound-opengraph', OpenGraphDocument],
    ['attack-navigator', NavigatorLayer],
  ])('%s has the fields of its format, and no other', async (target, format) => {
    expect(format.safeParse(await jsonOf(target)).error?.issues ?? []).toEqual([])
  })

  it('timesketch-jsonl has its four fields in every line; the time in microseconds is the time in words', async () => {
    const lines = (await textOf('timesketch-jsonl')).trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines) {
      const event = TimesketchLine.parse(JSON.parse(line))
      expect(Date.parse(event.datetime)).toBe(Math.floor(event.timestamp / 1000))
    }
  })
})

describe('readers that are not ours', () => {
  it('stix: addresses have the ids that another producer works out for them', async () => {
    const { objects } = (await jsonOf('stix')) as { objects: { type: string; id: string; value?: string }[] }
    const makers = new Map<string, (value: string) => string>([
      ['url', generateUrlId],
      ['domain-name', generateDomainNameId],
      ['ipv4-addr', generateIPv4AddrId],
      ['ipv6-addr', generateIPv6AddrId],
    ])
    const found = objects.filter(({ type }) => makers.has(type))
    expect(found.length).toBeGreaterThan(5)
    for (const { type, id, value } of found) expect(id, value).toBe(makers.get(type)?.(value ?? ''))
  })

  it('graphml: graphology reads every node and edge, and the text is what it was', async () => {
    const { result, bytes } = await exported(bench, 'graphml')
    const graph = readGraphml(MultiDirectedGraph, bytes.toString('utf8'))
    expect(graph.order + graph.size).toBe(result.rows)
    const { rows } = await bench.client.call('entity.search', { limit: 1000 })
    const names = new Set(graph.mapNodes((_node, attributes) => String(attributes['name'])))
    const plain = rows.filter(({ name }) => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name) && name.trim() === name)
    expect(plain.length).toBeGreaterThan(10)
    for (const { name } of plain) expect(names).toContain(name)
  })

  it('case-uco: a JSON-LD processor expands it without a word it does not know, and without asking the network', async () => {
    const document = (await jsonOf('case-uco')) as { '@graph': unknown[] }
    const loaded: string[] = []
    const options: jsonld.Options.Expand & { readonly safe: boolean } = {
      safe: true,
      documentLoader(url: string) {
        loaded.push(url)
        return Promise.reject(new Error('no network'))
      },
    }
    const expanded = (await jsonld.expand(document as jsonld.JsonLdDocument, options)) as {
      '@type'?: string[]
    }[]
    expect(loaded).toEqual([])
    expect(expanded).toHaveLength(document['@graph'].length)
    const types = expanded.flatMap((one) => one['@type'] ?? [])
    expect(
      types.filter((type) => !/^https:\/\/ontology\.(unifiedcyberontology|caseontology)\.org\//.test(type)),
    ).toEqual([])
  })
})

describe('the plan for PowerShell', () => {
  let parser: Parser
  beforeAll(async () => {
    await Parser.init()
    parser = new Parser()
    const require = createRequire(import.meta.url)
    const grammar = require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')
    parser.setLanguage(await Language.load(grammar))
  })
  const commandsIn = (node: Node): string[] =>
    node.type === 'command_name'
      ? [node.text]
      : node.children.flatMap((child) => (child ? commandsIn(child) : []))
  const evil =
    "x'; Remove-Item C:\\ -Recurse #\r\n$(calc) `\u2019; calc \u2018 @(whoami) <# #> \u201c\u201d;& notepad"
  const anItem = (action: PlanItem['action'], text: string): PlanItem => ({
    id: 'abc',
    action,
    target: {
      mailbox: text,
      messageId: text,
      uniqueId: text,
      subject: text,
      sender: text,
      deliveredAt: '2026-03-01T00:00:00.000Z',
      url: `https://evil.example/${text}`,
      account: text,
      endpoint: text,
      inboxRule: text,
      text,
    },
    subject: null,
    reasons: [],
    evidence: { messages: [], relations: [], events: [] },
    state: 'approved',
    note: text,
    decidedAt: null,
  })

  it('is a script without a fault, in which nothing of the evidence became a command', () => {
    const items = PLAN_ACTIONS.flatMap((action) =>
      [evil, 'plain', ...HOSTILE].map((text) => anItem(action, text)),
    )
    const facts = { at: '2026-03-21T00:00:00.000Z', caseName: evil, words: () => evil }
    const { text } = powershell.write(items, facts)
    const root = parser.parse(text.replace(/^\ufeff/, ''))?.rootNode
    expect(root?.hasError).toBe(false)
    const harmless = commandsIn(
      parser.parse(
        powershell.write(
          PLAN_ACTIONS.map((action) => anItem(action, 'plain')),
          { ...facts, caseName: 'case', words: () => 'because' },
        ).text,
      )?.rootNode as Node,
    )
    expect(harmless.length).toBeGreaterThan(3)
    expect([...new Set(commandsIn(root as Node))].sort()).toEqual([...new Set(harmless)].sort())
    // The reader would have seen it.
    expect(commandsIn(parser.parse("Set-X 'x'; calc")?.rootNode as Node)).toContain('calc')
  })
})
