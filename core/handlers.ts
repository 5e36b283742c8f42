import { messagesOf } from './catalog.ts'
import { defineHandlers, type Handlers } from './jobs/handlers.ts'

const found = import.meta.glob<Handlers>('./*/*.handlers.ts', { eager: true, import: 'default' })

/** The texts of all rooms are nobody's but the root's. */
const ofTheRoot = defineHandlers({ 'locale.messages': (_context, { lang }) => messagesOf(lang) })

/**
 * Every room's answers to the contract, merged. Two handlers for one method stop the start; a method without handler is
 * found by test/core/engine.test.ts. Part of the composition root: it reaches into every room through the glob.
 */
export const handlers: Handlers = Object.freeze(
  Object.entries({ ...found, './handlers.ts': ofTheRoot }).reduce<Record<string, unknown>>(
    (all, [path, room]) => {
      for (const [method, handler] of Object.entries(room)) {
        if (method in all) throw new Error(`${path}: a second handler for ${method}`)
        all[method] = handler
      }
      return all
    },
    {},
  ),
)
