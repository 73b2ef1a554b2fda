// Bytes as both protocols write them.

/** The bytes, or undefined for what is no base64. Node itself would skip what it does not know, and bytes would be lost. */
export function bytesOf(text: string): Buffer | undefined {
  if (/[^A-Za-z0-9+/=\s]/.test(text)) return undefined
  const end = text.indexOf('=')
  if (end !== -1 && /[^=\s]/.test(text.slice(end))) return undefined
  return Buffer.from(text, 'base64')
}
