import { computed, inject, provide, useId, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import { useWords } from '../../i18n/use-words.ts'

/** The field that the engine refused, and the rule that it breaks. */
export interface PolicyFault {
  readonly field: string
  readonly rule: string
}
const KEY: InjectionKey<Ref<PolicyFault | null>> = Symbol('policy fault')

export const provideFault = (fault: Ref<PolicyFault | null>): void => provide(KEY, fault)

/** Reads field and rule out of the parameters of `policy.invalid`. */
export function toFault(params: Readonly<Record<string, unknown>>): PolicyFault {
  const text = (name: string): string => (typeof params[name] === 'string' ? params[name] : '')
  return { field: text('field'), rule: text('rule') }
}

/** `W48: a sentence`; for what is wrong in form the sentence alone. */
export function useRuleWords(): (rule: string) => string {
  const { word } = useWords()
  return (rule) => (rule.startsWith('W') ? `${rule}: ` : '') + word('policy.rule', rule)
}

/** What is wrong with the field at `path` or with an entry of its list, and ids that tie the sentence to the control. */
export function useFault(path: () => string): {
  problem: ComputedRef<string>
  id: string
  described: ComputedRef<string | undefined>
} {
  const fault = inject(KEY, null)
  const say = useRuleWords()
  const id = useId()
  const problem = computed(() => {
    const now = fault?.value
    if (!now || (now.field !== path() && !now.field.startsWith(`${path()}[`))) return ''
    const index = /\[(\d+)\]/u.exec(now.field.slice(path().length))?.[1]
    return (index === undefined ? '' : `${Number(index) + 1}. `) + say(now.rule)
  })
  const described = computed(() => (problem.value === '' ? undefined : `${id}-problem`))
  return { problem, id, described }
}
