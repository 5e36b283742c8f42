import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** Codes taken of one picture. */
const MAX_CODES = 8
/** Pictures remembered: the same logo stands in every mail of a company. */
const MAX_REMEMBERED = 5_000

type Library = typeof import('zxing-wasm/reader')

let loading: Promise<Library> | undefined
const remembered = new Map<string, readonly string[]>()

/** The reader is WebAssembly: what a hostile picture breaks stays inside its memory. Its bytes come from the package. */
function load(): Promise<Library> {
  loading ??= (async () => {
    const library = await import('zxing-wasm/reader')
    const wasmBinary = await readFile(
      createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'),
    )
    await library.prepareZXingModule({
      // the library's own default would ask the network for what is given here
      overrides: { wasmBinary: new Uint8Array(wasmBinary).buffer, locateFile: (name: string) => name },
      fireImmediately: true,
    })
    return library
  })()
  return loading
}

/** Texts of the QR codes in a PNG, JPEG, GIF or BMP; none when it cannot be decoded. */
export async function readQrCodes(picture: Uint8Array): Promise<readonly string[]> {
  const key = createHash('sha256').update(picture).digest('base64')
  const known = remembered.get(key)
  if (known !== undefined) return known
  const texts = await decode(picture)
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  remembered.set(key, texts)
  return texts
}

async function decode(picture: Uint8Array): Promise<readonly string[]> {
  const library = await load()
  try {
    const codes = await library.readBarcodes(picture, { formats: ['QRCode'], maxNumberOfSymbols: MAX_CODES })
    return codes.filter((code) => code.isValid).map((code) => code.text)
  } catch (error) {
    // a trap of WebAssembly, whose class only browsers declare
    if (!(error instanceof Error) || error.name !== 'RuntimeError') throw error
    // its memory is in doubt now: the next picture gets a new one
    library.purgeZXingModule()
    loading = undefined
    return []
  }
}
