import {
  computed,
  inject,
  provide,
  useId,
  watchEffect,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from 'vue'
import { useWords } from '../../i18n/use-words.ts'

/** The field that the engine refused, and the rule that it breaks. */
export interface PolicyFault {
  readonly field: string
  readonly rule: string
}
interface Faults {
  readonly all: Ref<readonly PolicyFault[]>
  /** What the controls are called, by their path. */
  readonly names: Map<string, () => string>
}
const KEY: InjectionKey<Faults> = Symbol('policy faults')

/** @returns the name of a field as the screen has it; that of an entry has its number. */
export function provideFaults(all: Ref<readonly PolicyFault[]>): (field: string) => string {
  const names: Faults['names'] = new Map()
  provide(KEY, { all, names })
  return (field) => {
    const index = /\[(\d+)\]/u.exec(field)?.[1]
    let path = field.replace(/\[.*$/u, '')
    while (path !== '' && !names.has(path)) path = path.split('.').slice(0, -1).join('.')
    const name = names.get(path)?.() ?? field
    return index === undefined ? name : `${name} ${Number(index) + 1}`
  }
}

/** Reads fields and rules out of the parameters of `policy.invalid`. */
export function toFaults(params: Readonly<Record<string, unknown>>): PolicyFault[] {
  const text = (name: string): string => (typeof params[name] === 'string' ? params[name] : '')
  const { faults } = params
  if (!Array.isArray(faults) || faults.length === 0) return [{ field: text('field'), rule: text('rule') }]
  return faults.map(String).map((one) => {
    const at = one.indexOf(' ')
    return { rule: one.slice(0, at), field: one.slice(at + 1) }
  })
}

/** `W48: a sentence`; for what is wrong in form the sentence alone, that of the field where it has one. */
export function useRuleWords(): (rule: string, field?: string) => string {
  const { te, t, word } = useWords()
  return (rule, field) => {
    const own = `policy.rule.${rule}.${field ?? ''}`
    return te(own) ? t(own) : (rule.startsWith('W') ? `${rule}: ` : '') + word('policy.rule', rule)
  }
}

/** What is wrong with the field at `path` or with an entry of its list, and ids that tie the sentence to the control. */
export function useFault(
  path: () => string,
  label?: () => string,
): {
  problem: ComputedRef<string>
  id: string
  described: ComputedRef<string | undefined>
} {
  const faults = inject(KEY, null)
  const say = useRuleWords()
  const id = useId()
  if (label) watchEffect(() => faults?.names.set(path(), label))
  const problem = computed(() => {
    const now = faults?.all.value.find(({ field }) => field === path() || field.startsWith(`${path()}[`))
    if (!now) return ''
    const index = /\[(\d+)\]/u.exec(now.field.slice(path().length))?.[1]
    return (index === undefined ? '' : `${Number(index) + 1}. `) + say(now.rule, now.field)
  })
  const described = computed(() => (problem.value === '' ? undefined : `${id}-problem`))
  return { problem, id, described }
}
