/** Loaded when it is needed: its arithmetic takes a twentieth of a second to set up, in every thread that would load it. */
const loadAge = () => import('age-encryption')

/** A web stream over chunks; each is taken when the one before has been used. */
function toWebStream(parts: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}

/** The age format with a passphrase (scrypt, ChaCha20-Poly1305): authenticated chunk by chunk, and other tools open it. */
export async function* encrypted(
  plain: AsyncIterable<Uint8Array>,
  passphrase: string,
): AsyncGenerator<Uint8Array> {
  const { Encrypter } = await loadAge()
  const age = new Encrypter()
  age.setPassphrase(passphrase)
  yield* chunksOf(await age.encrypt(toWebStream(plain)))
}

/** Opens the age layer; a changed byte or a wrong passphrase is an error of the library. */
export async function decrypted(
  source: AsyncIterable<Uint8Array>,
  passphrase: string,
): Promise<AsyncIterable<Uint8Array>> {
  const { Decrypter } = await loadAge()
  const age = new Decrypter()
  age.addPassphrase(passphrase)
  return chunksOf(await age.decrypt(toWebStream(source)))
}
