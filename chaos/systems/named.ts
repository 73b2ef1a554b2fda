// For systems whose users name a job themselves, so that adding it again does not double it.
import { randomUUID } from 'node:crypto'
import type { Send } from '../job.ts'

/** Under its key, or the id of its first try, or a new one. */
export const named = (send: Send): Send & { id: string } => ({ ...send, id: send.key ?? send.id ?? randomUUID() })
