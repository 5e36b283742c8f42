import { describe, expect, it } from 'vitest'
import { addGroup, exitOf, toGroups } from '../../../core/hosts/cli/pack-adding.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'

describe('packs given as files', () => {
  it('are one pack each, but the manifest of a MISP feed and the events beside it', () => {
    const groups = toGroups([
      '/a/x.csv',
      '/feed/one.json',
      '/feed/Manifest.json',
      '/b/one.json',
      '/feed/list.txt',
    ])
    expect(groups).toEqual([
      ['/a/x.csv'],
      ['/feed/one.json', '/feed/Manifest.json'],
      ['/b/one.json'],
      ['/feed/list.txt'],
    ])
  })

  it('that are refused or there already keep nobody out; what is wrong with the case does', async () => {
    const answer = (code: ConstructorParameters<typeof WorkbenchError>[0], params = {}) =>
      addGroup(['/a/x.csv'], () => Promise.reject(new WorkbenchError(code, params)))
    const refused = await answer('pack.not_json')
    const present = await answer('pack.duplicate', { pack: 'x@1' })
    expect([refused, present]).toMatchObject([
      { kind: 'refused', file: '/a/x.csv', error: { code: 'pack.not_json' } },
      { kind: 'present', pack: 'x@1' },
    ])
    await expect(answer('store.disk_full')).rejects.toMatchObject({ code: 'store.disk_full' })
    await expect(answer('job.cancelled')).rejects.toMatchObject({ code: 'job.cancelled' })
    expect([exitOf([refused]), exitOf([refused, present]), exitOf([present])]).toEqual([1, 3, 0])
  })
})
