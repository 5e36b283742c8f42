import { describe, expect, it } from 'vitest'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import appChange from '../../../core/correlation/rules/cloud.app-change.rule.ts'
import oddSignIn from '../../../core/correlation/rules/cloud.odd-sign-in.rule.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { findRelations } from '../../support/case-builder.ts'
import { GraphCase } from '../graph/graph-case.ts'

const APP = '99999999-1111-4000-8000-00000000e711'
const LINK = `https://login.identity.example/authorize?client_id=${APP}&scope=Mail.Read`
const did = (kind: EventKind, seconds: number, fields: EventFields) =>
  exampleEvent(kind, seconds, {
    host: undefined,
    account: 'amber@corp.example',
    accountMail: 'amber@corp.example',
    outcome: 'success',
    ...fields,
  })
const mail = exampleMessage(0, {
  uniqueId: 'n1',
  mailbox: 'amber@corp.example',
  urls: [{ url: LINK, where: 'body' }],
})
const click = did('url-click', 600, { url: LINK, networkMessageId: 'n1' })
const consent = (seconds: number, app = APP) =>
  did('cloud-activity', seconds, {
    action: 'Consent to application',
    target: 'PDF Tools',
    detail: `category: ApplicationManagement; AppId: ${app}; Scope: Mail.Read`,
  })

describe('consent to an application that a link of a mail asked for', () => {
  const found = (...items: Parameters<typeof GraphCase.of>[0][number][]) =>
    findRelations([exampleUser('amber', 1105), mail, ...items], [appChange]).detections

  it('is told with the link and the minutes between, and weighs more', () => {
    const [detection] = found(click, consent(720))
    expect(detection).toMatchObject({ what: 'app-consent', level: 'high', confidence: 0.8, proofs: 2 })
    expect(detection?.reason).toMatchObject({
      key: 'rule.cloud.app-change.reason.clicked',
      params: { minutes: 2 },
    })
    expect(detection?.involved).toContain(LINK)
  })

  it('is another matter for another application, or hours later', () => {
    for (const other of [consent(720, APP.replace('9', '8')), consent(3 * 3600)])
      expect(found(click, other)).toMatchObject([{ level: 'medium', confidence: 0.9, proofs: 1 }])
  })

  it('is one story with the mail', async () => {
    await using graph = await GraphCase.of([exampleUser('amber', 1105), mail, click, consent(720)])
    const [story] = (await graph.client.call('story.list', {})).rows
    expect(story?.title).toMatchObject({ key: 'story.title.mail', params: { subject: 'Invoice' } })
  })
})

describe('a sign-in by a device code', () => {
  const signIn = (day: number, location: string, protocol?: string) =>
    did('cloud-sign-in', day * 86_400, {
      location,
      sourceIp: '203.0.113.9',
      ...(protocol ? { protocol } : {}),
    })
  const levels = (...items: Parameters<typeof GraphCase.of>[0][number][]) =>
    findRelations([exampleUser('amber', 1105), ...items], [oddSignIn])
      .detections.filter(({ what }) => what === 'device-code-sign-in')
      .map(({ level }) => level)

  it('weighs little from where the account signs in, much from elsewhere', () => {
    expect(levels(signIn(0, 'Hamburg, DE'), signIn(1, 'Hamburg, DE', 'deviceCode'))).toEqual(['low'])
    expect(levels(signIn(0, 'Hamburg, DE'), signIn(1, 'Lagos, NG', 'deviceCode'))).toEqual(['high'])
  })

  it('is not told of an account that has long used codes', () => {
    const days = [0, 1, 2, 3, 4].map((day) => signIn(day, 'Hamburg, DE', 'deviceCode'))
    expect(levels(...days)).toEqual(['low', 'low', 'low'])
  })
})
