// SPDX-License-Identifier: Apache-2.0
// Finds free ports for the Java servers, and starts and stops such servers.

import { createServer, type AddressInfo } from 'node:net'

/**
 * Returns a port such that it, the one after it and the one two before it are free:
 * a broker also listens for replicas (here one above) and on its fast port (two below).
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = 20_003 + Math.floor(Math.random() * 40_000)
    const free = await Promise.all([port - 2, port, port + 1].map(isFree))
    if (free.every(Boolean)) return port
  }
  throw new Error('found no free port between 20000 and 60000')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, () => {
      const address = probe.address() as AddressInfo
      probe.close(() => resolve(address.port === port))
    })
  })
}
