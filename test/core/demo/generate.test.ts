import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoFiles, generateDemo } from '../../../core/demo/generate.ts'

const MAX_BYTES = 25 * 1024 * 1024
const MAX_RECORDS = 40_000
const MAX_SECONDS = 5

let folder: string
let demo: DemoFiles
let seconds: number
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-demo-'))
  const start = performance.now()
  demo = await generateDemo(join(folder, 'first'))
  seconds = (performance.now() - start) / 1000
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** `name sha256` of every file, sorted. */
async function digest(root: string): Promise<string[]> {
  const names = (await readdir(root, { recursive: true })).sort()
  const lines = []
  for (const name of names) {
    const path = join(root, name)
    if ((await stat(path)).isFile())
      lines.push(
        `${name} ${createHash('sha256')
          .update(await readFile(path))
          .digest('hex')}`,
      )
  }
  return lines
}

describe('generateDemo', () => {
  it('writes the same bytes again, also in another zone and language', async () => {
    const script = `import { generateDemo } from ${JSON.stringify(new URL('../../../core/demo/generate.ts', import.meta.url).href)}
await generateDemo(process.argv[1])`
    const elsewhere = { ...process.env, TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
    await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script, join(folder, 'tokyo')],
      { env: elsewhere },
    )
    await generateDemo(join(folder, 'second'))
    const first = await digest(join(folder, 'first'))
    expect(await digest(join(folder, 'second'))).toEqual(first)
    expect(await digest(join(folder, 'tokyo'))).toEqual(first)
  })

  it('tells the same story with other people for another seed', async () => {
    const other = await generateDemo(join(folder, 'other'), 7)
    expect(other.truth.cast).toEqual(demo.truth.cast)
    expect(other.truth.turned).toEqual(demo.truth.turned)
    expect(other.truth.users.map((user) => user.account)).not.toEqual(
      demo.truth.users.map((user) => user.account),
    )
  })

  it('stays small and quick', () => {
    const bytes = demo.truth.files.reduce((sum, file) => sum + file.bytes, 0)
    const records = demo.truth.files.reduce((sum, file) => sum + (file.records ?? 0), 0)
    expect(bytes).toBeLessThan(MAX_BYTES)
    expect(records).toBeLessThan(MAX_RECORDS)
    expect(seconds).toBeLessThan(MAX_SECONDS)
  })

  it('names no host outside the reserved names and no address outside the reserved ranges', async () => {
    const texts = []
    for (const file of demo.truth.files) {
      if (!/\.(json|ndjson|eml|mbox|ldif)$/.test(file.name)) continue
      texts.push(await readFile(join(demo.folder, file.name), 'utf8'))
    }
    const all = texts.join('\n')
    const hosts = new Set([...all.matchAll(/https?:\/\/([^/"\s<:?]+)/g)].map((match) => match[1] ?? ''))
    expect(
      [...hosts].filter(
        (host) => !/(^|\.)example$/.test(host) && host !== 'schemas.microsoft.com' && !/^[\d.]+$/.test(host),
      ),
    ).toEqual([])
    const addresses = new Set(
      [...all.matchAll(/"(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"/g)].map((match) => match[1] ?? ''),
    )
    const isReserved = (ip: string) =>
      /^(10\.|127\.0\.0\.1$|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/.test(ip)
    expect([...addresses].filter((ip) => !isReserved(ip))).toEqual([])
  })
})
