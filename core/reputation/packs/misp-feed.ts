import { member } from './read-json.ts'

/** Names of a MISP feed: `manifest.json` names the events, each of which is `<uuid>.json` beside it (misp-core-format). */
export const MANIFEST = 'manifest.json'
const EVENT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Uuids of the events of a manifest; undefined when the text is no manifest. Names are checked: they become file names. */
export function readManifest(text: string): string[] | undefined {
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return undefined
  const names = Object.keys(manifest)
  const isManifest = names.length > 0 && names.every((name) => EVENT.test(name))
  return isManifest && names.every((name) => member(manifest, name) !== null)
    ? names.map((name) => name.toLowerCase()).sort()
    : undefined
}

/**
 * The events of a feed as one text, a list of events as the reader of MISP events takes it. An event that the manifest names and the
 * feed lacks is an entry without `Event`, which the reader counts as rejected.
 * @param open bytes of `<uuid>.json`; undefined when there is none
 */
export function* feedChunks(
  uuids: readonly string[],
  open: (uuid: string) => Uint8Array | undefined,
): Iterable<Uint8Array> {
  const encoder = new TextEncoder()
  for (const [index, uuid] of uuids.entries()) {
    yield encoder.encode(index === 0 ? '[' : ',\n')
    yield open(uuid) ?? encoder.encode(JSON.stringify({ missing: uuid }))
  }
  yield encoder.encode(']')
}
