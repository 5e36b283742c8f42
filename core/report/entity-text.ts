import type { EntityKind } from '../model/relation.ts'
import { defang, defangAddress } from './render/text.ts'

const ADDRESSES: ReadonlySet<EntityKind> = new Set<EntityKind>(['url', 'domain', 'ip', 'mailbox'])

/** An entity's name as it may be printed: broken when it is an address, and searched for addresses otherwise. */
export const entityText = (entity: { readonly kind: EntityKind; readonly name: string }): string =>
  ADDRESSES.has(entity.kind) ? defangAddress(entity.name) : defang(entity.name)
