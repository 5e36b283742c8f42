import { describe, expect, it } from 'vitest'
import { replayActions, toMailAction, type ActionRecord } from '../../../core/reputation/action-history.ts'
import { getMessage } from '../../../core/mail/message-detail.ts'
import { MessageDetail } from '../../../core/contract/nouns/mail.ts'
import { EventWriter } from '../../../core/store/event-writer.ts'
import { StringWriter } from '../../../core/store/strings.ts'
import { aMessage, TestCase } from './case-builder.ts'

const MINUTE = 60_000_000
const START = Date.UTC(2026, 2, 1) * 1000

const record = (minute: number | null, word: string, more: Partial<ActionRecord> = {}): ActionRecord => ({
  mailbox: 'amy@corp.test',
  at: minute === null ? null : START + minute * MINUTE,
  word,
  action: toMailAction(word),
  succeeded: true,
  event: null,
  source: { evidenceId: 1, record: 1 },
  ...more,
})
const told = (...records: readonly ActionRecord[]) => {
  const [copy] = replayActions(records)
  return {
    state: copy?.state,
    removedAt: copy?.removedAt ?? null,
    steps: copy?.steps.map(
      (step) => `${step.action}: ${step.from} -> ${step.to}${step.isPossible ? '' : ' !'}`,
    ),
  }
}

describe('the words of mail products', () => {
  it.each([
    ['Quarantine', 'quarantined'],
    ['Moved to quarantine', 'quarantined'],
    ['Released from quarantine', 'released'],
    ['move out of trash', 'restored'],
    ['Moved to junk folder', 'junked'],
    ['HardDelete', 'deleted'],
    ['MoveToDeletedItems', 'deleted'],
    ['Move to inbox', 'moved'],
    ['delivered', 'delivered'],
    ['Pass', 'delivered'],
    ['Blocked', 'stopped'],
    ['notify', 'other'],
  ])('%s means %s', (word, action) => {
    expect(toMailAction(word)).toBe(action)
  })
})

describe('the history of a copy', () => {
  it('goes from the mailbox into quarantine and back', () => {
    expect(told(record(20, 'release'), record(0, 'delivered'), record(10, 'quarantine'))).toEqual({
      state: 'delivered',
      removedAt: null,
      steps: [
        'delivered: unknown -> delivered',
        'quarantined: delivered -> quarantined',
        'released: quarantined -> delivered',
      ],
    })
  })

  it('marks what a copy cannot do, and stays where it was', () => {
    expect(told(record(0, 'delivered'), record(5, 'release')).steps?.[1]).toBe(
      'released: delivered -> delivered !',
    )
    expect(told(record(0, 'rejected'), record(5, 'quarantine'))).toMatchObject({
      state: 'stopped',
      steps: ['stopped: unknown -> stopped', 'quarantined: stopped -> stopped !'],
    })
    expect(told(record(0, 'delivered'), record(5, 'delete'), record(9, 'quarantine')).steps?.[2]).toContain(
      '!',
    )
    expect(
      told(record(0, 'delivered'), record(5, 'delete'), record(9, 'recover'), record(10, 'quarantine')),
    ).toMatchObject({
      state: 'quarantined',
    })
  })

  it('does not move by a step that failed, and counts one told twice once', () => {
    expect(told(record(0, 'delivered'), record(5, 'quarantine', { succeeded: false }))).toMatchObject({
      state: 'delivered',
    })
    expect(told(record(0, 'delivered'), record(0, 'Delivered'), record(3, 'delete')).steps).toHaveLength(2)
  })

  it('keeps steps without a time last, and says since when the copy is gone', () => {
    const copy = told(record(null, 'delete'), record(0, 'delivered'))
    expect(copy.steps).toEqual(['delivered: unknown -> delivered', 'deleted: delivered -> deleted'])
    expect(told(record(0, 'delivered'), record(7, 'quarantine'), record(9, 'delete')).removedAt).toBe(
      START + 7 * MINUTE,
    )
  })

  it('is one per mailbox', () => {
    const copies = replayActions([
      record(0, 'delivered'),
      record(0, 'quarantine', { mailbox: 'bob@corp.test' }),
    ])
    expect(copies.map((copy) => [copy.mailbox, copy.state])).toEqual([
      ['amy@corp.test', 'delivered'],
      ['bob@corp.test', 'quarantined'],
    ])
  })

  it('is made of copies and of events after delivery, by either id', () => {
    const test = new TestCase(START + 100 * MINUTE)
    const message = test.mail(aMessage({ at: START, uniqueId: 'N-1', mailbox: 'amy@corp.test' }))
    test.mail(aMessage({ messageId: 'other@mail.test', at: START }))
    const events = new EventWriter(test.db, new StringWriter(test.db))
    const add = (minute: number, fields: Record<string, string>) =>
      events.add(1, 500 + minute, {
        type: 'event',
        kind: 'mail-removed',
        at: START + minute * MINUTE,
        fields,
      })
    add(5, {
      networkMessageId: 'n-1',
      accountMail: 'amy@corp.test',
      action: 'Moved to quarantine',
      outcome: 'success',
    })
    add(9, { messageId: 'm1@mail.test', accountMail: 'amy@corp.test', action: 'Deleted', outcome: 'failure' })
    add(9, { messageId: 'somebody@else.test', accountMail: 'amy@corp.test', action: 'Deleted' })
    events.flush()
    const detail = getMessage(test.db, test.nowUs, message)
    expect(MessageDetail.shape.history.parse(detail.history)).toEqual(detail.history)
    expect(detail.history).toMatchObject([
      {
        mailbox: 'amy@corp.test',
        state: 'quarantined',
        steps: [
          { action: 'delivered', succeeded: true },
          { action: 'quarantined', word: 'Moved to quarantine', to: 'quarantined' },
          { action: 'deleted', succeeded: false, to: 'quarantined' },
        ],
      },
    ])
  })
})
