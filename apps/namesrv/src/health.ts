// SPDX-License-Identifier: Apache-2.0
// Answers whether the process lives and whether it may be asked for routes, to whoever watches over it.
import { createServer, type Server } from 'node:http'

export interface HealthOptions {
  readonly host: string
  readonly port: number
  /** What is not ready yet or any more; undefined when everything is. */
  readonly unready: () => string | undefined
}

/** GET /live and GET /ready, as one line of text. Rejects when the address cannot be bound. */
export function serveHealth({ host, port, unready }: HealthOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' })
      response.end(request.method === 'HEAD' ? undefined : `${text}\n`)
    }
    const path = request.url?.split('?', 1)[0]
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'only GET and HEAD')
    else if (path === '/live') answer(200, 'alive')
    else if (path === '/ready') {
      const reason = unready()
      answer(reason === undefined ? 200 : 503, reason ?? 'ready')
    } else answer(404, 'only /live and /ready')
  })
  // It must never keep the process from ending, nor be kept busy by a peer that does not finish.
  server.unref()
  server.requestTimeout = 5_000
  server.maxConnections = 64
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}
