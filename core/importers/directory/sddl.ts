import { toSid } from '../../normalise/account.ts'
import { ALLOW, ALLOW_OBJECT, type Descriptor, INHERIT_ONLY, INHERITED, MAX_ACES } from './access-control.ts'
import type { Ace } from './access-control.ts'

/** A descriptor of 64 KiB is some 300 000 characters in this language. */
const MAX_SDDL = 1_000_000

/** Two-letter names of principals that are the same everywhere (MS-DTYP 2.5.1.1). */
const EVERYWHERE: ReadonlyMap<string, string> = new Map([
  ['AN', 'S-1-5-7'],
  ['AO', 'S-1-5-32-548'],
  ['AU', 'S-1-5-11'],
  ['BA', 'S-1-5-32-544'],
  ['BG', 'S-1-5-32-546'],
  ['BO', 'S-1-5-32-551'],
  ['BU', 'S-1-5-32-545'],
  ['CD', 'S-1-5-32-574'],
  ['CG', 'S-1-3-1'],
  ['CO', 'S-1-3-0'],
  ['CY', 'S-1-5-32-569'],
  ['ED', 'S-1-5-9'],
  ['ER', 'S-1-5-32-573'],
  ['IS', 'S-1-5-32-568'],
  ['IU', 'S-1-5-4'],
  ['LS', 'S-1-5-19'],
  ['LU', 'S-1-5-32-559'],
  ['MU', 'S-1-5-32-558'],
  ['NO', 'S-1-5-32-556'],
  ['NS', 'S-1-5-20'],
  ['NU', 'S-1-5-2'],
  ['OW', 'S-1-3-4'],
  ['PO', 'S-1-5-32-550'],
  ['PS', 'S-1-5-10'],
  ['PU', 'S-1-5-32-547'],
  ['RC', 'S-1-5-12'],
  ['RD', 'S-1-5-32-555'],
  ['RE', 'S-1-5-32-552'],
  ['RU', 'S-1-5-32-554'],
  ['SO', 'S-1-5-32-549'],
  ['SU', 'S-1-5-6'],
  ['SY', 'S-1-5-18'],
  ['WD', 'S-1-1-0'],
])
/** Names of principals of the object's own domain: relative ids. */
const OF_DOMAIN: ReadonlyMap<string, string> = new Map([
  ['AP', '525'],
  ['CA', '517'],
  ['CN', '522'],
  ['DA', '512'],
  ['DC', '515'],
  ['DD', '516'],
  ['DG', '514'],
  ['DU', '513'],
  ['KA', '526'],
  ['LA', '500'],
  ['LG', '501'],
  ['PA', '520'],
  ['RS', '553'],
])
/** Names of principals of the first domain of the forest. */
const OF_FOREST: ReadonlyMap<string, string> = new Map([
  ['EA', '519'],
  ['EK', '527'],
  ['RO', '498'],
  ['SA', '518'],
])
/** Two-letter rights as bits of the mask (MS-DTYP 2.5.1.1). */
const RIGHTS: ReadonlyMap<string, number> = new Map([
  ['CC', 0x1],
  ['DC', 0x2],
  ['LC', 0x4],
  ['SW', 0x8],
  ['RP', 0x10],
  ['WP', 0x20],
  ['DT', 0x40],
  ['LO', 0x80],
  ['CR', 0x100],
  ['SD', 0x10000],
  ['RC', 0x20000],
  ['WD', 0x40000],
  ['WO', 0x80000],
  ['GA', 0x10000000],
  ['GX', 0x20000000],
  ['GW', 0x40000000],
  ['GR', 0x80000000],
])
const FLAGS: ReadonlyMap<string, number> = new Map([
  ['IO', INHERIT_ONLY],
  ['ID', INHERITED],
])

/** SIDs behind the names that depend on the domain. */
export interface SddlDomain {
  readonly domainSid: string | undefined
  readonly forestSid: string | undefined
}

export const isSddl = (text: string): boolean => /^(?:O:|G:|D:|S:)/.test(text.slice(0, 2))

/**
 * Owner and access list out of a security descriptor as text (SDDL, MS-DTYP 2.5.1), as ldbsearch and PowerShell write it.
 * Entries whose principal cannot be named are left out.
 */
export function readSddl(text: string, domain: SddlDomain): Descriptor {
  const sddl = text.slice(0, MAX_SDDL)
  const start = START.exec(sddl)
  if (start === null) return { owner: undefined, aces: [] }
  const aces: Ace[] = []
  const entry = /\(([^()]{0,4000})\)|S:/g
  entry.lastIndex = start[0].length
  for (let match = entry.exec(sddl); match?.[1] !== undefined; match = entry.exec(sddl)) {
    if (aces.length >= MAX_ACES) break
    const ace = readEntry(match[1], domain)
    if (ace !== undefined) aces.push(ace)
  }
  const owner = start[1]
  return { owner: owner === undefined ? undefined : toPrincipal(owner, domain), aces }
}
/** Owner, group, and the flags of the access list. */
const START = /^(?:O:([A-Z]{2}|S-1-[\d-]+))?(?:G:(?:[A-Z]{2}|S-1-[\d-]+))?(?:D:[A-Z_]*)?/

/** `type;flags;rights;object;inherited object;principal`. */
function readEntry(text: string, domain: SddlDomain): Ace | undefined {
  const [type = '', flags = '', rights = '', object = '', , principal = ''] = text.split(';')
  if (type !== 'A' && type !== 'OA') return undefined
  const kind = type === 'A' ? ALLOW : ALLOW_OBJECT
  const named = toPrincipal(principal, domain)
  if (named === undefined) return undefined
  return {
    kind,
    flags: bitsOf(flags, FLAGS),
    principal: named,
    mask: /^0x[0-9a-f]{1,8}$/i.test(rights) ? Number(rights) : bitsOf(rights, RIGHTS),
    type: kind === ALLOW_OBJECT && object !== '' ? object.toLowerCase() : undefined,
  }
}

function toPrincipal(name: string, { domainSid, forestSid }: SddlDomain): string | undefined {
  if (name.startsWith('S-')) return toSid(name)
  const rid = OF_DOMAIN.get(name)
  if (rid !== undefined) return domainSid === undefined ? undefined : `${domainSid}-${rid}`
  const forestRid = OF_FOREST.get(name)
  if (forestRid !== undefined) return forestSid === undefined ? undefined : `${forestSid}-${forestRid}`
  return EVERYWHERE.get(name)
}

/** Letters in pairs, each pair a bit; pairs of no meaning here count nothing. */
function bitsOf(text: string, bits: ReadonlyMap<string, number>): number {
  let mask = 0
  for (let at = 0; at + 1 < text.length && at < 64; at += 2) mask |= bits.get(text.slice(at, at + 2)) ?? 0
  return mask >>> 0
}
