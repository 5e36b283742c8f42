import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DetectionOrder } from '../../../core/contract/nouns/detection.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import type { Truth } from '../../../core/demo/truth.ts'
import { DETECTION_LEVELS } from '../../../core/model/detection.ts'
import { listAll, openDemo, type OpenDemo } from '../demo/demo-case.ts'

let demo: OpenDemo
let truth: Truth
beforeAll(async () => {
  demo = await openDemo()
  truth = demo.files.truth
}, 120_000)
afterAll(() => demo.close())

const idOf = async (name: string): Promise<string> => (await demo.client.call('entity.get', { id: name })).id
const exposureOf = (entity: string) => demo.client.call('exposure.of', { entity, limit: 1000 })
const affected = (side: ResultOf<'exposure.of'>['users']): string[] =>
  side.rows
    .filter((row) => row.state === 'affected')
    .map((row) => row.entity.id)
    .sort()

describe('exposure in the demo case', () => {
  it('knows each recipient of each message of the campaign, and what they did, as it was', async () => {
    const found: unknown[] = []
    for (const vector of truth.vectors) {
      const { rows } = await demo.client.call('exposure.matrix', {
        entity: `message:<${vector.messageId}>`,
        limit: 1000,
      })
      for (const row of rows)
        found.push([
          vector.messageId,
          row.address,
          row.delivered?.at ?? null,
          row.clicked?.at ?? null,
          row.executed?.at ?? null,
        ])
    }
    const wanted = truth.exposures.map((row) => [
      row.messageId,
      row.recipient,
      row.deliveredAt,
      row.clickedAt,
      row.executedAt,
    ])
    const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort()
    expect(sorted(found)).toEqual(sorted(wanted))
  })

  it('says of every cell when, from what, and where it is proven', async () => {
    const document = truth.vectors.find((vector) => vector.kind === 'attachment')
    const { rows, counts } = await demo.client.call('exposure.matrix', {
      entity: `message:<${document?.messageId}>`,
    })
    // Who ran it stands first.
    expect(rows[0]?.executed?.at).toBe(truth.exposures.find((row) => row.executedAt !== null)?.executedAt)
    expect(rows[0]?.loggedOn).not.toBeNull()
    for (const row of rows)
      for (const cell of [row.delivered, row.clicked, row.executed, row.loggedOn]) {
        if (cell === null) continue
        expect(cell.at).not.toBeNull()
        expect(
          cell.proof.relations.length + cell.proof.events.length + cell.proof.evidence.length,
        ).toBeGreaterThan(0)
        for (const relation of cell.proof.relations)
          expect((await demo.client.call('relation.get', { id: relation })).id).toBe(relation)
      }
    expect(counts).toMatchObject({ messages: 1, recipients: rows.length, executed: 1 })
  })

  it('gathers all messages of a link, and pages', async () => {
    const link = truth.vectors.find((vector) => vector.kind === 'link')
    const input = { entity: `url:${link?.value}` }
    const whole = await demo.client.call('exposure.matrix', { ...input, limit: 1000 })
    expect(whole.counts.messages).toBe(2)
    expect(whole.counts.clicked).toBe(truth.exposures.filter((row) => row.clickedAt !== null).length)
    const first = await demo.client.call('exposure.matrix', { ...input, limit: 4 })
    const rest = await demo.client.call('exposure.matrix', { ...input, limit: 1000, cursor: first.next })
    expect([...first.rows, ...rest.rows]).toEqual(whole.rows)
    const [campaign] = (await demo.client.call('mail.campaigns', {})).rows.filter((one) => one.by === 'url')
    const ofCampaign = await demo.client.call('exposure.matrix', {
      campaign: { by: 'url', value: campaign?.value ?? '' },
    })
    expect(ofCampaign.counts.messages).toBe(campaign?.messages)
    await expect(
      demo.client.call('exposure.matrix', { campaign: { by: 'url', value: 'nowhere.example' } }),
    ).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it('says of the bad link who opened it where, and who only has the mail', async () => {
    const link = truth.vectors.find((vector) => vector.kind === 'link')
    const exposure = await exposureOf(`url:${link?.value}`)
    const clicked = truth.touched.filter((touch) => touch.action === 'clicked')
    const users = [...new Set(clicked.map((touch) => touch.user))]
    expect(affected(exposure.users)).toEqual((await Promise.all(users.map(idOf))).sort())
    const endpoints = [...new Set(clicked.map((touch) => touch.endpoint))]
    expect(affected(exposure.endpoints)).toEqual((await Promise.all(endpoints.map(idOf))).sort())
    expect(exposure.recipients).toMatchObject({
      total: truth.exposures.filter((row) => row.messageId !== truth.vectors[1]?.messageId).length,
      clicked: clicked.length,
    })
    expect(exposure.messages.total).toBe(2)
    for (const row of [...exposure.users.rows, ...exposure.endpoints.rows])
      expect(row.proof.relations.length).toBeGreaterThan(0)
  })

  it('calls nobody affected who only got the mail, nor where he logs on afterwards', async () => {
    const document = truth.vectors.find((vector) => vector.kind === 'attachment')
    const message = `message:<${document?.messageId}>`
    const ran = new Set(
      truth.exposures.filter((row) => row.messageId === document?.messageId && row.executedAt !== null),
    )
    const { after, users } = await exposureOf(message)
    expect(affected(users)).toHaveLength(ran.size)
    const people = after.rows.filter(({ entity }) => entity.kind === 'user')
    const { rows } = await demo.client.call('exposure.matrix', { entity: message, limit: 1000 })
    const onlyGot = new Set(rows.filter((row) => row.executed === null).map((row) => row.user?.id))
    for (const row of people.filter(({ entity }) => onlyGot.has(entity.id)))
      expect(row.state, row.entity.name).toBe('at-risk')
    // Their own desks stand at the end of ways over them alone.
    const atRisk = after.rows.filter((row) => row.entity.kind === 'endpoint' && row.state === 'at-risk')
    expect(atRisk.length).toBeGreaterThan(0)
    const fileServer = after.rows.find((row) => row.entity.name === 'ML-FS01')
    expect(fileServer?.state).toBe('affected')
  })

  it('knows a file by its hash: the mail, who has it, where it ran, what came after', async () => {
    const [main] = truth.paths
    const attachment = await demo.client.call('entity.get', { id: main?.hops[0]?.to ?? '' })
    const hash = attachment.aliases.find((alias) => alias.kind === 'sha256')?.value ?? ''
    const exposure = await exposureOf(`hash:${hash}`)
    expect([exposure.entity.id, ...exposure.twins.map((twin) => twin.id)]).toContain(attachment.id)
    expect(exposure.messages.rows.map((row) => row.id)).toEqual([await idOf(main?.from ?? '')])
    expect(affected(exposure.endpoints)).toEqual([
      await idOf(truth.touched.find((touch) => touch.action === 'ran')?.endpoint ?? ''),
    ])
    expect(affected(exposure.users)).toEqual([
      await idOf(truth.touched.find((touch) => touch.action === 'ran')?.user ?? ''),
    ])
    const after = exposure.after.rows.map((row) => row.entity.id)
    expect(after).toContain(await idOf(main?.to ?? ''))
    const before = exposure.before.rows.map((row) => row.entity.id)
    expect(before).toContain(await idOf(main?.from ?? ''))
    await expect(exposureOf(`hash:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it('knows of an endpoint who was there, what led to it, and where rights could lead from it', async () => {
    const exposure = await exposureOf(truth.nearMiss.from)
    expect(affected(exposure.users).length).toBeGreaterThan(0)
    expect(exposure.could.rows.map((row) => row.entity.id)).toContain(await idOf(truth.nearMiss.endpoint))
    for (const row of exposure.could.rows) expect(row.relations.length).toBe(row.hops)
    const before = new Set(exposure.before.rows.map((row) => row.entity.id))
    const known = exposure.before.total > 1000 || before.has(await idOf(truth.paths[0]?.from ?? ''))
    expect(known).toBe(true)
  })

  it('knows of a user where the account was used, and of a mailbox whose it is', async () => {
    const clicker = truth.touched[0]?.user ?? ''
    const used = await exposureOf(clicker)
    const endpoints = used.endpoints.rows.map((row) => row.entity.id)
    expect(endpoints).toContain(await idOf(truth.touched[0]?.endpoint ?? ''))
    const mailbox = truth.exposures[0]?.recipient ?? ''
    const owner = await exposureOf(`mailbox:${mailbox}`)
    expect(owner.users.rows.map((row) => row.how)).toContainEqual(['owned-by'])
  })

  it('has of a mailbox and its user the mail delivered there and what was done with it, not who else got it', async () => {
    const clicked = truth.exposures.find((row) => row.clickedAt !== null)
    const address = clicked?.recipient ?? ''
    const { users, ...ofMailbox } = await exposureOf(`mailbox:${address}`)
    const matrix = (entity: string) => demo.client.call('exposure.matrix', { entity, limit: 1000 })
    const { rows, counts } = await matrix(`mailbox:${address}`)
    expect([...new Set(rows.map((row) => row.address))]).toEqual([address])
    expect(rows[0]).toMatchObject({
      message: { id: await idOf(`message:<${clicked?.messageId}>`) },
      clicked: { at: clicked?.clickedAt },
    })
    expect(counts).toMatchObject({ messages: ofMailbox.messages.total, recipients: rows.length, clicked: 1 })
    expect(ofMailbox.recipients).toMatchObject({ total: rows.length, delivered: rows.length, clicked: 1 })
    expect((await matrix(users.rows[0]?.entity.id ?? '')).rows).toEqual(rows)
  })

  /** Three at a time, so that most rows stand beside the end of a page. */
  async function allDetections(order?: DetectionOrder) {
    const rows: ResultOf<'detection.list'>['rows'] = []
    let cursor: string | null = null
    do {
      const page: ResultOf<'detection.list'> = await demo.client.call('detection.list', {
        ...(order ? { order } : {}),
        limit: 3,
        cursor,
      })
      rows.push(...page.rows)
      cursor = page.next
    } while (cursor !== null)
    return rows
  }

  it('keeps detections, their order and ids over another run, page by page', async () => {
    const before = await allDetections()
    const whole = await demo.client.call('detection.list', { limit: 1000 })
    expect(before).toEqual(whole.rows)
    expect(before.length).toBe(whole.total)
    expect(before.length).toBeGreaterThan(3)
    const times = before.flatMap((row) => (row.firstAt === null ? [] : [row.firstAt]))
    expect(times).toEqual(times.toSorted().reverse())
    await demo.client.run('correlation.run', {})
    expect(await allDetections()).toEqual(before)
    for (const { id } of before.slice(0, 5)) {
      const one = await demo.client.call('detection.get', { id })
      expect(one.ruleInfo?.id).toBe(one.rule)
      expect(one.sources.length).toBeGreaterThan(0)
      expect(one.proof.map((event) => event.id)).toEqual(one.events)
    }
  })

  it('lists detections by level, rule, or whom they are about, page by page, each once', async () => {
    const inOrder = async (order: DetectionOrder) => {
      const rows = await allDetections(order)
      expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
      return rows
    }
    const newest = await inOrder('newest')
    const ids = newest.map((row) => row.id).sort()
    const byTime = (rows: typeof newest) => rows.map((row) => row.firstAt ?? '')
    const byLevel = await inOrder('level')
    const ranks = byLevel.map((row) => DETECTION_LEVELS.indexOf(row.level))
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
    const gravest = byLevel.filter((row) => row.level === byLevel[0]?.level)
    expect(byTime(gravest)).toEqual(byTime(gravest).toSorted().reverse())
    const rules = (await inOrder('rule')).map((row) => row.rule)
    expect(rules).toEqual(rules.toSorted())
    const subjects = (await inOrder('subject')).map((row) => row.subject.name.toLowerCase())
    expect(subjects).toEqual(subjects.toSorted())
    expect(byTime(await inOrder('oldest'))).toEqual(byTime(newest).toSorted())
    expect(byLevel.map((row) => row.id).sort()).toEqual(ids)
  })

  it('counts detections by level and rule, also those of one entity', async () => {
    const { rows } = await demo.client.call('detection.list', { limit: 1000 })
    const counts = await demo.client.call('detection.counts', {})
    expect(counts.total).toBe(rows.length)
    expect(counts.levels.reduce((sum, one) => sum + one.count, 0)).toBe(rows.length)
    for (const { rule, count } of counts.rules)
      expect(count).toBe(rows.filter((row) => row.rule === rule).length)
    const entityId = rows[0]?.subject.id ?? ''
    const own = await demo.client.call('detection.list', { entityId, limit: 1000 })
    expect((await demo.client.call('detection.counts', { entityId })).total).toBe(own.total)
  })

  it('knows of every detection the story it is a part of', async () => {
    const { rows } = await demo.client.call('detection.list', { limit: 1000 })
    const ids = rows.map((row) => row.id)
    const found = await demo.client.call('story.ofDetections', { detections: [...ids, '999999'] })
    expect(found.map((one) => one.detection).sort()).toEqual(ids.toSorted())
    const [best] = (await demo.client.call('story.list', { limit: 1 })).rows
    const inBest = found.filter(({ story }) => story.rank === 1)
    expect(inBest).toHaveLength(best?.counts.detections ?? 0)
    expect(inBest[0]?.story).toEqual({ id: best?.id, rank: 1, title: best?.title })
  })

  it('finds the detections of an entity, of a rule, of a level', async () => {
    const [row] = (await demo.client.call('detection.list', { limit: 1 })).rows
    if (!row) throw new Error('There is no detection')
    const ofEntity = await demo.client.call('detection.list', { entityId: row.subject.id })
    expect(ofEntity.rows.map((one) => one.id)).toContain(row.id)
    const ofRule = await demo.client.call('detection.list', { rule: row.rule, limit: 1000 })
    expect(ofRule.rows.every((one) => one.rule === row.rule)).toBe(true)
    const levels = await demo.client.call('detection.list', { levels: [row.level], limit: 1000 })
    expect(levels.rows.every((one) => one.level === row.level)).toBe(true)
    expect(
      (await listAll(demo.client, 'relation.list', { entityId: row.subject.id })).length,
    ).toBeGreaterThan(0)
  })
})
