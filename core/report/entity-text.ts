import type { EntityKind } from '../model/relation.ts'
import { defang, defangAddress } from './render/text.ts'

const ADDRESSES: ReadonlySet<EntityKind> = new Set<EntityKind>(['url', 'domain', 'ip', 'mailbox'])

/** An entity's whole name as it may be printed: broken when it is an address, and searched for addresses otherwise. */
export const entityText = (entity: { readonly kind: EntityKind; readonly name: string }): string =>
  ADDRESSES.has(entity.kind) ? defangAddress(entity.name) : defang(entity.name)

/** A name in a sentence or cell; an attacker's URL of thousands of characters must not push everything else off the page. */
const MAX_NAME = 160

/** A name cut to a length that reads; whole names stand in the indicators and the raw records. */
const shortName = (name: string): string =>
  name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME).toWellFormed()} […+${name.length - MAX_NAME}]`

/** An entity's name in a sentence, cell or caption: broken and short. */
export const printedName = (entity: { readonly kind: EntityKind; readonly name: string }): string =>
  shortName(entityText(entity))
