import { type Host, type Hosts, makeHosts } from './hosts.ts'
import { EventLogs } from './log.ts'
import { Machine } from './machine.ts'
import { type Cast, makePeople, type Person } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { Audit } from './security.ts'

/** The company before anything happens in it: people, computers and empty logs. */
export interface Scene {
  readonly random: Random
  readonly people: readonly Person[]
  readonly staff: readonly Person[]
  readonly cast: Cast
  readonly hosts: Hosts
  readonly logs: EventLogs
  readonly audit: Audit
  machine(host: Host): Machine
  /** A logon id nobody else has. */
  logonId(): string
}

export function makeScene(seed: number): Scene {
  const random = createRandom(seed)
  const { all: people, cast } = makePeople(random.fork('people'))
  const hosts = makeHosts(people, cast.sensorless, cast.thunderbirdUser, random.fork('hosts'))
  const logs = new EventLogs()
  const machines = new Map<Host, Machine>()
  let lastLogon = 0x3f000
  return {
    random,
    people,
    staff: people.filter((person) => person.kind === 'staff'),
    cast,
    hosts,
    logs,
    audit: new Audit(logs),
    machine: (host) => {
      const known = machines.get(host) ?? new Machine(host, logs)
      machines.set(host, known)
      return known
    },
    logonId: () => `0x${(lastLogon += 0x1b3).toString(16)}`,
  }
}
