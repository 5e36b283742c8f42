import ipaddr from 'ipaddr.js'
import type { BookEntity } from '../identity/entity-book.ts'
import { decodedCommand } from '../normalise/encoded-command.ts'
import type { ProcessFact } from './process-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** A command that has another endpoint run something. */
export interface RemoteOrder {
  readonly way: 'wmi' | 'task' | 'service' | 'psexec' | 'winrm'
  /** The other endpoint as written. */
  readonly host: string
}

/** Longer command lines are cut before they are looked at. Attack: megabytes of one line. */
const MAX_LOOKED_AT = 8_000
/** A host name or address, as it stands behind `\\` or an option. */
const HOST = '["\']?(?:\\\\\\\\)?([A-Za-z0-9][A-Za-z0-9._-]{0,62})'

/** What must stand in the line before its pattern is tried, and the pattern: options of the tools of Windows and PsExec. */
const ORDERS: readonly {
  readonly way: RemoteOrder['way']
  readonly word: string
  readonly pattern: RegExp
}[] = [
  {
    way: 'wmi',
    word: '/node:',
    pattern: new RegExp(`/node:\\s*${HOST}.*\\bprocess\\s+call\\s+create\\b`, 'is'),
  },
  {
    way: 'task',
    word: 'schtasks',
    pattern: new RegExp(
      `\\bschtasks(?:\\.exe)?["']?(?=.*\\s/(?:create|run|change)\\b).*?\\s/s\\s+${HOST}`,
      'is',
    ),
  },
  {
    way: 'service',
    word: 'sc',
    pattern: /\bsc(?:\.exe)?["']?\s+\\\\([A-Za-z0-9][A-Za-z0-9._-]{0,62})\s+(?:create|config|start)\b/i,
  },
  {
    way: 'psexec',
    word: 'exec',
    pattern:
      /\b(?:psexec(?:64)?|paexec|csexec|remcom)(?:\.exe)?["']?\s.*?\\\\([A-Za-z0-9][A-Za-z0-9._-]{0,62})/is,
  },
  {
    way: 'winrm',
    word: 'winrs',
    pattern: new RegExp(`\\bwinrs(?:\\.exe)?["']?\\s.*?[-/]r(?:emote)?:${HOST}`, 'is'),
  },
  {
    way: 'winrm',
    word: '-computername',
    pattern: new RegExp(
      `\\b(?:invoke-command|icm|enter-pssession|etsn|new-pssession|invoke-wmimethod|invoke-cimmethod)\\b.*?-computername\\s+${HOST}`,
      'is',
    ),
  },
]

/** The order a command line gives to another endpoint; undefined for all others. */
export function readRemoteOrder(commandLine: string): RemoteOrder | undefined {
  const written = commandLine.slice(0, MAX_LOOKED_AT)
  const text = decodedCommand(written) ?? written
  const folded = text.toLowerCase()
  for (const { way, word, pattern } of ORDERS) {
    if (!folded.includes(word)) continue
    const host = pattern.exec(text)?.[1]
    if (host !== undefined) return { way, host }
  }
  return undefined
}

/** An order that a process of the case was started to give, to another endpoint of the case. */
export interface GivenOrder {
  readonly process: ProcessFact
  readonly event: ViewEvent
  readonly order: RemoteOrder
  readonly target: BookEntity
}

/** All orders to other endpoints that command lines give, in time order; an address counts as of the time. */
export function listRemoteOrders(view: CorrelationView): GivenOrder[] {
  const found: GivenOrder[] = []
  for (const process of view.processes.started) {
    const { event } = process
    const order =
      event === null || process.commandLine === '' ? undefined : readRemoteOrder(process.commandLine)
    if (event === null || order === undefined) continue
    const target = ipaddr.isValid(order.host)
      ? view.addresses.find(order.host, process.startAt)
      : view.findEndpoint(order.host, process.startAt)
    if (target && target.id !== process.endpointId) found.push({ process, event, order, target })
  }
  return found
}
