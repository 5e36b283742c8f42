import { type Client, createClient } from '../../../core/contract/client.ts'
import type { AttackPath } from '../../../core/contract/nouns/graph.ts'
import { createEngine } from '../../../core/engine.ts'
import type { z } from 'zod'
import { SECOND } from './clock.ts'
import type { FoundRelation, Judgement } from './judge.ts'
import * as name from './names.ts'
import type { Scenario } from './scenario.ts'

type Path = z.infer<typeof AttackPath>

/** What the engine says of the attack's way, held against the truth. */
export interface PathJudgement {
  /** Place of the true path among the suggestions, from 1; null when it is none of them. */
  readonly rank: number | null
  /** Whether the first path from the message to the last endpoint is the attacker's. */
  readonly isFound: boolean
  /** What is wrong with the first suggestion and the first path; empty when nothing is. */
  readonly faults: readonly string[]
  readonly paths: number
  /** Paths with a hop earlier than the one before, by the logs' clocks and what the engine says of those that are off. */
  readonly backwards: readonly string[]
  /** The same by the true time of what was recorded: only a wrong clock can hide that. */
  readonly trulyBackwards: readonly string[]
}

/** What counts as one moment in two logs. */
const SAME_MOMENT = 2 * SECOND

/** Asks the engine as a reader would: what is suggested, and how the message led to where the intruder came. */
export async function judgePaths(
  casePath: string,
  scenario: Scenario,
  judgement: Judgement,
): Promise<PathJudgement> {
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
  try {
    const client = createClient(engine)
    await client.call('case.open', { grant: casePath })
    const suggested = (await client.call('path.suggest', { limit: 10 })).map(({ path }) => path)
    const [first] = scenario.vectors
    const last = scenario.reached.at(-1)
    const asked = first && last ? await findPaths(client, first.id, last.netbios) : []
    const all = [...suggested, ...asked, ...(await decoyPaths(client, scenario))]
    const rank = suggested.findIndex((path) => faultOf(path, scenario, judgement) === undefined)
    const faults = [suggested[0], asked[0]].flatMap((path, index) => {
      const fault = path === undefined ? 'no path' : faultOf(path, scenario, judgement)
      return fault === undefined ? [] : [`${index === 0 ? 'suggested' : 'found'}: ${fault}`]
    })
    return {
      rank: rank < 0 ? null : rank + 1,
      isFound: asked[0] !== undefined && faultOf(asked[0], scenario, judgement) === undefined,
      faults,
      paths: all.length,
      backwards: all.filter((path) => !isOrdered(timesOf(path))).map(tell),
      trulyBackwards: all.filter((path) => !isOrdered(trueTimesOf(path, judgement))).map(tell),
    }
  } finally {
    await engine.close()
  }
}

async function findPaths(client: Client, message: string, host: string): Promise<readonly Path[]> {
  const { paths } = await client.call('path.find', {
    from: `message:<${message}>`,
    to: `endpoint:${host}`,
    observedOnly: true,
    alternatives: 5,
  })
  return paths
}

/** Ways to everybody's desk: most of them do not exist, and none may run against time. */
async function decoyPaths(client: Client, scenario: Scenario): Promise<Path[]> {
  const [first] = scenario.vectors
  if (!first) return []
  const found: Path[] = []
  for (const desk of scenario.world.company.desks.slice(0, 4))
    found.push(...(await findPaths(client, first.id, desk.netbios)))
  return found
}

/** As the logs say, less what the engine itself says a clock is off by. */
const timesOf = (path: Path): number[] =>
  path.hops.flatMap((hop) => (hop.at === null ? [] : [Date.parse(hop.clock?.rightAt ?? hop.at) * 1000]))
const isOrdered = (times: readonly number[]): boolean =>
  times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0) - SAME_MOMENT)
const tell = (path: Path): string =>
  path.hops.map((hop) => `${hop.relation} ${hop.to.name} ${hop.at?.slice(11, 19) ?? '-'}`).join(' > ')

/** When the uses that the path names really happened. Hops of standing relations have no time of their own. */
function trueTimesOf(path: Path, judgement: Judgement): number[] {
  return path.hops.flatMap((hop) => {
    const use =
      hop.at === null
        ? undefined
        : useAt(judgement.byId.get(Number(hop.relationId)), Date.parse(hop.at) * 1000)
    return use === undefined ? [] : [use]
  })
}
/** True time of the use that was recorded then. */
const useAt = (relation: FoundRelation | undefined, recordedAt: number): number | undefined =>
  relation?.truth?.uses.find((use) => Math.abs(use.recordedAt - recordedAt) <= SAME_MOMENT)?.at

/** Why the path is not the attacker's; undefined when it is. */
function faultOf(path: Path, { vectors, reached }: Scenario, judgement: Judgement): string | undefined {
  const [start, end] = [path.hops[0]?.from, path.hops.at(-1)?.to]
  const nameOf = (id: string | undefined): string => judgement.names.get(Number(id)) ?? '?'
  if (!vectors.some((message) => name.messageName(message.id) === nameOf(start?.id)))
    return `starts at ${start?.name}: ${tell(path)}`
  const last = reached.at(-1)
  if (!last || nameOf(end?.id) !== name.endpointName(last)) return `ends at ${end?.name}: ${tell(path)}`
  for (const hop of path.hops) {
    const relation = judgement.byId.get(Number(hop.relationId))
    if (relation?.truth?.isAttack !== true)
      return `${hop.relation} ${hop.from.name} -> ${hop.to.name} is not the attack's: ${tell(path)}`
  }
  return undefined
}
