import type { HeaderFindings } from '../contract/nouns/mail.ts'
import { toIsoOrNull } from '../store/time.ts'
import type { ReadStore } from '../store/store.ts'
import type { HeaderField } from '../normalise/authentication.ts'
import { readSignals, type Sender } from './header-signals.ts'
import words from './header-signals.words.ts'
import { readRoute } from './hops.ts'
import { readOrganisation } from './organisation.ts'

/**
 * Hops and signals of a header, in words.
 * @param headers as stored: in order, decoded
 */
export function readHeaderFindings(
  db: ReadStore,
  headers: readonly HeaderField[],
  from: Sender | null,
): HeaderFindings {
  const key = (id: string): string => `${words.prefix}.${id}`
  return {
    hops: readRoute(headers).hops.map(({ at, delayUs, remarks, ...hop }) => ({
      ...hop,
      at: toIsoOrNull(at),
      delaySeconds: delayUs === null ? null : Math.round(delayUs / 1_000_000),
      remarks: remarks.map((remark) => ({ key: key(`hop.${remark}`), params: {} })),
    })),
    signals: readSignals(headers, from, readOrganisation(db)).map(({ id, isStrong, params }) => ({
      text: { key: key(id), params },
      isStrong,
    })),
  }
}
