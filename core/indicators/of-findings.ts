import type { Asset, StoryRow } from '../contract/nouns/story.ts'
import type { ResultOf } from '../contract/types.ts'
import type { Ask } from '../jobs/handlers.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { assetsOfFinding, isWeighty } from './finding-assets.ts'
import { isInsideAddress } from './inside-address.ts'
import { isInstalledProgram, isRunnableFile } from './program-file.ts'

type IndicatorSort = 'url' | 'domain' | 'ip' | 'mailbox' | 'file' | 'sha256' | 'sha1' | 'md5'

/** A value that a finding rests on and that can be looked for elsewhere. */
export interface FindingIndicator {
  readonly sort: IndicatorSort
  readonly value: string
  /** The finding: its number in the order of `story.list`, from 1, and what it weighs of 100. */
  readonly finding: number
  readonly score: number
  /** Who says so: the part of the finding with its roles, rating and proof. */
  readonly asset: Asset
  readonly entityId: string
  /** Name of the file, for hashes. */
  readonly name: string | null
  /** Of URLs and hosts, by the packs of the case. */
  readonly risk: RiskLevel | null
}

type Entity = ResultOf<'entity.get'>
interface Found {
  readonly sort: IndicatorSort
  readonly value: string
  readonly name: string | null
  readonly risk: RiskLevel | null
}

/** More addresses than this reached by programs of one finding are a browser's: only those that a rule or a pack names are told. */
const MAX_CONTACTED = 20
/** So many accounts signed in from an address so long before the finding began: it is the organisation's own way out. */
const MIN_OWN_ACCOUNTS = 3
const OWN_BEFORE_MS = 86_400_000
/** Parts of one kind looked at: what encrypts files writes tens of thousands. */
const MAX_OF_KIND = 500
/** Relations of a part looked at. */
const MAX_RELATIONS = 20
const MAX_SIGN_INS = 100

const HASHES = ['sha256', 'sha1', 'md5'] as const

/**
 * Addresses, hosts, programs and receivers of forwarded mail that a finding rests on. Left out: what lies inside, what packs call
 * safe, programs of Windows and installed ones, and documents of victims. A finding of no weight gives none.
 * @param number of the finding, from 1
 */
export async function indicatorsOfFinding(
  ask: Ask,
  finding: Pick<StoryRow, 'id' | 'score' | 'startAt'>,
  number: number,
): Promise<readonly FindingIndicator[]> {
  if (!isWeighty(finding)) return []
  const assets = await assetsOfFinding(ask, finding.id)
  const contacted = assets.filter(({ entity, roles }) => isHost(entity.kind) && roles.includes('contacted'))
  const found: FindingIndicator[] = []
  const looked = new Map<string, number>()
  for (const asset of assets) {
    const { entity, roles } = asset
    // Without a role it stands beside the finding: the parent of a parent.
    if (roles.length === 0) continue
    if (contacted.length > MAX_CONTACTED && roles.every((role) => role === 'contacted') && !isBad(asset))
      continue
    const ofKind = (looked.get(entity.kind) ?? 0) + 1
    looked.set(entity.kind, ofKind)
    if (ofKind > MAX_OF_KIND) continue
    for (const one of await valuesOf(ask, asset, finding.startAt))
      found.push({ ...one, finding: number, score: finding.score, asset, entityId: entity.id })
  }
  return found
}

const isHost = (kind: Asset['entity']['kind']): boolean =>
  kind === 'ip' || kind === 'domain' || kind === 'url'
const isBad = ({ rating }: Asset): boolean => rating === 'malicious' || rating === 'suspicious'

async function valuesOf(ask: Ask, asset: Asset, startAt: string | null): Promise<readonly Found[]> {
  const { id, kind, name } = asset.entity
  switch (kind) {
    case 'url':
    case 'domain':
    case 'ip':
      return addressOf(ask, asset, startAt)
    case 'mailbox':
      return (await isForwardTarget(ask, asset))
        ? [{ sort: 'mailbox', value: name, name: null, risk: null }]
        : []
    case 'file':
    case 'attachment':
      return isRunnableFile(name) ? ofFile(await ask('entity.get', { id })) : []
    case 'process':
      return ofProcess(ask, id)
    default:
      return []
  }
}

async function addressOf(ask: Ask, { entity }: Asset, startAt: string | null): Promise<readonly Found[]> {
  const { kind, id } = entity
  if (kind !== 'url' && kind !== 'domain' && kind !== 'ip') return []
  const { name, risk } = await ask('entity.get', { id })
  if (risk === 'safe' || isInsideAddress(kind === 'url' ? hostOf(name) : name)) return []
  if (kind === 'ip' && (await isOwnAddress(ask, id, startAt))) return []
  return [{ sort: kind, value: name, name: null, risk }]
}

const hostOf = (url: string): string => (URL.parse(url)?.hostname ?? '').replace(/^\[(.*)\]$/, '$1')

/** Whoever takes accounts comes from an address that nobody used before; colleagues come from theirs all the time. */
async function isOwnAddress(ask: Ask, id: string, startAt: string | null): Promise<boolean> {
  const begin = startAt === null ? NaN : Date.parse(startAt)
  if (Number.isNaN(begin)) return false
  const { rows } = await ask('relation.list', { entityId: id, kind: 'signed-in-as', limit: MAX_SIGN_INS })
  const before = new Date(begin - OWN_BEFORE_MS).toISOString()
  const early = rows.filter(({ firstAt }) => firstAt !== null && firstAt < before)
  return new Set(early.map(({ to }) => to.id)).size >= MIN_OWN_ACCOUNTS
}

/** A mailbox outside to which one of the case was set to forward. */
export async function isForwardTarget(ask: Ask, { entity, proof }: Asset): Promise<boolean> {
  if (entity.kind !== 'mailbox') return false
  const relations = await Promise.all(
    proof.relations.slice(0, MAX_RELATIONS).map((id) => ask('relation.get', { id })),
  )
  if (!relations.some(({ kind, to }) => kind === 'forwards-to' && to.id === entity.id)) return false
  const { attributes } = await ask('entity.get', { id: entity.id })
  return attributes['hasOwner'] !== true && !(await isOwnDomain(ask, entity.name))
}

/** A shared mailbox belongs to nobody; that others of its domain do says that it is the organisation's. */
async function isOwnDomain(ask: Ask, address: string): Promise<boolean> {
  const at = address.lastIndexOf('@')
  if (at < 0) return false
  const text = address.slice(at).toLowerCase()
  const { rows } = await ask('entity.search', { kind: 'mailbox', text, limit: MAX_RELATIONS })
  return rows.some(
    ({ name, attributes }) => name.toLowerCase().endsWith(text) && attributes['hasOwner'] === true,
  )
}

function ofFile({ name, attributes }: Entity): readonly Found[] {
  const path = textOf(attributes['path'])
  if (path !== null && isInstalledProgram(path)) return []
  const hashes = HASHES.flatMap((sort): Found[] => {
    const value = textOf(attributes[sort])
    return value === null ? [] : [{ sort, value: value.toLowerCase(), name, risk: null }]
  })
  return [{ sort: 'file', value: path ?? name, name, risk: null }, ...hashes]
}

/** The program of a process and, where it is known, the file that it is: that holds the hash. */
async function ofProcess(ask: Ask, id: string): Promise<readonly Found[]> {
  const { name, attributes } = await ask('entity.get', { id })
  const path = textOf(attributes['path'])
  if (path === null || isInstalledProgram(path)) return []
  const { rows } = await ask('relation.list', { entityId: id, kind: 'executed-as', limit: MAX_RELATIONS })
  const files = await Promise.all(
    rows.filter(({ to }) => to.id === id).map(({ from }) => ask('entity.get', { id: from.id })),
  )
  return [
    { sort: 'file', value: path, name, risk: null },
    ...files.filter((file) => isRunnableFile(file.name)).flatMap((file) => ofFile(file)),
  ]
}

const textOf = (value: string | number | boolean | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null
