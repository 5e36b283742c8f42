import { useWords } from './use-words.ts'

/** Rules in words: those of judging by their number (W30), those of correlation by their id. */
export function useRuleNames() {
  const { t, te } = useWords()
  const isNumbered = (rule: string): boolean => /^W\d+$/u.test(rule)
  /** What a rule says; null: there are no words for it. */
  function nameOf(rule: string): string | null {
    const key = isNumbered(rule) ? `policy.rule.${rule}` : `rule.${rule}.title`
    return te(key) ? t(key) : null
  }
  /** For the number of a rule where it stands alone: what it says, and where the number comes from. */
  function whyOf(rule: string): string {
    const names = rule.split('–').flatMap((one) => nameOf(one) ?? [])
    return [...names, t('policy.ruleWhy', { rule })].join(' ')
  }
  return { isNumbered, nameOf, whyOf }
}
