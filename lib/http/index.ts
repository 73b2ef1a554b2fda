// The endpoint's public face: the server that `boomerang serve` runs, for programs that have one in themselves.

export { type Configuration, findConfiguration, readConfiguration } from './access/access.ts'
export { createEndpoint, type Endpoint, type EndpointOptions } from './endpoint.ts'
export type { Exchanged, Failure } from './exchange.ts'
export type { Limits } from './limits.ts'
export type { Certificate } from './listener.ts'
export { followPrimary, isOneOfSeveral, type Processes, runProcesses, tellPrimary } from './processes.ts'
export { startupLine } from './startup-line.ts'
export type { Answer, Incoming } from './wire/protocol.ts'
