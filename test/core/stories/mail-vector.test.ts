import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'
import { GraphCase, type Wanted } from '../graph/graph-case.ts'

/** A mail whose attachment was run, and reached for credentials then; everything named with `tag`. */
const intrusion = (tag: string, at: number, saved = 1, ran = 1): Wanted[] => [
  ['carries', `message:mail ${tag}`, `attachment:${tag}.zip`],
  ['saved-as', `attachment:${tag}.zip`, `file:${tag}.exe`, at, saved],
  ['executed-as', `file:${tag}.exe`, `process:${tag}.exe`, at + 5, ran],
  ['accessed-credentials', `process:${tag}.exe`, `process:lsass ${tag}`, at + 60],
  ['ran-on', `process:${tag}.exe`, `endpoint:ws-${tag}`],
]
const firstOf = async (graph: GraphCase) => {
  const [story] = (await graph.client.call('story.list', {})).rows
  return graph.client.call('story.get', { id: story?.id ?? '' })
}

describe('the mail a story began with', () => {
  const both = (early: number, late: number): Promise<GraphCase> =>
    GraphCase.stating([
      ...intrusion('late', 5000, 1, late),
      ...intrusion('early', 0, 1, early),
      ['same-campaign', 'message:mail early', 'message:mail late'],
    ])

  it('is of several that led as far the first that did, however sure the others are', async () => {
    await using graph = await both(0.7, 1)
    const { title, emailVector, paths } = await firstOf(graph)
    expect(title.params['subject']).toBe('mail early')
    expect(emailVector?.message.name).toBe('mail early')
    expect(paths[0]?.hops[0]?.from.name).toBe('mail early')
    // The other one is told as well.
    expect(paths.map((path) => path.hops[0]?.from.name)).toContain('mail late')
  })

  it('is the surest where the first may have led to nothing', async () => {
    await using graph = await both(0.4, 1)
    expect((await firstOf(graph)).emailVector?.message.name).toBe('mail late')
  })

  it('is the one that led further, though another was opened before', async () => {
    await using graph = await GraphCase.stating([
      ...intrusion('early', 0),
      ...intrusion('late', 5000),
      ['same-campaign', 'message:mail early', 'message:mail late'],
      ['remote-execution', 'process:late.exe', 'process:service', 6000],
      ['ran-on', 'process:service', 'endpoint:srv'],
    ])
    expect((await firstOf(graph)).emailVector?.message.name).toBe('mail late')
  })
})

describe('a mail that only a name ties to a story', () => {
  const saved = async (confidence: number) => {
    await using graph = await GraphCase.stating([
      ...intrusion('one', 0, confidence),
      ['delivered-to', 'message:mail one', 'mailbox:ann@corp.example', -60],
    ])
    return await firstOf(graph)
  }

  it('is a perhaps in the title and among the reasons, and no fact', async () => {
    const story = await saved(0.5)
    expect(story.title.key).toBe('story.title.mail_endpoint_maybe')
    expect(story.reasons).toContainEqual({ code: 'email_maybe', params: {}, weight: 1 })
    expect(story.reasons.map(({ code }) => code)).not.toContain('email_vector')
    const claim = story.claims.find(({ text }) => text.key === 'story.claim.saved')
    expect(claim).toMatchObject({ kind: 'interpretation', confidence: 0.5 })
  })

  it('is told flatly where its bytes tie it', async () => {
    const story = await saved(0.97)
    expect(story.title.key).toBe('story.title.mail_endpoint')
    expect(story.reasons.map(({ code }) => code)).toContain('email_vector')
    const claim = story.claims.find(({ text }) => text.key === 'story.claim.saved')
    expect(claim).toMatchObject({ kind: 'fact', confidence: 0.97 })
  })
})

describe('the sentence of a mail', () => {
  const sentence = async (...more: Wanted[]) => {
    await using graph = await GraphCase.stating([...intrusion('one', 0), ...more])
    const { claims } = await firstOf(graph)
    return claims.find(({ text }) => text.key.startsWith('story.claim.mail'))
  }

  it('does not say that it was delivered where no record does, and cites what holds it', async () => {
    const claim = await sentence()
    expect(claim?.text.key).toBe('story.claim.mail_sent')
    expect(claim?.proof.relations).toHaveLength(1)
  })

  it('counts its mailboxes', async () => {
    const claim = await sentence(
      ['delivered-to', 'message:mail one', 'mailbox:ann@corp.example', -60],
      ['delivered-to', 'message:mail one', 'mailbox:bob@corp.example', -60],
    )
    expect(claim?.text).toMatchObject({ key: 'story.claim.mail', params: { count: 2 } })
    expect(claim?.proof.relations).toHaveLength(2)
  })
})

describe('a story that no mail explains', () => {
  it('begins with the page from which its file was downloaded', async () => {
    await using graph = await GraphCase.stating([
      ...intrusion('one', 0).slice(2),
      // The browser makes the file, and marks it a moment later.
      ['dropped', 'process:chrome.exe', 'file:one.exe', -2],
      ['downloaded-to', 'url:http://driveby.example/one.exe', 'file:one.exe', -1],
    ])
    const { paths, title, emailVector } = await firstOf(graph)
    expect(emailVector).toBeNull()
    expect(title.params).toEqual({ first: 'one.exe', endpoint: 'ws-one' })
    expect(paths[0]?.hops[0]?.from.name).toBe('http://driveby.example/one.exe')
  })
})

describe('the path proposed where mails were opened and nothing followed', () => {
  let bench: Workbench
  const mail = (id: string, subject: string, url: string): string =>
    [
      `Message-ID: <${id}@evil.test>`,
      'From: S <s@evil.test>',
      'To: ann@corp.example',
      `Subject: ${subject}`,
      'Date: Tue, 10 Mar 2026 08:00:00 +0000',
      '',
      url,
      '',
    ].join('\r\n')
  const request = (second: number, url: string): string =>
    `${1_773_129_600 + second}.000 100 10.0.9.1 TCP_MISS/200 500 GET ${url} ann HIER_DIRECT/203.0.113.6 text/html`

  beforeEach(async () => {
    bench = await Workbench.open()
    await bench.import(bench.file('b.eml', mail('b', 'second', 'http://held.test/a')))
    await bench.import(bench.file('a.eml', mail('a', 'first', 'http://wrapped.test/p')))
    const log = [request(600, 'http://wrapped.test/p'), request(6000, 'http://held.test/a')]
    await bench.import(bench.file('access.log', `${log.join('\n')}\n`))
    const user = [
      'dn: CN=Ann,OU=Users,DC=corp,DC=example',
      ...['top', 'person', 'user'].map((one) => `objectClass: ${one}`),
      ...['cn: Ann', 'sAMAccountName: ann', 'objectSid: S-1-5-21-1-2-3-1101', 'mail: ann@corp.example'],
    ]
    await bench.import(bench.file('ad.ldif', `version: 1\n\n${user.join('\n')}\n`))
    await bench.client.run('pack.add', {
      grants: [bench.file('feed.txt', 'wrapped.test\nheld.test\n')],
    })
    await bench.client.run('correlation.run', {})
  })
  afterEach(() => bench.close())

  it('begins with the mail opened first, and says that of it', async () => {
    const [story] = (await bench.client.call('story.list', {})).rows
    expect(story?.title).toEqual({ key: 'story.title.mail', params: { subject: 'first' } })
    const [proposed] = await bench.client.call('path.suggest', {})
    expect(proposed?.from).toMatchObject({ kind: 'message', name: 'first' })
    expect(proposed?.reasons.map(({ key }) => key)).toEqual(['suggest.risk.dangerous', 'suggest.clicked'])
  })
})
