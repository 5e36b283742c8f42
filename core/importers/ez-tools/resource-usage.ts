import { item } from '../artifact/row.ts'
import { toSid } from '../../normalise/account.ts'
import { said, type Table } from './table.ts'

const NAME = 'SrumECmd'

/** SrumECmd: what programs used for an account within the hour before; with network usage the bytes that they moved. */
const usage: Table = {
  name: NAME,
  columns: ['Timestamp', 'ExeInfo', 'SidType', 'Sid'],
  read: (row) => {
    const isNetwork = row.has('BytesSent') || row.has('BytesReceived')
    return [
      item('generic', row.time('Timestamp'), {
        ...said(NAME, isNetwork ? 'srum-network' : 'srum'),
        processPath: row.path('ExeInfo'),
        account: row.text('UserName'),
        accountSid: toSid(row.text('Sid')),
        bytesSent: row.int('BytesSent'),
        bytesReceived: row.int('BytesReceived'),
        detail: row.detail(
          'ExeInfoDescription',
          'ProfileName',
          'ForegroundBytesRead',
          'ForegroundBytesWritten',
        ),
      }),
    ]
  },
}

/** What programs used. */
export const RESOURCE_USAGE: readonly Table[] = [usage]
