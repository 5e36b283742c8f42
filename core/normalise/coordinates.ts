/** A place on earth in degrees (WGS 84). */
export interface Coordinates {
  readonly latitude: number
  readonly longitude: number
}

const EARTH_RADIUS_KM = 6371

const toDegrees = (text: string | undefined, most: number): number | undefined => {
  if (text === undefined || !/^\s*-?\d{1,3}(?:\.\d{1,20})?\s*$/.test(text)) return undefined
  const degrees = Number(text)
  return Math.abs(degrees) <= most ? degrees : undefined
}

/**
 * Latitude and longitude as events keep them, `25.0478,121.5319`. Nothing where one is missing or impossible; 0,0 is what
 * products write for a place they do not know.
 */
export function toCoordinates(
  latitude: string | undefined,
  longitude: string | undefined,
): string | undefined {
  const [north, east] = [toDegrees(latitude, 90), toDegrees(longitude, 180)]
  if (north === undefined || east === undefined || (north === 0 && east === 0)) return undefined
  return `${round(north)},${round(east)}`
}
/** Ten metres are more than any address tells. */
const round = (degrees: number): string => String(Math.round(degrees * 1e4) / 1e4)

/** The coordinates in the detail of an event, `coordinates: 25.0478,121.5319`. */
export function readCoordinates(detail: string | undefined): Coordinates | undefined {
  const [, north, east] =
    /\bcoordinates: (-?\d{1,3}(?:\.\d{1,4})?),(-?\d{1,3}(?:\.\d{1,4})?)/.exec(detail ?? '') ?? []
  const [latitude, longitude] = [toDegrees(north, 90), toDegrees(east, 180)]
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude }
}

/** Great-circle distance (haversine). */
export function distanceKm(a: Coordinates, b: Coordinates): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const [north, south] = [radians(a.latitude), radians(b.latitude)]
  const half =
    Math.sin((south - north) / 2) ** 2 +
    Math.cos(north) * Math.cos(south) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half)))
}
