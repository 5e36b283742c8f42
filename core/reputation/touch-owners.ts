import type { EntityRef } from '../contract/shapes.ts'
import { isSystemAccount } from '../identity/well-known.ts'
import type { Touch } from './message-touches.ts'
import type { Recipient } from './recipient-list.ts'
import type { Step } from './trace-relations.ts'

/** Somebody to whom something that was done with a message may belong. */
export interface Person {
  /** Null: not a recipient, yet something was done in the name of `user`. */
  readonly recipient: Recipient | null
  readonly user: EntityRef | null
  readonly logons: readonly Step[]
  /** Ids of the endpoints the user works on. */
  readonly uses: ReadonlySet<string>
}

/** Accounts of the machine itself act for whoever sits there. */
const isPerson = ({ name }: EntityRef): boolean => !isSystemAccount(name) && !name.endsWith('$')

/**
 * Users in whose name something was done with a message and who did not get it: they opened its link; or they ran what came with it, on
 * an endpoint where no recipient and none of the former works.
 * @param uses ids of endpoints that recipients work on
 */
export function findOutsiders(
  touches: readonly Touch[],
  recipients: readonly Recipient[],
  uses: ReadonlySet<string>,
): EntityRef[] {
  const known = new Set(recipients.flatMap(({ user }) => user?.id ?? []))
  const found = new Map<string, EntityRef>()
  const places = new Set(uses)
  const byKind = [...touches].sort((a, b) => Number(a.kind !== 'opened') - Number(b.kind !== 'opened'))
  for (const { kind, user, endpoint } of byKind) {
    if (user === null || known.has(user.id) || !isPerson(user)) continue
    const isElsewhere = endpoint === null || !places.has(endpoint.id)
    if (kind !== 'opened' && !isElsewhere) continue
    found.set(user.id, user)
    if (kind === 'opened' && endpoint !== null) places.add(endpoint.id)
  }
  return [...found.values()]
}

/**
 * Ties what happened to people: to the one named in it; else to those who work on the endpoint (a program may run as somebody else), of
 * several to those named in another touch; else to the only recipient of a link or file that no other message carries, when nothing is
 * known of where that person works. What somebody else is named in is nobody else's.
 */
export function assignTouches(
  touches: readonly Touch[],
  people: readonly Person[],
): ReadonlyMap<Person, readonly Touch[]> {
  const byUser = new Map(
    people.flatMap((person) => (person.user === null ? [] : [[person.user.id, person] as const])),
  )
  const named = new Set(touches.flatMap((touch) => byUser.get(touch.user?.id ?? '') ?? []))
  const recipients = people.filter((person) => person.recipient !== null)
  const assigned = new Map<Person, Touch[]>()
  for (const touch of touches)
    for (const person of peopleOf(touch)) {
      const list = assigned.get(person)
      if (list === undefined) assigned.set(person, [touch])
      else list.push(touch)
    }
  return assigned

  function peopleOf(touch: Touch): readonly Person[] {
    const { user, endpoint } = touch
    const person = byUser.get(user?.id ?? '')
    if (person !== undefined) return [person]
    const there = people.filter(({ uses }) => endpoint !== null && uses.has(endpoint.id))
    if (there.length > 0)
      return there.some((one) => named.has(one)) ? there.filter((one) => named.has(one)) : there
    const [only] = recipients
    const isOnly = recipients.length === 1 && user === null && !touch.isShared && only?.logons.length === 0
    return isOnly && only !== undefined ? [only] : []
  }
}
