import ipaddr from 'ipaddr.js'
import type { EventFields } from '../model/event.ts'
import { bareName, findAccount, isComputer } from './accounts.ts'
import { ipEntity } from './drafts.ts'
import type { EntityHandle } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** One try to log on: who, from where, on what, and whether the password was right. */
export interface Try {
  readonly at: number
  /** Same source, same text: an endpoint, an address, or a name nobody knows. */
  readonly source: string
  readonly from: EntityHandle | null
  readonly sourceName: string
  /** Name without domain, in lower case; empty when the record names none. */
  readonly account: string
  readonly userId: number | null
  /** The endpoint that recorded it; null in the cloud. */
  readonly endpointId: number | null
  readonly isSuccess: boolean
  readonly event: ViewEvent
}

/** The password was wrong, the user does not exist, or so many tries locked the account: NTSTATUS, Kerberos, Entra ID. */
const WRONG = new Set([
  '0xc000006a',
  '0xc0000064',
  '0xc000006d',
  '0xc0000234',
  '0x6',
  '0x18',
  '50126',
  '50053',
  '50034',
  'invalidusernameorpassword',
  'useraccountnotfound',
  'idslocked',
])
/** A controller and the endpoint write the same try within this time of each other. */
const SAME_TRY_US = 2_000_000
/** Logons a person gives a password for: at the machine, over the network, by remote desktop, in clear text. */
const WITH_PASSWORD = new Set([2, 3, 7, 8, 10, 11])

/** Tries of all kinds of records in time order, one per try. */
export function* listTries(view: CorrelationView): Generator<Try> {
  const seen = new Map<string, { at: number; kind: string }>()
  const { signIns } = view
  for (const event of view.events(
    ['logon', 'logon-failure', 'kerberos-failure', 'ntlm-validation', 'cloud-sign-in'],
    ['account', 'accountSid', 'sourceIp', 'sourceHost', 'status', 'outcome', 'logonType'],
  )) {
    if (event.at === null || signIns.isRepeat(event)) continue
    const isSuccess = readOutcome(event)
    if (isSuccess === undefined) continue
    const { account } = event.fields
    if (account !== undefined && isComputer(account)) continue
    const source = sourceOf(view, event)
    if (source === undefined) continue
    const name = bareName(account)
    const key = `${source.key}|${name}|${isSuccess}`
    const last = seen.get(key)
    if (last && event.at - last.at <= SAME_TRY_US && last.kind !== event.kind) continue
    seen.set(key, { at: event.at, kind: event.kind })
    yield {
      at: event.at,
      source: source.key,
      from: source.handle,
      sourceName: source.name,
      account: name,
      userId: event.userId ?? findAccount(view, account, event.fields.accountSid)?.id ?? null,
      endpointId: event.endpointId,
      isSuccess,
      event,
    }
  }
}

/** Places from which somebody failed to log on. Where all went well, a rule about guessing need not hold what there was. */
export function failingSources(view: CorrelationView): Set<string> {
  const found = new Set<string>()
  for (const one of listTries(view)) if (!one.isSuccess) found.add(one.source)
  return found
}

/** True for a success, false for a wrong password or user; undefined for everything that says neither. */
function readOutcome({ kind, fields }: ViewEvent): boolean | undefined {
  if (kind === 'logon') return WITH_PASSWORD.has(fields.logonType ?? 0) ? true : undefined
  const isWrong = fields.status === undefined || WRONG.has(fields.status.toLowerCase())
  if (kind === 'logon-failure' || kind === 'kerberos-failure') return isWrong ? false : undefined
  if (fields.outcome === 'success') return kind === 'cloud-sign-in' ? true : undefined
  return fields.outcome === 'failure' && fields.status !== undefined && isWrong ? false : undefined
}

function sourceOf(
  view: CorrelationView,
  event: ViewEvent,
): { key: string; handle: EntityHandle | null; name: string } | undefined {
  const { sourceIp, sourceHost } = event.fields
  const own = event.endpointId
  if (sourceIp !== undefined && !isOwn(sourceIp)) {
    const endpoint = view.addresses.find(sourceIp, event.at)
    return endpoint
      ? { key: `e${endpoint.id}`, handle: endpoint.id, name: endpoint.name }
      : { key: `ip${sourceIp}`, handle: ipEntity(sourceIp), name: sourceIp }
  }
  const named = sourceHost === undefined ? undefined : view.findEndpoint(sourceHost, event.at)
  if (named) return { key: `e${named.id}`, handle: named.id, name: named.name }
  if (sourceHost !== undefined) return { key: `n${sourceHost.toLowerCase()}`, handle: null, name: sourceHost }
  return own === null ? undefined : { key: `e${own}`, handle: own, name: view.entity(own).name }
}

const isOwn = (ip: string): boolean =>
  !ipaddr.isValid(ip) || ['loopback', 'unspecified'].includes(ipaddr.process(ip).range())

/** Tries that follow each other without a longer pause. */
export function* runsOf<T extends { readonly at: number }>(
  items: readonly T[],
  pauseUs: number,
): Generator<T[]> {
  let run: T[] = []
  for (const item of items) {
    const last = run.at(-1)
    if (last && item.at - last.at > pauseUs) {
      yield run
      run = []
    }
    run.push(item)
  }
  if (run.length > 0) yield run
}

/** Fields of an example's failed logon: a wrong password over the network. */
export const wrongPassword = (account: string, sourceIp: string): EventFields => ({
  account,
  sourceIp,
  logonType: 3,
  status: '0xc000006a',
  outcome: 'failure',
})
