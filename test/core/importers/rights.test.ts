import { describe, expect, it } from 'vitest'
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
