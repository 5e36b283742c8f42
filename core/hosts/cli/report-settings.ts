import type { Client } from '../../contract/client.ts'
import type { ReportSettings } from '../../contract/nouns/report.ts'
import type { ResultOf } from '../../contract/types.ts'
import { usageError, type Options } from './options.ts'

type Sections = ResultOf<'report.sections'>
type Values = ReportSettings['options']

/** Words of `--redact`, and the rule each sets. */
export const REDACTIONS = ['users', 'endpoints', 'own-addresses', 'all-addresses'] as const

/** What the command line says of redaction: rules by `--redact`, own terms by `--redact-term`. */
export function readRedaction(options: Options): ReportSettings['redaction'] {
  const rules = options.listOf('redact', REDACTIONS) ?? []
  return {
    users: rules.includes('users'),
    endpoints: rules.includes('endpoints'),
    addresses: rules.includes('all-addresses') ? 'all' : rules.includes('own-addresses') ? 'own' : 'none',
    terms: [...options.list('redact-term')],
  }
}

/** `timeline.rows=all` as an option of a section, its value of the kind the section declares. */
export function readSectionOptions(options: Options, sections: Sections): Values {
  const values: Record<string, Record<string, boolean | number | string>> = {}
  for (const text of options.list('set')) {
    const [, section = '', id = '', value = ''] = /^([a-z-]+)\.([a-z]+)=(.*)$/.exec(text) ?? []
    const option = sections.find((one) => one.id === section)?.options.find((one) => one.id === id)
    if (option === undefined) throw usageError('report', 'report.badSetting', { value: text })
    values[section] = {
      ...values[section],
      [id]: option.kind === 'number' ? Number(value) : option.kind === 'flag' ? value === 'true' : value,
    }
  }
  return values
}

/** Sections and options of a template. @throws WorkbenchError `request.usage` naming those there are */
export async function readTemplate(client: Client, id: string | undefined) {
  if (id === undefined) return { sections: null, options: {} }
  const templates = await client.call('report.templates', {})
  const found = templates.find((template) => template.id === id)
  if (found === undefined)
    throw usageError('report', 'usage.choice', {
      option: '--template',
      value: id,
      allowed: templates.map((template) => template.id).join(', '),
    })
  return found
}
