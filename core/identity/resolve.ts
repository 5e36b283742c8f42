import type { WriteStore } from '../store/store.ts'
import { activeDecisions, applyDecisions, keysToJoin, moveRows } from './apply-decisions.ts'
import type { Decision } from './decisions.ts'
import { addDirectoryEntities } from './directory.ts'
import { EntityBook } from './entity-book.ts'
import { addAccounts, addHosts, learnDomainNames, isSensed, type EventNames } from './from-events.ts'
import { type GenerationPlan, type Generations, makeGenerations, planGenerations } from './generations.ts'
import { addMailboxes } from './from-mail.ts'
import { saveMailEntities } from './mail-entities.ts'
import { addProductIds, type ProductNames } from './product-ids.ts'
import { IdentityRows, linkRows, namesOf, numberEntities } from './save.ts'

interface Names {
  readonly book: EntityBook
  readonly events: EventNames
  readonly products: ProductNames
  readonly plans: readonly GenerationPlan[]
  readonly generations: readonly Generations[]
}

/**
 * Everybody and everything that is named, out of everything stored.
 * @param planned generations of machines as they were before anybody joined them; found when left out
 */
function readNames(db: WriteStore, book: EntityBook, planned?: readonly GenerationPlan[]): Names {
  const events: EventNames = { hosts: new Map(), accounts: new Map(), local: new Map(), sessions: new Map() }
  addDirectoryEntities(db, book, learnDomainNames(db))
  addHosts(db, book, events)
  addAccounts(db, book, events)
  addMailboxes(db, book)
  const products = addProductIds(db, book, events)
  const plans = planned ?? planGenerations(db, book, events, products)
  const generations = makeGenerations(book, plans, events, products)
  return { book, events, products, plans, generations }
}

/** The same, with those that an analyst made one read as one; what was called by a name of both is then theirs. */
function readJoined(db: WriteStore, decisions: readonly Decision[]): Names {
  const apart = readNames(db, new EntityBook())
  const joined = keysToJoin(apart.book, decisions)
  if (joined.size === 0) return apart
  const book = new EntityBook(joined)
  for (const [address, key] of apart.book.mailboxes) book.mailboxes.set(address, key)
  const names = readNames(db, book, apart.plans)
  // Joined ones are called what the first was called, and mailboxes what they were.
  const named = new Set(joined.values())
  for (const entity of book.entities.values()) {
    if (entity.kind !== 'mailbox' && !named.has(entity.key)) continue
    entity.name = apart.book.entities.get(entity.key)?.name ?? entity.name
  }
  return names
}

/**
 * Who is who: builds users, endpoints, groups and mailboxes from everything stored, gives them their numbers, and notes on
 * events which entity they mean. Messages, attachments and URLs are too many to hold: `saveMailEntities` writes them.
 * The order is the order of trust: directory, records with SIDs, names, mail addresses, ids of products. What an analyst
 * merged or split stands above all of them.
 * @returns the book, for rules that look names up; its names and facts are not written yet
 */
export function buildIdentities(db: WriteStore, run: number): EntityBook {
  const decisions = activeDecisions(db)
  const { book, events, products, generations } = readJoined(db, decisions)
  const splits = applyDecisions(db, book, decisions, events, products, generations)
  numberEntities(db, book, run)
  linkRows(db, events, products, generations)
  moveRows(db, splits, isSensed(db))
  return book
}

/** Identity alone, written whole. */
export function resolveIdentities(db: WriteStore, run: number): EntityBook {
  const book = buildIdentities(db, run)
  const rows = new IdentityRows(db, run)
  for (const entity of book.entities.values()) rows.write(entity, namesOf(entity))
  saveMailEntities(db, run, (entity) => rows.write(entity, namesOf(entity)))
  return book
}
