import type { EventFields } from '../../model/event.ts'
import { toHost } from '../../normalise/host.ts'
import { connectTarget, targetOf, toCount, toHttpStatus, toLogUrl } from '../log/values.ts'
import type { ZeekRow } from './zeek-row.ts'
import { ends, one, pairs } from './zeek-values.ts'

/** An HTTP request: the URL put together from server name, port and path. */
export function readHttp(row: ZeekRow): EventFields {
  const shared = ends(row)
  const host = one(row, 'host')
  const uri = one(row, 'uri') ?? '/'
  const port = shared.destinationPort
  const address = shared.destinationIp
  const named = host ?? (address?.includes(':') === true ? `[${address}]` : address)
  const suffix = port === undefined || port === 80 || /:\d+$/.test(named ?? '') ? '' : `:${port}`
  const method = one(row, 'method')
  const isTunnel = method === 'CONNECT'
  const url = isTunnel
    ? undefined
    : /^[a-z][a-z0-9+.-]*:\/\//i.test(uri)
      ? toLogUrl(uri)
      : named === undefined
        ? undefined
        : toLogUrl(`http://${named}${suffix}${uri.startsWith('/') ? uri : `/${uri}`}`)
  return {
    ...shared,
    destinationHost: targetOf(url).destinationHost ?? toHost(host?.replace(/:\d+$/, '')),
    // the far end of the connection is the proxy, not the server
    ...(isTunnel ? { destinationIp: undefined, ...connectTarget(uri) } : {}),
    protocol: 'http',
    url,
    target: url === undefined ? uri : undefined,
    httpMethod: method,
    httpStatus: toHttpStatus(one(row, 'status_code')),
    userAgent: one(row, 'user_agent'),
    referrer: one(row, 'referrer'),
    account: one(row, 'username'),
    bytesSent: toCount(one(row, 'request_body_len')),
    bytesReceived: toCount(one(row, 'response_body_len')),
    detail: pairs(
      row,
      'status_msg',
      'resp_mime_types',
      'resp_filenames',
      'resp_fuids',
      'orig_fuids',
      'proxied',
      'tags',
    ),
  }
}
