import { toIso } from '../store/time.ts'

/**
 * Name of a pack whose file states none: the file name without extension and without a trailing date or version, so that the
 * same list fetched on two days is two versions of one pack (`urlhaus-2026-03-01.csv` -> `urlhaus`). A bare number stays:
 * `list1` and `list2` may be different lists, and taking one for a newer version of the other would put it out of force.
 */
export function toPackName(fileName: string): string {
  const stem = fileName.replace(/\.(?:csv|xlsx|xlsm|txt|list|lst|json|hosts|dat)$/i, '')
  const bare = stem
    .replace(/[-_. ]*(?:\d{4}-?\d{2}-?\d{2})(?:[-_T ]?\d{2}[-:h]?\d{2}(?:[-:]?\d{2})?Z?)?$/, '')
    .replace(/[-_. ]+v\d+(?:\.\d+)*$/i, '')
  return bare === '' ? stem || fileName : bare
}

/** Version of a pack whose file states none: its time, `20260301T093000Z`. */
export const toPackVersion = (createdAt: number): string =>
  `${toIso(createdAt).slice(0, 19).replace(/[-:]/g, '')}Z`
