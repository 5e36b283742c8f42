import { describe, expect, it } from 'vitest'
import type { ReplyOf } from '../../../core/contract/types.ts'
import { namesakes, tellApart } from '../../../renderer/text/tell-apart.ts'

type Thing = ReplyOf<'entity.get'>
const thing = (id: string, name: string, more: Partial<Thing> = {}): Thing => ({
  id,
  kind: 'user',
  name,
  firstSeenAt: null,
  lastSeenAt: null,
  attributes: {},
  relations: 0,
  risk: null,
  aliases: [],
  ...more,
})
const since = (iso: string): string => `since ${iso.slice(0, 10)}`
const told = (...things: Thing[]) => Object.fromEntries(tellApart(things, since))

describe('telling things of one name apart', () => {
  it('says nothing of a name that stands once, or of one thing listed twice', () => {
    const admin = thing('1', 'Administrator', { attributes: { domain: 'ghost.corp' } })
    expect(namesakes([admin, admin, thing('2', 'amy')])).toEqual([])
    expect(told(admin, admin)).toEqual({})
  })

  it('takes the first fact that all of them have and none shares', () => {
    const one = thing('1', 'Priya', { attributes: { domain: 'corp.example', samAccountName: 'priya' } })
    const other = thing('2', 'priya', { attributes: { domain: 'corp.example', samAccountName: 'priya2' } })
    expect(told(one, other)).toEqual({ 1: 'priya', 2: 'priya2' })
  })

  it('falls back on when each was first seen, then on its number', () => {
    const machine = (id: string, firstSeenAt: string | null) =>
      thing(id, 'WS5', { kind: 'endpoint', firstSeenAt })
    expect(told(machine('1', '2020-09-20T00:00:00Z'), machine('2', '2021-06-12T00:00:00Z'))).toEqual({
      1: 'since 2020-09-20',
      2: 'since 2021-06-12',
    })
    expect(told(machine('1', null), machine('2', '2021-06-12T00:00:00Z'))).toEqual({ 1: '#1', 2: '#2' })
  })

  it('keeps kinds apart: an account and a machine of one name have their signs', () => {
    expect(told(thing('1', 'web'), thing('2', 'web', { kind: 'endpoint' }))).toEqual({})
  })
})
