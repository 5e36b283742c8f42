import type { OptionRow, ReportSettings } from '../contract/nouns/report.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { Section, SectionOption } from './section.ts'

type Value = boolean | number | string

const fits = (option: SectionOption, value: Value): boolean => {
  switch (option.kind) {
    case 'number':
      return (
        typeof value === 'number' && Number.isInteger(value) && value >= option.min && value <= option.max
      )
    case 'flag':
      return typeof value === 'boolean'
    case 'choice':
      return typeof value === 'string' && option.values.includes(value)
  }
}

/**
 * Values of the options of every section, defaults filled in.
 * @throws WorkbenchError `request.not_found` for a section or option that is none, `request.invalid` for a value it does not take
 */
export function readOptions(
  sections: readonly Section[],
  given: ReportSettings['options'],
): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const known = new Map(sections.map((section) => [section.id, section.options ?? []]))
  for (const [section, values] of Object.entries(given))
    for (const [id, value] of Object.entries(values)) {
      const option = known.get(section)?.find((one) => one.id === id)
      if (option === undefined) throw new WorkbenchError('request.not_found', { what: `${section}.${id}` })
      if (!fits(option, value))
        throw new WorkbenchError('request.invalid', { field: `options.${section}.${id}` })
    }
  return new Map(
    [...known].map(([section, options]) => [
      section,
      new Map(options.map((option) => [option.id, given[section]?.[option.id] ?? option.default])),
    ]),
  )
}

/** The options of a section as a screen shows them. */
export const optionRows = ({ id: section, options = [] }: Section): OptionRow[] =>
  options.map((option) => ({
    id: option.id,
    title: { key: `report.${section}.option.${option.id}`, params: {} },
    kind: option.kind,
    default: option.default,
    min: option.kind === 'number' ? option.min : null,
    max: option.kind === 'number' ? option.max : null,
    choices:
      option.kind === 'choice'
        ? option.values.map((value) => ({
            value,
            title: { key: `report.${section}.option.${option.id}.${value}`, params: {} },
          }))
        : [],
  }))
