import { describe, expect, it } from 'vitest'
import type { EventKind, EventFields } from '../../../core/model/event.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { Exposures } from '../../../core/reputation/exposure.ts'
import { EventWriter } from '../../../core/store/event-writer.ts'
import { StringWriter } from '../../../core/store/strings.ts'
import { aMessage, TestCase } from './case-builder.ts'

const HOUR = 3_600_000_000
const START = Date.UTC(2026, 2, 1) * 1000

/** A message to Amy and Bob; events are added as an import would. */
function aCase() {
  const test = new TestCase(START + 100 * HOUR)
  const message = test.mail(
    aMessage({
      at: START,
      uniqueId: 'N-1',
      to: ['amy@corp.test', 'bob@corp.test'],
      mailbox: 'amy@corp.test',
    }),
  )
  test.mail(aMessage({ at: START, to: ['bob@corp.test'] }))
  test.relate('delivered-to', message, test.mailbox('amy@corp.test', 'Amy'), START)
  test.relate('delivered-to', message, test.mailbox('bob@corp.test', 'Bob'), START)
  const writer = new EventWriter(test.db, new StringWriter(test.db))
  let record = 500
  const add = (kind: EventKind, hours: number, fields: EventFields, who?: number) => {
    const id = writer.add(1, record++, { type: 'event', kind, at: START + hours * HOUR, fields })
    writer.flush()
    if (who !== undefined) test.db.prepare('UPDATE event SET user_id = ? WHERE id = ?').run(who, id)
    return String(id)
  }
  const of = (address: string) => {
    const rows = new Exposures(test.db, test.nowUs, false).of(message)
    const row = rows.find((one) => one.address === address)
    if (row === undefined) throw new Error(`no recipient ${address}`)
    return row
  }
  return { test, message, add, of, amy: test.entity('user', 'Amy'), bob: test.entity('user', 'Bob') }
}

describe('exposure to a message', () => {
  it('counts a click that names the message by the id of the mail system, for the one who clicked', () => {
    const { add, of } = aCase()
    const id = add('url-click', 2, {
      networkMessageId: 'n-1',
      accountMail: 'amy@corp.test',
      url: 'http://evil.test/a',
      outcome: 'success',
    })
    expect(of('amy@corp.test')).toMatchObject({ clickedAt: START + 2 * HOUR, isTouched: true, events: [id] })
    expect(of('bob@corp.test')).toMatchObject({ clickedAt: null, events: [] })
  })

  it('tells a click that was stopped from one that went through', () => {
    const { add, of } = aCase()
    add('url-click', 2, { accountMail: 'bob@corp.test', url: 'http://evil.test/a', outcome: 'failure' })
    expect(of('bob@corp.test')).toMatchObject({
      blockedAt: START + 2 * HOUR,
      clickedAt: null,
      isTouched: false,
    })
  })

  it('sees a link opened behind a rewritten address', () => {
    const { add, of } = aCase()
    add('url-click', 1, {
      accountMail: 'bob@corp.test',
      url: 'https://cas5-0-urlprotect.trendmicro.com/wis/clicktime/v1/query?url=http%3A%2F%2Fevil.test%2Fa',
    })
    expect(of('bob@corp.test').clickedAt).toBe(START + HOUR)
  })

  it('does not take clicks on other links, of other messages, of other people, or before the delivery', () => {
    const { add, of } = aCase()
    add('url-click', 2, { accountMail: 'amy@corp.test', url: 'http://evil.test/other' })
    add('url-click', 2, { accountMail: 'eve@corp.test', url: 'http://evil.test/a' })
    add('url-click', 2, {
      accountMail: 'amy@corp.test',
      url: 'http://evil.test/a',
      networkMessageId: 'other',
    })
    add('url-click', -2, { accountMail: 'amy@corp.test', url: 'http://evil.test/a' })
    expect(of('amy@corp.test')).toMatchObject({ clickedAt: null, isTouched: false })
  })

  it('finds the link in proxy requests of the person, and knows a blocked one', () => {
    const { add, of, amy, bob } = aCase()
    add('http-request', 3, { url: 'http://evil.test/a', httpStatus: 200 }, amy)
    add('http-request', 3, { url: 'http://evil.test/a', httpStatus: 403 }, bob)
    expect(of('amy@corp.test')).toMatchObject({ clickedAt: START + 3 * HOUR, blockedAt: null })
    expect(of('bob@corp.test')).toMatchObject({ clickedAt: null, blockedAt: START + 3 * HOUR })
  })

  it('takes the first encrypted connection to the host of a bad link, unless the person went there before', async () => {
    const { test, add, of, amy, bob } = aCase()
    add('tls-connection', 4, { destinationHost: 'evil.test' }, amy)
    expect(of('amy@corp.test').clickedAt, 'no pack speaks against the link').toBeNull()
    const stated = { name: 'feed', version: '1', createdAt: START, level: null, levels: {} }
    await addPack(test.context, test.file('feed.txt', 'evil.test\n'), stated)
    add('tls-connection', 3, { destinationHost: 'evil.test' }, amy)
    add('tls-connection', -30, { destinationHost: 'evil.test' }, bob)
    add('tls-connection', 3, { destinationHost: 'evil.test' }, bob)
    expect(of('amy@corp.test')).toMatchObject({ clickedAt: START + 3 * HOUR, perhaps: ['clicked'] })
    expect(of('bob@corp.test')).toMatchObject({ clickedAt: null, perhaps: [] })
    // A request that shows the whole link says more, though it came later.
    add('http-request', 5, { url: 'http://evil.test/a', httpStatus: 200 }, amy)
    expect(of('amy@corp.test')).toMatchObject({ clickedAt: START + 5 * HOUR, perhaps: [] })
  })

  it('says when the message was opened and when the copy was removed', () => {
    const { add, of } = aCase()
    add('mailbox-access', 1, {
      messageId: 'm1@mail.test',
      accountMail: 'amy@corp.test',
      action: 'MailItemsAccessed',
    })
    add('mail-removed', 5, { messageId: 'm1@mail.test', accountMail: 'amy@corp.test', action: 'SoftDelete' })
    expect(of('amy@corp.test')).toMatchObject({ openedAt: START + HOUR, removedAt: START + 5 * HOUR })
    expect(of('bob@corp.test')).toMatchObject({ openedAt: null, removedAt: null })
  })

  it('follows the message on: forwards and replies of each recipient', () => {
    const { test, message, of } = aCase()
    const mail = (id: string, subject: string, from: string, to: string) =>
      test.mail(aMessage({ messageId: id, subject, from: { address: from }, to: [to], at: START + HOUR }))
    const forward = mail('f', 'FW: Invoice', 'amy@corp.test', 'carol@corp.test')
    const reply = mail('r', 'RE: Invoice', 'bob@corp.test', 'bad@evil.test')
    test.relate('forwarded-as', message, forward, START + HOUR)
    test.relate('forwarded-as', message, reply, START + HOUR)
    expect(of('amy@corp.test').passedOn).toMatchObject([
      { kind: 'forward', message: { id: String(forward) } },
    ])
    expect(of('bob@corp.test').passedOn).toMatchObject([{ kind: 'reply', message: { id: String(reply) } }])
  })
})
