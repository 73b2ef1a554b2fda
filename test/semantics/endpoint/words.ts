// Refusals of the library for which SQS has another word, or one for several of them.
const WORDS: Record<string, string> = {
  LostMessage: 'MessageNotInFlight',
  InvalidOption: 'InvalidParameterValue',
  InvalidDuration: 'InvalidParameterValue',
  InvalidName: 'InvalidParameterValue',
  InvalidAttribute: 'InvalidParameterValue',
}

/** What is refused through the endpoint is called so, where the library calls it `code`. */
export const wordInSqs = (code: string): string => WORDS[code] ?? code
