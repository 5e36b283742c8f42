import { dropFirst, takeHead } from './byte-stream.ts'
import type { Budget } from './budget.ts'
import type { Member, Source } from './container.ts'

/** The one content of a coded file (gz, zst), decoded each time it is opened. */
export function codedMember(
  source: Source,
  name: string,
  budget: Budget,
  decode: (stream: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): Member {
  const meter = budget.meter()
  const open = (from = 0) => dropFirst(meter(decode(source.open())), from)
  let head: Promise<Uint8Array> | undefined
  return { kind: 'member', name, size: null, open, head: () => (head ??= takeHead(open())) }
}

/** `Security.evtx` for `logs/Security.evtx.gz`; `.tgz` and the like become `.tar`. */
export function nameWithout(name: string, ending: RegExp): string {
  const base = name.split(/[\\/]/).at(-1) ?? name
  const short = base.replace(/\.(?:tgz|taz|tzst)$/i, '.tar').replace(ending, '')
  return short === '' ? base : short
}
