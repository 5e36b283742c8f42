import { TOKEN_KEY } from './http-transport.ts'

/**
 * An app window gets a one-time code in its address (`#code=...`), because other users can read a browser's command line.
 * It is taken out of the address and changed for the token, which is kept for this tab. Without a code nothing happens;
 * a code that was used already leaves the page without token.
 */
export async function redeemCode(location: Location, history: History, storage: Storage): Promise<void> {
  const code = /(?:^#|&)code=([^&]+)/u.exec(location.hash)?.[1]
  if (code === undefined) return
  history.replaceState(null, '', location.pathname + location.search)
  const response = await fetch('/api/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: decodeURIComponent(code) }),
    cache: 'no-store',
  })
  if (!response.ok) return
  const reply = (await response.json()) as { value: { token: string } }
  storage.setItem(TOKEN_KEY, reply.value.token)
}
