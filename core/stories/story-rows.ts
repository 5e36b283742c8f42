import type { StoryRow } from '../contract/nouns/story.ts'
import type { EntityRef, TextRef } from '../contract/shapes.ts'
import type { AttackOf } from '../graph/attack-of.ts'
import type { PackedNetwork } from '../graph/packed-network.ts'
import type { FoundPath } from '../graph/path-search.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { LIKELY, MailTies } from './mail-tie.ts'
import type { Proofs } from './proof.ts'
import { detectionsOf, SourceCounts } from './source-counts.ts'
import type { CaseStories } from './story-cache.ts'
import type { Story } from './story.ts'
import { ESTABLISHED_PATH, storyPaths } from './story-paths.ts'
import { StoryTitles } from './story-title.ts'

const SHOWN_PEOPLE = 50
const SHOWN_RELATIONS = 100
const SHOWN_SOURCES = 30
/** Without mail in the story, mail to its people this long before is what was looked at. */
const LOOKED_BACK = 3 * 86_400_000_000
/** Below this a story is a candidate and is called one. */
const ESTABLISHED_SCORE = 20

/** A rule that knows many techniques does not say which it saw: its first is named without its variant. */
const MANY_TECHNIQUES = 4

const rulesOf = `SELECT DISTINCT rule, NULL AS what, NULL AS reason FROM relation WHERE id IN (SELECT value FROM json_each(@relations))
  UNION SELECT rule, what, reason FROM detection WHERE id IN (SELECT value FROM json_each(@detections)) ORDER BY rule, what, reason`
const formatOf =
  'SELECT DISTINCT format FROM evidence WHERE id IN (SELECT value FROM json_each(?)) ORDER BY format'
const mailTo = `SELECT count(DISTINCT d.from_id) FROM relation o JOIN relation d ON d.to_id = o.from_id AND d.kind = 'delivered-to'
  WHERE o.kind = 'owned-by' AND o.to_id IN (SELECT value FROM json_each(@users)) AND d.last_at >= @from AND d.first_at <= @to`
const byId = 'SELECT id, kind, name FROM entity WHERE id = ?'
const hasMail = `SELECT EXISTS (SELECT 1 FROM message)`

type Named = Omit<EntityRef, 'id'> & { readonly id: number }

/** Stories in the contract's shape. */
export class StoryRows {
  readonly #case: CaseStories
  readonly #proofs: Proofs
  readonly #counts: SourceCounts
  readonly #rules
  readonly #formats
  readonly #mailTo
  readonly #hasMail
  readonly #byId
  readonly #titles: StoryTitles

  constructor(db: ReadStore, found: CaseStories, proofs: Proofs) {
    this.#case = found
    this.#proofs = proofs
    this.#titles = new StoryTitles(db, found.network, found.facts)
    this.#counts = new SourceCounts(db, found.network)
    this.#rules = db.prepare(rulesOf)
    this.#formats = db.prepare(formatOf).pluck()
    this.#mailTo = db.prepare(mailTo).pluck()
    this.#hasMail = db.prepare(hasMail).pluck()
    this.#byId = db.prepare(byId)
  }

  ref(node: number): EntityRef {
    const { id, kind, name } = this.#case.facts.of(node)
    return { id: String(id), kind, name }
  }

  row(story: Story, rank: number, attackOf: AttackOf): StoryRow {
    const { told } = this.#case
    const known = told.get(story.id)
    if (known) return known
    const row = this.#made(story, rank, attackOf)
    told.set(story.id, row)
    return row
  }

  #made(story: Story, rank: number, attackOf: AttackOf): StoryRow {
    const { network, facts } = this.#case
    const { paths, vector } = storyPaths(network, facts, story, 1)
    const emailVector = this.#vectorOf(story, paths[0], vector)
    const files = this.#counts.rows(story.seeds, story.relations)
    const detections = detectionsOf(story.seeds)
    return {
      id: story.id,
      rank,
      title: this.#titleOf(story, paths[0], vector),
      score: story.score,
      reasons: story.reasons.map((reason) => ({ ...reason, params: { ...reason.params } })),
      candidate: candidateOf(story, paths[0], story.sources.length),
      firstObserved: story.firstObserved && {
        entity: this.ref(story.firstObserved.node),
        at: toIsoOrNull(story.firstObserved.at),
      },
      emailVector,
      lookedAt: emailVector ? [] : this.#lookedAt(story),
      users: story.users.slice(0, SHOWN_PEOPLE).map((part) => this.ref(part.node)),
      userTotal: story.users.length,
      triedTotal: story.tried.length,
      endpoints: story.endpoints.slice(0, SHOWN_PEOPLE).map((part) => this.ref(part.node)),
      endpointTotal: story.endpoints.length,
      startAt: toIsoOrNull(story.startAt),
      endAt: toIsoOrNull(story.endAt),
      corroboration: {
        sources: story.sources.length,
        of: story.sources.slice(0, SHOWN_SOURCES).map(({ recorder, endpoint }) => {
          const row = endpoint === null ? undefined : (this.#byId.get(endpoint) as Named | undefined)
          return { recorder, endpoint: row === undefined ? null : { ...row, id: String(row.id) } }
        }),
        evidence: files.length,
        kinds: this.#formats.all(JSON.stringify(files.map((file) => file.evidence))) as string[],
      },
      attack: this.#techniquesOf(story, detections, attackOf),
      counts: {
        entities: story.parts.size,
        relations: story.relations.length,
        detections: detections.length,
        events: this.#counts.events(story.seeds, story.relations),
      },
      relations: keyRelations(story, paths[0], network).slice(0, SHOWN_RELATIONS),
    }
  }

  /** The name of a story by itself. */
  title(story: Story): TextRef {
    const { network, facts } = this.#case
    const { paths, vector } = storyPaths(network, facts, story, 1)
    return this.#titleOf(story, paths[0], vector)
  }

  #titleOf(story: Story, path: FoundPath | undefined, vector: number | null): TextRef {
    const node = this.#messageOf(story, vector)
    const mail = node === undefined ? null : { node, subject: this.#case.facts.of(node).name }
    return this.#titles.of(story, mail, path)
  }

  /** The message a story begins with. @param vector that of its best path: entity id */
  #messageOf(story: Story, vector: number | null): number | undefined {
    return story.messages.find((one) => this.#case.facts.of(one).id === vector) ?? story.messages[0]
  }

  #vectorOf(story: Story, path: FoundPath | undefined, vector: number | null): StoryRow['emailVector'] {
    const { facts, network } = this.#case
    const node = this.#messageOf(story, vector)
    if (node === undefined) return null
    const { attributes, firstSeen, name } = facts.of(node)
    const kinds = new Set(path?.hops.map((hop) => hop.link.kind))
    const tie = new MailTies(network, story.seeds, new Set(story.relations)).of(node)
    const confidence = tie ?? path?.confidence ?? 0
    const first = new Set(path?.hops.slice(0, 3).map((hop) => hop.link.id))
    const relations = story.relations.filter((relation) => first.has(network.ids[relation] ?? -1))
    return {
      message: this.ref(node),
      subject: name,
      from: String(attributes.get('from') ?? ''),
      at: toIsoOrNull(firstSeen),
      how: kinds.has('carries') ? 'attachment' : kinds.has('forwarded-as') ? 'forward' : 'link',
      confidence,
      isCandidate: confidence < LIKELY,
      proof: this.#proofs.of(relations),
    }
  }

  #lookedAt(story: Story): TextRef[] {
    if (this.#hasMail.get() !== 1) return [{ key: 'story.looked.no_mail', params: {} }]
    const end = story.startAt ?? story.endAt
    const users = story.users.map((part) => this.#case.facts.of(part.node).id)
    const looked: TextRef[] = []
    if (end !== null && users.length > 0)
      looked.push({
        // A second number in the sentence has no plural form of its own.
        key: users.length === 1 ? 'story.looked.mail_one' : 'story.looked.mail',
        params: {
          count: this.#mailTo.get({
            users: JSON.stringify(users),
            from: end - LOOKED_BACK,
            to: end,
          }) as number,
          users: users.length,
          from: toIso(end - LOOKED_BACK),
          to: toIso(end),
        },
      })
    if (users.length === 0) looked.push({ key: 'story.looked.no_users', params: {} })
    const files = [...story.things].filter((node) => this.#case.facts.of(node).kind === 'file').length
    looked.push({ key: 'story.looked.files', params: { count: files } })
    return looked
  }

  #techniquesOf(story: Story, detections: readonly number[], attackOf: AttackOf): string[] {
    const relations = story.seeds
      .filter((seed) => seed.relation >= 0)
      .map((seed) => this.#case.network.ids[seed.relation] ?? 0)
    const rules = this.#rules.all({
      relations: JSON.stringify(relations),
      detections: JSON.stringify(detections),
    }) as { rule: string; what: string | null; reason: string | null }[]
    const techniques = rules.flatMap(({ rule, what, reason }) => {
      const seen = reason === null ? undefined : (JSON.parse(reason) as TextRef)
      const all = attackOf(rule, what ?? undefined, seen)
      return all.length <= MANY_TECHNIQUES ? all : all.slice(0, 1).map((one) => one.replace(/\..*/, ''))
    })
    return [...new Set(techniques)].sort()
  }
}

/** What carries the story: the best path, then what made it. */
export function keyRelations(story: Story, path: FoundPath | undefined, network: PackedNetwork): string[] {
  const onPath = path?.hops.map((hop) => hop.link.id) ?? []
  const made = story.seeds.filter((seed) => seed.relation >= 0).map((seed) => network.ids[seed.relation] ?? 0)
  return [...new Set([...onPath, ...made])].map(String)
}

function candidateOf(story: Story, path: FoundPath | undefined, sources: number): TextRef[] {
  const why: TextRef[] = []
  if (sources < 2) why.push({ key: 'story.candidate.one_source', params: {} })
  if (story.score < ESTABLISHED_SCORE)
    why.push({ key: 'story.candidate.little', params: { score: story.score } })
  if (path && path.confidence < ESTABLISHED_PATH)
    why.push({ key: 'story.candidate.unsure', params: { confidence: Math.round(path.confidence * 100) } })
  return why
}
