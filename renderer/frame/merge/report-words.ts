import type { useWords } from '../../i18n/use-words.ts'

type Words = Pick<ReturnType<typeof useWords>, 't' | 'te'>

/** Which part of the report a difference is about, as the report screen calls it; ids without words stay. */
export function reportPlace({ t, te }: Words, sort: string, name: string): string {
  const [first = '', second = ''] = name.split(' · ')
  const keys: Readonly<Record<string, readonly string[]>> = {
    'text-block': [`report.${first}.title`, `screen.report.${second}`],
    option: [`report.${first}.title`, `report.${first}.option.${second}`],
    redaction: [first === 'addresses' ? 'screen.report.addresses' : `screen.report.redact.${first}`],
  }
  const parts = name.split(' · ').map((part, at) => {
    const key = keys[sort]?.[at] ?? ''
    return te(key) ? t(key) : part
  })
  return parts.join(' · ')
}

/** What an option or a rule of redaction is set to. */
export function reportValue({ t, te }: Words, name: string, value: string): string {
  const [section = '', option = ''] = name.split(' · ')
  const keys = [
    ...(value === 'true' ? ['app.yes'] : value === 'false' ? ['app.no'] : []),
    `report.${section}.option.${option}.${value}`,
    `screen.report.addresses.${value}`,
  ]
  const key = keys.find((one) => te(one))
  return key === undefined ? value : t(key)
}
