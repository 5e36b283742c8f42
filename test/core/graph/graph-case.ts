import { createClient, type Client } from '../../../core/contract/client.ts'
import type { EntityDraft, RelationDraft, Rule } from '../../../core/correlation/rule.ts'
import { createEngine, type Engine } from '../../../core/engine.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EntityKind, RelationKind } from '../../../core/model/relation.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

/** The second from which times of {@link Wanted} count: 2026-03-10T08:00:00Z. */
export const START = Date.UTC(2026, 2, 10, 8) * 1000

/** A relation as a test states it: kind, `kind:name` twice, seconds after the start (null: standing), confidence. */
export type Wanted = readonly [
  kind: RelationKind,
  from: string,
  to: string,
  at?: number | null,
  confidence?: number,
]

function draftOf(text: string): EntityDraft {
  const cut = text.indexOf(':')
  const name = text.slice(cut + 1)
  return {
    kind: text.slice(0, cut) as EntityKind,
    key: `test:${text}`,
    name,
    aliases: [{ kind: 'name', value: name }],
  }
}

/** A rule that finds exactly the wanted relations, each proven by the one stored record. */
const stating = (wanted: readonly Wanted[], evidenceId: number): Rule => ({
  id: 'test.stated',
  order: 1,
  relations: [],
  attack: [],
  texts: { en: {}, 'zh-TW': {}, ja: {} },
  matches: [],
  ignores: [],
  *run(): Generator<RelationDraft> {
    for (const [kind, from, to, at = null, confidence = 1] of wanted)
      yield {
        kind,
        from: draftOf(from),
        to: draftOf(to),
        at: at === null ? null : START + at * 1e6,
        confidence,
        reason: 'stated',
        proof: [{ eventId: 1, evidenceId, record: 1 }],
      }
  },
})

/** A case of items (correlated by all rules) or of stated relations, read through a real engine beside it. */
export class GraphCase {
  readonly testCase = new TestCase()
  readonly engine: Engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline', checkReplies: true })
  readonly client: Client = createClient(this.engine)

  static async stating(wanted: readonly Wanted[]): Promise<GraphCase> {
    const graph = new GraphCase()
    const evidenceId = graph.testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    graph.testCase.correlate([stating(wanted, evidenceId)])
    await graph.client.call('case.open', { grant: graph.testCase.path })
    return graph
  }
  static async of(items: readonly RecordItem[]): Promise<GraphCase> {
    const graph = new GraphCase()
    graph.testCase.store(items)
    graph.testCase.correlate()
    await graph.client.call('case.open', { grant: graph.testCase.path })
    return graph
  }
  /** Id of an entity stated as `kind:name`. */
  async idOf(argument: string): Promise<string> {
    return (await this.client.call('entity.get', { id: argument })).id
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close()
    this.testCase.close()
  }
}
