/** Marks a Complete, for who has the class of another copy of this package: the thread of an isolated handler. */
export const COMPLETE = Symbol.for('boomerang-mq.Complete')
