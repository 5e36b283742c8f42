import { codedMember, nameWithout } from './coded-member.ts'
import { problem, type Container, type Problem } from './container.ts'
import { gunzip, isGzip } from './gunzip.ts'
import { memberName } from './member-name.ts'

const HAS_EXTRA = 4
const HAS_NAME = 8
const FIXED_HEADER = 10

/** The name in the header (RFC 1952 2.3.1), if there is one. */
function headerName(head: Uint8Array): string | undefined {
  const flags = head[3] ?? 0
  if ((flags & HAS_NAME) === 0) return undefined
  let at = FIXED_HEADER
  if ((flags & HAS_EXTRA) !== 0) at += 2 + (head[at] ?? 0) + (head[at + 1] ?? 0) * 256
  const end = head.indexOf(0, at)
  if (end <= at) return undefined
  const bytes = head.subarray(at, end)
  const utf8 = new TextDecoder().decode(bytes)
  const name = utf8.includes('\ufffd') ? Buffer.from(bytes).toString('latin1') : utf8
  return name.split(/[\\/]/).at(-1)
}

/** gzip (RFC 1952): one content, also when it was written as several members one after the other. */
const container: Container = {
  id: 'gzip',
  isCoding: true,
  recognises: isGzip,
  async *list(source, { budget }) {
    const name = memberName(headerName(await source.head()) ?? nameWithout(source.name, /\.gz$/i))
    const left: Problem[] = []
    yield codedMember(source, name, budget, (stream) =>
      gunzip(stream, (bytes) => (left[0] = problem('', 'archive.trailing_bytes', `${bytes} bytes`))),
    )
    yield* left
  },
}
export default container
