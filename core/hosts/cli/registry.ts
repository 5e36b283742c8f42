import { collect } from '../../model/registry.ts'
import type { Command } from './command.ts'

/** Every `*.command.ts` of `commands/`, in the order of the help. Adding a command is adding a file. */
export const commands: readonly Command[] = [
  ...collect(import.meta.glob<Command>('./commands/*.command.ts', { eager: true, import: 'default' })),
].sort((a, b) => a.order - b.order)

export function findCommand(id: string): Command | undefined {
  return commands.find((command) => command.id === id)
}
