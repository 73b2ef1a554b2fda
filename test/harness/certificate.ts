// A certificate of our own for localhost and 127.0.0.1, signed by itself.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './ports.ts'

export interface Certificate {
  ca: Buffer
  /** Settings of a server that speaks TLS alone, and its port. */
  server(): Promise<{ config: Record<string, string>; port: number }>
}

/** Written into the folder. */
export function makeCertificate(folder: string): Certificate {
  const [key, crt] = [join(folder, 'server.key'), join(folder, 'server.crt')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', crt]
  execFileSync('openssl', [...words, ...subject], { stdio: 'ignore' })
  const files = { 'tls-cert-file': crt, 'tls-key-file': key, 'tls-ca-cert-file': crt }
  return {
    ca: readFileSync(crt),
    server: async () => {
      const port = await freePort()
      const tls = {
        port: '0',
        'tls-port': `${port}`,
        'tls-auth-clients': 'no',
        'tls-replication': 'yes',
        'tls-cluster': 'yes',
      }
      return { config: { ...files, ...tls }, port }
    },
  }
}
