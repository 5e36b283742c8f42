import { collect } from '../../model/registry.ts'
import type { Container } from './container.ts'

/** Every `*.container.ts` of this folder. Adding a kind is adding a file. */
export const containers: readonly Container[] = collect(
  import.meta.glob<Container>('./*.container.ts', { eager: true, import: 'default' }),
)

/** The container these first bytes begin, if any. */
export const findContainer = (head: Uint8Array): Container | undefined =>
  containers.find((container) => container.recognises(head))
