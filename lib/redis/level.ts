/** How safe a call is when it is answered (docs/durability.md); where there is none, the master has it in memory. */
export interface Level {
  /** On the master's disk. */
  fsync: boolean
  /** In the memory of so many replicas, too. */
  replicas: number
  /** As a user may say it. */
  text: string
}
