import type { EventFields } from '../../model/event.ts'
import { toIp } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import type { LineMeaning } from '../log/log-lines.ts'
import {
  connectTarget,
  decodePercent,
  describe,
  sourceOf,
  targetOf,
  toCount,
  toHttpStatus,
  toLogUrl,
} from '../log/values.ts'
import { eventAt, readClfWhen, readWhen, timeRemarks, type When } from '../log/when.ts'

/** `time elapsed client code/status bytes method URL user hierarchy/peer type`, further columns at the end. */
const NATIVE =
  /^(\d{9,11}\.\d{1,6})\s+(-?\d{1,12}) (\S+) ([A-Z_]+)\/(\d{1,3}) (\d{1,18}) (\S+) (\S+) (\S+) ([A-Z_0-9]+)\/(\S+) (\S+)(?: (.*))?$/
/** Common and combined emulation: web server columns, then `code:hierarchy`. */
const EMULATED =
  /^(\S+) (\S+) (\S+) (\[[^\]]{20,40}\]) "(\S+) (.*?)(?: (HTTP\/\d(?:\.\d)?))?" (\d{3}|0|-) (-|\d{1,18})(?: "([^"]*)" "([^"]*)")? ([A-Z_]+):([A-Z_0-9]+)(?: .*)?$/

/** One request as either format tells it. */
interface Request {
  readonly when: When
  readonly client: string
  readonly user: string | undefined
  readonly method: string
  readonly url: string
  readonly code: string
  readonly status: string
  readonly bytes: string
  readonly hierarchy: string
  readonly peer?: string | undefined
  readonly type?: string | undefined
  readonly elapsed?: string | undefined
  readonly referrer?: string | undefined
  readonly userAgent?: string | undefined
}

/** A line of a Squid access log; `zone` is for emulated lines without offset only. */
export function readSquidLine(line: string, zone: string): LineMeaning {
  if (line.startsWith('#')) return { what: 'nothing' }
  const request = readNative(line) ?? readEmulated(line, zone)
  if (request === undefined) return { what: 'issue', code: 'line' }
  return {
    what: 'record',
    items: [eventAt(request.when, 'http-request', toFields(request))],
    remarks: timeRemarks(request.when),
  }
}

function readNative(line: string): Request | undefined {
  const match = NATIVE.exec(line)
  if (match === null) return undefined
  const part = (index: number): string => match[index] ?? ''
  return {
    when: readWhen(part(1), 'UTC'),
    elapsed: part(2),
    client: part(3),
    code: part(4),
    status: part(5),
    bytes: part(6),
    method: part(7),
    url: part(8),
    user: part(9),
    hierarchy: part(10),
    peer: part(11),
    type: part(12),
  }
}

function readEmulated(line: string, zone: string): Request | undefined {
  const match = EMULATED.exec(line)
  if (match === null) return undefined
  const part = (index: number): string => match[index] ?? ''
  return {
    when: readClfWhen(part(4), zone),
    client: part(1),
    user: part(3),
    method: part(5),
    url: part(6),
    status: part(8),
    bytes: part(9),
    referrer: match[10],
    userAgent: match[11],
    code: part(12),
    hierarchy: part(13),
  }
}

function toFields(request: Request): EventFields {
  const isTunnel = request.method === 'CONNECT'
  const url = isTunnel ? undefined : toLogUrl(request.url)
  const user = present(request.user)
  const peer = toIp(request.peer)
  return {
    provider: 'Squid',
    ...sourceOf(request.client),
    ...(isTunnel ? connectTarget(request.url) : targetOf(url)),
    // a parent proxy is no destination
    ...(peer !== undefined && /DIRECT/.test(request.hierarchy) ? { destinationIp: peer } : {}),
    account: user === undefined ? undefined : decodePercent(user),
    httpMethod: request.method,
    httpStatus: toHttpStatus(request.status),
    url,
    bytesReceived: toCount(request.bytes),
    referrer: present(request.referrer),
    userAgent: present(request.userAgent),
    action: request.code,
    outcome: /DENIED/.test(request.code) ? 'failure' : undefined,
    detail: describe([
      ['type', request.type],
      ['hierarchy', request.hierarchy === 'HIER_NONE' ? undefined : request.hierarchy],
      ['peer', request.peer],
      ['elapsed ms', request.elapsed],
      ['target', url === undefined && !isTunnel ? request.url : undefined],
    ]),
  }
}
