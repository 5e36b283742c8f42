import { getDomain } from 'tldts'
import { getPolicy } from '../reputation/policy-stored.ts'
import type { ReadStore } from '../store/store.ts'
import type { OwnOrganisation } from './header-signals.ts'

/** Mailboxes that belong to somebody of the directory: their domains are ours. */
const ownedDomains = `SELECT DISTINCT substr(name, instr(name, '@') + 1) FROM entity
  WHERE kind = 'mailbox' AND json_extract(attributes, '$.hasOwner') = 1`
const sameName = `SELECT 1 FROM alias WHERE kind = 'name' AND value COLLATE NOCASE IN (?, ?, ?, ?) LIMIT 1`

/** What the case knows of the organisation: domains of the policy (W14) and of owned mailboxes, names of the directory. */
export function readOrganisation(db: ReadStore): OwnOrganisation {
  const owned = db.prepare(ownedDomains).pluck().all() as string[]
  const stated = getPolicy(db).policy.internalDomains.map((domain) => domain.replace(/^\*\./, ''))
  const domains = new Set(
    [...stated, ...owned].map((domain) => getDomain(domain, { allowPrivateDomains: false }) ?? domain),
  )
  const find = db.prepare(sameName)
  return { domains, hasName: (name) => find.get(...nameForms(name)) !== undefined }
}

/** `Alice Miller`, `Miller, Alice` and `Miller Alice` are one person. */
function nameForms(name: string): [string, string, string, string] {
  const plain = name.replace(/\s+/g, ' ').trim()
  const comma = plain.split(/\s*,\s*/)
  const [last, first] = comma
  if (comma.length === 2) return [plain, `${first} ${last}`, `${last} ${first}`, `${first}, ${last}`]
  const words = plain.split(' ')
  const tail = words.at(-1) ?? ''
  const head = words.slice(0, -1).join(' ')
  return [plain, `${tail}, ${head}`, `${tail} ${head}`, `${head}, ${tail}`]
}
