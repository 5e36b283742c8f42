import { IANAZone } from 'luxon'
import type { Mapping } from '../../model/mapping.ts'
import { isTimeFormat } from './mapped-time.ts'
import type { MissingColumns } from './missing-columns.ts'
import { isTarget } from './targets.ts'

/** Why a mapping cannot be used, or misses something. */
export interface MappingProblem {
  readonly code: 'unknown_target' | 'unknown_column' | 'time_format' | 'zone' | 'empty'
  readonly what: string
}

/**
 * Holds a mapping against itself and, when they are known, the columns of the file.
 * @param missing what the file does not have; null when only the mapping itself is looked at
 */
export function checkMapping(mapping: Mapping, missing: MissingColumns | null): MappingProblem[] {
  const problems: MappingProblem[] = []
  const targets = [...Object.keys(mapping.fields), ...Object.keys(mapping.constants)]
  if (targets.length === 0) problems.push({ code: 'empty', what: mapping.name })
  for (const target of targets)
    if (!isTarget(mapping.kind, target)) problems.push({ code: 'unknown_target', what: target })
  if (mapping.time && !isTimeFormat(mapping.time.format))
    problems.push({ code: 'time_format', what: mapping.time.format })
  if (mapping.time?.zone != null && !IANAZone.isValidZone(mapping.time.zone))
    problems.push({ code: 'zone', what: mapping.time.zone })
  if (missing?.isFatal === true)
    for (const name of missing.names) problems.push({ code: 'unknown_column', what: name })
  return problems
}
