// SPDX-License-Identifier: Apache-2.0
// Finds free ports for a name server and a broker (which also takes listen − 2 and listen + 1).

import { createServer } from 'node:net'

export interface Ports {
  readonly namesrv: number
  readonly broker: number
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}

/** Looks at random places, so that two runs on one machine do not meet. */
export async function pickPorts(): Promise<Ports> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const base = 20000 + 10 * Math.floor(Math.random() * 1200)
    const wanted = [base, base + 3, base + 4, base + 5, base + 6]
    const free = await Promise.all(wanted.map(isFree))
    if (free.every(Boolean)) return { namesrv: base, broker: base + 5 }
  }
  throw new Error('found no five free ports between 20000 and 32000')
}
