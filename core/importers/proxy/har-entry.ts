import { toIp } from '../../normalise/host.ts'
import { DottedRecord } from '../endpoint/dotted-record.ts'
import { compact, timeOf, type Times } from '../endpoint/values.ts'
import type { JsonMeaning } from '../json/json-records.ts'
import type { JsonObject } from '../json/parse-object.ts'
import { describe, targetOf, toCount, toHttpStatus, toLogUrl } from '../log/values.ts'

/** Provider of the events; the signs find captured pages by their evidence format. */
const PROVIDER = 'HAR'

/** Whether an object is an entry of an HTTP archive: a request with its answer and the time it began. */
export function isHarEntry(object: JsonObject): boolean {
  const record = new DottedRecord(object)
  return record.text('request.url') !== undefined && record.text('startedDateTime') !== undefined
}

/** The value of a header of the request. */
function headerOf(record: DottedRecord, name: string): string | undefined {
  return record
    .records('request.headers', 200)
    .find((header) => header.text('name')?.toLowerCase() === name)
    ?.text('value')
}

/** One captured request (HAR 1.2, `log.entries[]`). */
export function toHarRequest(object: JsonObject, importer: string, times: Times): JsonMeaning {
  const record = new DottedRecord(object)
  if (!isHarEntry(object)) return { items: [] }
  const time = timeOf(importer, times, record.text('startedDateTime'))
  const written = record.text('request.url')
  const url = toLogUrl(written)
  const type = record.text('response.content.mimeType')
  return {
    issues: time.issues,
    items: [
      {
        type: 'event',
        kind: 'http-request',
        at: time.at,
        ...(time.zoneAssumed === true ? { zoneAssumed: true } : {}),
        fields: compact({
          provider: PROVIDER,
          ...targetOf(url),
          destinationIp: toIp(record.text('serverIPAddress')),
          httpMethod: record.text('request.method'),
          httpStatus: toHttpStatus(record.text('response.status')),
          url,
          bytesReceived: toCount(record.text('response.content.size')),
          referrer: headerOf(record, 'referer'),
          userAgent: headerOf(record, 'user-agent'),
          detail: describe([
            ['type', type],
            ['redirect', record.text('response.redirectURL')],
            ['target', url === undefined ? written : undefined],
          ]),
        }),
      },
    ],
  }
}
