// When a signature holds: 15 minutes around its time, or, presigned, as long as it says.
import { sqs } from '../../index.ts'
import { type Claim, printable } from './credentials.ts'
import { latest } from './latest.ts'

const MINUTE = 60_000
const SKEW = 15 * MINUTE
const MOST_SECONDS = 7 * 24 * 3600
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** The time in the form that is signed; refuses one that is too long ago, or to come. */
export function checkTime({ time, day, expires }: Claim, now: number): string {
  const { signed, written } = read(time)
  if (written.slice(0, 8) !== day) {
    const message = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${printable(day)}' != '${written.slice(0, 8)}', from '${written}'.`
    sqs.refuse('InvalidSignatureException', message)
  }
  const ends = expires === undefined ? signed + SKEW : signed + 1000 * secondsOf(expires)
  if (signed > now + SKEW) {
    const limit = `${compact(now + SKEW)} (${compact(now)} + 15 min.)`
    sqs.refuse('RequestExpired', `Signature not yet current: ${written} is still later than ${limit}`)
  }
  if (now > ends) {
    const limit =
      expires === undefined
        ? `${written} is now earlier than ${compact(now - SKEW)} (${compact(now)} - 15 min.)`
        : `${compact(ends)} is now earlier than ${compact(now)}`
    sqs.refuse('RequestExpired', `Signature expired: ${limit}`)
  }
  return written
}

function secondsOf(expires: string): number {
  const seconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0
  if (seconds >= 1 && seconds <= MOST_SECONDS) return seconds
  return sqs.refuse('IncompleteSignatureException', `'X-Amz-Expires' must be between 1 and ${MOST_SECONDS} seconds.`)
}

/** ms, and as it is signed. */
const read = latest((time: string) => {
  const signed = parse(time)
  return { signed, written: compact(signed) }
})

/** ms of `20300131T120000Z`, or of the form that the header `date` has. */
function parse(time: string): number {
  const [, year, month, date, hour, minute, second] = TIME.exec(time) ?? []
  const ms = year
    ? Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`)
    : / GMT$/.test(time)
      ? Date.parse(time)
      : Number.NaN
  if (!Number.isNaN(ms)) return ms
  return sqs.refuse(
    'IncompleteSignatureException',
    `Date must be in ISO-8601 'basic format'. Got '${printable(time)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  )
}

function compact(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}
