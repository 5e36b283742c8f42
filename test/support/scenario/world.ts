import type { Random } from '../../../core/demo/random.ts'
import { type Company, directoryItems, type Host, makeCompany } from './company.ts'
import { Machine, type Process } from './machine.ts'
import { Addresses } from './network.ts'
import { Records } from './records.ts'
import { Truth } from './truth.ts'

/** The company on the day: machines, addresses, logs, and the truth beside them. */
export class World {
  readonly random: Random
  readonly company: Company
  readonly records = new Records()
  readonly truth = new Truth()
  readonly addresses: Addresses
  readonly #machines = new Map<Host, Machine>()
  readonly processes: Process[] = []
  #lastLogon = 0x3f000
  #lastPort = 49_200

  constructor(random: Random) {
    this.random = random
    this.company = makeCompany(random.fork('company'))
    this.addresses = new Addresses(this.company, this.records)
    for (const item of directoryItems(this.company)) this.records.add('directory', item)
  }

  machine(host: Host): Machine {
    const known = this.#machines.get(host) ?? new Machine(this, host)
    this.#machines.set(host, known)
    return known
  }

  /** A logon id nobody else has. */
  logonId(): string {
    this.#lastLogon += 0x1b3
    return `0x${this.#lastLogon.toString(16)}`
  }

  port(): number {
    this.#lastPort += 1
    return this.#lastPort
  }

  hash(): string {
    return this.random.hex(64)
  }
}
