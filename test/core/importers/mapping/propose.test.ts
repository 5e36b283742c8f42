import { describe, expect, it } from 'vitest'
import { proposeMapping } from '../../../../core/importers/mapping/propose.ts'

const proposed = (header: string, row: string, wanted: 'click' | null = null) => {
  const values = row.split(',')
  const columns = header.split(',').map((name, index) => ({ name, examples: [values[index] ?? ''] }))
  const { kind, fields } = proposeMapping('t.csv', 'csv', ',', columns, null, wanted)
  return { kind, fields }
}

describe('the kind of row that is proposed', () => {
  it.each([
    ['time,user,url,action', '2031-05-06T07:08:09Z,amy,http://a.test/,allowed', 'click'],
    ['time,src_ip,dst_ip,dst_port,action', '2031-05-06T07:08:09Z,10.0.0.1,192.0.2.1,443,allow', 'network'],
    ['time,user,source ip,status', '2031-05-06T07:08:09Z,amy,10.0.0.1,success', 'logon'],
    ['time,from,to,subject', '2031-05-06T07:08:09Z,a@b.test,c@d.test,Hello', 'message'],
    ['time,host,query', '2031-05-06T07:08:09Z,ws,a.test', 'dns'],
    ['name,email,department', 'Amy,amy@a.test,Sales', 'user'],
    ['hostname,os', 'ws,Windows 11', 'endpoint'],
  ])('fits the columns: %s', (header, row, kind) => {
    expect(proposed(header, row).kind).toBe(kind)
  })

  it.each([
    ['a link', 'time,user,ip address,action', '2031-05-06T07:08:09Z,amy,10.0.0.1,PrintJob'],
    ['words of a logon', 'time,host,user,event,message', '2031-05-06T07:08:09Z,ws,amy,Door opened,x'],
    ['anything known', 'time,badge,door,person', '2031-05-06T07:08:09Z,12,A,Amy'],
  ])('is generic, not a guess, without %s', (_, header, row) => {
    expect(proposed(header, row).kind).toBe('generic')
  })

  it('is what was asked for, whole or not', () => {
    expect(proposed('time,user,action', '2031-05-06T07:08:09Z,amy,allowed', 'click')).toEqual({
      kind: 'click',
      fields: { 'user.name': 'user', 'click.action': 'action' },
    })
  })

  it('reads the far end of a VPN log as where the user came from', () => {
    const header = 'Time,Username,Remote IP,Assigned IP,Gateway,Result'
    expect(proposed(header, '2031-05-06T07:08:09Z,CORP\\amy,203.0.113.7,10.8.0.4,vpn01,success')).toEqual({
      kind: 'logon',
      fields: {
        'user.name': 'Username',
        'source.ip': 'Remote IP',
        'endpoint.name': 'Gateway',
        'logon.result': 'Result',
      },
    })
  })
})
