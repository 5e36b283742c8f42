import { describe, expect, it } from 'vitest'
import { proposeMapping } from '../../../../core/importers/mapping/propose.ts'

const timeOf = (name: string, ...examples: readonly string[]) => {
  const columns = [
    { name: 'host', examples: ['WS01'] },
    { name, examples },
  ]
  const { time } = proposeMapping('x', 'csv', ',', columns, null)
  return time && [time.field, time.format]
}

describe('the proposed column of the time', () => {
  it.each(['0', '-1', 'never', 'Never', '-', 'N/A', '1601-01-01T00:00:00Z', '0001-01-01T00:00:00'])(
    'may have %j where there is no time',
    (nothing) => {
      expect(timeOf('last logon time', nothing, '2031-05-06T07:08:09Z')).toEqual(['last logon time', 'iso'])
      expect(timeOf('last logon time', nothing, '1935817689')).toEqual(['last logon time', 'epoch-s'])
    },
  )

  it('is told by the range of a FILETIME, whatever its name', () => {
    const written = ['135802912890000000', '0', '9223372036854775807', '1', '2650467743999999999']
    expect(timeOf('ft', ...written)).toEqual(['ft', 'filetime'])
    expect(timeOf('id', '935802912890000000')).toBeNull()
  })

  it('is none where nothing but stand-ins are', () => {
    expect(timeOf('time', '0', 'never', '-')).toBeNull()
    expect(timeOf('is_time', '0', '1')).toBeNull()
    expect(timeOf('time', 'soon', '2031-05-06T07:08:09Z')).toBeNull()
  })
})
