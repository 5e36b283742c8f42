import { describe, expect, it } from 'vitest'
import { EventValues, internal } from '../../../core/importers/windows/event-values.ts'
import { addValue } from '../../../core/importers/windows/windows-event.ts'

describe('data of an event', () => {
  it('are found by name and come in the order they were added', () => {
    const data = new EventValues()
    data.append('Image', 'C:\\a.exe')
    data.set('User', 'CORP\\jane').set('Image', 'C:\\b.exe')
    expect([...data]).toEqual([
      ['Image', 'C:\\b.exe'],
      ['User', 'CORP\\jane'],
    ])
    expect([data.get('User'), data.get('user'), data.has('Image'), data.size]).toEqual([
      'CORP\\jane',
      undefined,
      true,
      2,
    ])
    expect([[...data.keys()], [...data.values()]]).toEqual([
      ['Image', 'User'],
      ['C:\\b.exe', 'CORP\\jane'],
    ])
  })

  it('find a name however its text was put together', () => {
    const data = new EventValues()
    data.append(internal(['Target', 'Filename'].join('')), 'x')
    expect([data.get('TargetFilename'), data.get(Buffer.from('TargetFilename').toString())]).toEqual([
      'x',
      'x',
    ])
  })

  it('are the same when there are tens of thousands of them, and take no time', () => {
    const [list, map] = [new EventValues(), new Map<string, string>()]
    for (let count = 0; count < 40_000; count++) {
      const name = `Data${count % 30_000}`
      addValue(list, name, String(count))
      addValue(map, name, String(count))
    }
    expect([...list]).toEqual([...map])
    expect([list.get('Data29999_2'), list.get('Data3_2'), list.get('Data3')]).toEqual([
      undefined,
      '30003',
      '3',
    ])
  })
})
