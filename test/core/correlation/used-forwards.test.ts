import { describe, expect, it } from 'vitest'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import change from '../../../core/correlation/rules/mailbox.change.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

/** The forward from amber to basil, with a message that came to amber at 0 and to basil so many seconds later. */
function forward(later: number, setAt = -86_400) {
  const { relations } = findRelations(
    [
      exampleUser('amber', 1105),
      exampleUser('basil', 1106),
      exampleEvent('mailbox-rule', setAt, {
        host: undefined,
        account: 'amber@corp.example',
        action: 'New-InboxRule',
        outcome: 'success',
        target: 'Forward',
        recipient: 'basil@corp.example',
        detail: 'ForwardTo: basil@corp.example',
      }),
      exampleMessage(0, { mailbox: 'amber@corp.example' }),
      exampleMessage(later, { mailbox: 'basil@corp.example' }),
    ],
    [change],
  )
  return relations
    .filter(({ kind }) => kind === 'forwards-to')
    .map(({ from, to, reason, confidence }) => [from, to, reason.key.split('.').at(-1), confidence])
}

describe('a copy that came seconds after the mailbox that forwards', () => {
  it('came by the forward', () => {
    expect(forward(5)).toEqual([['amber@corp.example', 'basil@corp.example', 'forward_used', 0.93]])
  })
  it('did not where it came at the same time, long after, or before the forward was set', () => {
    const only = [['amber@corp.example', 'basil@corp.example', 'forwards', 0.9]]
    expect(forward(0)).toEqual(only)
    expect(forward(3600)).toEqual(only)
    expect(forward(5, 600)).toEqual(only)
  })
})
