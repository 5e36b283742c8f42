import { getDomain, getDomainWithoutSuffix } from 'tldts'
import type { Hidden } from './names.ts'

/** Somebody or something by all its names. */
interface Named {
  readonly aliases: readonly { readonly kind: string; readonly value: string }[]
}

/** A mail domain of so many accounts is the organisation's; one of fewer may be somebody's private mailbox. */
const MIN_MAILBOXES = 2
/** Shorter names of organisations are words of other texts, too. */
const MIN_WORD = 5
/** Domains that every Windows or every tenant has; `nt authority` and the like are no organisation. */
const EVERYBODY: ReadonlySet<string> = new Set([
  'nt authority', 'nt service', 'builtin', 'workgroup', 'iis apppool', 'nt virtual machine', 'window manager',
  'font driver host', 'azuread', 'microsoftaccount', 'localhost', 'local', '.', '-',
]) // prettier-ignore

const aliases = (entity: Named, kind: string): readonly string[] =>
  entity.aliases.filter((alias) => alias.kind === kind).map(({ value }) => value)

/** `ws1.corp.example` -> `corp.example`; undefined where nothing or a bare suffix is left. */
function domainOfHost(host: string): string | undefined {
  const domain = host.slice(host.indexOf('.') + 1)
  return host.includes('.') && domain.includes('.') ? domain : undefined
}
const domainOfMail = (address: string): string | undefined => {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return address.includes('@') && domain.includes('.') ? domain : undefined
}
const asDn = (domain: string): string =>
  domain
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',')

/** A DNS domain, the organisation's domain above it, the same as a distinguished name, and the word they have in common. */
function formsOf(domain: string): readonly Hidden[] {
  const organisation = getDomain(domain, { allowPrivateDomains: true })
  const word = getDomainWithoutSuffix(domain, { allowPrivateDomains: true })
  const forms = [domain, ...(organisation === null || organisation === domain ? [] : [organisation])]
  return [
    ...forms.map((one) => ({ kind: 'domain' as const, key: one, names: [one, asDn(one)] })),
    ...(word === null || word.length < MIN_WORD
      ? []
      : [{ kind: 'domain' as const, key: organisation ?? domain, names: [word] }]),
  ]
}

/**
 * Domains of the organisation itself, DNS and NetBIOS: whoever hides all its users and endpoints, and leaves
 * `mx01.corp.example` standing, has named it. Those of users count only where the directory or a sensor knows the account:
 * a sender from outside is no secret of the organisation.
 */
export function domainsOf(users: readonly Named[], endpoints: readonly Named[]): readonly Hidden[] {
  const dns = new Set<string>()
  const netbios = new Set<string>()
  const mail = new Map<string, number>()
  const hosts = new Set(endpoints.flatMap((one) => aliases(one, 'netbios')).map((name) => name.toLowerCase()))
  const addDns = (domain: string | undefined): void => {
    if (domain !== undefined) dns.add(domain.toLowerCase())
  }
  for (const one of endpoints) aliases(one, 'fqdn').forEach((host) => addDns(domainOfHost(host)))
  for (const one of users) {
    const accounts = aliases(one, 'account')
    if (accounts.length === 0 && aliases(one, 'sid').length === 0) continue
    for (const name of aliases(one, 'upn')) addDns(domainOfMail(name))
    for (const domain of new Set(aliases(one, 'smtp').map((name) => domainOfMail(name)?.toLowerCase())))
      if (domain !== undefined) mail.set(domain, (mail.get(domain) ?? 0) + 1)
    for (const account of accounts) {
      const [domain = '', name] = account.toLowerCase().split('\\')
      // A local account stands under the name of its machine.
      if (name === undefined || EVERYBODY.has(domain) || hosts.has(domain)) continue
      if (domain.includes('.')) addDns(domain)
      else if (domain.length > 2) netbios.add(domain)
    }
  }
  for (const [domain, accounts] of mail) if (accounts >= MIN_MAILBOXES) dns.add(domain)
  return [
    ...[...dns].sort().flatMap(formsOf),
    ...[...netbios].sort().map((name) => ({ kind: 'domain' as const, key: name, names: [name] })),
  ]
}
