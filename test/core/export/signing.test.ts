import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Manifest } from '../../../core/contract/nouns/verify.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

let bench: Workbench
let at: { key: string; manifest: string; report: string; events: string }
beforeEach(async () => {
  bench = await Workbench.open()
  const place = (name: string): string => join(bench.folder, name)
  at = { key: place('me.pem'), manifest: place('m.json'), report: place('r.html'), events: place('e.jsonl') }
  await bench.import(bench.file('log.jsonl', windowsLines(20)))
  await bench.client.run('correlation.run', {})
})
afterEach(() => bench.close())

const codes = (rows: readonly { code: string }[]): string[] => rows.map(({ code }) => code)
const read = (): Manifest => JSON.parse(readFileSync(at.manifest, 'utf8')) as Manifest
/** Report, export and manifest of the case, signed with the key when there is one. */
async function hand(key: string | null, passphrase: string | null = null) {
  await bench.client.run('report.write', { grant: at.report, format: 'html' })
  await bench.client.run('export.run', { grant: at.events, target: 'events-jsonl' })
  return bench.client.run('manifest.write', { grant: at.manifest, files: [at.report], key, passphrase })
}
async function verify(more: { key?: string } = {}) {
  await bench.client.call('case.close', {})
  const found = await bench.client.call('verify.file', {
    grant: bench.casePath,
    report: at.report,
    manifest: at.manifest,
    ...more,
  })
  await bench.client.call('case.open', { grant: bench.casePath })
  return found
}
/** Changes a byte of a file to another letter. */
function change(path: string, find: string, put: string): void {
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(find)
  writeFileSync(path, text.replace(find, put))
}

describe('a key', () => {
  it('is made readable by its owner alone, with the public half beside it, and never over another', async () => {
    const made = await bench.client.call('manifest.key', { grant: at.key })
    expect(statSync(at.key).mode & 0o777).toBe(0o600)
    expect(readFileSync(made.publicPath, 'utf8')).toContain('PUBLIC KEY')
    expect(made.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    await expect(bench.client.call('manifest.key', { grant: at.key })).rejects.toMatchObject({
      code: 'key.exists',
    })
    expect(readFileSync(bench.casePath).includes('PRIVATE')).toBe(false)
  })

  it('opens only with its passphrase', async () => {
    await bench.client.call('manifest.key', { grant: at.key, passphrase: 'correct horse' })
    expect(readFileSync(at.key, 'utf8')).toContain('ENCRYPTED')
    for (const passphrase of [null, 'wrong horse'])
      await expect(hand(at.key, passphrase)).rejects.toMatchObject({ code: 'key.invalid' })
    expect((await hand(at.key, 'correct horse')).signer).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is refused when it is none', async () => {
    await expect(hand(bench.file('no.pem', 'nothing'))).rejects.toMatchObject({ code: 'key.invalid' })
  })
})

describe('a manifest', () => {
  it('names report, figures, exports, rules and packs, and what the case is', async () => {
    await hand(null)
    const { files, rules, packs, signature } = read()
    expect(files.map(({ role, name }) => `${role} ${name.replace(/#.*/, '#')}`)).toEqual(
      expect.arrayContaining(['report r.html', 'export e.jsonl']),
    )
    expect(rules?.length).toBeGreaterThan(10)
    expect(packs).toEqual([])
    expect(signature).toBeUndefined()
    const { ok, holds } = await verify()
    expect(ok).toBe(true)
    expect(codes(holds)).toEqual(
      expect.arrayContaining(['holds.manifest', 'holds.report', 'holds.digest', 'holds.files']),
    )
  })

  it('shows a byte changed in the report, in an export, in itself and in the case', async () => {
    await hand(null)
    change(at.events, 'cmd', 'cmx')
    expect(codes((await verify()).findings)).toEqual(['file.changed'])
    change(at.report, 'report', 'rep0rt')
    expect(codes((await verify()).findings)).toEqual(
      expect.arrayContaining(['file.changed', 'report.changed']),
    )
    change(at.manifest, '"redthread-manifest"', '"redthread-manifest" ')
    expect(codes((await verify()).findings)).toContain('manifest.changed')
  })

  it('is signed, and the signature holds for its key only', async () => {
    const { fingerprint, publicPath } = await bench.client.call('manifest.key', { grant: at.key })
    const other = await bench.client.call('manifest.key', { grant: join(bench.folder, 'other.pem') })
    expect((await hand(at.key)).signer).toBe(fingerprint)
    expect(codes((await verify()).holds)).toContain('holds.signed')
    const named = await verify({ key: publicPath })
    expect(named.ok).toBe(true)
    expect(codes(named.holds)).toContain('holds.signed_by')
    expect(codes((await verify({ key: other.publicPath })).findings)).toEqual(['manifest.other_key'])
  })

  it('shows a change that was made good in its own hash but not in the signature', async () => {
    await bench.client.call('manifest.key', { grant: at.key })
    await hand(at.key)
    const { createHash } = await import('node:crypto')
    const text = readFileSync(at.manifest, 'utf8').replace('"name": "r.html"', '"name": "x.html"')
    const zeroed = text.replace(/"self": "[0-9a-f]{64}"/, `"self": "${'0'.repeat(64)}"`)
    const self = createHash('sha256').update(zeroed).digest('hex')
    writeFileSync(at.manifest, zeroed.replace('0'.repeat(64), self))
    const { ok, findings } = await verify()
    expect(ok).toBe(false)
    expect(codes(findings)).toContain('manifest.signature')
    expect(codes(findings)).not.toContain('manifest.changed')
  })

  it('must be signed when a key is named', async () => {
    const { publicPath } = await bench.client.call('manifest.key', { grant: at.key })
    await hand(null)
    expect(codes((await verify({ key: publicPath })).findings)).toEqual(['manifest.unsigned'])
  })
})
