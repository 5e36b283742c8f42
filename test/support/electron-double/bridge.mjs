// Scripts that the double puts into the page: they stand for Electron's context bridge. Each is turned into text and runs
// in the page; nothing here may refer to anything outside its function.

/** Main world: builds `window[name]` from a description and forwards calls as events with JSON text. */
export function mainWorldScript() {
  const waiting = new Map()
  const callbacks = new Map()
  let last = 0
  const send = (type, detail) =>
    document.dispatchEvent(new CustomEvent(`bridge:${type}`, { detail: JSON.stringify(detail) }))
  const forward =
    (target) =>
    (...words) => {
      const id = ++last
      const args = words.map((word) => {
        if (typeof word !== 'function') return { json: JSON.stringify(word) }
        const callback = ++last
        callbacks.set(callback, word)
        return { callback }
      })
      let answer
      waiting.set(id, (reply) => (answer = reply))
      const promise = new Promise((resolve, reject) => {
        waiting.set(id, (reply) => {
          if (reply.handle !== undefined) answer = forward({ handle: reply.handle })
          else if (reply.error !== undefined) reject(new Error(reply.error))
          else resolve(reply.json === undefined ? undefined : JSON.parse(reply.json))
        })
      })
      send('call', { id, ...target, args })
      return answer ?? promise
    }
  document.addEventListener('bridge:expose', (event) => {
    const { name, keys } = JSON.parse(event.detail)
    const api = Object.freeze(Object.fromEntries(keys.map((key) => [key, forward({ name, key })])))
    Object.defineProperty(window, name, { value: api, enumerable: true })
  })
  document.addEventListener('bridge:reply', (event) => {
    const reply = JSON.parse(event.detail)
    const done = waiting.get(reply.id)
    waiting.delete(reply.id)
    done?.(reply)
  })
  document.addEventListener('bridge:callback', (event) => {
    const { callback, args } = JSON.parse(event.detail)
    callbacks.get(callback)?.(...args.map((text) => (text === undefined ? undefined : JSON.parse(text))))
  })
}

/** Isolated world: `require('electron')` for the preload, and the other end of the bridge. */
export function preloadWorldScript() {
  const exposed = new Map()
  const handles = new Map()
  const listeners = new Map()
  const waiting = new Map()
  let last = 0
  const tell = (type, detail) =>
    document.dispatchEvent(new CustomEvent(`bridge:${type}`, { detail: JSON.stringify(detail) }))
  document.addEventListener('bridge:call', (event) => {
    const { id, name, key, handle, args } = JSON.parse(event.detail)
    const words = args.map((arg) =>
      arg.callback === undefined
        ? arg.json === undefined
          ? undefined
          : JSON.parse(arg.json)
        : (...rest) =>
            tell('callback', { callback: arg.callback, args: rest.map((item) => JSON.stringify(item)) }),
    )
    const target = handle === undefined ? exposed.get(name)[key] : handles.get(handle)
    const result = target(...words)
    if (typeof result === 'function') {
      handles.set(++last, result)
      tell('reply', { id, handle: last })
    } else {
      Promise.resolve(result).then(
        (value) => tell('reply', { id, json: JSON.stringify(value) }),
        (error) => tell('reply', { id, error: String(error?.message ?? error) }),
      )
    }
  })
  globalThis.__fromHost = (text) => {
    const message = JSON.parse(text)
    if (message.type === 'event')
      for (const listener of listeners.get(message.channel) ?? []) listener({}, message.value)
    else {
      const { resolve, reject } = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error === undefined) resolve(message.value)
      else reject(new Error(message.error))
    }
  }
  const ipcRenderer = {
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        const id = ++last
        waiting.set(id, { resolve, reject })
        globalThis.__toHost(JSON.stringify({ id, channel, args }))
      }),
    on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    off: (channel, listener) =>
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((item) => item !== listener),
      ),
  }
  const contextBridge = {
    exposeInMainWorld(name, api) {
      exposed.set(name, api)
      tell('expose', { name, keys: Object.keys(api) })
    },
  }
  return { contextBridge, ipcRenderer }
}
