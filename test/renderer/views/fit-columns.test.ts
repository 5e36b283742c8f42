import { describe, expect, it } from 'vitest'
import { COLUMN_SETS, findColumn } from '../../../renderer/views/timeline/columns.ts'
import { fitColumns, type WantedColumn } from '../../../renderer/views/timeline/fit-columns.ts'

const wanted = (id: string, fixed: Readonly<Record<string, number>> = {}): WantedColumn[] =>
  (COLUMN_SETS.find((one) => one.id === id)?.columns ?? []).map((column) => ({
    id: column,
    size: fixed[column] ?? findColumn(column)?.size ?? 0,
    isFixed: fixed[column] !== undefined,
  }))
const sizesOf = (columns: readonly WantedColumn[], room: number) =>
  Object.fromEntries(fitColumns(columns, room).columns.map(({ id, size }) => [id, size]))
const widthOf = (columns: readonly WantedColumn[], room: number): number =>
  fitColumns(columns, room).columns.reduce((sum, { size }) => sum + size, 0)

describe('the widths of the columns of the Timeline', () => {
  const all = wanted('default')

  it('are what the columns want where there is room, and while nobody knows how much there is', () => {
    for (const room of [Infinity, 2000, 982]) {
      const { columns, elastic, folded } = fitColumns(all, room)
      expect(columns).toEqual(all.map(({ id, size }) => ({ id, size })))
      expect([elastic, folded]).toEqual(['summary', []])
    }
  })

  it('give way around the summary first', () => {
    const sizes = sizesOf(all, 800)
    expect(sizes['summary']).toBe(300)
    expect(sizes['time']).toBeLessThan(204)
    expect(sizes['user']).toBeLessThan(140)
    expect(widthOf(all, 800)).toBeLessThanOrEqual(800)
  })

  it('never leave the summary less than a readable piece: what it names itself goes before that', () => {
    for (let room = 400; room < 1000; room += 7) {
      const sizes = sizesOf(all, room)
      expect(sizes['summary']).toBeGreaterThanOrEqual(240)
      expect(sizes['time']).toBeGreaterThanOrEqual(148)
      expect(widthOf(all, room)).toBeLessThanOrEqual(room)
    }
    expect(fitColumns(all, 660).folded).toEqual(['marks'])
    expect(fitColumns(all, 400).folded).toEqual(['marks', 'user', 'kind', 'endpoint'])
  })

  it('keep what the user sized or pinned, and scroll if that is too wide', () => {
    const columns = wanted('default', { user: 300, summary: 500 })
    const { folded } = fitColumns(columns, 600)
    expect(folded).not.toContain('user')
    expect(sizesOf(columns, 600)).toMatchObject({ user: 300, summary: 500 })
    expect(widthOf(columns, 600)).toBeGreaterThan(600)
  })

  it('leave out nothing where there is no summary that would name it', () => {
    const columns = wanted('process')
    expect(fitColumns(columns, 300).folded).toEqual([])
    expect(fitColumns(columns, 300).elastic).toBe('process.command_line')
    expect(sizesOf(columns, 300)['process.command_line']).toBe(240)
    expect(fitColumns([{ id: 'user', size: 140, isFixed: false }], 900).elastic).toBe('user')
  })
})
