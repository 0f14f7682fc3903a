// SPDX-License-Identifier: Apache-2.0
// All well-framed requests whose fields or bodies are bad.

import type { BadCase } from './bad-input.ts'
import { adminCases, bodyCases } from './bad-requests-admin.ts'
import { offsetCases, pullCases, sendCases } from './bad-requests-messages.ts'
import { namesrvCases } from './bad-requests-namesrv.ts'

/** All cases, each for the server that has a processor for its code. */
export function badRequests(): BadCase[] {
  const all = [namesrvCases, sendCases, pullCases, offsetCases, adminCases, bodyCases]
  return all.flatMap((make) => make()).map((bad) => ({ ...bad, connection: 'fresh' }))
}
