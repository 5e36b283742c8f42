import { createClient, type Client } from '../../core/contract/client.ts'
import type { Noun, Transport } from '../../core/contract/types.ts'
import { desktopTransport } from './desktop-transport.ts'
import { httpTransport, takeToken } from './http-transport.ts'

let current: Client | undefined

/** Makes this client the one all stores speak to. Tests pass one over a fake transport. */
export function setClient(client: Client): void {
  current = client
}

/** The client of this window. Throws when called before {@link setClient}. */
export function getClient(): Client {
  if (!current) throw new Error('the client is not connected yet')
  return current
}

/** Desktop when the preload is there, else browser mode; null when browser mode was opened without its token. */
export function chooseTransport(scope: Window = window): Transport | null {
  if (scope.redthread) return desktopTransport(scope.redthread)
  const token = takeToken(scope.location, scope.history, scope.sessionStorage)
  return token === null ? null : httpTransport(token)
}

export const connect = (transport: Transport): void => setClient(createClient(transport))

// An import changes rows many times a second; screens follow at this pace, and always show the last state.
const REQUERY_MS = 400

/** Calls back when rows of one of the nouns changed, or the case was closed. Returns the function that stops it. */
export function onChanged(nouns: readonly Noun[], callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDue = false
  const rest = (): void => {
    timer = undefined
    if (isDue) fire()
  }
  const fire = (): void => {
    isDue = false
    timer = setTimeout(rest, REQUERY_MS)
    callback()
  }
  const stop = getClient().onEvent((event) => {
    if (event.type !== 'store.changed' || !event.nouns.some((noun) => nouns.includes(noun))) return
    if (timer === undefined) fire()
    else isDue = true
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}
