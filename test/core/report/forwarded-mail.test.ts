import { describe, expect, it } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import { isForwardTarget } from '../../../core/indicators/of-findings.ts'
import { sampleReply } from '../../support/sample-input.ts'
import { fakeAsk } from './fake-case.ts'

type Asset = ResultOf<'story.assets'>['rows'][number]
type Mailbox = ResultOf<'entity.search'>['rows'][number]

const target: Asset = {
  entity: { id: '5', kind: 'mailbox', name: 'drop@freemail.example' },
  roles: ['changed'],
  firstAt: null,
  lastAt: null,
  rating: 'unrated',
  isCandidate: false,
  proof: { relations: ['9'], detections: [], events: [], evidence: [] },
}

/** A case in which a mailbox forwards to another one, whose owner is known or not, as is that of a neighbour of its domain. */
const asked = (to: string, hasOwner: boolean, isOwnDomain: boolean) => {
  const mailbox = (name: string, isOwned: boolean): Mailbox => ({
    id: '5',
    kind: 'mailbox',
    name,
    firstSeenAt: null,
    lastSeenAt: null,
    attributes: isOwned ? { hasOwner: true } : {},
    relations: 1,
    risk: null,
    aliases: [],
  })
  return fakeAsk({
    'relation.get': () => ({
      ...methods['relation.get'].output.parse(sampleReply('relation.get')),
      kind: 'forwards-to' as const,
      to: { id: to, kind: 'mailbox' as const, name: '' },
    }),
    'entity.get': () => mailbox('drop@freemail.example', hasOwner),
    'entity.search': () => ({
      rows: [mailbox('neighbour@freemail.example', isOwnDomain)],
      next: null,
      total: 1,
    }),
  })
}

describe('a receiver of forwarded mail', () => {
  it('is an indicator where nobody of the organisation owns it', async () => {
    expect(await isForwardTarget(asked('5', false, false), target)).toBe(true)
  })

  it.each([
    ['a colleague', asked('5', true, false)],
    ['a shared mailbox of the organisation', asked('5', false, true)],
    ['the mailbox that forwards', asked('6', false, false)],
  ])('is none where it is %s', async (_, ask) => {
    expect(await isForwardTarget(ask, target)).toBe(false)
  })
})
