import { type Coordinates, distanceKm, readCoordinates } from '../normalise/coordinates.ts'
import { countryOf } from './country.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Two countries within this time, where no coordinates are known: by plane one is not there yet. */
const TRAVEL_US = 3_600_000_000
/** Airliners make 900 km/h; with the wind behind them a little more. */
const FASTEST_KMH = 1000
/** Nearer than this, two addresses may be put apart by the provider's map alone. */
const APART_KM = 500
/** Sign-ins and days before anything can be called new. */
const KNOWN_SIGN_INS = 10
const KNOWN_US = 3 * 86_400_000_000
/** Sign-ins from a device, over as many days, before it is known as the account's own. */
const OWN_DEVICE_SIGN_INS = 3
/** Refused second factors in a row, within this time of each other. */
const DENIALS = 5
const DENIAL_PAUSE_US = 1_800_000_000
/** The sign-in that somebody confirmed at last follows within this time. */
const GIVES_IN_US = 600_000_000
/** Sign-ins by a device code after which an account is known to use them (command lines, meeting rooms, televisions). */
const KNOWN_DEVICE_CODES = 3
/** Graph's `authenticationProtocol`: a code typed on one device signs another one in, which may be the thief's (RFC 8628). */
const DEVICE_CODE = /^device[ _-]?code/i
/** Countries and programs remembered per user; a person has some. Attack: endless made-up user agents. */
const MAX_KNOWN = 500

/** A sign-in that deserves a look, and why. */
export interface OddSignIn {
  readonly why: 'travel' | 'country' | 'risk' | 'denials' | 'gave-in' | 'device-code'
  readonly userId: number
  readonly at: number
  readonly until: number
  readonly ip: string | undefined
  readonly country: string | undefined
  readonly before: string | undefined
  /** It came first: `before` is where the account's own device signed in `minutes` after it. */
  readonly isEarlier: boolean
  readonly minutes: number
  /** How far apart two sign-ins were, and how fast one would have travelled; null where the places are known by country only. */
  readonly journey: { readonly km: number; readonly kmh: number } | null
  /** Sign-ins before, or refusals. */
  readonly count: number
  /** The program was new as well, or the product called it risky. */
  readonly isBacked: boolean
  /** The account has long signed in from this device: more likely a VPN or a journey than a thief. */
  readonly isOwnDevice: boolean
  /** Not from one of the devices the account has long signed in from, of which there are some. */
  readonly isOtherDevice: boolean
  readonly risk: string | undefined
  /** The odd one is the last. */
  readonly events: readonly ViewEvent[]
}

/** The sign-in before, as far as its place is known. */
interface Last {
  readonly at: number
  readonly country: string | undefined
  readonly place: Coordinates | undefined
  readonly event: ViewEvent
  readonly device: Device
  /** The program was new as well, or the product called it risky. */
  readonly isBacked: boolean
  /** Told already: as too far from the one before it. */
  readonly isTold: boolean
}
type Device = Pick<OddSignIn, 'isOwnDevice' | 'isOtherDevice'>

interface Known {
  readonly countries: Set<string>
  readonly agents: Set<string>
  /** Device id -> first sign-in from it, and how many. */
  readonly devices: Map<string, { readonly first: number; count: number }>
  first: number
  count: number
  deviceCodes: number
  last: Last | undefined
  denials: ViewEvent[]
}

/** What providers call a sign-in they hold for somebody else's: Entra ID, Google. */
const RISKY = /^(?:medium|high|suspicious)$/i
/** Refused or unanswered second factors: Entra ID's code, or its words. */
const DENIED =
  /\bMFA denied\b|\bdenied\b[^;]*\b(?:notification|authentication|sign-?in)\b|authentication failed during strong/i

/** Cloud sign-ins in time order: those from two countries at once, from new countries, by a device code, called risky, or after refusals. */
export function* listOddSignIns(view: CorrelationView): Generator<OddSignIn> {
  const people = new Map<number, Known>()
  const { signIns } = view
  for (const event of view.events(
    ['cloud-sign-in'],
    [
      'outcome',
      'status',
      'sourceIp',
      'location',
      'userAgent',
      'severity',
      'detail',
      'hostId',
      'account',
      'protocol',
    ],
  )) {
    const { at, userId } = event
    if (at === null || userId === null || signIns.isRepeat(event)) continue
    const known = people.get(userId) ?? newKnown(at)
    people.set(userId, known)
    if (event.fields.outcome === 'success') yield* succeeded(known, event, userId, at)
    else if (isDenial(event)) {
      const last = known.denials.at(-1)?.at
      if (last != null && at - last > DENIAL_PAUSE_US) {
        yield* refused(known, userId)
        known.denials = []
      }
      known.denials.push(event)
    }
  }
  for (const [userId, known] of people) yield* refused(known, userId)
}

const newKnown = (at: number): Known => ({
  countries: new Set(),
  agents: new Set(),
  devices: new Map(),
  first: at,
  count: 0,
  deviceCodes: 0,
  last: undefined,
  denials: [],
})

const isDenial = ({ fields }: ViewEvent): boolean =>
  fields.status === '500121' || DENIED.test(fields.detail ?? '')

const oddity = (
  event: ViewEvent,
  userId: number,
  more: Partial<OddSignIn> & Pick<OddSignIn, 'why'>,
): OddSignIn => ({
  userId,
  at: event.at ?? 0,
  until: event.at ?? 0,
  ip: event.fields.sourceIp,
  country: countryOf(event.fields.location),
  before: undefined,
  isEarlier: false,
  minutes: 0,
  journey: null,
  count: 0,
  isBacked: false,
  isOwnDevice: false,
  isOtherDevice: false,
  risk: event.fields.severity,
  events: [event],
  ...more,
})

function* succeeded(known: Known, event: ViewEvent, userId: number, at: number): Generator<OddSignIn> {
  const { location, userAgent, severity, hostId, sourceIp } = event.fields
  const country = countryOf(location)
  const isRisky = RISKY.test(severity ?? '')
  const isNewAgent = userAgent !== undefined && known.agents.size > 0 && !known.agents.has(userAgent)
  const { last } = known
  const device = deviceOf(known, hostId, at)
  const isSameDevice = hostId !== undefined && hostId === last?.event.fields.hostId
  const place = readCoordinates(event.fields.detail)
  const minutes = last ? Math.max(1, Math.round((at - last.at) / 60e6)) : 0
  const journey = last?.place && place ? journeyOf(last.place, place, minutes) : null
  // Where both places are known to the kilometre, the names of countries say less: borders are near.
  const isTooFast = journey
    ? journey.km >= APART_KM && journey.kmh > FASTEST_KMH
    : last !== undefined &&
      country !== undefined &&
      last.country !== undefined &&
      country !== last.country &&
      at - last.at <= TRAVEL_US
  const isBacked = isNewAgent || isRisky
  const isTravel = last !== undefined && isTooFast && sourceIp !== last.event.fields.sourceIp && !isSameDevice
  // Of two places, that of the account's own device is no oddity, whichever came first (a proxy of phishers signs in before the victim).
  const isEarlier = isTravel && device.isOwnDevice && !last.device.isOwnDevice
  if (isEarlier && !last.isTold)
    yield oddity(last.event, userId, {
      why: 'travel',
      before: country ?? location,
      isEarlier,
      minutes,
      journey,
      isBacked: last.isBacked,
      ...last.device,
      events: [event, last.event],
    })
  else if (isTravel && !isEarlier)
    yield oddity(event, userId, {
      why: 'travel',
      before: last.country ?? last.event.fields.location,
      minutes,
      journey,
      isBacked,
      ...device,
      events: [last.event, event],
    })
  const isKnownWell = known.count >= KNOWN_SIGN_INS && at - known.first >= KNOWN_US
  if (country !== undefined && isKnownWell && known.countries.size > 0 && !known.countries.has(country))
    yield oddity(event, userId, {
      why: 'country',
      before: [...known.countries].slice(0, 5).join(', '),
      count: known.count,
      isBacked,
      ...device,
    })
  if (isRisky) yield oddity(event, userId, { why: 'risk', isBacked: true })
  if (DEVICE_CODE.test(event.fields.protocol ?? '')) {
    const isNewPlace = country !== undefined && known.countries.size > 0 && !known.countries.has(country)
    if (known.deviceCodes < KNOWN_DEVICE_CODES)
      yield oddity(event, userId, {
        why: 'device-code',
        count: known.deviceCodes,
        isBacked: isNewPlace || isRisky,
        ...device,
      })
    known.deviceCodes += 1
  }
  yield* gaveIn(known, event, userId, at)
  if (country !== undefined) {
    if (known.countries.size < MAX_KNOWN) known.countries.add(country)
  }
  if (country !== undefined || place)
    known.last = { at, country, place, event, device, isBacked, isTold: isTravel && !isEarlier }
  if (userAgent !== undefined && known.agents.size < MAX_KNOWN) known.agents.add(userAgent)
  noteDevice(known, hostId, at)
  known.count += 1
}

const isOwn = ({ first, count }: { first: number; count: number }, at: number): boolean =>
  count >= OWN_DEVICE_SIGN_INS && at - first >= KNOWN_US

/** Whether a sign-in comes from a device that the account has long used, where the records tell. */
function deviceOf(known: Known, id: string | undefined, at: number): Device {
  const seen = id === undefined ? undefined : known.devices.get(id.toLowerCase())
  const isOwnDevice = seen !== undefined && isOwn(seen, at)
  return {
    isOwnDevice,
    isOtherDevice: !isOwnDevice && [...known.devices.values()].some((one) => isOwn(one, at)),
  }
}

function noteDevice(known: Known, id: string | undefined, at: number): void {
  if (id === undefined) return
  const seen = known.devices.get(id.toLowerCase())
  if (seen) seen.count += 1
  else if (known.devices.size < MAX_KNOWN) known.devices.set(id.toLowerCase(), { first: at, count: 1 })
}

/** How far and how fast one went between two places. */
function journeyOf(from: Coordinates, to: Coordinates, minutes: number): { km: number; kmh: number } {
  const km = Math.round(distanceKm(from, to))
  return { km, kmh: Math.round((km * 60) / minutes) }
}

/** Second factors refused again and again, and then confirmed. */
function* gaveIn(known: Known, event: ViewEvent, userId: number, at: number): Generator<OddSignIn> {
  const [first] = known.denials
  const last = known.denials.at(-1)
  if (!first || last?.at == null || at - last.at > GIVES_IN_US) return
  if (known.denials.length >= DENIALS)
    yield oddity(event, userId, {
      why: 'gave-in',
      at: first.at ?? at,
      until: at,
      count: known.denials.length,
      minutes: Math.max(1, Math.round((at - (first.at ?? at)) / 60e6)),
      isBacked: true,
      events: [...known.denials, event],
    })
  known.denials = []
}

function* refused(known: Known, userId: number): Generator<OddSignIn> {
  const [first] = known.denials
  const last = known.denials.at(-1)
  if (!first || !last || known.denials.length < DENIALS) return
  yield oddity(first, userId, {
    why: 'denials',
    until: last.at ?? 0,
    count: known.denials.length,
    minutes: Math.max(1, Math.round(((last.at ?? 0) - (first.at ?? 0)) / 60e6)),
    events: known.denials,
  })
}
