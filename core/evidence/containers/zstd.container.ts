import { createZstdDecompress } from 'node:zlib'
import { codedMember, nameWithout } from './coded-member.ts'
import { hasBytes, type Container } from './container.ts'
import { DECODED_CHUNK, decompress } from './decompress.ts'
import { memberName } from './member-name.ts'

/** Zstandard (RFC 8878). */
const container: Container = {
  id: 'zstd',
  isCoding: true,
  recognises: (head) => hasBytes(head, [0x28, 0xb5, 0x2f, 0xfd]),
  async *list(source, { budget }) {
    yield codedMember(source, memberName(nameWithout(source.name, /\.zstd?$/i)), budget, (stream) =>
      decompress(createZstdDecompress({ chunkSize: DECODED_CHUNK }), stream),
    )
  },
}
export default container
