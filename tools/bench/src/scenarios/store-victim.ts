// SPDX-License-Identifier: Apache-2.0
// Appends to a store until its log has a size, and dies at once: node store-victim.ts <folder> <log bytes>.

import process from 'node:process'
import { fill, messageOf, openStore, recordBytesOf } from './store-setup.ts'

const [folder = '', logBytes] = process.argv.slice(2)
const bodyBytes = 4096
/** Something to do for every start after a kill. */
const leastMessages = 1000

const store = await openStore(folder, { indexEnabled: false })
const missing = Number(logBytes) - store.status().commitLogMaxOffset
const count = Math.ceil(missing / recordBytesOf(bodyBytes))
await fill(store, messageOf(bodyBytes), Math.max(leastMessages, count), 8)
process.kill(process.pid, 'SIGKILL')
