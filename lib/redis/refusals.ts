// Refusals that the library mends by itself: what the caller knows of the queue and what the partition knows differ.

/** The partition goes by newer attributes or another map of partitions than the caller: it must look at the home. */
export class Outdated extends Error {
  constructor(
    message?: string,
    /** By which the partition goes, where it said so. */
    readonly version = 0,
  ) {
    super(message)
  }
}
/** The partition gets nothing new any more: a message that may be anywhere goes elsewhere. */
export class Drained extends Error {}
/** The partition has not heard of the attributes or the map that the caller knows: it must be told. */
export class Behind extends Error {}
/** Messages here carry groups: the scripts for groups are to be used. */
export class Grouped extends Error {}
