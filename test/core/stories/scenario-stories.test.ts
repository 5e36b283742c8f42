import { beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../../core/contract/client.ts'
import { createEngine } from '../../../core/engine.ts'
import { playScenario } from '../../support/scenario/play.ts'
import { makeScenario } from '../../support/scenario/scenario.ts'

/** A dozen in `npm test`; more with REDTHREAD_SCENARIOS. */
const SEEDS = Number(process.env['REDTHREAD_SCENARIOS'] ?? 12)

interface Outcome {
  readonly course: string
  readonly isFirst: boolean
  readonly missing: readonly string[]
  readonly strangers: readonly string[]
  readonly named: number
  readonly victimNamed: boolean
  readonly paths: number
  readonly backwards: number
}

/** What the first story of a scenario says, held against its truth. */
async function judge(seed: number): Promise<Outcome> {
  const scenario = makeScenario(seed)
  using testCase = playScenario(scenario)
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
  try {
    const client = createClient(engine)
    await client.call('case.open', { grant: testCase.path })
    const idOf = (name: string) =>
      client.call('entity.get', { id: name }).then(
        (entity) => entity.id,
        () => name,
      )
    const [story] = (await client.call('story.list', { limit: 1 })).rows
    const vectors = await Promise.all(scenario.vectors.map((message) => idOf(`message:<${message.id}>`)))
    const reached = new Map<string, string>()
    for (const host of scenario.reached) reached.set(await idOf(`endpoint:${host.netbios}`), host.netbios)
    const endpoints = story?.endpoints ?? []
    const victim = await idOf(`user:${scenario.victim.upn}`)
    const { paths } = story ? await client.call('story.get', { id: story.id }) : { paths: [] }
    return {
      course: `#${seed} ${scenario.course}`,
      isFirst: vectors.includes(story?.emailVector?.message.id ?? ''),
      missing: [...reached].filter(([id]) => !endpoints.some((one) => one.id === id)).map(([, name]) => name),
      strangers: endpoints.filter((one) => !reached.has(one.id)).map((one) => one.name),
      named: endpoints.length,
      victimNamed: (story?.users ?? []).some((user) => user.id === victim),
      paths: paths.length,
      backwards: paths.filter((path) => {
        const times = path.hops.flatMap((hop) => (hop.at === null ? [] : [hop.at]))
        return times.some((time, at) => at > 0 && time < (times[at - 1] ?? ''))
      }).length,
    }
  } finally {
    await engine.close()
  }
}

describe(`the first story of seeded scenarios, ${SEEDS} of them`, () => {
  const outcomes: Outcome[] = []
  beforeAll(async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) outcomes.push(await judge(seed))
  }, 900_000)
  const share = (is: (one: Outcome) => boolean): number => outcomes.filter(is).length / SEEDS
  const told = (is: (one: Outcome) => boolean): string =>
    outcomes
      .filter((one) => !is(one))
      .map((one) => one.course)
      .join('\n')

  it('is the true one, with the true mail as its vector, in at least 95 of 100', () => {
    expect(
      share((one) => one.isFirst),
      told((one) => one.isFirst),
    ).toBeGreaterThanOrEqual(0.95)
  })

  it('names every endpoint the intruder acted on, in at least 95 of 100', () => {
    const isWhole = (one: Outcome) => one.missing.length === 0
    expect(share(isWhole), told(isWhole)).toBeGreaterThanOrEqual(0.95)
  })

  it('draws no stranger in: no honest administrator, no backup, nobody else of a terminal server', () => {
    const isPure = (one: Outcome) => one.strangers.length === 0
    expect(share(isPure), told(isPure)).toBeGreaterThanOrEqual(0.95)
    expect(outcomes.every((one) => one.named > 0)).toBe(true)
  })

  it('names the one who opened the mail, in at least 95 of 100', () => {
    const isNamed = (one: Outcome) => one.victimNamed
    expect(share(isNamed), told(isNamed)).toBeGreaterThanOrEqual(0.95)
  })

  it('has no path that runs against time', () => {
    expect(outcomes.reduce((sum, one) => sum + one.paths, 0)).toBeGreaterThanOrEqual(SEEDS)
    expect(outcomes.reduce((sum, one) => sum + one.backwards, 0)).toBe(0)
  })
})
