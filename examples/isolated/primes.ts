// The handler of ../isolated.ts: it computes, and awaits nothing.
import type { IsolatedHandler } from 'boomerang-mq'

const primes: IsolatedHandler<{ ms: number }, number> = ({ body }) => {
  const end = performance.now() + body.ms
  let count = 0
  for (let number = 2; performance.now() < end; number++) if (isPrime(number)) count++
  return count
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false
  return true
}

export default primes
