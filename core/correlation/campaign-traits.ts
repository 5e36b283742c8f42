import { extensionOf } from './file-names.ts'
import type { MessageCopy } from './message-copy.ts'
import { registeredDomain, type PopularHosts } from './rare-hosts.ts'

/** What two messages can have in common, the most telling first; each is one reason of `mail.campaign`. */
export const TRAITS = ['attachment', 'url', 'host_subject', 'source_host', 'source_subject'] as const
export type Trait = (typeof TRAITS)[number]

/** Pictures, signatures, calendars and bodies that mail programs attach on their own. */
const DECORATION = new Set(
  'png jpg jpeg gif bmp ico svg webp css vcf ics p7s p7m asc txt html htm eml'.split(' '),
)
/** Addresses of pages, not of front pages: those are in everybody's signature. */
const MIN_PATH = 6
/** Words of a subject that say nothing. */
const FILLER = new Set(
  'the and for you your our with from this that are have has will not can now new a an of to in on is we it be or at by as'.split(
    ' ',
  ),
)
/** Links and attachments read per message. Attack: a message with a hundred thousand links. */
const MAX_PARTS = 64

/** A message as campaigns see it. */
export interface Traced {
  /** The copy that stands for it. */
  readonly copy: MessageCopy
  /** When the first copy came. */
  readonly at: number
  /** Address it came in from; undefined when not recorded, or shared by many senders. */
  readonly source: string | undefined
}

/**
 * Keys of a subject that near-same ones share: its words without numbers and addresses, and the same with each single word
 * left out. Subjects of fewer than three words join nothing.
 */
export function subjectKeys(subject: string): string[] {
  const plain = subject
    .toLowerCase()
    .replace(/^(?:\s*(?:re|fw|fwd|aw|wg|tr|rv|sv|vs|antw|回覆|轉寄|返信|転送)\s*[:：])+/u, '')
    .replace(/\S+@\S+|https?:\S+/g, ' ')
  // Languages without blanks between words are cut into pairs of signs.
  const words = (
    plain.match(/\p{Script=Han}{2}|[\p{Script=Hiragana}\p{Script=Katakana}]{2,}|\p{L}{3,}/gu) ?? []
  )
    .filter((word) => !FILLER.has(word))
    .slice(0, 12)
  const unique = [...new Set(words)].sort()
  if (unique.length < 3) return []
  const keys = [unique.join(' ')]
  if (unique.length >= 4)
    for (const left of unique) keys.push(unique.filter((word) => word !== left).join(' '))
  return keys
}

/** What a message may be found by to be of a campaign; `place` is that of the copy which states it. */
export interface FoundTrait {
  readonly trait: Trait
  readonly key: string
  readonly shown: string
  readonly place: number
}

/** Keys by which a message may be found to be of a campaign. */
export function traitsOf(message: Traced, popular: PopularHosts): FoundTrait[] {
  const { copy, source } = message
  const found: FoundTrait[] = []
  for (const file of copy.attachments.slice(0, MAX_PARTS)) {
    const hash = file.sha256 ?? file.sha1
    if (hash !== null && !DECORATION.has(extensionOf(file.name)))
      found.push({ trait: 'attachment', key: `a ${hash}`, shown: file.name, place: file.place })
  }
  const hosts = new Map<string, number>()
  for (const { url, host, place } of copy.urls.slice(0, MAX_PARTS)) {
    if (popular.has(host)) continue
    const domain = registeredDomain(host)
    hosts.set(domain, hosts.get(domain) ?? place)
    const path = url.replace(/^[a-z]+:\/\/[^/]+/i, '')
    if (path.length >= MIN_PATH) found.push({ trait: 'url', key: `u ${url}`, shown: host, place })
  }
  const subjects = subjectKeys(copy.subject)
  for (const [host, place] of hosts) {
    for (const subject of subjects)
      found.push({ trait: 'host_subject', key: `h ${host}|${subject}`, shown: host, place })
    if (source !== undefined)
      found.push({ trait: 'source_host', key: `i ${source}|${host}`, shown: host, place })
  }
  if (source !== undefined)
    for (const subject of subjects)
      found.push({ trait: 'source_subject', key: `s ${source}|${subject}`, shown: source, place: copy.place })
  return found
}
