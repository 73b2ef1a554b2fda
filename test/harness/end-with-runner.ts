// A process that runs test files ends with the process that asked it to, even when that was killed.
process.once('disconnect', () => process.exit(1))
