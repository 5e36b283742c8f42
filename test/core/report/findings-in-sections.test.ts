import { describe, expect, it } from 'vitest'
import { ReportSettings } from '../../../core/contract/nouns/report.ts'
import { methods } from '../../../core/contract/methods.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import { buildReport } from '../../../core/report/build.ts'
import type { EntityKind } from '../../../core/model/relation.ts'
import { sampleReply } from '../../support/sample-input.ts'
import { fakeAsk, fullAnswers } from './fake-case.ts'
import { toOutline } from './to-outline.ts'

type Answers = ReturnType<typeof fullAnswers>
type Finding = ResultOf<'story.get'>
type Asset = ResultOf<'story.assets'>['rows'][number]
type Message = ResultOf<'mail.get'>

const AT = '2026-03-10T12:00:00.000Z'
const NO_PROOF = { events: [], relations: [], detections: [], evidence: ['2'] }

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  ...methods['story.get'].output.parse(sampleReply('story.get')),
  id,
  title: { key: `Story ${id} of the mailroom`, params: {} },
  score: 30,
  startAt: '2026-03-02T09:00:00.000Z',
  attack: [],
  ...more,
})
const vectorOf = (id: string): Finding['emailVector'] => ({
  message: { id, kind: 'message', name: 'Mail' },
  subject: 'Mail',
  from: '',
  at: null,
  how: 'link',
  confidence: 0,
  isCandidate: true,
  proof: NO_PROOF,
})
const asset = (
  id: string,
  kind: EntityKind,
  name: string,
  roles: Asset['roles'],
  more: Partial<Asset> = {},
): Asset => ({
  entity: { id, kind, name },
  roles,
  firstAt: null,
  lastAt: null,
  rating: 'unrated',
  isCandidate: false,
  proof: NO_PROOF,
  ...more,
})

interface Case {
  readonly findings?: readonly Finding[]
  readonly assets?: Readonly<Record<string, readonly Asset[]>>
  /** Attributes of entities by id. */
  readonly attributes?: Readonly<Record<string, Record<string, string | boolean>>>
  readonly mail?: Partial<Message>
  readonly more?: Answers
}

/** A case in which a newsletter was opened and led nowhere, with these findings. */
function answersOf({ findings = [], assets = {}, attributes = {}, mail = {}, more = {} }: Case): Answers {
  const full = fullAnswers()
  const all = Object.values(assets).flat()
  return {
    ...full,
    'retro.list': () => [],
    'path.suggest': () => [],
    'story.list': ({ limit }: { limit: number }) => ({
      below: 0,
      rows: findings.slice(0, limit),
      next: null,
      total: findings.length,
    }),
    'story.get': ({ id }: { id: string }) => findings.find((one) => one.id === id) ?? finding(id),
    'story.assets': ({ id }: { id: string }) => ({ rows: [...(assets[id] ?? [])], next: null, total: null }),
    'mail.list': () => ({ rows: [fullMessage(mail)], next: null, total: 1 }),
    'mail.get': ({ id }: { id: string }) => ({ ...fullMessage(mail), id }),
    'entity.get': ({ id }: { id: string }) => ({
      ...(all.find(({ entity }) => entity.id === id)?.entity ?? { id, kind: 'url' as const, name: '' }),
      firstSeenAt: null,
      lastSeenAt: null,
      attributes: attributes[id] ?? {},
      relations: 0,
      risk: null,
      aliases: [],
    }),
    ...more,
  }
}

function fullMessage(more: Partial<Message>): Message {
  const answer = fullAnswers()['mail.get']
  if (answer === undefined) throw new Error('no message')
  return {
    ...answer({ id: '100' } as never),
    subject: 'Weekly offers',
    risk: { then: null, now: null },
    history: [],
    ...more,
  }
}

async function printed(section: string, of: Case, lang = 'en'): Promise<string> {
  const settings = ReportSettings.parse({ lang, sections: [section] })
  return toOutline((await buildReport(fakeAsk(answersOf(of)), settings, AT)).html)
}

const fullPath = async (): Promise<ResultOf<'path.suggest'>> =>
  fakeAsk(fullAnswers())('path.suggest', { limit: 5 })

describe('the mail vector', () => {
  it('is no mail that was merely opened: not in the summary, the affected, the indicators or its own section', async () => {
    const sections = await Promise.all(
      ['summary', 'mail-vector', 'affected', 'indicators'].map((id) => printed(id, {})),
    )
    const text = sections.join('\n')
    for (const innocent of ['Weekly offers', 'portal-login', 'm.keller', 'a.brandt', 'Candidate entry'])
      expect(text).not.toContain(innocent)
    expect(text).toContain('No mail is known to lead into what this report describes.')
  })

  it('is that of the heaviest finding which names one for sure, whatever the confidence of a path says', async () => {
    const findings = [
      finding('s1', { emailVector: null }),
      finding('s2', {
        emailVector: vectorOf('7'),
        reasons: [{ code: 'email_maybe', params: {}, weight: 1 }],
      }),
      finding('s3', {
        emailVector: vectorOf('8'),
        reasons: [{ code: 'email_vector', params: {}, weight: 4 }],
      }),
    ]
    const text = await printed('summary', { findings, mail: { subject: 'Shared document' } })
    expect(text).toContain('Candidate entry of finding 3: the message “Shared document”')
    const section = await printed('mail-vector', { findings })
    expect(section).toContain('candidate entry of finding 3')
    expect(section).toContain('finding 2: perhaps it led in')
  })

  it('lists mail that was opened and taken away by a product, and says that it is not known to have led to anything', async () => {
    const answers = fullAnswers()['mail.get']
    const history = answers?.({ id: '100' } as never).history ?? []
    const text = await printed('mail-vector', { mail: { history } })
    expect(text).toContain('Weekly offers')
    expect(text).toContain('a product held it back or took it away')
    expect(text).toContain('nothing: not known to have led to anything')
  })

  it('says when no record tells that the message arrived', async () => {
    const findings = [finding('s1', { emailVector: vectorOf('7') })]
    const noCopy: Answers = { 'relation.list': () => ({ rows: [], next: null, total: 0 }) }
    const text = await printed('summary', { findings, mail: { deliveredAt: null }, more: noCopy })
    expect(text).toContain('no record says when it arrived')
    expect(text).not.toContain('delivered at')
  })
})

describe('the told path', () => {
  it('is that of the heaviest finding that has one, and says whose it is', async () => {
    const [suggestion] = await fullPath()
    if (suggestion === undefined) throw new Error('no path')
    const findings = [
      finding('s1'),
      finding('s2', { paths: [suggestion.path], emailVector: vectorOf('100') }),
    ]
    const text = await printed('narrative', { findings })
    expect(text).toContain('It belongs to finding 2 of this report; no path is known for the heavier ones.')
    expect(text).toContain('Steps of the path')
  })

  it('stands apart from the mail of another finding, and says how much of its own is not on it', async () => {
    const [suggestion] = await fullPath()
    if (suggestion === undefined) throw new Error('no path')
    // The path of finding 1 without its mail; the mail is that of finding 2.
    const hops = suggestion.path.hops.slice(-2)
    const path = { ...suggestion.path, hops }
    const fact: Finding['claims'][number] = {
      ...methods['story.get'].output.parse(sampleReply('story.get')).claims[0]!,
      kind: 'fact',
    }
    const onPath = { ...fact, proof: { ...NO_PROOF, relations: hops.map(({ relationId }) => relationId) } }
    const findings = [
      finding('s1', {
        paths: [path],
        claims: [onPath, { ...fact, proof: { ...NO_PROOF, relations: ['9'] } }],
      }),
      finding('s2', {
        emailVector: vectorOf('8'),
        reasons: [{ code: 'email_vector', params: {}, weight: 4 }],
      }),
    ]
    const text = await printed('summary', { findings, mail: { subject: 'Shared document' } })
    const places = [
      'no mail is known to lead into it',
      'The path ends at',
      'The path is that of finding 1.',
      '1 more fact of finding 1 is not on it.',
      'Candidate entry of finding 2: the message “Shared document”',
    ].map((part) => text.indexOf(part))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('is no suggestion that begins with a mail which no finding names', async () => {
    const suggested = await fullPath()
    const more: Answers = { 'path.suggest': () => suggested }
    const text = await printed('narrative', { findings: [finding('s1', { relations: ['501'] })], more })
    expect(text).toContain('No attack path was found')
    const named = finding('s1', { relations: ['501'], emailVector: vectorOf('100') })
    expect(await printed('narrative', { findings: [named], more })).toContain('It belongs to finding 1')
  })

  it('says that a clock is off, and that times run backwards', async () => {
    const [suggestion] = await fullPath()
    if (suggestion === undefined) throw new Error('no path')
    const hops = suggestion.path.hops.map((hop, index) => ({
      ...hop,
      ...(index === 2 ? { at: '2026-03-01T00:00:00.000Z' } : {}),
      ...(index === 5
        ? {
            clock: {
              endpoint: null,
              evidenceId: null,
              aheadSeconds: -90,
              confidence: 0.9,
              rightAt: '2026-03-02T09:43:00.000Z',
            },
          }
        : {}),
    }))
    const findings = [finding('s1', { paths: [{ ...suggestion.path, hops }], emailVector: vectorOf('100') })]
    const text = await printed('summary', { findings })
    expect(text).toContain('That is before the step it follows')
    expect(text).toContain('That clock is 90 s behind: 2026-03-02 10:43:00 by the others.')
  })
})

describe('the affected', () => {
  const assets = {
    s1: [
      asset('1', 'user', 'da_tom', ['ran', 'account-used']),
      asset('2', 'endpoint', 'FS01', ['reached'], { isCandidate: true }),
      asset('3', 'user', 'svc_web', ['tried']),
      asset('4', 'mailbox', 'idle@corp.example', ['recipient']),
    ],
    s2: [asset('1', 'user', 'da_tom', ['credentials']), asset('5', 'user', 'traveller', ['detected'])],
  }
  it('are those of the findings, each with what it did there, and nobody who was merely tried or only received', async () => {
    const text = await printed('affected', { findings: [finding('s1'), finding('s2')], assets })
    expect(text).toContain('da_tom | finding 1: ran it, account used / finding 2: credentials reached for |')
    expect(text).toContain('FS01 | finding 1, likely: reached from elsewhere |')
    for (const name of ['svc_web', 'idle']) expect(text).not.toContain(name)
  })

  it('are not those of a finding of no weight', async () => {
    const text = await printed('affected', { findings: [finding('s2', { score: 0.1 })], assets })
    expect(text).toContain('No user is affected')
  })
})

describe('the indicators', () => {
  const assets = {
    s1: [
      asset('1', 'ip', '203.0.113.9', ['detected']),
      asset('2', 'ip', '10.0.0.20', ['contacted']),
      asset('3', 'domain', 'sync-upd.example', ['contacted']),
      asset('4', 'process', 'lock.exe', ['part']),
      asset('5', 'process', 'vssadmin.exe', ['part'], { rating: 'malicious' }),
      asset('6', 'file', 'plan.xlsx.locked', ['part']),
      asset('7', 'process', 'explorer.exe', []),
    ],
  }
  const attributes = {
    4: { path: 'C:\\Windows\\Temp\\lock.exe' },
    5: { path: 'C:\\Windows\\System32\\vssadmin.exe' },
    6: { path: 'C:\\Data\\plan.xlsx.locked', sha256: 'ab'.repeat(32) },
    7: { path: 'C:\\Tools\\explorer.exe' },
  }
  it('are outside addresses, hosts and programs of the findings, never inside addresses, system programs or documents', async () => {
    const text = await printed('indicators', { findings: [finding('s1')], assets, attributes })
    expect(text).toContain('203[.]0[.]113[.]9 | finding 1: a rule names it |')
    expect(text).toContain('sync-upd[.]example | finding 1: a program of it connected to it |')
    expect(text).toContain('C:\\Windows\\Temp\\lock.exe | finding 1: a program of it |')
    for (const name of ['10[.]0', 'vssadmin', 'plan.xlsx', 'abab', 'explorer'])
      expect(text).not.toContain(name)
  })

  it('are no address from which many signed in long before: that is the way out of the organisation', async () => {
    const signIn = fullAnswers()['relation.list']
    const [delivery] = signIn?.({ kind: 'delivered-to' } as never).rows ?? []
    if (delivery === undefined) throw new Error('no relation')
    const rowsAt = (firstAt: string): Answers => ({
      'relation.list': () => ({
        rows: ['a', 'b', 'c'].map((name) => ({
          ...delivery,
          firstAt,
          to: { id: name, kind: 'user' as const, name },
        })),
        next: null,
        total: 3,
      }),
    })
    const print = (firstAt: string) =>
      printed('indicators', { findings: [finding('s1')], assets, attributes, more: rowsAt(firstAt) })
    expect(await print('2026-02-20T08:00:00.000Z')).not.toContain('203[.]0[.]113[.]9')
    expect(await print('2026-03-02T09:10:00.000Z')).toContain('203[.]0[.]113[.]9')
  })

  it('hold the sender of the vector only where he is no colleague', async () => {
    const findings = [finding('s1', { emailVector: vectorOf('7') })]
    expect(await printed('indicators', { findings })).toContain('sender | billing[@]portal-login[.]example')
    const own = await printed('indicators', { findings, mail: { from: 'anna@corp.example' } })
    expect(own).not.toContain('sender |')
  })
})

describe('the techniques', () => {
  const detection = (attack: string[]): ResultOf<'detection.list'>['rows'][number] => ({
    ...methods['detection.get'].output.parse(sampleReply('detection.get')),
    title: { key: 'Shadow copies were deleted', params: {} },
    attack,
    events: [],
  })
  const more = (attack: string[]): Answers => ({
    'detection.list': () => ({ rows: [detection(attack)], next: null, total: 1 }),
  })
  it('of a rule that stands for several are not printed as shown', async () => {
    const text = await printed('attack', { more: more(['T1070.001', 'T1490']) })
    expect(text).toContain('No single technique follows')
    expect(text).toContain('Found by rules that stand for several techniques')
    expect(text).toMatch(/Shadow copies were deleted \| T1070\.001 .*T1490/)
  })

  it('of a rule that stands for one, or for variants of one, are', async () => {
    expect(await printed('attack', { more: more(['T1490']) })).toMatch(/T1490 \| Inhibit System Recovery/)
    expect(await printed('attack', { more: more(['T1055.001', 'T1055.002']) })).toMatch(
      /T1055 \| Process Injection/,
    )
  })
})

describe('the summary', () => {
  it('calls a candidate one, with the reason, and tells the gravest detections with every place', async () => {
    const row = (id: string): ResultOf<'detection.list'>['rows'][number] => ({
      ...methods['detection.get'].output.parse(sampleReply('detection.get')),
      title: { key: 'Shadow copies were deleted', params: {} },
      subject: { id, kind: 'process', name: 'vssadmin.exe' },
      involved: [{ id: `9${id}`, kind: 'endpoint', name: `SRV0${id}` }],
      events: ['901'],
    })
    const text = await printed('summary', {
      findings: [finding('s1', { candidate: [{ key: 'Little speaks for it', params: {} }] })],
      more: { 'detection.list': () => ({ rows: [row('2'), row('3')], next: null, total: 2 }) },
    })
    expect(text).toContain('(candidate: no fact stands for itself; Little speaks for it)')
    expect(text).toContain('Shadow copies were deleted: SRV02, SRV03')
  })

  it('names what decides first, with what it means, also where thousands of others stand before it', async () => {
    type Row = ResultOf<'detection.list'>['rows'][number]
    const row = (id: string, key: string): Row => ({
      ...methods['detection.get'].output.parse(sampleReply('detection.get')),
      id,
      title: { key, params: {} },
      subject: { id, kind: 'endpoint', name: `SRV-${id}` },
      involved: [],
      events: [],
    })
    const others = [1, 2, 3, 4, 5, 6, 7].map((n) => row(`${n}`, `rule.process.evasion.detection.other-${n}`))
    const dcsync = row('9', 'rule.credentials.dcsync.detection.dcsync')
    const text = await printed('summary', {
      findings: [finding('s1', {})],
      more: {
        'detection.list': ({ rule }: { rule?: string }) => ({
          rows: rule === undefined ? others : rule === 'credentials.dcsync' ? [dcsync] : [],
          next: rule === undefined ? 'c' : null,
          total: 1008,
        }),
      },
    })
    expect(text).toMatch(/dcsync: SRV-9[^]*all its passwords count as known/)
    expect(text.indexOf('SRV-9')).toBeLessThan(text.indexOf('SRV-1'))
  })

  it.each(['en', 'zh-TW', 'ja'])('leaves no message key without words in %s', async (lang) => {
    const findings = [finding('s1', { emailVector: vectorOf('7') }), finding('s2')]
    const assets = { s1: [asset('1', 'user', 'da_tom', ['ran', 'source', 'changed', 'held'])] }
    for (const id of ['summary', 'mail-vector', 'affected', 'indicators', 'attack', 'narrative'])
      expect(await printed(id, { findings, assets }, lang)).not.toMatch(/\breport\.[a-z-]+\.[\w.-]+/)
  })
})
