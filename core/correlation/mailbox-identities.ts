import type { BookEntity } from '../identity/entity-book.ts'
import { toGuid } from '../normalise/guid.ts'
import { findAccount } from './accounts.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** What stands before the at sign, in lower case. */
const localPart = (address: string): string => address.toLowerCase().split('@')[0] ?? ''

/**
 * What Exchange calls a mailbox: its address, but as well its alias, the display name, distinguished name or id of its owner, or a path
 * that ends with one of them (`corp.example/Users/Amber`). A name that several could mean stays a name.
 */
export class MailboxIdentities {
  readonly #view: CorrelationView
  /** Local part -> the one address that has it, of mailboxes of people of the case; null for several. */
  #byLocalPart: Map<string, string | null> | undefined

  constructor(view: CorrelationView) {
    this.#view = view
  }

  /** The address of the mailbox that a record means; what is written where that is none, or not the only one. */
  addressOf(written: string, event: ViewEvent): string {
    const text = written.replace(/^smtp:/i, '').trim()
    const isDn = /^cn=/i.test(text)
    const name = isDn ? text : (text.split('\\')[0]?.split('/').at(-1) ?? text)
    if (name.includes('@') && !isDn) return name
    const owner = this.#ownerOf(name, isDn)
    const stated = owner === undefined ? undefined : primaryOf(owner)
    // People change their own mailboxes: theirs is meant first, unless the name is that of somebody else.
    const { account = '', accountMail = account } = event.fields
    if (accountMail.includes('@') && localPart(accountMail) === name.toLowerCase())
      return stated === undefined || owner?.id === event.userId ? accountMail : name
    return stated ?? this.#localParts().get(name.toLowerCase()) ?? name
  }

  #ownerOf(name: string, isDn: boolean): BookEntity | undefined {
    const { book } = this.#view
    if (isDn) return book.find('user', 'dn', name)
    const id = toGuid(name)
    if (id === undefined) return findAccount(this.#view, name)
    return book.find('user', 'object-id', id) ?? book.find('user', 'guid', id)
  }

  #localParts(): Map<string, string | null> {
    if (this.#byLocalPart) return this.#byLocalPart
    const owners = new Map<string, { mailbox: number; address: string | null }>()
    for (const mailbox of this.#view.entities('mailbox')) {
      if (mailbox.attributes['hasOwner'] !== true && mailbox.attributes['isShared'] !== true) continue
      for (const { kind, value } of mailbox.aliases.values()) {
        if (kind !== 'smtp') continue
        const known = owners.get(localPart(value))
        const isOther = known !== undefined && known.mailbox !== mailbox.id
        owners.set(localPart(value), { mailbox: mailbox.id, address: isOther ? null : mailbox.name })
      }
    }
    this.#byLocalPart = new Map([...owners].map(([part, { address }]) => [part, address]))
    return this.#byLocalPart
  }
}

function primaryOf(user: BookEntity): string | undefined {
  const { mail } = user.attributes
  if (typeof mail === 'string') return mail
  for (const kind of ['smtp', 'upn'])
    for (const alias of user.aliases.values()) if (alias.kind === kind) return alias.value
  return undefined
}
