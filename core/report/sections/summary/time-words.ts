import type { ReportContext } from '../../context.ts'
import { shared } from '../../words.ts'

/** A time, or the words for none. */
export const timeWords = ({ time }: ReportContext, at: string | null) =>
  at === null ? shared('noTime') : time(at)
