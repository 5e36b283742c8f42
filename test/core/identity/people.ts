import { anEvent, TestCase } from '../../support/case-builder.ts'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { DirectoryItem } from '../../../core/model/directory.ts'
import type { EventFields, EventItem } from '../../../core/model/event.ts'
import type { MessageItem } from '../../../core/model/message.ts'

/** The domain SID of {@link exampleUser} is `S-1-5-21-1-2-3`; the other domain's is `S-1-5-21-9-9-9`. */
export const sid = (rid: number): string => `S-1-5-21-1-2-3-${rid}`
export const otherSid = (rid: number): string => `S-1-5-21-9-9-9-${rid}`

/** A logon event with the given fields. */
export const aLogon = (fields: EventFields, at = '2026-03-10T08:00:00Z'): EventItem =>
  anEvent('logon', at, { logonType: 2, ...fields })

export const aUser = (name: string, rid: number, facts: Partial<DirectoryItem> = {}): DirectoryItem => ({
  ...exampleUser(name, rid),
  ...facts,
})

/** A directory computer `NAME$` with the DNS name `name.domain`. */
export function aComputer(name: string, rid: number, facts: Partial<DirectoryItem> = {}): DirectoryItem {
  const domain = facts.domain ?? 'corp.example'
  return {
    type: 'directory',
    kind: 'computer',
    objectId: sid(rid),
    sid: sid(rid),
    name: `${name}.${domain}`.toUpperCase(),
    samAccountName: `${name.toUpperCase()}$`,
    dnsHostName: `${name}.${domain}`,
    domain,
    edges: [],
    ...facts,
  }
}

export const aMail = (facts: Partial<MessageItem> & { mailbox?: string }): MessageItem =>
  exampleMessage(0, facts)

/** An entity with all its names, as a test compares it. */
export interface Known {
  readonly id: number
  readonly kind: string
  readonly key: string
  readonly name: string
  /** `kind:value`, sorted. */
  readonly aliases: readonly string[]
}

const entities = 'SELECT id, kind, key, name FROM entity ORDER BY key'
const aliases = 'SELECT kind, value FROM alias WHERE entity_id = ? ORDER BY kind, value'

/** All entities of a kind, by key. */
export function listEntities(testCase: TestCase, kind?: string): Known[] {
  const rows = testCase.db.prepare(entities).all() as Omit<Known, 'aliases'>[]
  return rows
    .filter((row) => kind === undefined || row.kind === kind)
    .map((row) => ({
      ...row,
      aliases: (testCase.db.prepare(aliases).all(row.id) as { kind: string; value: string }[]).map(
        (alias) => `${alias.kind}:${alias.value}`,
      ),
    }))
}

/** Keys of the users that identity makes of the items. */
export function usersOf(items: readonly RecordItem[]): string[] {
  using testCase = new TestCase()
  testCase.store(items)
  testCase.correlate([])
  return listEntities(testCase, 'user').map((user) => user.key)
}

/** Keys of the entities that events were linked to, in the order of the events. */
export function linkedTo(testCase: TestCase, column: 'user_id' | 'endpoint_id'): (string | null)[] {
  const sql = {
    user_id: 'SELECT n.key FROM event e LEFT JOIN entity n ON n.id = e.user_id ORDER BY e.id',
    endpoint_id: 'SELECT n.key FROM event e LEFT JOIN entity n ON n.id = e.endpoint_id ORDER BY e.id',
  }
  return testCase.db.prepare(sql[column]).pluck().all() as (string | null)[]
}
