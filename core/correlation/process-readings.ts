import { isGuid } from './process-names.ts'
import type { ViewEvent } from './view.ts'

/** What makes a record of a start worth more than another one of the same start. */
const TELLING = [
  'pid',
  'processPath',
  'commandLine',
  'parentGuid',
  'parentPid',
  'parentPath',
  'sha256',
] as const

/** Names that other records use: Sysmon's GUID, then the name another sensor made, then none. */
const nameRank = (guid: string | undefined): number => (guid === undefined ? 2 : isGuid(guid) ? 0 : 1)
const told = ({ fields }: ViewEvent): number => TELLING.filter((name) => fields[name] !== undefined).length
const texts = ({ fields }: ViewEvent): string =>
  [fields.processGuid, fields.processPath, fields.commandLine].join('\n')

/**
 * Which of two records of one start is to stand for the process: what they say decides, never which was imported first.
 * Negative when it is the first of the two.
 */
export function compareReadings(a: ViewEvent, b: ViewEvent): number {
  const [left, right] = [texts(a), texts(b)]
  return (
    nameRank(a.fields.processGuid) - nameRank(b.fields.processGuid) ||
    told(b) - told(a) ||
    (a.at ?? Infinity) - (b.at ?? Infinity) ||
    (left < right ? -1 : left > right ? 1 : 0)
  )
}
