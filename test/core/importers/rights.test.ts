import { describe, expect, it } from 'vitest'
import { ALLOW_OBJECT, listRights } from '../../../core/importers/directory/access-control.ts'
import { type GrantedRight, toAccessEdges } from '../../../core/importers/directory/rights.ts'
import { UnrelatedRights } from '../../../core/importers/directory/unrelated-rights.ts'

const granted = (right: string, principal = 'A', isInherited = false): GrantedRight => ({
  principal,
  right,
  isInherited,
})
const over = (kind: string, ...rights: GrantedRight[]) => {
  const unrelated = new UnrelatedRights()
  const edges = toAccessEdges(rights, { objectId: 'D', kind }, unrelated)
  return { edges: edges.map(({ right, from, isInherited }) => [right, from, isInherited]), unrelated }
}

describe('rights of an access list', () => {
  it('are replication of secrets where both halves are held, inherited when one of them is', () => {
    expect(over('domain', granted('GetChanges'), granted('GetChangesAll', 'A', true)).edges).toEqual([
      ['dcsync', 'A', true],
    ])
  })

  it('keep a half that is held alone, as stated in its own name when stated twice', () => {
    const { edges, unrelated } = over(
      'domain',
      granted('GetChanges', 'A', true),
      granted('GetChanges', 'A'),
      granted('GetChangesAll', 'B'),
    )
    expect(edges).toEqual([
      ['get-changes', 'A', false],
      ['get-changes-all', 'B', false],
    ])
    expect(unrelated.isEmpty).toBe(true)
  })

  it('know the name some collectors give to both halves', () => {
    expect(over('domain', granted('DCSync')).edges).toEqual([['dcsync', 'A', false]])
  })

  it('take no replication from objects that are no domain, and count it', () => {
    const { edges, unrelated } = over(
      'user',
      granted('DCSync'),
      granted('GetChanges'),
      granted('GetChangesAll'),
    )
    expect(edges).toEqual([])
    expect(unrelated.toText()).toBe('DCSync 1, GetChanges 1, GetChangesAll 1')
  })
})

describe('the password that LAPS keeps of a computer', () => {
  const [READ, READ_SECRET] = [0x10, 0x110]
  const ENCRYPTED = 'f3531ec6-6330-4f8e-8d39-7a671fbac605'
  const OF_THE_FOREST = '6c1b6f5e-0000-4000-8000-0123456789ab'
  const TPM_OWNER = 'aa4e1a6d-550d-4e05-8c35-4afcb917a9fe'
  const rightsOver = (kind: string, hasLaps: boolean, mask: number, type: string) => {
    const aces = [{ kind: ALLOW_OBJECT, flags: 0, principal: 'A', mask, type } as const]
    return toAccessEdges(listRights({ owner: undefined, aces }), { objectId: 'C', kind, hasLaps }).map(
      ({ right, from }) => `${right} ${from}`,
    )
  }

  it('is read by who may read a secret attribute of it, by the GUID of all forests or of one', () => {
    expect(rightsOver('computer', true, READ_SECRET, ENCRYPTED)).toEqual(['read-laps A'])
    expect(rightsOver('computer', true, READ_SECRET, OF_THE_FOREST)).toEqual(['read-laps A'])
  })

  it('is not read without control access, nor by who may read another secret, nor where LAPS keeps none', () => {
    expect(rightsOver('computer', true, READ, ENCRYPTED)).toEqual([])
    expect(rightsOver('computer', true, READ, OF_THE_FOREST)).toEqual([])
    expect(rightsOver('computer', true, READ_SECRET, TPM_OWNER)).toEqual([])
    expect(rightsOver('computer', false, READ_SECRET, OF_THE_FOREST)).toEqual([])
    expect(rightsOver('user', true, READ_SECRET, OF_THE_FOREST)).toEqual([])
  })
})
