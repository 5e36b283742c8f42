import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResultOf } from '../../../core/contract/types.ts'
import type { Truth } from '../../../core/demo/truth.ts'
import { openDemo, type OpenDemo } from '../demo/demo-case.ts'

let demo: OpenDemo
let truth: Truth
let stories: ResultOf<'story.list'>
beforeAll(async () => {
  demo = await openDemo()
  truth = demo.files.truth
  stories = await demo.client.call('story.list', {})
}, 120_000)
afterAll(() => demo.close())

const top = () => {
  const [story] = stories.rows
  if (!story) throw new Error('There is no story')
  return story
}
const idOf = async (name: string): Promise<string> => (await demo.client.call('entity.get', { id: name })).id
const idsOf = async (names: readonly string[]): Promise<string[]> =>
  (await Promise.all(names.map(idOf))).sort()

describe('the stories of the demo case', () => {
  it('tells the true one first, far before the rest', () => {
    expect(stories.rows.length).toBeGreaterThan(1)
    expect(top().score).toBeGreaterThan(2 * (stories.rows[1]?.score ?? 0))
    expect(top().candidate).toEqual([])
  })

  it('begins with the first message of the campaign, and names the message that brought the program as vector', async () => {
    const [link, document] = truth.vectors
    const first = [...truth.vectors].sort((a, b) => (a.deliveredAt < b.deliveredAt ? -1 : 1))[0]
    expect(link?.kind).toBe('link')
    expect(top().firstObserved).toEqual({
      entity: await demo.client
        .call('entity.get', { id: `message:<${first?.messageId}>` })
        .then(({ id, kind, name }) => ({ id, kind, name })),
      at: first?.deliveredAt,
    })
    expect(top().emailVector).toMatchObject({
      message: { id: await idOf(`message:<${document?.messageId}>`) },
      how: 'attachment',
      isCandidate: false,
    })
  })

  it('names everybody who touched it, and every endpoint, and nobody else', async () => {
    const acted = truth.touched.filter((touch) => touch.action !== 'forwarded')
    const helpdesk = truth.relations.find(
      (relation) => relation.kind === 'logged-on-to' && relation.to.endsWith('FS01'),
    )
    expect(
      top()
        .users.map((user) => user.id)
        .sort(),
    ).toEqual(await idsOf([...new Set([...acted.map((touch) => touch.user), helpdesk?.from ?? ''])]))
    const reached = truth.paths.flatMap((path) => (path.to.startsWith('endpoint:') ? [path.to] : []))
    expect(
      top()
        .endpoints.map((endpoint) => endpoint.id)
        .sort(),
    ).toEqual(await idsOf([...new Set([...acted.map((touch) => touch.endpoint), ...reached])]))
  })

  it('has no decoy in it', async () => {
    const decoys = new Set(await idsOf(truth.decoys.flatMap((decoy) => decoy.entities)))
    const parts: string[] = []
    let cursor: string | null = null
    do {
      const page: ResultOf<'story.assets'> = await demo.client.call('story.assets', {
        id: top().id,
        limit: 200,
        cursor,
      })
      parts.push(
        ...page.rows
          .filter((row) => row.roles.some((role) => role !== 'recipient' && role !== 'contacted'))
          .map((row) => row.entity.id),
      )
      cursor = page.next
    } while (cursor !== null)
    expect(parts.filter((id) => decoys.has(id))).toEqual([])
    expect(parts.length).toBeGreaterThan(20)
  })

  it('has reasons that add up to the score, and steps that several sources prove', () => {
    for (const story of stories.rows) {
      const sum = story.reasons.reduce((total, reason) => total + reason.weight, 0)
      expect(sum).toBeCloseTo(story.score, 6)
    }
    expect(top().corroboration.sources).toBeGreaterThanOrEqual(5)
    expect(top().corroboration.kinds.length).toBeGreaterThanOrEqual(3)
    // Two logs of one machine say it once: more files than sources, no endpoint twice.
    const { of, sources, evidence } = top().corroboration
    expect(sources).toBe(of.length)
    expect(sources).toBeLessThan(evidence)
    expect(new Set(of.map((one) => `${one.recorder} ${one.endpoint?.id}`)).size).toBe(sources)
    expect(of.map((one) => one.recorder)).toEqual(expect.arrayContaining(['endpoint', 'mail', 'clicks']))
    expect(top().attack.length).toBeGreaterThan(3)
  })

  it('spans the time from the first delivery to what happened last', () => {
    const [first] = truth.vectors.map((vector) => vector.deliveredAt).sort()
    expect(top().startAt).toBe(first)
    expect((top().endAt ?? '') >= (truth.paths[0]?.hops.at(-1)?.at ?? '')).toBe(true)
  })

  it('leads along the true path, in time', async () => {
    const story = await demo.client.call('story.get', { id: top().id })
    const [best] = story.paths
    const server = await idOf(truth.paths[0]?.to ?? '')
    expect(best?.hops.at(-1)?.to.id).toBe(server)
    expect(best?.hops[0]?.from.id).toBe(top().emailVector?.message.id)
    for (const path of story.paths) {
      const times = path.hops.flatMap((hop) => (hop.at === null ? [] : [hop.at]))
      expect(times).toEqual([...times].sort())
    }
    const drawn = new Set(story.graph.nodes.map((node) => node.id))
    for (const hop of best?.hops ?? []) expect(drawn.has(hop.to.id)).toBe(true)
    expect(story.graph.nodes.filter((node) => node.marks.includes('first-observed'))).toHaveLength(1)
  })

  it('tells a logon when it led on, not when the endpoint first did the same', async () => {
    const { claims } = await demo.client.call('story.get', { id: top().id })
    const logon = claims.find((claim) => claim.text.key === 'story.claim.remote_logon')
    const relation = await demo.client.call('relation.get', { id: logon?.proof.relations[0] ?? '' })
    expect(relation.firstAt).not.toBe(logon?.at)
    const arrived = claims.find((claim) => claim.text.key === 'story.claim.ran')
    expect(String(logon?.at) > String(arrived?.at)).toBe(true)
  })

  it('shares no record of a detection with another story', async () => {
    const seen = new Map<string, string>()
    for (const { id } of stories.rows) {
      const { claims } = await demo.client.call('story.get', { id })
      const detected = claims.filter((claim) => claim.proof.detections.length > 0)
      for (const event of detected.flatMap((claim) => claim.proof.events))
        expect(seen.get(event) ?? id).toBe(id)
      for (const event of claims.flatMap((claim) => claim.proof.events))
        seen.set(event, seen.get(event) ?? id)
    }
    const hostile = await demo.client.call('detection.list', { rule: 'script.hostile' })
    const bare = hostile.rows.filter((row) => row.subject.kind === 'endpoint')
    expect(bare.length).toBeGreaterThan(0)
    const { claims } = await demo.client.call('story.get', { id: top().id })
    const told = claims.flatMap((claim) => claim.proof.detections)
    for (const row of bare) expect(told).toContain(row.id)
  })

  it('tells it in sentences, each with a proof that exists', async () => {
    const { claims } = await demo.client.call('story.get', { id: top().id })
    const keys = new Set(claims.map((claim) => claim.text.key.replace('story.claim.', '')))
    for (const key of ['mail', 'clicked', 'saved', 'ran', 'credentials', 'service_on', 'remote_execution'])
      expect(keys, key).toContain(key)
    for (const claim of claims)
      expect([...claim.proof.relations, ...claim.proof.detections].length, claim.text.key).toBeGreaterThan(0)
    const times = claims.flatMap((claim) => (claim.at === null ? [] : [claim.at]))
    expect(times).toEqual([...times].sort())
    for (const event of claims.flatMap((claim) => claim.proof.events).slice(0, 40))
      expect((await demo.client.call('event.get', { id: event })).id).toBe(event)
  })

  it('has a timeline, a chain and evidence, all of it reachable page by page', async () => {
    const { id } = top()
    const all = await demo.client.call('story.timeline', { id, limit: 10_000 })
    const paged: typeof all.rows = []
    let cursor: string | null = null
    do {
      const page: typeof all = await demo.client.call('story.timeline', { id, limit: 17, cursor })
      paged.push(...page.rows)
      cursor = page.next
    } while (cursor !== null)
    expect(paged).toEqual(all.rows)
    expect(all.total).toBe(all.rows.length)
    const keyOnly = await demo.client.call('story.timeline', { id, limit: 10_000, keyOnly: true })
    expect(keyOnly.rows.length).toBeLessThan(all.rows.length)
    expect(keyOnly.rows.every((row) => row.isKey)).toBe(true)

    const chain = await demo.client.call('story.chain', { id, limit: 60 })
    const left = chain.grouped.reduce((sum, group) => sum + group.count, 0)
    expect(chain.edges.length + left).toBe(chain.total.edges)

    expect(chain.lists.firstObserved.map((one) => one.id)).toEqual([top().firstObserved?.entity.id])
    expect(chain.lists.targetEndpoints.map((one) => one.id)).toEqual(
      expect.arrayContaining(top().endpoints.map((endpoint) => endpoint.id)),
    )
    expect(new Set(chain.lists.noteworthy.map(({ rating }) => rating))).toEqual(
      new Set(['malicious', 'suspicious']),
    )
    expect(chain.lists.matched).toEqual([])
    // What was searched for is marked where it is shown, and named with the group it is behind where it is not.
    const shown = new Set(chain.nodes.map((node) => node.id))
    const assets = await demo.client.call('story.assets', { id, limit: 500 })
    // An endpoint is listed with the time the story reached it, which no log from before its beginning changes.
    const reached = new Map(assets.rows.map((row) => [row.entity.id, row.firstAt]))
    for (const one of chain.lists.targetEndpoints) {
      expect(one.at, one.name).toBe(reached.get(one.id))
      if (one.at !== null) expect(one.at >= (top().startAt ?? ''), one.name).toBe(true)
    }
    const away = assets.rows.map((row) => row.entity.id).filter((one) => !shown.has(one))
    const [seen = ''] = shown
    expect(away.length).toBeGreaterThan(0)
    const marked = await demo.client.call('story.chain', { id, limit: 60, matched: [seen, ...away] })
    expect(marked.nodes.filter((node) => node.marks.includes('matched')).map((node) => node.id)).toEqual([
      seen,
    ])
    expect(new Set(marked.lists.matched.map((one) => one.id))).toEqual(new Set([seen, ...away]))
    const groups = chain.grouped.map((one) => `${one.around} ${one.kind} ${one.direction}`)
    for (const { id: one, behind } of marked.lists.matched)
      if (one === seen) expect(behind).toBeNull()
      else expect(groups).toContain(`${behind?.around} ${behind?.kind} ${behind?.direction}`)

    const evidence = await demo.client.call('story.evidence', { id })
    expect(evidence.length).toBe(top().corroboration.evidence)
    expect(evidence.every((row) => row.name !== '' && row.records > 0)).toBe(true)
  })

  it('shows with its steps what rights would have allowed next: the domain controller, after the file server', async () => {
    const next = await demo.client.call('path.next', { story: top().id })
    const target = next.targets.find((one) => one.entity.name.startsWith('ML-DC01'))
    expect(target?.entity.id).toBe(await idOf(truth.nearMiss.endpoint))
    const seen = target?.path.hops.map((hop) => hop.observed) ?? []
    // First what was done, then what could be done.
    expect(seen).toEqual(seen.toSorted((a, b) => Number(b) - Number(a)))
    expect(target?.possibleHops).toBe(seen.filter((observed) => !observed).length)
    expect(next.compromised.map((row) => row.entity.id)).toEqual(
      expect.arrayContaining(top().endpoints.map((endpoint) => endpoint.id)),
    )
    expect((await demo.client.call('path.next', {})).targets).toEqual(next.targets)
    // Before anything happened nothing was compromised.
    const before = await demo.client.call('path.next', { story: top().id, at: top().startAt })
    expect([before.compromisedTotal, before.targetTotal]).toEqual([0, 0])
  })

  it('finds the mail as patient zero of the file server', async () => {
    const [main] = truth.paths
    const { origins } = await demo.client.call('path.origins', { entity: main?.to ?? '' })
    expect(origins[0]?.entity.id).toBe(await idOf(main?.from ?? ''))
  })

  it('has the pane of a message: what it carries, and whose mailboxes hold it', async () => {
    const [main] = truth.paths
    const pane = await demo.client.call('chain.message', { id: main?.from ?? '' })
    const copies = truth.exposures.filter((row) => main?.from === `message:<${row.messageId}>`)
    expect(pane.recipients.map((row) => row.address).sort()).toEqual(
      copies.map((row) => row.recipient).sort(),
    )
    expect(pane.attachments.map((row) => `attachment:${row.name}`)).toEqual([main?.hops[0]?.to])
    expect(pane.affectedUsers.length).toBeGreaterThan(0)
    expect(pane.affectedUsers.every((row) => row.user !== null)).toBe(true)
    await expect(demo.client.call('chain.message', { id: main?.to ?? '' })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })

  it('finds the stories of an entity, and says how many a threshold leaves out', async () => {
    const server = await demo.client.call('story.list', { entityId: truth.nearMiss.from })
    expect(server.rows.map((story) => story.rank)).toEqual([1, 4])
    const strong = await demo.client.call('story.list', { minScore: 20 })
    expect(strong.rows.length + strong.below).toBe(stories.total)
    expect(strong.rows.every((story) => story.score >= 20)).toBe(true)
  })

  it('has the same ids after another run', async () => {
    await demo.client.run('correlation.run', {})
    const again = await demo.client.call('story.list', {})
    expect(again.rows.map((story) => [story.id, story.score])).toEqual(
      stories.rows.map((story) => [story.id, story.score]),
    )
  })
})
