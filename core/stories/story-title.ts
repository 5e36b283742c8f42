import type { TextRef } from '../contract/shapes.ts'
import { kindAt, nodeOf, type PackedNetwork } from '../graph/packed-network.ts'
import type { FoundPath } from '../graph/path-search.ts'
import type { RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isActor } from './gather.ts'
import { MailTies } from './mail-tie.ts'
import { isOn } from './placed-names.ts'
import type { Seed } from './seed.ts'
import type { Story } from './story.ts'

/** What was set up, or changed, by the relation that shows it; more than one is counted (`<word>s`). */
const SET_UP: Partial<Record<RelationKind, string>> = {
  'installed-service': 'service',
  'created-task': 'task',
  'created-subscription': 'subscription',
  'wrote-registry': 'autostart',
}
/** What a way from one endpoint to others sets off is seen within this time of it (microseconds). */
const SAME_WAY = 10 * 60_000_000
const whatOf = 'SELECT rule, what FROM detection WHERE id = ?'

export interface TitleMail {
  readonly node: number
  readonly subject: string
}

/** Names stories so that two of them are told apart: what came in and where it went, else what was seen, of whom and where. */
export class StoryTitles {
  readonly #network: PackedNetwork
  readonly #facts: EntityFacts
  readonly #whatOf

  constructor(db: ReadStore, network: PackedNetwork, facts: EntityFacts) {
    this.#network = network
    this.#facts = facts
    this.#whatOf = db.prepare(whatOf)
  }

  /**
   * @param mail it came with; null: none is known
   * @param path that tells it best
   */
  of(story: Story, mail: TitleMail | null, path: FoundPath | undefined): TextRef {
    const reached = this.#reached(story, path)
    const last =
      reached.at(-1) ??
      story.endpoints.findLast((part) => part.roles.has('detected') || part.roles.has('ran'))?.node ??
      story.endpoints.at(-1)?.node
    const endpoint = last === undefined ? undefined : this.#name(last)
    if (mail) {
      const { subject } = mail
      const ties = new MailTies(this.#network, story.seeds, new Set(story.relations))
      const maybe = ties.isLikely([mail.node]) ? '' : '_maybe'
      const more = story.endpoints.length - 1
      if (endpoint === undefined) return { key: `story.title.mail${maybe}`, params: { subject } }
      return more === 0
        ? { key: `story.title.mail_endpoint${maybe}`, params: { subject, endpoint } }
        : { key: `story.title.mail_endpoints${maybe}`, params: { subject, endpoint, count: more } }
    }
    const first = story.firstObserved
    const thing = first && !isActor(this.#facts.of(first.node).kind) ? this.#name(first.node) : undefined
    const count = story.endpoints.length
    const bySign = thing === undefined || count === 1 ? this.#setUp(story, endpoint) : undefined
    if (bySign) return bySign
    if (endpoint !== undefined && count > 1) return this.#across(story, path, { thing, reached, endpoint })
    if (thing !== undefined && endpoint !== undefined)
      return { key: 'story.title.endpoint', params: { first: thing, endpoint } }
    return this.#detected(story, endpoint) ?? this.#about(story, thing, endpoint)
  }

  /** Activity on several endpoints: only a path says from where to where. */
  #across(
    story: Story,
    path: FoundPath | undefined,
    { thing, reached, endpoint }: { thing: string | undefined; reached: readonly number[]; endpoint: string },
  ): TextRef {
    const count = story.endpoints.length
    const seen = story.firstObserved?.node
    const first = thing ?? (seen === undefined ? endpoint : this.#name(seen))
    const onPath = new Set(reached).size
    if (onPath < 2) return { key: 'story.title.across', params: { first, count } }
    const from = this.#sourceOf(story, path, seen) ?? first
    // A way that comes back to where it began leads to the last other one.
    const back = endpoint === from ? reached.findLast((node) => this.#name(node) !== from) : undefined
    const to = back === undefined ? endpoint : this.#name(back)
    return onPath < count
      ? { key: 'story.title.endpoints_more', params: { first: from, endpoint: to, count: count - onPath } }
      : { key: 'story.title.endpoints', params: { first: from, count, endpoint: to } }
  }

  /** The endpoint from which the others were reached, where its path begins with that and what was seen first lies on one of them. */
  #sourceOf(story: Story, path: FoundPath | undefined, first: number | undefined): string | undefined {
    const from = path?.hops[0]?.link.from
    const source = story.endpoints.find(({ node }) => this.#facts.of(node).id === from)?.node
    if (source === undefined || first === undefined || isOn(this.#network, first, source)) return undefined
    // What was seen long before that way was taken is where it began.
    const [begin, way] = [story.firstObserved?.at ?? null, path?.hops[0]?.at ?? null]
    return begin !== null && way !== null && begin < way - SAME_WAY ? undefined : this.#name(source)
  }

  /** Endpoints of the story in the order in which its path comes to them. */
  #reached(story: Story, path: FoundPath | undefined): number[] {
    if (!path) return []
    const { hops } = path
    const ids = [hops[0]?.link.from, ...hops.map((hop) => hop.link.to)]
    return ids.flatMap((id) => {
      const node = id === undefined ? -1 : nodeOf(this.#network, id)
      if (node < 0) return []
      return story.endpoints.find((part) => isOn(this.#network, node, part.node))?.node ?? []
    })
  }

  #name(node: number): string {
    return this.#facts.of(node).name
  }

  /** Nothing but services, tasks or autostarts of one endpoint: which, and how many. */
  #setUp(story: Story, endpoint: string | undefined): TextRef | undefined {
    const words = new Set(story.seeds.map((seed) => SET_UP[this.#kindOf(seed) ?? 'spawned']))
    const [word] = words
    const [seed] = story.seeds
    if (words.size !== 1 || word === undefined || !seed || endpoint === undefined) return undefined
    const set = new Set(story.seeds.map((one) => this.#network.to[one.relation] ?? 0))
    const params = { name: this.#name(this.#network.to[seed.relation] ?? 0), endpoint }
    return set.size === 1
      ? { key: `story.title.${word}`, params }
      : { key: `story.title.${word}s`, params: { ...params, count: set.size } }
  }

  #kindOf(seed: Seed): RelationKind | undefined {
    return seed.relation < 0 ? undefined : kindAt(this.#network.kinds[seed.relation] ?? 0)
  }

  /** What the gravest detection saw, of whom and where. */
  #detected(story: Story, endpoint: string | undefined): TextRef | undefined {
    const [seed] = story.seeds
      .filter((one) => one.detection >= 0)
      .toSorted((a, b) => b.weight - a.weight || (a.at ?? Infinity) - (b.at ?? Infinity))
    const row = seed && (this.#whatOf.get(seed.detection) as { rule: string; what: string } | undefined)
    if (!row) return undefined
    const what = `rule.${row.rule}.detection.${row.what}`
    const [subject] = seed.nodes
    const isPlace = subject === undefined || this.#facts.of(subject).kind === 'endpoint'
    const whom = isPlace ? story.users[0]?.node : subject
    const name = whom === undefined ? endpoint : this.#name(whom)
    if (name === undefined) return undefined
    return endpoint === undefined || name === endpoint
      ? { key: 'story.title.seen', params: { what, name } }
      : { key: 'story.title.seen_of_on', params: { what, name, endpoint } }
  }

  #about(story: Story, thing: string | undefined, endpoint: string | undefined): TextRef {
    const user = story.users[0] && this.#name(story.users[0].node)
    const first = story.firstObserved ? this.#name(story.firstObserved.node) : undefined
    if (endpoint !== undefined && first !== undefined && first !== endpoint)
      return { key: 'story.title.endpoint', params: { first, endpoint } }
    if (endpoint !== undefined) return { key: 'story.title.other', params: { first: endpoint } }
    if (user !== undefined) return { key: 'story.title.user', params: { user } }
    return { key: 'story.title.other', params: { first: thing ?? first ?? '-' } }
  }
}
