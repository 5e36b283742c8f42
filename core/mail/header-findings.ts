import { z } from 'zod'
import { IsoTime, TextRef } from '../contract/shapes.ts'
import { toIsoOrNull } from '../store/time.ts'
import type { ReadStore } from '../store/store.ts'
import type { HeaderField } from '../normalise/authentication.ts'
import { readSignals, type Sender } from './header-signals.ts'
import words from './header-signals.words.ts'
import { readRoute } from './hops.ts'
import { readOrganisation } from './organisation.ts'

/** What the header of a message tells a reader who looks closely, as screens get it. */
export const HeaderFindings = z.object({
  /** Oldest first. */
  hops: z.array(
    z.object({
      from: z.string().nullable(),
      fromIp: z.string().nullable(),
      by: z.string().nullable(),
      protocol: z.string().nullable(),
      at: IsoTime.nullable(),
      /** Since the dated hop before; negative when the clock is behind. */
      delaySeconds: z.number().nullable(),
      remarks: z.array(TextRef),
    }),
  ),
  signals: z.array(z.object({ text: TextRef, isStrong: z.boolean() })),
})
export type HeaderFindings = z.infer<typeof HeaderFindings>

/** @param headers as stored: in order, decoded */
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
