import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InputOf } from '../../../core/contract/types.ts'
import type { Truth, TrueRelation } from '../../../core/demo/truth.ts'
import { listAll, openDemo, type OpenDemo } from './demo-case.ts'

let demo: OpenDemo
let truth: Truth
beforeAll(async () => {
  demo = await openDemo()
  truth = demo.files.truth
}, 120_000)
afterAll(() => demo.close())

const ids = new Map<string, string>()
/** Entity id of a name of the truth; the name itself when the case does not know it or knows several. */
async function idOf(name: string): Promise<string> {
  const known = ids.get(name)
  if (known !== undefined) return known
  const id = await demo.client.call('entity.get', { id: name }).then(
    (entity) => entity.id,
    (error: unknown) => `${name} (${String(error)})`,
  )
  ids.set(name, id)
  return id
}

/** What is wrong with a relation of the truth in the case; undefined when nothing is. */
async function faultOf(relation: TrueRelation): Promise<string | undefined> {
  const text = `${relation.kind}: ${relation.from} -> ${relation.to} @ ${relation.at}`
  const [from, to] = [await idOf(relation.from), await idOf(relation.to)]
  if (!/^\d+$/.test(from) || !/^\d+$/.test(to)) return `${text}: no entity ${from} / ${to}`
  const rows = await listAll(demo.client, 'relation.list', { entityId: from, kind: relation.kind })
  const found = rows.find((row) => row.from.id === from && row.to.id === to)
  if (!found)
    return `${text}: missing; there are ${rows
      .slice(0, 4)
      .map((row) => `${row.from.name} -> ${row.to.name}`)
      .join('; ')}`
  if (relation.at === null) return undefined
  const isInside = (found.firstAt ?? '') <= relation.at && relation.at <= (found.lastAt ?? '')
  return isInside ? undefined : `${text}: seen ${found.firstAt} .. ${found.lastAt}`
}

async function faultsOf(relations: readonly TrueRelation[]): Promise<string[]> {
  const faults = []
  for (const relation of relations) {
    const fault = await faultOf(relation)
    if (fault !== undefined) faults.push(fault)
  }
  return faults
}

/** Entity id of a message -> its Message-ID. */
async function messageIds(): Promise<Map<string, string>> {
  const rows = await listAll(demo.client, 'mail.list', {})
  return new Map(rows.map((row) => [row.id, row.messageId ?? '']))
}
const sorted = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => JSON.stringify(row)).sort()

describe('the demo case against its truth', () => {
  it('takes in every file, each in its own format, and loses nothing', () => {
    expect(demo.imported.refused).toEqual([])
    const rows = truth.files.map((file) => {
      const row = demo.imported.evidence.find(
        (candidate) => candidate.name.split('/').at(-1) === file.name.split('/').at(-1),
      )
      return {
        name: file.name,
        format: row?.format,
        read: row?.read,
        rejected: row?.rejected,
        whole: row?.bytesRead === file.bytes,
        balanced: row !== undefined && row.read === row.stored + row.duplicate + row.rejected,
      }
    })
    const whole = rows.filter((row) => truth.files.find((file) => file.name === row.name)?.records !== null)
    expect(whole).toEqual(
      truth.files
        .filter((file) => file.records !== null)
        .map((file) => ({
          name: file.name,
          format: file.format,
          read: file.records,
          rejected: file.rejected,
          whole: true,
          balanced: true,
        })),
    )
    const cutOff = rows.filter((row) => !whole.includes(row))
    expect(cutOff.map((row) => [row.format, row.balanced, (row.read ?? 0) > 10])).toEqual([
      ['evtx', true, true],
    ])
    expect(demo.imported.totals.duplicate).toBe(truth.duplicates)
  })

  it('shows the broken line and the cut-off log as issues', async () => {
    const issues = await listAll(demo.client, 'evidence.issues', {})
    const names = new Set(issues.map((issue) => issue.evidenceName.split('/').at(-1)))
    expect([...names]).toEqual(expect.arrayContaining(['winlogbeat-leeds.ndjson', 'ML-PRT01-Security.evtx']))
  })

  it('knows every person under all their names', async () => {
    const users = await listAll(demo.client, 'entity.search', { kind: 'user' })
    const bySid = new Map(
      users.flatMap((user) =>
        user.aliases
          .filter((alias) => alias.kind === 'sid')
          .map((alias) => [alias.value.toLowerCase(), user]),
      ),
    )
    const faults = truth.users.flatMap((person) => {
      const found = bySid.get(person.sid.toLowerCase())
      const names = new Set(found?.aliases.map((alias) => `${alias.kind} ${alias.value.toLowerCase()}`))
      const wanted = [
        `account ${person.account.toLowerCase()}`,
        `upn ${person.upn.toLowerCase()}`,
        ...person.smtp.map((address) => `smtp ${address}`),
      ]
      const missing = wanted.filter((name) => !names.has(name))
      return missing.length === 0 ? [] : [`${person.account}: ${missing.join(', ')}`]
    })
    expect(faults).toEqual([])
    const accounts = users.flatMap((user) =>
      user.aliases.filter((alias) => alias.kind === 'account').map((alias) => alias.value.toLowerCase()),
    )
    expect(accounts.length).toBe(new Set(accounts).size)
  })

  it('knows every endpoint and every mailbox once', async () => {
    const endpoints = await listAll(demo.client, 'entity.search', { kind: 'endpoint' })
    const found = endpoints.map(
      (row) => row.aliases.find((alias) => alias.kind === 'fqdn')?.value.toLowerCase() ?? row.name,
    )
    expect(found.sort()).toEqual(truth.endpoints.map((host) => host.fqdn).sort())
    const mailboxes = await listAll(demo.client, 'entity.search', { kind: 'mailbox' })
    const addresses = new Set(mailboxes.map((row) => row.name))
    expect(truth.mailboxes.filter((address) => !addresses.has(address))).toEqual([])
  })

  it('replays every recorded click with the pack of its moment', async () => {
    const rows = await listAll(demo.client, 'click.replay', {})
    expect(
      sorted(rows.map((row) => [row.user?.id, row.url, row.at, row.outcome, row.pack, row.recorded])),
    ).toEqual(
      sorted(
        await Promise.all(
          truth.clicks.map(async (click) => [
            await idOf(click.user),
            click.url,
            click.at,
            click.outcome,
            click.pack,
            click.recorded,
          ]),
        ),
      ),
    )
    const outcomes = ['block', 'warn', 'allow', 'not-covered']
    expect(truth.clicks.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(outcomes))
    expect(new Set(rows.map((row) => `${row.outcome} ${row.clause}`))).toEqual(
      new Set(['block W35', 'warn W35', 'allow W44', 'not-covered W38']),
    )
  })

  it('W68 W69 W70: tells administrators by period, by number and one by one, and every user', async () => {
    const { mode, ...one } = await drafted(null)
    expect(mode).toEqual(['period'])
    expect(one).toMatchObject({ pending: 0 })
    expect(one.administrators).toBeLessThan(one.actions)
    const single = await drafted({ mode: 'individual' })
    expect(single).toMatchObject({ mode: ['individual'], administrators: single.actions, pending: 0 })
    const counted = await drafted({ mode: 'count', every: 2 })
    expect(counted).toMatchObject({
      mode: ['count'],
      administrators: Math.floor(single.actions / 2),
      pending: single.actions % 2,
    })
    const hours = await drafted({ mode: 'period', every: 100_000 })
    expect(hours).toMatchObject({ administrators: 0, pending: single.actions, mode: [] })
    for (const { users } of [single, counted, hours]) expect(users).toBe(one.users)
  })
  const drafted = async (threshold: InputOf<'notification.preview'>['threshold']) => {
    const { list, ...counts } = await demo.client.run('notification.preview', { threshold })
    const told = list.filter((draft) => draft.audience === 'administrators')
    return { ...counts, mode: [...new Set(told.map((draft) => draft.mode))] }
  }

  it('finds the relations of the story', async () => {
    expect(await faultsOf(truth.relations)).toEqual([])
  })

  it('finds every hop of the true paths', async () => {
    expect(await faultsOf(truth.paths.flatMap((path) => path.hops))).toEqual([])
  })

  it('leads from the attachment to the file server, in time, past no decoy', async () => {
    const [main] = truth.paths
    if (!main) throw new Error('The truth has no path')
    const { paths } = await demo.client.call('path.find', {
      from: main.from,
      to: main.to,
      observedOnly: true,
    })
    const [best] = paths
    const hops = best?.hops ?? []
    const times = hops.flatMap((hop) => (hop.at === null ? [] : [hop.at]))
    expect(times).toEqual([...times].sort())
    // Not the opener's own visits of the mornings: after the payload was elevated, and before the server was used further.
    const elevatedAt = main.hops.findLast((hop) => hop.kind === 'spawned')?.at ?? ''
    const move = hops.find((hop) => hop.relation === 'remote-logon' || hop.relation === 'remote-execution')
    expect(
      (move?.at ?? '') > elevatedAt && (move?.at ?? '') < (truth.nearMiss.failures[0] ?? ''),
      move?.at ?? 'never',
    ).toBe(true)
    const visited = new Set(hops.flatMap((hop) => [hop.from.id, hop.to.id]))
    // Whether the way then goes over the processes or over the computer they ran on is the search's choice.
    const milestones = [main.hops[0]?.to, main.hops[1]?.to, main.hops[2]?.to, main.to]
    for (const name of milestones)
      expect(
        visited.has(await idOf(name ?? '')),
        `${name} in ${hops.map((hop) => hop.to.name).join(' > ')}`,
      ).toBe(true)
    for (const name of truth.decoys.flatMap((decoy) => decoy.entities))
      expect(visited.has(await idOf(name)), name).toBe(false)
  })

  it('has no observed path from the campaign to the domain controller', async () => {
    for (const vector of truth.vectors) {
      const { paths } = await demo.client.call('path.find', {
        from: `message:<${vector.messageId}>`,
        to: truth.nearMiss.endpoint,
        observedOnly: true,
      })
      expect(paths.map((path) => path.hops.map((hop) => `${hop.relation} ${hop.to.name} ${hop.at}`))).toEqual(
        [],
      )
    }
  })

  it('does not lead from a message to people who clicked the same link out of another', async () => {
    const forward = truth.vectors.find((vector) => vector.kind === 'forward')
    const { paths } = await demo.client.call('path.find', {
      from: `message:<${forward?.messageId}>`,
      to: 'endpoint:ML-TS01',
      observedOnly: true,
    })
    expect(paths).toEqual([])
  })

  it('shows how the domain controller could have been reached: with rights, after the file server', async () => {
    const [main] = truth.paths
    const { paths } = await demo.client.call('path.find', {
      from: main?.from ?? '',
      to: truth.nearMiss.endpoint,
    })
    const hops = paths[0]?.hops ?? []
    const server = await idOf(truth.nearMiss.from)
    expect(hops.some((hop) => hop.to.id === server)).toBe(true)
    const afterServer = hops.slice(hops.findIndex((hop) => hop.from.id === server))
    expect(afterServer.map((hop) => [hop.relation, hop.observed])).toEqual([
      ['has-session', false],
      ['member-of', false],
      ['admin-to', false],
    ])
  })

  it('suggests the true path first', async () => {
    const suggestions = await demo.client.call('path.suggest', { limit: 5 })
    const campaign = await Promise.all(truth.vectors.map((vector) => idOf(`message:<${vector.messageId}>`)))
    expect(campaign).toContain(suggestions[0]?.from.id)
    // The server itself, or something that ran there.
    const server = await idOf(truth.paths[0]?.to ?? '')
    const target = suggestions[0]?.to.id ?? ''
    const ranOn = await listAll(demo.client, 'relation.list', { entityId: target, kind: 'ran-on' })
    expect([target, ...ranOn.map((row) => row.to.id)]).toContain(server)
  })

  it('ranks what only looks guilty below the campaign', async () => {
    const suggestions = await demo.client.call('path.suggest', { limit: 20 })
    const campaign = await Promise.all(truth.vectors.map((vector) => idOf(`message:<${vector.messageId}>`)))
    const decoys = await Promise.all(truth.decoys.flatMap((decoy) => decoy.entities).map(idOf))
    const ranks = suggestions.map(({ from, to }) =>
      campaign.includes(from.id)
        ? 'campaign'
        : decoys.includes(from.id) || decoys.includes(to.id)
          ? 'decoy'
          : 'other',
    )
    expect(ranks.slice(0, 2)).toEqual(['campaign', 'campaign'])
    expect(ranks.lastIndexOf('campaign')).toBeLessThan(
      ranks.includes('decoy') ? ranks.indexOf('decoy') : ranks.length,
    )
  })

  it('sees which URLs turned and what follows', async () => {
    const { retro } = demo
    const messages = await messageIds()
    expect(sorted(retro.turned.map((row) => [row.url, row.from, row.to]))).toEqual(
      sorted(truth.turned.map((row) => [row.url, row.from, row.to])),
    )
    expect(
      sorted(retro.newlyMatching.map((row) => [messages.get(row.message.id), row.mailbox, row.url])),
    ).toEqual(sorted(truth.newlyMatching.map((row) => [row.messageId, row.mailbox, row.url])))
    expect(
      sorted(
        retro.noLongerMatching.map((row) => [
          messages.get(row.message.id),
          row.mailbox,
          row.url,
          row.recordedAction,
          row.restored,
        ]),
      ),
    ).toEqual(
      sorted(
        truth.noLongerMatching.map((row) => [
          row.messageId,
          row.mailbox,
          row.url,
          row.recordedAction,
          row.restored,
        ]),
      ),
    )
    expect(sorted(retro.excluded.map((row) => [messages.get(row.message.id), row.url]))).toEqual(
      sorted(truth.excluded.map((row) => [row.messageId, row.url])),
    )
  })

  it('knows who was exposed, who clicked and where it ran', async () => {
    const messages = await messageIds()
    const endpoints = new Map<string, string>()
    for (const { endpoint } of truth.exposures)
      if (endpoint !== null) endpoints.set(await idOf(endpoint), endpoint)
    // Where nobody touched anything, an endpoint may still be named: the one the owner works at.
    const found = demo.retro.exposure.map((row) => {
      const isTouched = row.clickedAt !== null || row.executedAt !== null
      return [
        messages.get(row.message.id),
        row.recipient,
        row.deliveredAt,
        row.clickedAt,
        row.executedAt,
        isTouched ? (endpoints.get(row.endpoint?.id ?? '') ?? row.endpoint?.name) : null,
      ]
    })
    expect(sorted(found)).toEqual(
      sorted(
        truth.exposures.map((row) => [
          row.messageId,
          row.recipient,
          row.deliveredAt,
          row.clickedAt,
          row.executedAt,
          row.endpoint,
        ]),
      ),
    )
  })

  it('names the endpoint without a sensor', async () => {
    const overview = await demo.client.call('overview.get', {})
    const found = new Set(overview.endpointsWithoutSensor.map((row) => row.id))
    for (const name of truth.endpointsWithoutSensor) expect(found.has(await idOf(name)), name).toBe(true)
    expect((await demo.client.call('case.info', {}))?.isDemo).toBe(true)
  })

  it('keeps hostile subjects, only without control characters', async () => {
    const visible = (text: string) =>
      [...text]
        .filter((sign) => sign >= ' ')
        .join('')
        .trim()
    const subjects = new Set((await listAll(demo.client, 'mail.list', {})).map((row) => row.subject))
    expect(truth.hostileSubjects.filter((subject) => !subjects.has(visible(subject)))).toEqual([])
  })
})
