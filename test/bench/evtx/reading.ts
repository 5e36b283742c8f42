/** What the bench times: reads every record of the EVTX file to a flat event, as an import does, and says how many. */
import { createReadStream } from 'node:fs'
import { readEvtx } from '../../../core/importers/evtx/read-evtx.ts'

const [, , path = '', mode = 'flat'] = process.argv
let records = 0
let values = 0
for await (const units of readEvtx(createReadStream(path, { highWaterMark: 1_048_576 }))) {
  for (const unit of units) {
    if (unit.kind !== 'record') continue
    records += 1
    values += mode === 'raw' ? unit.raw.length : unit.event.data.size
  }
}
process.stdout.write(`${records} ${values}`)
