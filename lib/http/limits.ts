// What one client, and all of them together, may take of a server.

export interface Limits {
  /** Bytes of a request's body. */
  request: number
  /** Bytes of the bodies of all requests that are not answered yet. */
  bodies: number
  connections: number
  /** Requests of one connection that are not answered yet. */
  pipelined: number
  /** Bytes of a request's head, and lines in it. */
  head: number
  headers: number
  /** ms in which a head has to come, and a whole request. */
  headTimeout: number
  requestTimeout: number
  /** ms for which a connection may rest between two requests: longer than proxies keep theirs. */
  rest: number
  /** ms for which nothing may move on a connection that has a request: longer than a long poll. */
  stall: number
  /** ms between two looks for what is late. */
  check: number
}

/** 1 MiB of text is 6 MiB of JSON where each character is written as \u0041. */
export const LIMITS: Limits = {
  request: 8 * 1024 * 1024,
  bodies: 256 * 1024 * 1024,
  connections: 20_000,
  pipelined: 100,
  head: 16 * 1024,
  headers: 100,
  headTimeout: 10_000,
  requestTimeout: 60_000,
  rest: 75_000,
  stall: 60_000,
  check: 2_000,
}
