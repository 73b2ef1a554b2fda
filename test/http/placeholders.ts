// What differs from run to run in an answer, and what stands for it where it is compared.

export const urlOf = (name: string) => `http://localhost:9324/<account>/${name}`
export const arnOf = (name: string) => `arn:aws:sqs:us-east-1:<account>:${name}`

const RECEIPT = /\bA[\w-]{59,}/g
const HANDLE = /\bey[\w=]{59,}/g

export const receiptsIn = (body: string): string[] => body.match(RECEIPT) ?? []
export const handleIn = (body: string): string | undefined => body.match(HANDLE)?.[0]

export function withPlaceholders(body: string, account: string): string {
  return body
    .replaceAll(account, '<account>')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>')
    .replace(RECEIPT, '<receipt>')
    .replace(HANDLE, '<handle>')
    .replace(/(?<=")1\d{12}(?=")|(?<=>)1\d{12}(?=<)/g, '<ms>')
    .replace(/(?<="StartedTimestamp":)\d{13}/, '"<ms>"')
    .replace(/(?<="ApproximateNumberOfMessagesMoved":)\d+/, '"<n>"')
    .replace(/(?<=<ApproximateNumberOfMessagesMoved>)\d+/, '<n>')
}
