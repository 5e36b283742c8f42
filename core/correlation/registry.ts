import { collect } from '../model/registry.ts'
import type { Rule } from './rule.ts'

/** Every `*.rule.ts`, in running order. Adding a rule is adding a file. */
export const rules: readonly Rule[] = [
  ...collect(import.meta.glob<Rule>('./rules/*.rule.ts', { eager: true, import: 'default' })),
].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
