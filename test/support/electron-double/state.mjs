// What the double remembers, and the part of ipcMain that the window needs.

export const state = {
  windows: [],
  switches: [],
  console: [],
  popups: [],
  cancelled: [],
  printed: [],
  schemes: [],
  dialogs: [],
  handlers: new Map(),
  sandboxed: false,
  /** Set by double.mjs. */
  app: undefined,
  browser: undefined,
  defaultSession: undefined,
}

export async function invoke(channel, event, args) {
  const handler = state.handlers.get(channel)
  if (!handler) return { error: `No handler registered for '${channel}'` }
  try {
    return { value: await handler(event, ...args) }
  } catch (failure) {
    return { error: failure.message }
  }
}

/** The frame of a preload context, with the origin the product is told. A test may force another one. */
export function findFrame(window, contextId) {
  const context = window.contexts?.find((known) => known.id === contextId)
  if (!context) return null
  const origin = state.forcedOrigin ?? context.origin.replace(/^http:\/\/([\w-]+)\.localhost.*/, 'app://$1')
  return { parent: null, origin }
}
