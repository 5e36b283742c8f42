import { createZstdDecompress } from 'node:zlib'
import { ByteReader } from './byte-stream.ts'
import { codedMember, nameWithout } from './coded-member.ts'
import { hasBytes, problem, type Container, type Problem } from './container.ts'
import { DECODED_CHUNK, decompress } from './decompress.ts'
import { memberName } from './member-name.ts'

const isZstd = (head: Uint8Array): boolean => hasBytes(head, [0x28, 0xb5, 0x2f, 0xfd])

/** Zstandard (RFC 8878): one content, also when it was written as several frames. */
const container: Container = {
  id: 'zstd',
  isCoding: true,
  recognises: isZstd,
  async *list(source, { budget }) {
    const left: Problem[] = []
    yield codedMember(source, memberName(nameWithout(source.name, /\.zstd?$/i)), budget, (stream) =>
      frames(stream, (bytes) => (left[0] = problem('', 'archive.trailing_bytes', `${bytes} bytes`))),
    )
    yield* left
  },
}
export default container

async function* frames(
  stream: AsyncIterable<Uint8Array>,
  onRest: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(stream)
  try {
    for (;;) {
      yield* decompress(createZstdDecompress({ chunkSize: DECODED_CHUNK }), reader)
      const next = await reader.take(4)
      reader.unread(next)
      if (isZstd(next)) continue
      const rest = await reader.countRest()
      if (rest > 0) onRest(rest)
      return
    }
  } finally {
    await reader.close()
  }
}
