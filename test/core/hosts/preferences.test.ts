import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_PREFERENCE, MAX_PREFERENCES } from '../../../core/contract/nouns/preference.ts'
import { listPreferences, preferenceFile, savePreference } from '../../../core/hosts/preferences.ts'

describe('preferences of a user', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-preferences-'))
    file = join(folder, 'config', 'redthread', 'preferences.json')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are there again for the next start, and gone when forgotten', async () => {
    expect(await listPreferences(file)).toEqual({})
    await savePreference(file, 'theme', 'contrast')
    await savePreference(file, 'timeline.columns', { shown: ['time'], pinned: [], sizes: {} })
    expect(await listPreferences(file)).toEqual({
      theme: 'contrast',
      'timeline.columns': { shown: ['time'], pinned: [], sizes: {} },
    })
    await savePreference(file, 'theme', null)
    expect(Object.keys(await listPreferences(file))).toEqual(['timeline.columns'])
  })

  it('are read by nobody else, and leave no half file behind', async () => {
    await savePreference(file, 'theme', 'dark')
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'config', 'redthread'))).toEqual(['preferences.json'])
  })

  it.each([
    'no json',
    '[]',
    '{"version":2,"values":{}}',
    '{"version":1,"values":{"../x":1}}',
    `"${'x'.repeat(100)}"`,
  ])('of a file that is not ours (%s) count as none, and are replaced by the next change', async (text) => {
    mkdirSync(join(folder, 'config', 'redthread'), { recursive: true })
    writeFileSync(file, text)
    expect(await listPreferences(file)).toEqual({})
    await savePreference(file, 'zone', 'Asia/Taipei')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, values: { zone: 'Asia/Taipei' } })
  })

  it('are bounded', async () => {
    const fail = (key: string, value: unknown) => savePreference(file, key, value)
    await expect(fail('a', 'x'.repeat(MAX_PREFERENCE))).rejects.toMatchObject({ code: 'request.invalid' })
    const many = Object.fromEntries(Array.from({ length: MAX_PREFERENCES }, (_value, at) => [`k${at}`, at]))
    mkdirSync(join(folder, 'config', 'redthread'), { recursive: true })
    writeFileSync(file, JSON.stringify({ version: 1, values: many }))
    await expect(fail('one-more', 1)).rejects.toMatchObject({ code: 'request.invalid' })
    await fail('k0', 'another')
    expect((await listPreferences(file))['k0']).toBe('another')
  })

  it('that cannot be written say so', async () => {
    writeFileSync(join(folder, 'config'), 'a file where the folder should be')
    await expect(savePreference(file, 'theme', 'dark')).rejects.toMatchObject({
      code: 'store.unwritable',
      params: { file: 'preferences.json' },
    })
  })

  it('stand where REDTHREAD_PREFERENCES says, and nowhere when it is empty', async () => {
    expect(preferenceFile({ REDTHREAD_PREFERENCES: file })).toBe(file)
    expect(preferenceFile({ REDTHREAD_PREFERENCES: '' })).toBeNull()
    expect(preferenceFile({ XDG_CONFIG_HOME: folder })).toMatch(/preferences\.json$/u)
    await savePreference(null, 'theme', 'dark')
    expect(await listPreferences(null)).toEqual({})
  })
})
