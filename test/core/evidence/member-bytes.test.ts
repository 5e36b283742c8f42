import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AskedBytes, MemberBytes } from '../../../core/evidence/member-bytes.ts'
import type { BytesAnswer, BytesRequest } from '../../../core/evidence/parse-port.ts'

const CONTENT = Buffer.from(
  Array.from({ length: 5_000_000 }, (_, index) => (index * 31 + (index >> 8)) & 255),
)

/** A member of an archive with one handle for all: who opens it anew moves it for everybody. */
function sealedPart(damagedFrom = Infinity) {
  let at = 0
  let open = 0
  const part = {
    name: 'm',
    size: CONTENT.length,
    most: 0,
    read: 0,
    async *open() {
      open += 1
      part.most = Math.max(part.most, open)
      at = 0
      try {
        while (at < CONTENT.length) {
          await turn()
          if (at >= damagedFrom) throw new Error('damaged')
          const piece = CONTENT.subarray(at, at + 50_000)
          at += piece.length
          part.read += piece.length
          yield piece
        }
      } finally {
        open -= 1
      }
    },
  }
  return part
}

/** Both ends, with messages that take their time. */
function joined(part: ReturnType<typeof sealedPart>) {
  const failures: unknown[] = []
  const later = (work: () => void) => void turn().then(work)
  const asked = new AskedBytes((request: BytesRequest) => later(() => served.take(request)))
  const served = new MemberBytes(
    part,
    (answer: BytesAnswer) => later(() => asked.take(answer)),
    (thrown) => failures.push(thrown),
  )
  return { asked, served, failures }
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('bytes of a member for a thread', () => {
  it('are whole after somebody has looked at the first of them: no two passes move the handle at a time', async () => {
    const part = sealedPart()
    const { asked, served, failures } = joined(part)
    for (let peeks = 0; peeks < 3; peeks++)
      for await (const piece of asked.open()) if (piece.length > 0) break
    expect(Buffer.compare(await all(asked.open()), CONTENT)).toBe(0)
    await served.close()
    expect(part.most).toBe(1)
    expect(failures).toEqual([])
    // What was asked for ahead is not unpacked once nobody wants it.
    expect(part.read).toBeLessThan(CONTENT.length * 2)
  })

  it('end with the member: the next one is read when no pass is left', async () => {
    const part = sealedPart()
    const { asked, served } = joined(part)
    const pass = asked.open()
    await pass.next()
    await served.close()
    const before = part.read
    await turn()
    await turn()
    expect(part.read).toBe(before)
  })

  it('say what broke', async () => {
    const { asked, served, failures } = joined(sealedPart(2_000_000))
    const pass = asked.open()
    await pass.next()
    while (failures.length === 0) await turn()
    expect(failures).toEqual([expect.objectContaining({ message: 'damaged' })])
    await served.close()
  })
})
