import type { WriteStore } from '../store/store.ts'
import { addDirectoryEntities } from './directory.ts'
import { EntityBook } from './entity-book.ts'
import { addAccounts, addHosts, learnDomainNames, type EventNames } from './from-events.ts'
import { addMailEntities, type MailNames } from './from-mail.ts'
import { addProductIds } from './product-ids.ts'
import { IdentityRows, linkRows, namesOf, numberEntities } from './save.ts'

/**
 * Who is who: builds users, endpoints, groups, mailboxes, messages, attachments and URLs from everything stored, gives them
 * their numbers, and notes on events and mail rows which entity they mean.
 * The order is the order of trust: directory, records with SIDs, names, mail addresses, ids of products.
 * @returns the book, for rules that look names up; its names and facts are not written yet
 */
export function buildIdentities(db: WriteStore, run: number): EntityBook {
  const book = new EntityBook()
  const events: EventNames = { hosts: new Map(), accounts: new Map() }
  const mail: MailNames = { messages: new Map(), urls: new Map(), attachments: new Map() }
  addDirectoryEntities(db, book, learnDomainNames(db))
  addHosts(db, book, events)
  addAccounts(db, book, events)
  addMailEntities(db, book, mail)
  const products = addProductIds(db, book, events)
  numberEntities(db, book, run)
  linkRows(db, events, products, mail)
  return book
}

/** Identity alone, written whole. */
export function resolveIdentities(db: WriteStore, run: number): EntityBook {
  const book = buildIdentities(db, run)
  const rows = new IdentityRows(db, run)
  for (const entity of book.entities.values()) rows.write(entity, namesOf(entity))
  return book
}
