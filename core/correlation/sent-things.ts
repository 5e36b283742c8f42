import { extensionOf } from './file-names.ts'
import type { MessageCopy } from './message-copy.ts'
import { PopularHosts, registeredDomain } from './rare-hosts.ts'
import type { CorrelationView } from './view.ts'

/** Pictures and signatures travel with every answer. */
const DECORATION = /^(?:png|jpe?g|gif|bmp|ico|svg|webp|css|vcf|ics|p7s|asc)$/

/** Who owns which mailbox, and which links say nothing. */
export interface Household {
  /** Mailbox -> its user; 0 for nobody of the organisation. */
  readonly owners: ReadonlyMap<number, number>
  /** Registered domains of the organisation's own mailboxes. */
  readonly own: ReadonlySet<string>
  readonly popular: PopularHosts
}

export function householdOf(view: CorrelationView): Household {
  const { copies } = view.mail
  const owners = new Map<number, number>()
  const own = new Set<string>()
  for (const copy of copies)
    for (const mailbox of [...copy.mailboxes, ...(copy.from ? [copy.from] : [])]) {
      if (owners.has(mailbox.id)) continue
      const owner = view.mail.ownerOf(mailbox)
      owners.set(mailbox.id, owner?.user.id ?? 0)
      if (owner) own.add(registeredDomain(mailbox.name.split('@').at(-1)?.toLowerCase() ?? ''))
    }
  return { owners, own, popular: new PopularHosts(copies) }
}

/** Things worth following: links to rare hosts outside, and files that are no decoration. */
export function thingsOf(
  copy: MessageCopy,
  popular: PopularHosts,
  own: ReadonlySet<string>,
): { key: string; what: string; host?: string; place: number }[] {
  const links = copy.urls
    .filter(({ host }) => !popular.has(host) && !own.has(registeredDomain(host)))
    .map(({ entity, url, host, place }) => ({ key: `u ${entity.id}`, what: url.slice(0, 200), host, place }))
  const files = copy.attachments.flatMap((file) => {
    const hash = file.sha256 ?? file.sha1
    return hash === null || DECORATION.test(extensionOf(file.name))
      ? []
      : [{ key: `f ${hash.toLowerCase()}`, what: file.name, place: file.place }]
  })
  return [...links, ...files]
}
