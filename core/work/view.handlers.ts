import { defineHandlers } from '../jobs/handlers.ts'
import { change } from './change.ts'
import { leaveScreen, leftScreen } from './desk.ts'
import { findStoredView, getView, listViews, removeViews, renameView, saveView } from './views.ts'

/** Views of screens, kept in the case (noun `work`). */
export default defineHandlers({
  'view.save': (context, input) =>
    change(context, 'view.save', () => {
      const id = saveView(context.db, context.now(), input)
      return { result: { id }, details: { id, screen: input.screen, name: input.name } }
    }),
  'view.list': ({ db }, { screen }) => listViews(db, screen ?? null),
  'view.get': ({ db }, { id }) => getView(db, id),
  'view.rename': (context, { id, name }) =>
    change(context, 'view.rename', () => {
      const before = findStoredView(context.db, id).name
      renameView(context.db, context.now(), id, name)
      return { result: {}, details: { id, before, name } }
    }),
  'view.remove': (context, { ids }) =>
    change(context, 'view.remove', () => {
      const names = ids.map((id) => findStoredView(context.db, id).name)
      removeViews(context.db, context.now(), ids)
      return { result: {}, details: { ids, names } }
    }),
  'view.leave': ({ db }, { screen, state }) => leaveScreen(db, screen, state),
  'view.left': ({ db }, { screen }) => ({ state: leftScreen(db, screen) }),
})
