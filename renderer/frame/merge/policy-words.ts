import type { useWords } from '../../i18n/use-words.ts'

type Words = Pick<ReturnType<typeof useWords>, 't' | 'te'>

/** Fields whose own name says too little are called by another word on the policy screen. */
const CALLED: Readonly<Record<string, string>> = {
  'approvedUrls.urls': 'approvedUrlList',
  'blockedUrls.urls': 'blockedUrlList',
  'approvedHeaders.fields': 'headerFields',
  'globalApprovedHeaders.fields': 'globalHeaders',
  'actions.blockedUrl': 'blockedUrlAction',
  'actions.untested.action': 'untestedAction',
  'actions.fileAction.action': 'fileActionAction',
  'actions.fileAction.notify': 'fileNotify',
}

/** What a version of a policy says otherwise, line by line (`securityLevel: high`), in the words of the policy screen. */
export function policyLines(words: Words, text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const at = line.indexOf(': ')
      return at < 0 ? line : `${fieldName(words, line.slice(0, at))}: ${valueName(words, line.slice(at + 2))}`
    })
    .join('\n')
}

function fieldName({ t, te }: Words, path: string): string {
  const parts = path.split('.')
  const last = parts.at(-1) ?? path
  const within = parts.at(-2)
  const named = (name: string | undefined): string | undefined =>
    name !== undefined && te(`policy.field.${name}`) ? t(`policy.field.${name}`) : undefined
  if (last === 'enabled' && within !== undefined) return named(within) ?? path
  const own = named(CALLED[path] ?? last)
  if (own === undefined) return path
  return parts[0] === 'notifications' && within !== undefined ? `${named(within) ?? within}, ${own}` : own
}

function valueName({ t, te }: Words, value: string): string {
  if (value === 'true') return t('app.yes')
  if (value === 'false') return t('app.no')
  const key = [`policy.value.${value}`, `action.${value}`].find((one) => te(one))
  return key === undefined ? value : t(key)
}
