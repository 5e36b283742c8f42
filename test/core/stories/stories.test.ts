import { describe, expect, it } from 'vitest'
import type { DetectionDraft, Rule } from '../../../core/correlation/rule.ts'
import { scoreStory } from '../../../core/stories/score.ts'
import { type Seed, type Sign, SIGNS } from '../../../core/stories/seed.ts'
import { anEvent } from '../../support/case-builder.ts'
import { GraphCase, START, type Wanted } from '../graph/graph-case.ts'

const HOUR = 3600

/** A file out of a mail that ran on an endpoint and reached for credentials there; everything named with `tag`. */
const intrusion = (tag: string, at: number): Wanted[] => [
  ['carries', `message:mail ${tag}`, `attachment:${tag}.zip`],
  ['saved-as', `attachment:${tag}.zip`, `file:${tag}.exe`, at],
  ['executed-as', `file:${tag}.exe`, `process:${tag}.exe`, at + 5],
  ['spawned', `process:${tag}.exe`, `process:powershell.exe ${tag}`, at + 10],
  ['accessed-credentials', `process:${tag}.exe`, `process:lsass ${tag}`, at + 60],
  ['ran-on', `process:${tag}.exe`, `endpoint:ws-${tag}`],
  ['ran-as', `process:${tag}.exe`, `user:${tag}`],
]
/** A rule that detects one thing about an account per entry, in no place. */
const detecting = (found: readonly (readonly [string, number])[], evidenceId: number): Rule => ({
  id: 'test.detected',
  order: 1,
  relations: [],
  detections: ['odd'],
  attack: [],
  texts: { en: {}, 'zh-TW': {}, ja: {} },
  matches: [],
  ignores: [],
  *run(): Generator<DetectionDraft> {
    for (const [user, second] of found)
      yield {
        detection: 'odd',
        level: 'high',
        subject: { kind: 'user', key: `test:${user}`, name: user, aliases: [{ kind: 'name', value: user }] },
        window: String(second),
        at: START + second * 1e6,
        confidence: 0.9,
        reason: 'stated',
        proof: [{ eventId: 1, evidenceId, record: 1 }],
      }
  },
})
/** A detection of an endpoint that lasted from one second to another. */
const lasting = (from: number, to: number, evidenceId: number): Rule => ({
  ...detecting([], evidenceId),
  *run(): Generator<DetectionDraft> {
    for (const second of [from, to])
      yield {
        detection: 'odd',
        level: 'high',
        subject: { kind: 'endpoint', key: 'test:ws', name: 'ws', aliases: [{ kind: 'name', value: 'ws' }] },
        at: START + second * 1e6,
        confidence: 0.9,
        reason: 'stated',
        proof: [{ eventId: 1, evidenceId, record: 1 }],
      }
  },
})
const storiesOf = async (graph: GraphCase) => (await graph.client.call('story.list', {})).rows
const names = (rows: readonly { name: string }[]) => rows.map((row) => row.name).sort()

describe('stories', () => {
  it('are none where nothing is suspicious', async () => {
    await using graph = await GraphCase.stating([
      ['spawned', 'process:explorer.exe', 'process:winword.exe', 10],
      ['logged-on-to', 'user:ann', 'endpoint:ws', 5],
      ['remote-logon', 'endpoint:ws', 'endpoint:srv', 20],
    ])
    expect(await graph.client.call('story.list', {})).toEqual({ rows: [], next: null, total: 0, below: 0 })
  })

  it('last as long as what a rule detected does', async () => {
    await using graph = new GraphCase()
    const evidenceId = graph.testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    graph.testCase.correlate([lasting(10, 4 * HOUR, evidenceId)])
    await graph.client.call('case.open', { grant: graph.testCase.path })
    const [row] = await storiesOf(graph)
    expect([row?.startAt, row?.endAt].map((at) => Date.parse(at ?? '') * 1000 - START)).toEqual([
      10e6,
      4 * HOUR * 1e6,
    ])
  })

  it('tell what one setup brought to an endpoint as one, counted, and what came later by itself', async () => {
    const service = (name: string, on: string, at: number): Wanted => [
      'installed-service',
      `endpoint:${on}`,
      `service:${name}`,
      at,
    ]
    await using graph = await GraphCase.stating([
      ...['agent', 'agent driver', 'agent updater'].map((name, second) => service(name, 'ws-1', second)),
      service('printer', 'ws-1', 2 * HOUR),
      service('other agent', 'ws-2', 1),
      ['created-task', 'endpoint:ws-1', 'scheduled-task:nightly', 5],
    ])
    const titles = (await storiesOf(graph)).map(({ title }) => title)
    expect(titles).toHaveLength(4)
    expect(titles).toEqual(
      expect.arrayContaining([
        { key: 'story.title.services', params: { name: 'agent', endpoint: 'ws-1', count: 3 } },
        { key: 'story.title.service', params: { name: 'printer', endpoint: 'ws-1' } },
        { key: 'story.title.service', params: { name: 'other agent', endpoint: 'ws-2' } },
        { key: 'story.title.task', params: { name: 'nightly', endpoint: 'ws-1' } },
      ]),
    )
  })

  it('do not let a setup draw in a service that an attack left in the same minute', async () => {
    await using graph = await GraphCase.stating([
      ['installed-service', 'endpoint:ws-1', 'service:agent', 1],
      ['installed-service', 'process:evil.exe', 'service:backdoor', 20],
      ['ran-on', 'process:evil.exe', 'endpoint:ws-1'],
      ['accessed-credentials', 'process:evil.exe', 'process:lsass.exe', 30],
      ['installed-service', 'endpoint:ws-1', 'service:agent driver', 40],
    ])
    const stories = await storiesOf(graph)
    const [attack, setup] = stories
    expect(stories).toHaveLength(2)
    expect(attack?.title).toEqual({
      key: 'story.title.endpoint',
      params: { first: 'evil.exe', endpoint: 'ws-1' },
    })
    expect(setup?.title).toMatchObject({ key: 'story.title.services', params: { count: 2 } })
  })

  it('draw every affected endpoint, those beside the path with how they hang together with it', async () => {
    await using graph = await GraphCase.stating([
      ...intrusion('a', 0),
      ['remote-execution', 'process:powershell.exe a', 'process:run.exe b', 100],
      ['ran-on', 'process:run.exe b', 'endpoint:ws-b'],
      ['remote-execution', 'process:powershell.exe a', 'process:run.exe c', 110],
      ['ran-on', 'process:run.exe c', 'endpoint:ws-c'],
      ['spawned', 'process:run.exe c', 'process:deep.exe c', 120],
    ])
    const [row] = await storiesOf(graph)
    expect(names(row?.endpoints ?? [])).toEqual(['ws-a', 'ws-b', 'ws-c'])
    const told = await graph.client.call('story.get', { id: row?.id ?? '', alternatives: 1 })
    const { nodes, edges } = told.graph
    expect(names(nodes.filter((node) => node.kind === 'endpoint'))).toEqual(['ws-a', 'ws-b', 'ws-c'])
    for (const node of nodes)
      expect(edges.some((edge) => edge.from === node.id || edge.to === node.id)).toBe(true)
    // The thread is the best path and nothing else.
    const onPath = new Set(told.paths[0]?.hops.map((hop) => hop.relationId))
    expect(edges.filter((edge) => edge.onPath).length).toBe(onPath.size)
    expect(edges.length).toBeGreaterThan(onPath.size)
  })

  it('are named by what was detected, of whom, where there is no thing to name', async () => {
    await using graph = new GraphCase()
    const evidenceId = graph.testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    graph.testCase.correlate([
      detecting(
        [
          ['ann', 0],
          ['ben', 30 * HOUR],
        ],
        evidenceId,
      ),
    ])
    await graph.client.call('case.open', { grant: graph.testCase.path })
    const what = 'rule.test.detected.detection.odd'
    expect((await storiesOf(graph)).map(({ title }) => title)).toEqual([
      { key: 'story.title.seen', params: { what, name: 'ann' } },
      { key: 'story.title.seen', params: { what, name: 'ben' } },
    ])
  })

  it('count accounts whose tickets were taken to crack among the tried, not among those affected', async () => {
    const services = ['svc-a', 'svc-b', 'svc-c', 'svc-d']
    const known = [...services, 'amber'].map((account, second) =>
      anEvent('logon', `2026-03-10T07:00:0${second}Z`, {
        host: 'WS-01.corp.example',
        account: `CORP\\${account}`,
        logonType: account === 'amber' ? 2 : 5,
      }),
    )
    const tickets = services.map((service, second) =>
      anEvent('kerberos-service', `2026-03-10T08:00:0${second}Z`, {
        host: 'DC-01.corp.example',
        account: 'amber@CORP',
        target: service,
        outcome: 'success',
        detail: 'TicketEncryptionType: 0x17; encryption: RC4',
      }),
    )
    await using graph = await GraphCase.of([...known, ...tickets])
    const [story] = await storiesOf(graph)
    expect(story?.users.map(({ name }) => name)).toEqual([expect.stringMatching(/amber$/)])
    expect([story?.userTotal, story?.triedTotal]).toEqual([1, 4])
  })

  it('count accounts that were only tried apart from those affected', async () => {
    const tries = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, second) =>
      anEvent('logon-failure', `2026-03-10T08:00:0${second}Z`, {
        host: 'DC01.corp.example',
        account: `CORP\\${name}`,
        sourceIp: '203.0.113.9',
        logonType: 3,
        status: '0xc000006a',
      }),
    )
    const success = anEvent('logon', '2026-03-10T08:05:00Z', {
      host: 'DC01.corp.example',
      account: 'CORP\\c',
      sourceIp: '203.0.113.9',
      logonType: 3,
    })
    await using vain = await GraphCase.of(tries)
    const [story] = await storiesOf(vain)
    expect([story?.userTotal, story?.triedTotal]).toEqual([0, 7])
    const assets = await vain.client.call('story.assets', { id: story?.id ?? '' })
    expect(assets.rows.filter((one) => one.roles.includes('tried'))).toHaveLength(7)
    await using guessed = await GraphCase.of([...tries, success])
    const stories = await storiesOf(guessed)
    expect(stories.flatMap((one) => names(one.users))).toEqual([expect.stringMatching(/c$/)])
    expect(stories.map((one) => one.triedTotal)).toEqual([6])
  })

  it('begin with the tool, not with the shell it was typed into', async () => {
    await using graph = await GraphCase.stating([
      ['spawned', 'process:cmd.exe', 'process:tool.exe', 10],
      ['accessed-credentials', 'process:tool.exe', 'process:lsass.exe', 20],
      ['ran-on', 'process:cmd.exe', 'endpoint:ws'],
    ])
    expect((await storiesOf(graph))[0]?.firstObserved?.entity.name).toBe('tool.exe')
    await using shell = await GraphCase.stating([
      ['accessed-credentials', 'process:cmd.exe', 'process:lsass.exe', 20],
    ])
    expect((await storiesOf(shell))[0]?.firstObserved?.entity.name).toBe('cmd.exe')
  })

  it('go through a program that only bears the name of one that starts everything', async () => {
    const guid = (number: number) => `0f1e2d3c-0000-69ae-0000-${String(number).padStart(12, '0')}`
    await using graph = await GraphCase.of([
      anEvent('process-start', '2026-03-10T08:00:00Z', {
        host: 'WS-01.corp.example',
        processGuid: guid(1),
        processPath: 'C:\\Users\\Public\\tool.exe',
        pid: 10,
      }),
      anEvent('process-start', '2026-03-10T08:00:01Z', {
        host: 'WS-01.corp.example',
        processGuid: guid(2),
        processPath: 'C:\\Windows\\System32\\services.exe',
        pid: 11,
        parentGuid: guid(1),
        parentPath: 'C:\\Users\\Public\\tool.exe',
        parentPid: 10,
      }),
      anEvent('process-access', '2026-03-10T08:00:02Z', {
        host: 'WS-01.corp.example',
        processGuid: guid(2),
        processPath: 'C:\\Windows\\System32\\services.exe',
        pid: 11,
        target: 'C:\\Windows\\System32\\lsass.exe',
        targetGuid: guid(3),
        status: '0x1fffff',
      }),
    ])
    const stories = await storiesOf(graph)
    expect(stories.map((story) => story.firstObserved?.entity.name)).toEqual(['tool.exe'])
  })

  it('do not fuse strangers who meet at a domain controller, a proxy, or a program that starts everything', async () => {
    await using graph = await GraphCase.stating([
      ...intrusion('one', 100),
      ...intrusion('two', 200),
      ...(['one', 'two'] as const).flatMap((tag): Wanted[] => [
        ['remote-logon', `endpoint:ws-${tag}`, 'endpoint:dc', 300],
        ['connected-to', `process:${tag}.exe`, 'ip:10.0.0.8', 300],
        ['spawned', 'process:explorer.exe', `process:${tag}.exe`, tag === 'one' ? 105 : 205],
      ]),
    ])
    const stories = await storiesOf(graph)
    expect(stories.map((story) => names(story.endpoints))).toEqual([['ws-one'], ['ws-two']])
    expect(stories.map((story) => story.emailVector?.message.name)).toEqual(['mail one', 'mail two'])
  })

  it('go on to an endpoint on which something was run from there, and only afterwards', async () => {
    const moved = (at: number): Wanted[] => [
      ...intrusion('one', 1000),
      ['remote-execution', 'endpoint:ws-one', 'process:service', at],
      ['ran-on', 'process:service', 'endpoint:srv'],
    ]
    await using after = await GraphCase.stating(moved(1000 + HOUR))
    const [whole, ...none] = await storiesOf(after)
    expect(none).toEqual([])
    expect(names(whole?.endpoints ?? [])).toEqual(['srv', 'ws-one'])
    await using before = await GraphCase.stating(moved(1000 - HOUR))
    expect((await storiesOf(before)).map((story) => names(story.endpoints))).toContainEqual(['ws-one'])
    await using late = await GraphCase.stating(moved(1000 + 25 * HOUR))
    expect(await storiesOf(late)).toHaveLength(2)
  })

  it('tell an administrator from an intruder on the same server', async () => {
    await using graph = await GraphCase.stating([
      ...intrusion('one', 1000),
      ['remote-execution', 'endpoint:ws-one', 'process:bad', 2000],
      ['ran-on', 'process:bad', 'endpoint:srv'],
      ['ran-as', 'process:bad', 'user:adm'],
      ['remote-execution', 'endpoint:ws-admin', 'process:good', 2600],
      ['ran-on', 'process:good', 'endpoint:srv'],
      ['ran-as', 'process:good', 'user:adm'],
    ])
    const stories = await storiesOf(graph)
    expect(stories).toHaveLength(2)
    expect(names(stories[0]?.endpoints ?? [])).not.toContain('ws-admin')
    expect(names(stories[1]?.endpoints ?? [])).toContain('ws-admin')
  })

  it('are joined over an address hardly anybody else talks to, and over an announced campaign', async () => {
    await using rare = await GraphCase.stating([
      ...intrusion('one', 100),
      ...intrusion('two', 200),
      ['connected-to', 'process:one.exe', 'ip:203.0.113.9', 300],
      ['connected-to', 'process:two.exe', 'ip:203.0.113.9', 400],
    ])
    expect(await storiesOf(rare)).toHaveLength(1)
    await using campaign = await GraphCase.stating([
      ...intrusion('one', 100),
      ...intrusion('two', 200),
      ['same-campaign', 'message:mail one', 'message:mail two'],
    ])
    expect(await storiesOf(campaign)).toHaveLength(1)
  })

  it('begin with the mail whose rare link was opened also where nobody knows whose the mailbox is', async () => {
    const opened = (...others: Wanted[]): Promise<GraphCase> =>
      GraphCase.stating([
        ['links-to', 'message:lure', 'url:https://rare.example/a'],
        ['delivered-to', 'message:lure', 'mailbox:ann@corp.example', 10],
        ['clicked-by', 'url:https://rare.example/a', 'user:one', 90],
        ['downloaded-to', 'url:https://rare.example/a', 'file:one.exe', 95],
        ...intrusion('one', 100).slice(2),
        ...others,
      ])
    await using lone = await opened()
    expect((await storiesOf(lone))[0]?.emailVector?.message.name).toBe('lure')
    await using owned = await opened(['owned-by', 'mailbox:ann@corp.example', 'user:ann'])
    expect((await storiesOf(owned))[0]?.emailVector).toBeNull()
    await using common = await opened(
      ...['b', 'c', 'd'].map((one): Wanted => ['links-to', `message:${one}`, 'url:https://rare.example/a']),
    )
    expect((await storiesOf(common))[0]?.emailVector).toBeNull()
  })

  it('are proposed as attack paths where no mail leads anywhere, from where they were first seen', async () => {
    await using graph = await GraphCase.stating([
      ['accessed-credentials', 'process:tool.exe', 'process:lsass', 20],
      ['ran-on', 'process:tool.exe', 'endpoint:ws'],
      ['remote-execution', 'process:tool.exe', 'process:svc', 60],
      ['ran-on', 'process:svc', 'endpoint:srv'],
    ])
    const [story] = await storiesOf(graph)
    const [proposed] = await graph.client.call('path.suggest', {})
    expect(proposed?.reasons.map(({ key }) => key)).toEqual(['suggest.no_mail', 'suggest.remote_execution'])
    const told = await graph.client.call('story.get', { id: story?.id ?? '' })
    expect(proposed?.path).toEqual(told.paths[0])
    expect(proposed?.from.name).toBe('tool.exe')
    expect(proposed?.to.id).toBe(told.paths[0]?.hops.at(-1)?.to.id)
  })

  it('say what was looked at where no mail was found, and are called candidates', async () => {
    await using graph = await GraphCase.stating(intrusion('one', 100).slice(2))
    const [story] = await storiesOf(graph)
    expect(story?.emailVector).toBeNull()
    expect(story?.lookedAt.map((looked) => looked.key)).toEqual(['story.looked.no_mail'])
    expect(story?.candidate.map((why) => why.key)).toContain('story.candidate.one_source')
    await expect(graph.client.call('story.get', { id: 'gone' })).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })

  it('join what one account did where no endpoint is, within a working day', async () => {
    const changes = async (...at: readonly (readonly [user: string, second: number])[]): Promise<number> => {
      await using graph = new GraphCase()
      const evidenceId = graph.testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
      graph.testCase.correlate([detecting(at, evidenceId)])
      await graph.client.call('case.open', { grant: graph.testCase.path })
      return (await storiesOf(graph)).length
    }
    expect(await changes(['ann', 0], ['ann', HOUR], ['ann', 12 * HOUR])).toBe(1)
    expect(await changes(['ann', 0], ['ann', 13 * HOUR])).toBe(2)
    expect(await changes(['ann', 0], ['bob', HOUR])).toBe(2)
  })

  it('do not make one story of what different accounts did, however long the row of it is', async () => {
    // Every eleven hours one of two administrators changes something, for a week: neither's work is the other's.
    await using graph = new GraphCase()
    const evidenceId = graph.testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    const turns = Array.from({ length: 14 }, (_, turn): readonly [string, number] => [
      turn % 2 === 0 ? 'ann' : 'bob',
      turn * 11 * HOUR,
    ])
    graph.testCase.correlate([detecting(turns, evidenceId)])
    await graph.client.call('case.open', { grant: graph.testCase.path })
    const stories = await storiesOf(graph)
    // Twenty-two hours lie between two acts of one of them: each is a matter of its own.
    expect(stories).toHaveLength(14)
    expect(stories.every((story) => story.userTotal === 1)).toBe(true)
  })

  it('chain one account at most a week: an administrator who changes something every day is not one story', async () => {
    await using graph = new GraphCase()
    const evidenceId = graph.testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    const month = Array.from({ length: 60 }, (_, turn): readonly [string, number] => [
      'ann',
      turn * 11 * HOUR,
    ])
    graph.testCase.correlate([detecting(month, evidenceId)])
    await graph.client.call('case.open', { grant: graph.testCase.path })
    const stories = await storiesOf(graph)
    const days = stories.map(
      (story) => (Date.parse(story.endAt ?? '') - Date.parse(story.startAt ?? '')) / 86_400_000,
    )
    expect(Math.max(...days)).toBeLessThanOrEqual(7)
    expect(stories.length).toBeGreaterThan(3)
  })

  it('keep their id when more becomes known, and do not depend on the order in which it came', async () => {
    const later: Wanted[] = [['remote-execution', 'endpoint:ws-one', 'process:service', 5000]]
    await using first = await GraphCase.stating(intrusion('one', 1000).slice(1))
    await using more = await GraphCase.stating([...later, ...intrusion('one', 1000).toReversed()])
    const [a, b] = [await storiesOf(first), await storiesOf(more)]
    expect(a.map((story) => story.id)).toEqual(b.map((story) => story.id))
    expect(b[0]?.score).toBeGreaterThan(a[0]?.score ?? 0)
  })
})

describe('what a story tells of one moment', () => {
  it('does not depend on the order in which the evidence came', async () => {
    const wanted = intrusion('one', 1000).map((one): Wanted =>
      one.length > 3 ? [one[0], one[1], one[2], 1000] : one,
    )
    const toldOf = async (items: readonly Wanted[]) => {
      await using graph = await GraphCase.stating(items)
      const [row] = await storiesOf(graph)
      const { claims } = await graph.client.call('story.get', { id: row?.id ?? '' })
      const { rows } = await graph.client.call('story.timeline', { id: row?.id ?? '' })
      return {
        claims: claims.map(({ text }) => text),
        steps: rows.map(({ text, from, to }) => [text.key, from.name, to?.name]),
      }
    }
    expect(await toldOf(wanted.toReversed())).toEqual(await toldOf(wanted))
  })
})

describe('an endpoint where a file out of the mail was saved', () => {
  const saved: Wanted[] = [
    ...intrusion('one', 1000),
    ['saved-as', 'attachment:one.zip', 'file:copy.exe', 1500],
    ['located-on', 'file:copy.exe', 'endpoint:ws-two'],
  ]
  const affected = async (wanted: readonly Wanted[]): Promise<string[]> => {
    await using graph = await GraphCase.stating(wanted)
    const [row] = await storiesOf(graph)
    const { rows } = await graph.client.call('story.assets', { id: row?.id ?? '' })
    expect(rows.map(({ entity }) => entity.name)).toContain('ws-two')
    return names(row?.endpoints ?? [])
  }

  it('has a part and is not affected', async () => {
    expect(await affected(saved)).toEqual(['ws-one'])
  })

  it('is affected where a program of the story wrote it, or where it was run', async () => {
    const both = ['ws-one', 'ws-two']
    expect(await affected([...saved, ['dropped', 'process:one.exe', 'file:copy.exe', 1600]])).toEqual(both)
    expect(await affected([...saved, ['executed-as', 'file:copy.exe', 'process:copy.exe', 1600]])).toEqual(
      both,
    )
  })
})

describe('the score of a story', () => {
  const seed = (sign: Sign, weight: number): Seed => ({
    sign,
    weight,
    sure: 1,
    at: 0,
    nodes: [0, 1],
    relation: 0,
    detection: -1,
  })
  const score = (seeds: readonly Seed[], remoteTargets = 0) =>
    scoreStory({ seeds, mail: 'none', endpoints: 1, sources: 1, isHighValue: false, remoteTargets })

  it('is the sum of its reasons, never negative, never more than 100', () => {
    const everything = scoreStory({
      seeds: SIGNS.flatMap((sign) => [seed(sign, 1), seed(sign, 1), seed(sign, 1)]),
      mail: 'likely',
      endpoints: 50,
      sources: 50,
      isHighValue: true,
      remoteTargets: 50,
    })
    expect(everything.score).toBeLessThanOrEqual(100)
    expect(everything.score).toBeGreaterThan(90)
    for (const one of [everything, score([seed('remote_execution', 0.01)], 9), score([])]) {
      expect(one.score).toBeGreaterThanOrEqual(0)
      expect(one.reasons.reduce((sum, reason) => sum + reason.weight, 0)).toBeCloseTo(one.score, 6)
    }
  })

  it('counts mail for much only where something beside an opened file speaks', () => {
    const ofMail = (...seeds: Seed[]) =>
      scoreStory({
        seeds,
        mail: 'likely',
        endpoints: 1,
        sources: 1,
        isHighValue: false,
        remoteTargets: 0,
      }).reasons.find(({ code }) => code === 'email_vector')?.weight
    expect(ofMail(seed('mail_file_ran', 0.12))).toBe(0.5)
    expect(ofMail(seed('mail_file_ran', 0.12), seed('detection_low', 0.1))).toBe(0.5)
    expect(ofMail(seed('mail_file_ran', 0.12), seed('persistence', 0.15))).toBe(4)
    expect(ofMail(seed('bad_link', 0.5))).toBe(4)
  })

  it('marks a rollout down, unless something else speaks for an attack', () => {
    const rollout = Array.from({ length: 9 }, () => seed('remote_execution', 0.4))
    expect(score(rollout, 9).reasons.map((reason) => reason.code)).toContain('administration')
    expect(score(rollout, 2).reasons.map((reason) => reason.code)).not.toContain('administration')
    const theft = [...rollout, seed('credentials', 0.7)]
    expect(score(theft, 9).reasons.map((reason) => reason.code)).not.toContain('administration')
    expect(score(theft, 9).score).toBeGreaterThan(score(rollout, 9).score)
  })

  it('adds little for repetition, much for another stage', () => {
    const once = score([seed('persistence', 0.5)]).score
    const often = score(Array.from({ length: 50 }, () => seed('persistence', 0.5))).score
    const stages = score([seed('persistence', 0.5), seed('credentials', 0.5)]).score
    expect(often - once).toBeLessThan(stages - once)
  })
})

describe('the attack path of a story without mail', () => {
  /** From what was observed first to a program on another endpoint, which then logs on to a third. */
  const tree: Wanted[] = [
    ['spawned', 'process:server', 'process:shell', 10],
    ['spawned', 'process:shell', 'process:tool', 20],
    ['remote-execution', 'process:tool', 'process:agent', 100],
    ['remote-execution', 'endpoint:web', 'process:agent', 100],
    ['ran-on', 'process:server', 'endpoint:web'],
    ['ran-on', 'process:tool', 'endpoint:web'],
    ['ran-on', 'process:agent', 'endpoint:files'],
  ]
  const pathsOf = async (wanted: readonly Wanted[]): Promise<string[]> => {
    await using graph = await GraphCase.stating(wanted)
    const [row] = await storiesOf(graph)
    const { paths } = await graph.client.call('story.get', { id: row?.id ?? '' })
    return paths.map(({ hops }) => [hops[0]?.from.name, ...hops.map(({ to }) => to.name)].join(' '))
  }

  it('begins with what came first, and nothing else is told from the bare endpoint', async () => {
    const paths = await pathsOf(tree)
    expect(paths[0]).toBe('server shell tool agent files')
    expect(paths.filter((path) => path.startsWith('web'))).toEqual([])
  })

  it('goes on to what came later, which is no other candidate', async () => {
    const paths = await pathsOf([...tree, ['accessed-credentials', 'process:agent', 'process:lsass', 200]])
    expect(paths[0]).toBe('server shell tool agent lsass')
    expect(paths.filter((path) => !path.endsWith('lsass'))).toEqual([])
  })

  it('begins with the bare endpoint where nothing else leads as far', async () => {
    expect((await pathsOf(tree.filter((one) => one[1] !== 'process:tool')))[0]).toBe('web agent files')
  })
})
